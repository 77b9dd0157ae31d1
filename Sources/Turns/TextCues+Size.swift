extension TextCues {
    /// How much was said.
    package enum Size: String, Sendable, Equatable {
        /// One to three words that are no known whole.
        case fragment
        /// Four or five words.
        case short
        case usual
        /// Nine words or more.
        case long
        /// Little else than digits.
        case digits
        /// Few words that stand alone: an answer, a greeting.
        case whole
    }

    /// - Parameter text: The words as a recogniser writes them; of a long text only the end is read.
    /// - Returns: Nil without words. Chinese characters count as two thirds of a word.
    package static func size(of text: String) -> Size? {
        let spoken = SpokenText(text)
        guard !spoken.words.isEmpty else { return nil }
        let digits = SpokenDigits(spoken.words)
        let said = digits.digits.utf8.count
        if said > 2, digits.otherWords * 2 <= said { return .digits }
        if ShortAnswers.isAnswer(spoken) || Phrases.covers(spoken.words, english: greetings, chinese: chineseGreetings) { return .whole }
        let thirds = spoken.words.reduce(0) { $0 + (SpokenText.isHan($1) ? 2 * $1.count : 3) }
        switch thirds {
        case ...9: return .fragment
        case ...15: return .short
        case ..<27: return .usual
        default: return .long
        }
    }

    private static let greetings = Phrases.table(
        """
        hello, hi, hey, hi there, hello there, good morning, good afternoon, good evening, goodbye, bye, thanks, thank you, stop, help, sorry,
        excuse me, pardon
        """)
    private static let chineseGreetings: Set<String> = ["你好", "您好", "喂", "早上好", "下午好", "晚上好", "再见", "谢谢", "停", "不好意思"]
}
