internal import Audio

/// Lets the stub for a language model fail at random.
struct StubFaults: Sendable {
    enum Fault: Sendable, Equatable, CaseIterable {
        /// HTTP 500.
        case refuses
        /// The connection is closed in the middle of the answer.
        case breaksOff
        /// The answer begins, and no more of it comes.
        case stalls
    }

    private let rate: Double
    private var generator: SeededGenerator

    /// - Parameter rate: Share of answers that fail, 0...1.
    init(rate: Double, seed: UInt64) { (self.rate, generator) = (rate, SeededGenerator(seed, "stub")) }

    /// What happens to the next answer; nil where it is given.
    mutating func next() -> Fault? {
        guard rate > 0, Double.random(in: 0..<1, using: &generator) < rate else { return nil }
        return Fault.allCases.randomElement(using: &generator)
    }
}
