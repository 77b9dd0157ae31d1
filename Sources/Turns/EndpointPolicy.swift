/// How long a silence must last before the caller's turn is over.
///
/// The wait falls in two smooth steps as the end grows likely: from ``maximum``, for words that must go on, to ``doubtful``, for a pause
/// that may be either, to ``minimum``.
package struct EndpointPolicy: Sendable, Equatable {
    /// No turn ends before this much silence.
    package var minimum: Duration
    /// Silence that ends a turn of which nobody can say whether it is over; between the other two. After nine words and more it is 0.85 of this;
    /// in a row of digits at least 1.05 times the longest pause inside of it, up to 1.5 times this.
    package var doubtful: Duration
    /// Every turn ends after this much silence.
    package var maximum: Duration
    /// Silence that ends a turn when no model answers and the words say nothing.
    package var withoutModel: Duration
    /// Probability of the end, by all that is known, in the middle of the step between minimum and doubtful, 0...1.
    package var likely: Float
    /// The same between doubtful and maximum; below `likely`.
    package var unlikely: Float
    /// Silences at which the end-of-turn model is asked, rising.
    package var asks: [Duration]
    /// Probability from which a reply may be begun on the likely end.
    package var speculation: Float

    /// Half the width of a step, in log odds.
    static let halfStep = 0.6
    /// How many times `doubtful` a pause may last at most because of the turn's rhythm.
    static let longestRhythm = 1.5

    package init(
        minimum: Duration, doubtful: Duration, maximum: Duration, withoutModel: Duration, likely: Float = 0.63, unlikely: Float = 0.02,
        asks: [Duration] = [.milliseconds(130), .milliseconds(300), .milliseconds(600)], speculation: Float = 0.5
    ) {
        (self.minimum, self.doubtful, self.maximum, self.withoutModel) = (minimum, doubtful, maximum, withoutModel)
        (self.likely, self.unlikely, self.asks, self.speculation) = (likely, unlikely, asks, speculation)
    }

    package static let eager = EndpointPolicy(
        minimum: .milliseconds(200), doubtful: .milliseconds(700), maximum: .milliseconds(1400), withoutModel: .milliseconds(500), likely: 0.5)
    package static let balanced = EndpointPolicy(
        minimum: .milliseconds(230), doubtful: .milliseconds(1100), maximum: .milliseconds(2000), withoutModel: .milliseconds(700), likely: 0.6)
    package static let patient = EndpointPolicy(
        minimum: .milliseconds(450), doubtful: .milliseconds(1700), maximum: .milliseconds(3500), withoutModel: .milliseconds(1100), likely: 0.7,
        unlikely: 0.04)

    /// Silence after which the turn is over, by all that is known. Between ``minimum`` and ``maximum``; never rises with the likelihood;
    /// finished words wait no longer than neutral ones, open ones no shorter.
    package func wait(_ evidence: EndEvidence) -> Duration {
        guard maximum > minimum else { return minimum }
        let doubtful = min(max(doubtful * evidence.doubt, min(evidence.rhythm, doubtful * Self.longestRhythm), minimum), maximum)
        guard let odds = evidence.odds else { return wait(withoutModel: evidence.leaningWithoutModel) }
        let near = Self.fall(odds, at: LogOdds.of(Double(likely)))
        let far = Self.fall(odds, at: min(LogOdds.of(Double(unlikely)), LogOdds.of(Double(likely))))
        return minimum + (doubtful - minimum) * near + (maximum - doubtful) * far
    }

    /// Whether a reply may be begun before the turn is over.
    func isLikelyEnd(_ evidence: EndEvidence) -> Bool { evidence.odds.map { $0 >= LogOdds.of(Double(speculation)) } ?? false }

    /// The words alone move the plain wait towards either bound.
    private func wait(withoutModel leaning: Double) -> Duration {
        let plain = min(max(withoutModel, minimum), maximum)
        let share = abs(leaning) / (1 + abs(leaning))
        return leaning < 0 ? plain + (maximum - plain) * share : plain - (plain - minimum) * share
    }

    /// Falls from 1 to 0 around a place. A raised cosine's like: no corner at either end, so a small change never jumps the wait.
    private static func fall(_ odds: Double, at place: Double) -> Double {
        let x = min(max((odds - place + halfStep) / (2 * halfStep), 0), 1)
        return (1 - x) * (1 - x) * (1 + 2 * x)
    }
}
