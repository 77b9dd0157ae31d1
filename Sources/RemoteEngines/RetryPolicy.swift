/// How often and how long a request is tried again before it has delivered anything.
package struct RetryPolicy: Sendable, Equatable {
    /// Further attempts after the first, 0...2.
    package var attempts: Int
    /// From the first request to the start of the last attempt; a wait that would end later is not begun.
    package var budget: Duration
    /// The wait before the second attempt where the service names none; doubled for each further one, up to a quarter shorter by chance.
    package var delay: Duration

    package init(attempts: Int = 2, budget: Duration = .seconds(2), delay: Duration = .milliseconds(250)) {
        (self.attempts, self.budget, self.delay) = (min(max(attempts, 0), 2), budget, delay)
    }

    /// One attempt only.
    package static let none = RetryPolicy(attempts: 0)

    /// The wait before attempt number `next` (1 is the first repetition); nil if it must not be made.
    ///
    /// - Parameters:
    ///   - elapsed: Since the first request.
    ///   - asked: The wait the service asked for.
    ///   - chance: 0..<1, shortens the own wait.
    func wait(before next: Int, elapsed: Duration, asked: Duration?, chance: Double) -> Duration? {
        guard next <= attempts else { return nil }
        let wait = asked ?? delay * (1 << (next - 1)) * (1 - chance / 4)
        return elapsed + wait <= budget ? wait : nil
    }
}
