extension Expectation {
    /// How much of the asked value a text holds.
    enum Progress: Sendable, Equatable {
        case none, partial
        /// It may be all or not: a day without a year, eight digits of eight to twelve.
        case possible
        case complete
        /// More than was asked for, such as a number said twice.
        case tooMuch
    }

    func progress(_ text: SpokenText) -> Progress {
        switch self {
        case .nothing, .choice: .none
        case .yesNo: ShortAnswers.isAnswer(text) ? .complete : .none
        case .digits(let count): Self.digits(SpokenDigits(text.words), count)
        case .date: Self.date(text)
        case .name: Self.name(text)
        case .spelling: Self.spelling(text)
        case .email: Self.email(text)
        }
    }

    private static func digits(_ spoken: SpokenDigits, _ count: ClosedRange<Int>?) -> Progress {
        let said = spoken.digits.utf8.count
        if said == 0 { return spoken.isDangling ? .partial : .none }
        // A lone digit among words is part of a sentence: "I only have one of those".
        if said == 1, spoken.otherWords > 3 { return .none }
        if spoken.isDangling { return .partial }
        guard var count else { return said < 4 ? .partial : .none }
        if Expectation.digits(count: count) == phoneNumber {
            let isLong = spoken.digits.hasPrefix("1") || spoken.digits.hasPrefix("0")
            count = isLong ? 11...11 : 10...10
        }
        if said < count.lowerBound { return .partial }
        if said > count.upperBound { return .tooMuch }
        return said == count.upperBound ? .complete : .possible
    }

    private static let months: Set<String> = [
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december", "jan", "feb",
        "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec",
    ]
    private static let ordinals: Set<String> = [
        "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth", "thirteenth",
        "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth", "twentieth", "thirtieth",
    ]
    private static let namedDays: Set<String> = [
        "today", "tomorrow", "tonight", "yesterday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "mondays",
        "tuesdays", "wednesdays", "thursdays", "fridays", "saturdays", "sundays", "weekend", "week", "asap",
    ]
    private static let chineseDays = ["今天", "明天", "后天", "昨天", "今晚", "明晚", "周一", "周二", "周三", "周四", "周五", "周六", "周日", "周末", "星期"]

    private static func date(_ text: SpokenText) -> Progress {
        let chinese = text.chinese
        if !chinese.isEmpty { return chineseDate(text.words.joined(), tail: text.chineseTail) }
        let words = text.words
        if words.contains(where: namedDays.contains), !words.contains(where: months.contains) { return .complete }
        let isOrdinal = { (word: String) in
            ordinals.contains(word)
                || (word.utf8.first.map { (48...57).contains($0) } ?? false) && ["st", "nd", "rd", "th"].contains { word.hasSuffix($0) }
        }
        if let month = words.lastIndex(where: { months.contains($0) && ($0 != "may" || words.count > 1) }) {
            let after = SpokenDigits(words[(month + 1)...]).digits.utf8.count
            let hasOrdinal = words.contains(where: isOrdinal)
            let hasDay = hasOrdinal || after > 0 || SpokenDigits(words[..<month]).digits.utf8.count > 0
            guard hasDay else { return .partial }
            let afterOrdinal = words.lastIndex(where: isOrdinal).map { SpokenDigits(words[(max($0, month) + 1)...]).digits.utf8.count }
            // "March third nineteen" waits for "eighty four"; "March 3 1984" has five or six digits after the month.
            if let year = afterOrdinal {
                return year >= 4 ? .complete : year == 0 ? .possible : year == 2 && !endsInCentury(words) ? .complete : .partial
            }
            return after >= 5 || (after == 4 && words[..<month].contains { SpokenDigits([$0]).digits != "" }) ? .complete : .possible
        }
        if words.contains(where: isOrdinal) { return .possible }
        let digits = SpokenDigits(words).digits.utf8.count
        if digits == 0 { return .none }
        return digits >= 6 ? .complete : .partial
    }

    private static func endsInCentury(_ words: [String]) -> Bool {
        ["nineteen", "19", "twenty", "20", "eighteen", "hundred", "thousand", "and", "oh", "o"].contains(words.last ?? "")
    }

