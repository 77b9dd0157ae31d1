/// What is known in a pause about whether the caller's turn is over, weighed together.
///
/// Each kind of evidence moves the log odds of the end by a fixed amount, so each can be told apart afterwards. The amounts were fitted
/// on pauses of read, spoken and hesitant speech (`parley eval --pauses`) and rounded.
package struct EndEvidence: Sendable, Equatable {
    /// What the model has said in this pause: the sum of the log odds, and how often.
    private var sum = 0.0
    package private(set) var answers = 0
    /// What the words so far say; neutral while they are not known.
    package internal(set) var cue = TextCues.Cue.neutral
    /// How much was said; nil while the words are not known.
    package internal(set) var size: TextCues.Size?
    package let expectation: Expectation
    /// How many times longer than usual this caller pauses, 1 before that is known.
    package let pace: Double
    /// The longest pause of this turn after which the caller went on; zero where there was none.
    package let longestPause: Duration

    enum Weight {
        /// One answer of the model changes from moment to moment; its log odds overstate what it knows.
        static let model = 0.4
        /// The caller asked for time, or the asked value is not whole.
        static let notYet = -6.0
        /// In the middle of a number or a spelled word, or after "um".
        static let midway = -3.0
        /// A word that another must follow.
        static let open = -2.0
        /// A comma: recognisers put them freely.
        static let comma = -1.0
        /// Whole: the asked value or answer, a thank-you, a question.
        static let finished = 2.0
        static let question = 0.8
        /// A turn of one to three words that is no known whole is more often a beginning.
        static let fragment = -1.8
        static let short = -0.6
        static let long = 0.4
        /// Nothing but digits, and nobody knows how many there will be.
        static let digits = -1.3
        /// A short answer is expected.
        static let easy = 0.5
        /// A value read in groups is expected, or one of several words.
        static let grouped = -2.5
        static let composed = -0.4
        /// Of the wait in a pause that may be either, after many words: who has said so much and is silent has mostly finished.
        static let longDoubt = 0.85
        /// Of the share by which the caller's pauses are longer or shorter than usual.
        static let pace = -0.6
    }

    package init(expectation: Expectation = .nothing, pace: CallerPace = CallerPace()) {
        self.expectation = expectation
        (self.pace, longestPause) = (pace.ratio, pace.longest)
    }

    /// Adds an answer of the end-of-turn model, 0...1; NaN is no answer.
    package mutating func add(probability: Float) {
        guard !probability.isNaN else { return }
        sum += LogOdds.of(Double(probability))
        answers += 1
    }

    /// Takes the words of the turn so far.
    package mutating func note(words: String, language: String) {
        cue = TextCues.completeness(of: words, language: language, expecting: expectation)
        size = TextCues.size(of: words)
    }

    /// The mean of the model's answers, 0...1; nil before the first.
    package var probability: Double? { answers == 0 ? nil : LogOdds.probability(sum / Double(answers)) }

    /// What all but the model say, in log odds.
    var leaning: Double { wordsLeaning(sizeLeaning) + others }

    /// The same without the count of words: where no model says how they sounded, it is no reason to let a short answer wait.
    var leaningWithoutModel: Double { wordsLeaning(size == .digits ? Weight.digits : 0) + others }

    private var others: Double { expected + Weight.pace * min(max(pace - 1, -0.4), 1.5) }

    /// How long a doubtful pause lasts, as a share of what it does after fewer words.
    var doubt: Double { size == .long ? Weight.longDoubt : 1 }

    /// How long a doubtful pause must last by the turn's own rhythm; zero where it has none.
    ///
    /// Numbers are read in groups with even pauses between them, so the end of a row shows in a pause that is longer than those inside of it.
    package var rhythm: Duration { size == .digits ? longestPause * Self.beat : .zero }

    /// By how much the pause at the end of a row of digits must be longer than those inside of it.
    private static let beat = 1.05

    /// Log odds that the turn is over; nil before the model has answered.
    var odds: Double? { answers == 0 ? nil : Weight.model * sum / Double(answers) + leaning }

    /// The probability that the turn is over by all that is known, 0...1; nil before the model has answered.
    package var likelihood: Double? { odds.map(LogOdds.probability) }

    private func wordsLeaning(_ size: Double) -> Double {
        switch cue {
        // What is written behind a row of digits is the voice of somebody who reads: between any two of them it rises, or is taken for a comma.
        case .finished(.question) where self.size == .digits, .open(.punctuation) where self.size == .digits: size
        case .finished(.question): Weight.question
        case .finished: Weight.finished
        case .open(let reason): min(0, size) + Self.leaning(reason)
        case .neutral: size
        }
    }

    private var sizeLeaning: Double {
        switch size {
        case nil, .usual, .whole: 0
        case .digits: Weight.digits
        // Who was asked something answers in a word or two.
        case .fragment: expectation == .nothing ? Weight.fragment : 0
        case .short: expectation == .nothing ? Weight.short : 0
        case .long: Weight.long
        }
    }

    private static func leaning(_ reason: TextCues.Reason) -> Double {
        switch reason {
        case .holdOn, .partialValue: Weight.notYet
        case .digits, .letters, .filler: Weight.midway
        case .punctuation: Weight.comma
        default: Weight.open
        }
    }

    private var expected: Double {
        let expected: Double =
            switch expectation {
            case .nothing: 0
            case .yesNo, .choice: Weight.easy
            case .digits, .spelling, .email: Weight.grouped
            case .date, .name: Weight.composed
            }
        // A whole value needs no more care.
        if case .finished = cue { return max(0, expected) }
        return expected
    }
}
