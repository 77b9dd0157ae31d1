extension Expectation {
    /// What the agent's last sentence asked for.
    ///
    /// The last question counts; a request ("please tell me ...") counts as one. Sentences after it that ask nothing are passed over,
    /// at most two. ``nothing`` when the words ask for nothing of a known shape or the language is neither English nor Chinese.
    ///
    /// - Parameters:
    ///   - text: What the agent said last; of a long text only the end is read.
    ///   - language: A BCP 47 tag such as "en-GB" or "zh"; empty when not known.
    package static func expectation(fromAgent text: String, language: String) -> Expectation {
        guard SpokenLanguage(language) != .other else { return .nothing }
        let spoken = SpokenText(text)
        var end = spoken.words.count
        for sentence in spoken.sentences.suffix(3).reversed() {
            let words = Array(spoken.words[sentence.start..<end])
            end = sentence.start
            let isChinese = words.contains(where: SpokenText.isHan)
            let asked = isChinese ? chinese(words.joined(), isQuestion: sentence.isQuestion) : english(words, isQuestion: sentence.isQuestion)
            if let asked { return asked }
        }
        return .nothing
    }

    // MARK: English

    private static let leadIns: Set<String> = [
        "okay", "ok", "great", "so", "and", "thanks", "thank", "alright", "sure", "now", "perfect", "well", "hi", "hello", "good", "sorry", "then",
        "but",
        "right", "got", "it", "you", "first", "also", "just", "to", "confirm", "excellent", "wonderful", "lovely", "fine", "um", "uh", "next", "oh",
    ]
    private static let auxiliaries: Set<String> = [
        "is", "are", "was", "were", "do", "does", "did", "have", "has", "had", "can", "could", "will", "would", "shall", "should", "may", "might",
        "am",
        "isn't", "aren't", "don't", "doesn't", "didn't", "haven't", "won't", "wouldn't", "couldn't", "can't",
    ]
    private static let questionWords: Set<String> = [
        "what", "what's", "which", "when", "when's", "who", "who's", "whose", "how", "how's", "where", "where's", "why",
    ]
    private static let asking: Set<String> = [
        "give", "giving", "tell", "telling", "provide", "share", "repeat", "say", "read", "reading", "enter", "verify", "spell", "spelling", "type",
        "confirm",
        "need", "state", "get", "grab", "take", "supply", "leave",
    ]
    private static let tags = Phrases.table(
        """
        right, correct, is that right, is that correct, isn't it, okay, ok, yes, is that okay, is that ok, all right, alright, or not,
        doesn't it, aren't you, don't you, is it, is that so, does that work, does that sound good, yes or no, or no
        """)

    /// Nil for a sentence that asks nothing.
    private static func english(_ words: [String], isQuestion: Bool) -> Expectation? {
        let start = words.firstIndex { !leadIns.contains($0) } ?? 0
        let rest = words[start...]
        guard let first = rest.first else { return nil }
        let hasQuestionWord = rest.prefix(5).contains(where: questionWords.contains)
        let isInverted = auxiliaries.contains(first)
        let asksForValue =
            hasQuestionWord || rest.prefix(6).contains(where: asking.contains)
            || (isInverted && rest.dropFirst().first == "i" && rest.contains("have"))
        let offers =
            ["do", "did", "is", "are", "shall", "should", "was", "has", "have", "does"].contains(first) || Phrases.prefix(rest, of: offering) > 0
        if isQuestion, Phrases.ends(words, with: tags) { return .yesNo }
        if asksForValue, !offers, let value = englishValue(Array(rest)) { return value }
        if isQuestion || isInverted {
            if rest.contains("or"), isInverted || hasQuestionWord || isQuestion { return .choice }
            if rest.contains("which"), rest.contains("one") { return .choice }
            if isInverted, !(["can", "could", "would", "will"].contains(first) && rest.dropFirst().first == "you" && asksForValue) { return .yesNo }
            if !hasQuestionWord, isQuestion { return asksForValue ? .nothing : .yesNo }
            if isInverted { return .nothing }
        }
        return isQuestion || hasQuestionWord && questionWords.contains(first) ? .nothing : nil
    }

    private static let offering = Phrases.table("would you like me, can i send, can i call, may i call, could i send, can i put, would you like us")

    private static func englishValue(_ words: [String]) -> Expectation? {
        let has = Set(words)
        if !has.isDisjoint(with: ["spell", "spelling", "spelled"]) || Phrases.any(words, english: [["letter", "by", "letter"]], chinese: []) {
            return .spelling
        }
        if has.contains("email") || zip(words, words.dropFirst()).contains(where: { ($0 == "e" || $0 == "electronic") && $1 == "mail" }) {
            return .email
        }
        if !has.isDisjoint(with: ["birthday", "birthdate", "born", "date", "dates", "dob"]) { return .date }
        if has.contains("day"), !has.isDisjoint(with: ["what", "which"]) { return .date }
        if let number = englishNumber(words, has) { return number }
        if words.first == "when" || words.first == "when's" { return .date }
        if !has.isDisjoint(with: ["name", "surname", "names"]) { return .name }
        if Phrases.any(words, english: [["who", "am", "i", "speaking"], ["who's", "calling"], ["who", "is", "calling"]], chinese: []) {
            return .name
        }
        return nil
    }

    private static let counts: [String: Int] = [
        "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "sixteen": 16,
    ]

    private static func englishNumber(_ words: [String], _ has: Set<String>) -> Expectation? {
        if let digit = words.firstIndex(where: { $0 == "digit" || $0 == "digits" }), digit > 0 {
            let before = words[digit - 1]
            if let count = counts[before] ?? Int(before), (1...40).contains(count) { return .digits(count: count...count) }
        }
        if !has.isDisjoint(with: ["zip", "zipcode"]) { return .digits(count: 5...5) }
        if has.contains("social"), has.contains("security") { return .digits(count: 9...9) }
        if has.contains("pin") { return .digits(count: 4...6) }
        if has.contains("area"), has.contains("code") { return .digits(count: 3...3) }
        if has.contains("code"), !has.contains("postal"), !has.contains("dress"), !has.contains("promo") { return .digits(count: 4...8) }
        if let number = words.firstIndex(where: { $0 == "number" || $0 == "numbers" }) {
            if words.dropFirst(number + 1).first == "of" { return nil }
            if !has.isDisjoint(with: ["credit", "debit", "card"]), !has.contains("loyalty") { return .digits(count: 15...16) }
            if !has.isDisjoint(with: ["phone", "telephone", "mobile", "cell", "cellphone", "contact", "callback", "reach"]) { return phoneNumber }
            return .digits(count: nil)
        }
        return has.contains("digits") ? .digits(count: nil) : nil
    }

    // MARK: Chinese

    private static let requests = ["告诉", "提供", "说一下", "报一下", "说下", "报下", "留", "给我", "重复", "念一下", "输入", "请说", "请报", "念一遍", "说一遍", "确认一下您的", "拼"]
    private static let chineseQuestions = ["什么", "多少", "几", "哪", "谁", "怎么", "贵姓", "如何"]
    private static let confirmations = [
        "吗", "对吧", "是吧", "好吧", "吧", "是不是", "对不对", "好不好", "行不行", "可不可以", "能不能", "是否", "有没有", "要不要", "需不需要", "方不方便", "会不会", "可以么", "对么",
    ]

    private static func chinese(_ sentence: String, isQuestion: Bool) -> Expectation? {
        let isRequest = requests.contains { sentence.contains($0) }
        let hasQuestionWord = chineseQuestions.contains { sentence.contains($0) }
        if isRequest || hasQuestionWord, let value = chineseValue(sentence, isRequest: isRequest) { return value }
        if sentence.contains("还是"), isQuestion || !sentence.hasSuffix("吗") { return .choice }
        if sentence.contains("哪个") || sentence.contains("哪一个") || sentence.contains("哪种") || sentence.contains("哪一种") { return .choice }
        let isConfirmation = confirmations.contains {
            sentence.hasSuffix($0) || ($0.count == 3 && sentence.contains($0)) || ($0 == "是否" && sentence.contains($0))
        }
        if isConfirmation, !(hasQuestionWord && isQuestion && !sentence.hasSuffix("吗")) { return .yesNo }
        if hasQuestionWord || isRequest { return .nothing }
        return isQuestion ? .yesNo : nil
    }

    private static func chineseValue(_ sentence: String, isRequest: Bool) -> Expectation? {
        let has = { (words: String...) in words.contains { sentence.contains($0) } }
        let isConfirmed = sentence.hasSuffix("对吗") || sentence.hasSuffix("是吗") || sentence.hasSuffix("对吧") || sentence.hasSuffix("对不对")
        if isConfirmed { return nil }
        if has("拼") { return .spelling }
        if has("邮箱", "邮件", "电邮") { return .email }
        if has("身份证") { return .digits(count: 18...18) }
        if has("验证码", "密码") { return .digits(count: 4...8) }
        if has("邮编", "邮政编码") { return .digits(count: 6...6) }
        if has("信用卡", "银行卡", "卡号") { return .digits(count: 15...19) }
        if let count = digitCount(sentence) { return .digits(count: count...count) }
        if has("手机", "电话", "联系方式") { return isRequest || has("号", "多少", "什么") ? .digits(count: 11...11) : nil }
        if has("生日", "日期", "出生", "哪天", "哪一天", "几号", "几月", "什么时候", "何时") { return .date }
        if has("号码", "账号", "单号", "编号") { return .digits(count: nil) }
        if has("名字", "姓名", "贵姓", "称呼", "叫什么") { return .name }
        return nil
    }

    /// The count in "后四位" or "十一位数字".
    private static func digitCount(_ sentence: String) -> Int? {
        let counts: [(String, Int)] = [
            ("十八位", 18), ("十六位", 16), ("十一位", 11), ("11位", 11), ("十位", 10), ("八位", 8), ("8位", 8), ("六位", 6), ("6位", 6), ("四位", 4), ("4位", 4),
        ]
        return counts.first { sentence.contains($0.0) }?.1
    }
}
