internal import NIOCore
internal import Synchronization

/// The connections of a server that are still there, and the places among the calls that are still held.
final class ConnectionRegistry: Sendable {
    private struct State {
        var channels: [ObjectIdentifier: any Channel] = [:]
        var holds = 0
        var waiters: [AsyncStream<Void>.Continuation] = []
        var isEmpty: Bool { channels.isEmpty && holds == 0 }
    }

    private let state = Mutex(State())

    var count: Int { state.withLock { $0.channels.count } }

    /// Keeps a channel until it is closed.
    func add(_ channel: any Channel) {
        let id = ObjectIdentifier(channel)
        state.withLock { $0.channels[id] = channel }
        channel.closeFuture.whenComplete { _ in self.settle { $0.channels[id] = nil } }
    }

    /// Counts as not empty until as many releases.
    func hold() { state.withLock { $0.holds += 1 } }
    func release() { settle { $0.holds -= 1 } }

    var channels: [any Channel] { state.withLock { Array($0.channels.values) } }

    /// Returns when nothing is left, or when the task is cancelled.
    func waitUntilEmpty() async {
        let (stream, waiter) = AsyncStream.makeStream(of: Void.self)
        let isEmpty = state.withLock { state in
            if !state.isEmpty { state.waiters.append(waiter) }
            return state.isEmpty
        }
        if isEmpty { return }
        for await _ in stream {}
    }

    private func settle(_ change: (inout State) -> Void) {
        let waiters = state.withLock { state in
            change(&state)
            guard state.isEmpty else { return [AsyncStream<Void>.Continuation]() }
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.finish() }
    }
}
