/// What the caller's words so far say about whether they have finished. English and Chinese; other languages by punctuation and digits alone.
package enum TextCues {
    package enum Cue: Sendable, Equatable, CustomStringConvertible {
        /// More must follow.
        case open(Reason)
        /// The words say nothing either way.
        case neutral
        /// They are a whole.
        case finished(Reason)

        package var description: String {
            switch self {
            case .open(let reason): "open (\(reason.rawValue))"
            case .neutral: "neutral"
            case .finished(let reason): "finished (\(reason.rawValue))"
            }
        }
    }

    /// Why; a stable name to record.
    package struct Reason: RawRepresentable, Sendable, Hashable {
        package let rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }

        package static let conjunction = Reason(rawValue: "conjunction")
        package static let preposition = Reason(rawValue: "preposition")
        /// An article, a possessive or another word that a noun follows.
        package static let determiner = Reason(rawValue: "determiner")
        package static let auxiliary = Reason(rawValue: "auxiliary")
        /// "I would like", "can you tell me", 我想要.
        package static let phrase = Reason(rawValue: "phrase")
        package static let filler = Reason(rawValue: "filler")
        /// The caller asks for time: "let me see", 稍等.
        package static let holdOn = Reason(rawValue: "hold_on")
        /// Part of the value the agent asked for.
        package static let partialValue = Reason(rawValue: "partial_value")
        /// A number or a spelled word nobody asked for, in its middle.
        package static let digits = Reason(rawValue: "digits")
        package static let letters = Reason(rawValue: "letters")
        /// A comma, a dash or dots at the end.
        package static let punctuation = Reason(rawValue: "punctuation")
        package static let value = Reason(rawValue: "value")
        package static let answer = Reason(rawValue: "answer")
        package static let question = Reason(rawValue: "question")
        /// "Thank you", "that's all", 就这样.
        package static let closer = Reason(rawValue: "closer")
    }

    /// Judges a transcript, final or partial.
    ///
    /// - Parameters:
    ///   - text: The words as a recogniser writes them, with or without punctuation and capitals; of a long text only the end is read.
    ///   - language: A BCP 47 tag such as "en-GB" or "zh"; empty when not known.
    ///   - expecting: What the agent asked for last.
    package static func completeness(of text: String, language: String, expecting: Expectation) -> Cue {
        let spoken = SpokenText(text)
        guard let last = spoken.words.last else { return .neutral }
        let language = SpokenLanguage(language)
        if language == .other { return plain(spoken, expecting) }
        let isChinese = SpokenText.isHan(last)
        if isChinese ? chineseHoldsOn(spoken) : englishHoldsOn(spoken) { return .open(.holdOn) }
        if expecting == .yesNo, spoken.ending != .comma, spoken.ending != .trailing, ShortAnswers.isAnswer(spoken) { return .finished(.answer) }
        if let cue = valueCue(spoken, expecting) { return cue }
        let cue = isChinese ? chineseCue(spoken, expecting) : englishCue(spoken, expecting)
        if cue != .neutral { return cue }
        if spoken.ending == .comma || spoken.ending == .trailing { return .open(.punctuation) }
        return .neutral
    }

    private static func plain(_ spoken: SpokenText, _ expecting: Expectation) -> Cue {
        switch expecting {
        case .digits, .email: if let cue = valueCue(spoken, expecting) { return cue }
        case .nothing, .yesNo, .date, .name, .spelling, .choice: break
        }
        switch spoken.ending {
        case .question: return .finished(.question)
        case .comma, .trailing: return .open(.punctuation)
        case .none, .stop: return .neutral
        }
    }

    /// What the asked value says; nil where the words decide.
    private static func valueCue(_ spoken: SpokenText, _ expecting: Expectation) -> Cue? {
        switch expecting {
        case .nothing: return numberCue(spoken)
        case .yesNo, .choice: return nil
        case .digits, .date, .name, .spelling, .email: break
        }
        switch expecting.progress(spoken) {
        case .complete:
            if expecting == .name || expecting == .date, endsOpenly(spoken) { return nil }
            return .finished(.value)
        case .partial: return .open(.partialValue)
        case .possible:
            if expecting == .spelling { return .open(.letters) }
            return nil
        case .none, .tooMuch: return nil
        }
    }

    /// A name or a day may stand in front of words that go on: "tomorrow and", "John um".
    private static func endsOpenly(_ spoken: SpokenText) -> Bool {
        guard let last = spoken.words.last else { return false }
        let cue = SpokenText.isHan(last) ? chineseCue(spoken, .nothing) : englishCue(spoken, .nothing)
        if case .open = cue { return true }
        return spoken.ending == .trailing
    }

    /// A number or letters nobody asked for: the caller's own words may say what it is.
    private static func numberCue(_ spoken: SpokenText) -> Cue? {
        if SpokenLetters.spellsEarlierWord(spoken.words) { return .finished(.value) }
        if SpokenLetters.trailingRun(spoken.words) > 0 { return .open(.letters) }
        if let count = announcedNumber(spoken) {
            switch Expectation.digits(count: count).progress(spoken) {
            case .partial: return .open(.digits)
            case .complete: return .finished(.value)
            case .none, .possible, .tooMuch: return nil
            }
        }
        let digits = SpokenDigits(spoken.words)
        if digits.isDangling, spoken.words.count > 1 || digits.digits.isEmpty { return .open(.digits) }
        guard digits.otherWords == 0 else { return nil }
        // People read numbers in groups of three. A number nobody asked for is never known to be whole: it may be longer than a phone number.
        switch digits.digits.utf8.count {
        case 3, 5, 6: return .open(.digits)
        case 10: return Expectation.phoneNumber.progress(spoken) == .partial ? .open(.digits) : nil
        default: return nil
        }
    }

    /// How many digits a number has which the caller announced: "my phone number is", 我的手机号是.
    private static func announcedNumber(_ spoken: SpokenText) -> ClosedRange<Int>? {
        let words = spoken.words
        let chinese = spoken.chinese
        if ["手机号", "电话号码", "手机是", "电话是"].contains(where: { chinese.contains($0) }) { return 11...11 }
        guard let number = words.lastIndex(of: "number"), number > 0 else { return nil }
        let follows = words.dropFirst(number + 1).first
        guard follows == nil || follows == "is" || follows == "it's" || !SpokenDigits(words.dropFirst(number + 1).prefix(1)).digits.isEmpty else {
            return nil
        }
        let isPhone = ["phone", "telephone", "mobile", "cell", "my", "contact"].contains(words[number - 1])
        // Without its digits it may be what the sentence is about: "I lost my phone number".
        guard isPhone, follows != nil else { return nil }
        return 10...11
    }
}
