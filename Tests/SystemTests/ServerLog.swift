import Synchronization

/// The lines a process wrote, and a way to wait for one.
final class ServerLog: Sendable {
    private struct State {
        var lines: [String] = []
        var rest: [UInt8] = []
        var isClosed = false
        var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
        var nextWaiter = 0
    }

    private let state = Mutex(State())

    var lines: [String] { state.withLock { $0.lines } }
    var text: String { lines.joined(separator: "\n") }
    /// Whether the process closed its output.
    var isClosed: Bool { state.withLock { $0.isClosed } }

    func take(_ bytes: [UInt8]) {
        change { state in
            state.rest += bytes
            while let end = state.rest.firstIndex(of: 10) {
                state.lines.append(String(decoding: state.rest[..<end], as: UTF8.self))
                state.rest.removeFirst(end + 1)
            }
        }
    }

    func close() {
        change { state in
            if !state.rest.isEmpty { state.lines.append(String(decoding: state.rest, as: UTF8.self)) }
            (state.rest, state.isClosed) = ([], true)
        }
    }

    /// The first line that holds a text; nil where the output ends without one or the task is cancelled.
    func line(with text: String) async -> String? {
        while true {
            let found = state.withLock { state -> (line: String?, isLast: Bool) in
                (state.lines.first { $0.contains(text) }, state.isClosed)
            }
            if found.line != nil || found.isLast || Task.isCancelled { return found.line }
            await change(since: found)
        }
    }

    private func change(since seen: (line: String?, isLast: Bool)) async {
        let id = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        let count = state.withLock { $0.lines.count }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isLate = state.withLock { state in
                    if state.isClosed || state.lines.count != count || Task.isCancelled { return true }
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
