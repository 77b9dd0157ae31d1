/// How long a silence must last before the caller's turn is over.
package struct EndpointPolicy: Sendable, Equatable {
    /// No turn ends before this much silence.
    package var minimum: Duration
    /// Every turn ends after this much silence.
    package var maximum: Duration
    /// Silence that ends a turn when nobody can say how likely its end is.
    package var withoutModel: Duration
    /// Probability of the end from which the wait is the minimum, 0...1.
    package var sure: Float
    /// Probability below which the wait is the maximum; below `sure`.
    package var unsure: Float
    /// Silences at which the end-of-turn model is asked, rising.
    package var asks: [Duration]
    /// Probability from which recognition and the language model may begin on the likely end.
    package var speculation: Float

    package init(
        minimum: Duration, maximum: Duration, withoutModel: Duration, sure: Float = 0.8, unsure: Float = 0.1,
        asks: [Duration] = [.milliseconds(200), .milliseconds(600), .milliseconds(1200)], speculation: Float = 0.5
    ) {
        (self.minimum, self.maximum, self.withoutModel) = (minimum, maximum, withoutModel)
        (self.sure, self.unsure, self.asks, self.speculation) = (sure, unsure, asks, speculation)
    }

    package static let eager = EndpointPolicy(
        minimum: .milliseconds(220), maximum: .milliseconds(1600), withoutModel: .milliseconds(500), sure: 0.7, unsure: 0.05)
    package static let balanced = EndpointPolicy(
        minimum: .milliseconds(280), maximum: .milliseconds(2400), withoutModel: .milliseconds(700))
    package static let patient = EndpointPolicy(
        minimum: .milliseconds(500), maximum: .milliseconds(3500), withoutModel: .milliseconds(1100), sure: 0.9, unsure: 0.2)

    /// Silence after which the turn is over: falls smoothly from ``maximum`` to ``minimum`` as the end grows likely.
    ///
    /// - Parameter probability: What the model said last in this pause, 0...1; nil when it said nothing, as is NaN.
    package func wait(probability: Float?) -> Duration {
        guard let probability, !probability.isNaN else { return withoutModel }
        let x = Double(min(max((probability - unsure) / (sure - unsure), 0), 1))
        // A raised cosine has no corner at either end, so a small change of the probability never jumps the wait.
        let doubt = (1 - x) * (1 - x) * (1 + 2 * x)
        return minimum + (maximum - minimum) * doubt
    }
}
