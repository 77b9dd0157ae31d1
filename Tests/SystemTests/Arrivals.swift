import Synchronization

/// What came over a connection or from a process, with its time, and a way to wait for what a test asks for.
final class Arrivals<Element: Sendable>: Sendable {
    struct Arrival: Sendable {
        let at: ContinuousClock.Instant
        let received: Element
    }

    private struct State {
        var all: [Arrival] = []
        var isOver = false
        var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
        var nextWaiter = 0
    }

    private let state = Mutex(State())

    /// Everything so far.
    var all: [Arrival] { state.withLock { $0.all } }
    /// A mark to wait from.
    var count: Int { state.withLock { $0.all.count } }

    /// Whether nothing more will come.
    var isOver: Bool { state.withLock { $0.isOver } }

    func take(_ received: Element) {
        let arrival = Arrival(at: .now, received: received)
        change { $0.all.append(arrival) }
    }

    /// Nothing more will come.
    func end() { change { $0.isOver = true } }

    /// The first thing from a mark on in which `match` finds something, as soon as it is there; nil where what comes or the test's time ends before.
    func first<T: Sendable>(from mark: Int = 0, _ match: (Element) -> T?) async -> (found: T, place: Int)? {
        var next = mark
        while true {
            let (arrivals, isOver) = state.withLock { ($0.all, $0.isOver) }
            while next < arrivals.count {
                if let found = match(arrivals[next].received) { return (found, next) }
                next += 1
            }
            guard !isOver, !Task.isCancelled else { return nil }
            await more(than: arrivals.count)
        }
    }

    private func more(than count: Int) async {
        let id = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isLate = state.withLock { state in
                    if state.isOver || state.all.count != count || Task.isCancelled { return true }
                    state.waiters[id] = continuation
                    return false
                }
                if isLate { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiters.removeValue(forKey: id) }?.resume()
        }
    }

    private func change(_ body: (inout State) -> Void) {
        let waiters = state.withLock { state in
            body(&state)
            defer { state.waiters = [:] }
            return state.waiters.values.map { $0 }
        }
        for waiter in waiters { waiter.resume() }
    }
}
