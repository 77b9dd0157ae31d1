/// What the answers responder says beside facts, and what it understands as small talk.
struct FactPhrases {
    let chinese: Bool

    enum Talk: CaseIterable { case again, who, howAreYou, abilities, goodbye, thanks, hello, yes, no }
    enum Aspect { case time, money, place }

    /// Small talk that the whole text is, but for empty words.
    func talk(in text: String) -> Talk? {
        let plain = chinese ? text.unicodeScalars.filter { $0.isLetter || $0.isDigit }.text : SearchTerms.words(text).joined(separator: " ")
        guard !plain.isEmpty else { return nil }
        for talk in Talk.allCases {
            for pattern in patterns(talk) {
                if chinese ? plain.contains(pattern) && plain.count <= pattern.count + 4 : matches(plain, pattern, talk) { return talk }
            }
        }
        return nil
    }

    private func matches(_ plain: String, _ pattern: String, _ talk: Talk) -> Bool {
        guard " \(plain) ".contains(" \(pattern) ") else { return false }
        let spare = SearchTerms.words(plain).filter { !SearchWords.empty.contains($0) && !Self.polite.contains($0) }
        let own = Set(SearchTerms.words(pattern))
        return spare.allSatisfy { own.contains($0) }
            && (![.yes, .no, .hello].contains(talk) || spare.allSatisfy { own.contains($0) } && plain.count < 40)
    }

    private static let polite: Set<String> = [
        "there", "sorry", "pardon", "bye", "goodbye", "lot", "nice", "day", "perfect", "alright", "fine", "kindly", "last",
    ]

    private func patterns(_ talk: Talk) -> [String] {
        if chinese {
            switch talk {
            case .again: return ["再说一遍", "再说一次", "重复一遍", "重复一下", "没听清", "没听见", "你说什么", "刚才说什么"]
            case .who: return ["你是谁", "您是谁", "你叫什么", "您叫什么", "你是机器人", "你是真人", "你是人工智能"]
            case .howAreYou: return ["你好吗", "您好吗", "最近怎么样"]
            case .abilities: return ["你会什么", "能帮我什么", "能做什么", "可以问什么", "有什么功能"]
            case .goodbye: return ["再见", "拜拜", "挂了", "没有别的了", "没别的事"]
            case .thanks: return ["谢谢", "多谢", "感谢", "麻烦你了", "麻烦您了"]
            case .hello: return ["你好", "您好", "早上好", "下午好", "晚上好", "喂", "在吗"]
            case .yes: return ["是的", "对的", "好的", "可以", "嗯", "对", "好", "是"]
            case .no: return ["不用了", "不用", "没有了", "不是", "没有", "不"]
            }
        }
        switch talk {
        case .again:
            return [
                "repeat", "say that again", "say it again", "once more", "come again", "pardon", "what did you say", "didnt hear", "didnt catch",
                "didnt understand", "could not hear", "couldnt hear",
            ]
        case .who:
            return [
                "who are you", "what are you", "whats your name", "what is your name", "your name", "who is this", "who am i talking to",
                "are you a robot", "are you a bot", "are you human", "are you a human", "are you real", "are you a real person",
                "am i talking to a robot",
                "who am i speaking with", "are you a machine", "are you an ai",
            ]
        case .howAreYou: return ["how are you", "how are you doing", "hows it going", "how do you do"]
        case .abilities:
            return ["what can you do", "what can i ask", "what can you help", "how can you help", "what do you know", "help me", "help", "options"]
        case .goodbye: return ["bye", "goodbye", "good bye", "bye bye", "see you", "thats all", "that is all", "that was all", "nothing else"]
        case .thanks: return ["thanks", "thank you", "thank", "cheers"]
        case .hello: return ["hello", "hi", "hey", "good morning", "good afternoon", "good evening"]
        case .yes: return ["yes", "yeah", "yep", "sure", "ok", "okay", "yes please", "right"]
        case .no: return ["no", "nope", "no thanks", "not really"]
        }
    }

    /// What a follow-up asks for.
    func aspect(of text: String) -> Aspect? {
        let plain = chinese ? text : " \(SearchTerms.words(text).joined(separator: " ")) "
        func has(_ marks: [String]) -> Bool { marks.contains { plain.contains($0) } }
        if chinese {
            if has(["多久", "多长时间", "几天", "什么时候", "何时", "多快"]) { return .time }
            if has(["多少钱", "费用", "收费", "免费", "要钱", "价格"]) { return .money }
            return has(["哪里", "哪儿", "怎么弄", "怎么办理", "怎么做"]) ? .place : nil
        }
        if has([" how long ", " when ", " how soon ", " how fast ", " how many days ", " how quickly "]) { return .time }
        if has([" how much ", " cost ", " costs ", " fee ", " free ", " pay ", " price ", " charge "]) { return .money }
        return has([" where ", " how do i ", " how can i ", " how does that "]) ? .place : nil
    }

