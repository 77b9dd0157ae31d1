internal import Engines
internal import Synchronization

/// Which of several engines to ask: the first whose last failure lies further back than the cool-down.
final class FallbackCircuit<C: Clock>: Sendable where C.Duration == Duration {
    private let clock: C
    private let coolDown: Duration
    /// When each engine may be asked again.
    private let closedUntil: Mutex<[C.Instant]>

    init(count: Int, coolDown: Duration, clock: C) {
        precondition(count > 0, "there is an engine to ask")
        (self.clock, self.coolDown) = (clock, coolDown)
        closedUntil = Mutex(Array(repeating: clock.now, count: count))
    }

    /// Asks one engine after the other until one delivers, or fails with what no other attempt would mend.
    ///
    /// Engines that cool down are asked last. Once `hasDelivered` is true a failure is final: half of one answer and half of another are none.
    func ask<Result>(hasDelivered: () -> Bool, _ body: (Int) async throws -> Result) async throws -> Result {
        let now = clock.now
        let until = closedUntil.withLock { $0 }
        let order = until.indices.filter { until[$0] <= now } + until.indices.filter { until[$0] > now }
        for index in order.dropLast() {
            do {
                return try await body(index)
            } catch let error as EngineError where error.isRetryable && !hasDelivered() {
                coolDown(index)
            }
        }
        let last = order[order.count - 1]
        do {
            return try await body(last)
        } catch let error as EngineError where error.isRetryable && !hasDelivered() {
            coolDown(last)
            throw error
        }
    }

    private func coolDown(_ index: Int) {
        let until = clock.now.advanced(by: coolDown)
        closedUntil.withLock { $0[index] = until }
    }
}
