internal import Dispatch
internal import Synchronization

/// Something that happens once, and that tasks and threads can wait for.
package final class TestEvent: Sendable {
    private struct State: Sendable {
        var moment: ContinuousClock.Instant?
        var waiting: [CheckedContinuation<ContinuousClock.Instant, Never>] = []
    }

    private let state = Mutex(State())
    private let semaphore = DispatchSemaphore(value: 0)

    package init() {}

    /// It happened; only the first call counts.
    package func set() {
        let now = ContinuousClock.now
        let waiting = state.withLock { state in
            guard state.moment == nil else { return [] as [CheckedContinuation<ContinuousClock.Instant, Never>] }
            state.moment = now
            defer { state.waiting = [] }
            return state.waiting
        }
        for waiter in waiting { waiter.resume(returning: now) }
        semaphore.signal()
    }

    package var isSet: Bool { state.withLock { $0.moment != nil } }

    /// Waits in a task; says when it happened.
    @discardableResult
    package func happened() async -> ContinuousClock.Instant {
        await withCheckedContinuation { waiter in
            let moment = state.withLock { state in
                if state.moment == nil { state.waiting.append(waiter) }
                return state.moment
            }
            if let moment { waiter.resume(returning: moment) }
        }
    }

    /// Waits on a thread of the server; a minute at most, so that a failed test does not keep it.
    package func block() {
        if semaphore.wait(timeout: .now() + 60) == .success { semaphore.signal() }
    }
}