    /// Whether a text leans on what was said before it.
    func leansBack(_ text: String) -> Bool {
        if chinese { return text.unicodeScalars.count < 16 && ["那", "它", "这个", "这样", "呢"].contains { text.contains($0) } }
        let words = SearchTerms.words(text)
        return words.first == "and" || words.contains { ["that", "it", "this", "they", "them", "there", "one", "those"].contains($0) }
    }

    /// Whether a sentence of an answer speaks of it.
    func speaks(_ sentence: String, of aspect: Aspect) -> Bool {
        let marks: [String]
        switch aspect {
        case .time:
            marks =
                chinese
                ? ["天", "小时", "分钟", "工作日", "马上", "当天", "点", "年"] : [" day", "hour", "minute", "week", "month", "at once", "right away", "year"]
        case .money: marks = chinese ? ["元", "免费", "费", "百分之"] : ["dollar", "cent", "free", "cost", "fee", "nothing"]
        case .place: marks = chinese ? ["手机银行", "网点", "页面", "电话"] : [" app", "branch", "line", "post", "letter"]
        }
        return marks.contains { sentence.contains($0) }
    }

    /// Index of an option that is named by its place.
    func place(in text: String, of count: Int) -> Int? {
        guard count > 0 else { return nil }
        let words = SearchTerms.words(text)
        func has(_ marks: [String]) -> Bool { chinese ? marks.contains { text.contains($0) } : marks.contains { words.contains($0) } }
        if has(chinese ? ["第一", "前面", "前者"] : ["first", "former"]) { return 0 }
        if has(chinese ? ["第二", "后面", "后者"] : ["second", "latter", "last"]) { return count - 1 }
        return nil
    }

    func list(_ titles: [String]) -> String {
        guard let last = titles.last, titles.count > 1 else { return titles.first ?? "" }
        if chinese { return titles.dropLast().joined(separator: "、") + "，或者" + last }
        return titles.dropLast().joined(separator: ", ") + (titles.count > 2 ? "," : "") + " or " + last
    }

    static let askBack = (english: "Do you mean ", chinese: "您是想问")

    func doYouMean(_ titles: [String]) -> String {
        chinese ? "\(Self.askBack.chinese)\(titles.joined(separator: "，还是"))？" : "\(Self.askBack.english)\(list(titles))?"
    }

    func isAskBack(_ text: String) -> Bool { text.contains(chinese ? Self.askBack.chinese : Self.askBack.english) }

    func unknown(_ titles: [String]) -> String {
        let sorry = chinese ? "抱歉，这个我不知道。" : "I'm sorry, I don't know that."
        if titles.isEmpty { return sorry }
        return chinese ? "\(sorry)您可以问我\(list(titles))。" : "\(sorry) You can ask me about \(list(titles))."
    }

    func noDetail(_ title: String) -> String {
        chinese ? "抱歉，关于\(title)，这一点我不清楚。" : "I'm sorry, I don't have that detail about \(title)."
    }

    func answer(to talk: Talk, name: String, titles: [String], last: String?) -> String {
        switch talk {
        case .again: return last ?? (chinese ? "我还没有说什么呢。有什么可以帮您？" : "I haven't said anything yet. How can I help?")
        case .who: return chinese ? "我是\(name)，一个智能语音助手。" : "I'm \(name), a virtual assistant."
        case .howAreYou: return chinese ? "我很好，谢谢。有什么可以帮您？" : "I'm fine, thank you. How can I help?"
        case .abilities:
            if titles.isEmpty { return chinese ? "我们可以聊聊天。" : "We can simply talk." }
            return chinese ? "您可以问我\(list(titles))。" : "You can ask me about \(list(titles))."
        case .goodbye: return chinese ? "再见，祝您愉快。" : "Goodbye, and have a nice day."
        case .thanks: return chinese ? "不客气。还有什么可以帮您？" : "You're welcome. Is there anything else?"
        case .hello: return chinese ? "您好，有什么可以帮您？" : "Hello. How can I help?"
        case .yes: return chinese ? "好的，您想知道什么？" : "Sure. What would you like to know?"
        case .no: return chinese ? "好的。如果还有问题，请随时问我。" : "All right. If there is anything else, just ask."
        }
    }
}