    private static func chineseDate(_ all: String, tail: String) -> Progress {
        let hasDay = all.contains("月") && (all.last == "日" || all.last == "号" || all.contains { $0 == "号" || $0 == "日" })
        if hasDay { return all.contains("年") || all.contains("下") ? .complete : .possible }
        if chineseDays.contains(where: { all.hasSuffix($0) && $0 != "星期" }) { return .complete }
        if all.contains("星期"), !all.hasSuffix("星期") { return .complete }
        if all.contains("月") || all.contains("年") || all.hasSuffix("星期") || all.hasSuffix("下周") { return .partial }
        if all.hasSuffix("号") || all.hasSuffix("日") { return SpokenDigits([all]).digits.isEmpty ? .none : .possible }
        let digits = SpokenDigits([all, tail.isEmpty ? "" : " "]).digits.utf8.count
        return digits == 0 ? .none : digits >= 6 ? .possible : .partial
    }

    private static let nameStems: Set<String> = [
        "my", "name", "is", "it's", "it", "this", "i", "i'm", "am", "the", "last", "first", "full", "yes", "yeah", "sure", "okay", "ok", "um", "uh",
        "so", "well", "that's", "that", "hi", "hello", "speaking", "and", "a", "of", "just", "please", "er", "erm", "called", "you", "can", "call",
        "me",
    ]
    private static let nameStemsChinese = ["我的名字", "名字", "我姓", "我是", "我叫", "姓", "叫", "是", "我", "的", "嗯", "呃", "那个", "您好", "你好"]

    private static func name(_ text: SpokenText) -> Progress {
        var chinese = text.chinese
        if !chinese.isEmpty {
            while let stem = nameStemsChinese.first(where: { chinese.hasPrefix($0) }) { chinese.removeFirst(stem.count) }
            let count = chinese.count
            return count == 0 ? .partial : count == 1 ? .possible : count <= 4 ? .complete : .none
        }
        let rest = text.words.filter { !nameStems.contains($0) }
        if rest.isEmpty { return text.words.isEmpty ? .none : .partial }
        if rest.count > 4 { return .none }
        return rest.count == 1 ? .possible : .complete
    }

    private static func spelling(_ text: SpokenText) -> Progress {
        let run = text.words.reversed().prefix { SpokenLetters.isLetter($0) }.count
        guard run > 0 else { return text.words.contains(where: SpokenLetters.isLetter) ? .partial : .none }
        if SpokenLetters.spellsEarlierWord(text.words) { return .complete }
        return run >= 2 ? .possible : .partial
    }

    private static let domains: Set<String> = [
        "com", "org", "net", "edu", "gov", "io", "cn", "uk", "de", "fr", "jp", "us", "ca", "au", "in", "eu", "info", "biz", "me", "ai", "dev", "app",
        "hk", "tw", "sg", "nl", "es", "it", "ch", "at", "se", "kr", "br", "ie", "nz", "be", "pl", "no", "fi", "dk", "pt",
    ]

    private static func email(_ text: SpokenText) -> Progress {
        let words = text.words.flatMap { word -> [String] in
            guard SpokenText.isHan(word) else { return [word] }
            return word.hasSuffix("点") ? ["dot"] : word.hasSuffix("艾特") || word.hasSuffix("圈") ? ["at"] : [word]
        }
        guard let at = words.lastIndex(of: "at") else {
            let looksLikeOne = words.contains { $0 == "dot" || $0 == "underscore" || $0 == "dash" || SpokenLetters.isLetter($0) }
            return looksLikeOne || !SpokenDigits(words).digits.isEmpty ? .partial : .none
        }
        guard let dot = words[(at + 1)...].lastIndex(of: "dot"), dot > at + 1 else { return at > 0 ? .partial : .none }
        guard dot + 1 < words.count else { return .partial }
        let end = words[dot + 1]
        if domains.contains(end) || end == "co" && words.count > dot + 2 { return .complete }
        return end.utf8.count >= 2 && end != "underscore" ? .possible : .partial
    }
}
