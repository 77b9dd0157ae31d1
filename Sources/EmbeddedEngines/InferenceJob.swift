import Synchronization

/// What running work sees of the task that asked for it.
package final class InferenceJob: Sendable {
    private struct State {
        var isCancelled = false
        var handlers: [@Sendable () -> Void] = []
    }

    let priority: InferencePool.Priority
    let session: String
    private let state = Mutex(State())

    init(priority: InferencePool.Priority, session: String) { (self.priority, self.session) = (priority, session) }

    package var isCancelled: Bool { state.withLock { $0.isCancelled } }

    /// - Throws: `CancellationError` once the task was cancelled.
    package func checkCancellation() throws {
        if isCancelled { throw CancellationError() }
    }

    /// Calls the handler once when the task is cancelled, from any thread; at once when it already is. It is kept until the work ends.
    package func onCancel(_ handler: @escaping @Sendable () -> Void) {
        let isLate = state.withLock { state in
            if !state.isCancelled { state.handlers.append(handler) }
            return state.isCancelled
        }
        if isLate { handler() }
    }

    /// Cancels the job and gives the handlers, which the caller has to call.
    func markCancelled() -> [@Sendable () -> Void] {
        state.withLock { state in
            state.isCancelled = true
            defer { state.handlers = [] }
            return state.handlers
        }
    }

    func finish() { state.withLock { $0.handlers = [] } }
}
