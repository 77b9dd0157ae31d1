extension EndpointPolicy {
    /// How words and expectation bend the doubt, the place 0...1 of the wait between minimum and maximum.
    private enum Bend {
        /// The least doubt that words leave which must go on: even a sure model waits so much longer.
        static let open = 0.35
        /// The same where the asked value is not complete, or the caller asked for time.
        static let partialValue = 0.6
        /// What finished words leave of the doubt.
        static let finished = 0.35
        /// The least doubt while a value read in groups is expected.
        static let grouped = 0.25
        /// The least doubt while a date or a name is expected.
        static let composed = 0.08
        /// What the expectation of a short answer leaves of the doubt.
        static let short = 0.75
        /// How far the caller's pace may move the odds of doubt.
        static let pace = 0.6...2.0
    }

    /// Silence after which the turn is over, by all that is known. Between ``minimum`` and ``maximum``; never rises with the probability;
    /// finished words wait no longer than neutral ones, open ones no shorter. ``wait(probability:)`` is the case of neutral words, no
    /// expectation and no pace.
    ///
    /// - Parameters:
    ///   - probability: What the model said last in this pause, 0...1; nil when it said nothing.
    ///   - cue: What the words so far say.
    ///   - expectation: What the agent asked for last.
    ///   - pace: The caller's own pauses.
    package func wait(probability: Float?, cue: TextCues.Cue, expectation: Expectation, pace: CallerPace) -> Duration {
        let plain = wait(probability: probability)
        guard maximum > minimum else { return minimum }
        let (least, share) = bend(cue, expectation)
        let ratio = min(max(pace.ratio, Bend.pace.lowerBound), Bend.pace.upperBound)
        if least == 0, share == 1, ratio == 1 { return min(max(plain, minimum), maximum) }
        var doubt = min(max((plain - minimum) / (maximum - minimum), 0), 1)
        doubt = ratio * doubt / (1 + (ratio - 1) * doubt)
        doubt = (least + (1 - least) * doubt) * share
        return min(max(minimum + (maximum - minimum) * doubt, minimum), maximum)
    }

    /// The least doubt, and the share that is left of the whole.
    private func bend(_ cue: TextCues.Cue, _ expectation: Expectation) -> (least: Double, share: Double) {
        let (care, ease) = Self.care(expectation)
        switch cue {
        case .neutral: return (care, ease)
        case .finished: return (0, Bend.finished * ease)
        case .open(let reason):
            let least = reason == .partialValue || reason == .holdOn || reason == .digits ? Bend.partialValue : Bend.open
            return (1 - (1 - least) * (1 - care), 1)
        }
    }

    private static func care(_ expectation: Expectation) -> (least: Double, share: Double) {
        switch expectation {
        case .nothing: (0, 1)
        case .yesNo, .choice: (0, Bend.short)
        case .digits, .spelling, .email: (Bend.grouped, 1)
        case .date, .name: (Bend.composed, 1)
        }
    }
}
