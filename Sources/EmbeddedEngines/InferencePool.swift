import Engines
import Foundation

/// A fixed number of threads of its own for work that takes milliseconds to seconds; Swift's cooperative threads only wait for it.
///
/// Work waits in one bounded queue: the most urgent first, and among equals the sessions in turn. When the queue is full, more urgent work
/// displaces the least urgent; what is displaced or finds no room ends with `engine.overloaded`.
package final class InferencePool: Sendable {
    /// How urgent work is, the most urgent first.
    package enum Priority: Int, Sendable, CaseIterable {
        /// The words of a finished utterance: a caller waits for an answer.
        case final
        /// Whether a turn is over.
        case endOfTurn
        /// The agent's voice; playing has a lead over making it.
        case speech
        /// A look at an utterance that still goes on.
        case partial
    }

    /// One number for logs and metrics each.
    package struct Load: Sendable, Equatable {
        package var running: Int
        package var waiting: Int
    }

    /// Threads of the pool; at most so many pieces of work run at once.
    package let width: Int
    private let core: InferenceCore

    /// - Parameters:
    ///   - width: Threads, at least 1. One per core that conversations leave over.
    ///   - capacity: Most pieces that may wait, at least 1.
    package init(width: Int, capacity: Int = 256) {
        precondition(width > 0, "a pool has a thread")
        self.width = width
        core = InferenceCore(capacity: capacity)
        for number in 1...width {
            let thread = Thread { [core] in
                // A name counts only when the thread sets it itself.
                Thread.current.name = "inference-\(number)"
                core.work()
            }
            thread.stackSize = 4 << 20
            thread.start()
        }
    }

    /// Waiting work ends with `engine.unavailable`; running work ends as it would have.
    deinit { core.close(width: width) }

    package var load: Load { core.load }

    /// Runs the work on one of the pool's threads and gives what it returns or throws. Cancelling the task drops work that has not begun;
    /// work that has is told through its ``InferenceJob``, and its own result counts.
    ///
    /// - Parameter session: Whose turn it takes; nil stands for ``EngineCaller/session``.
    /// - Throws: `CancellationError` when dropped; ``EngineError`` `engine.overloaded` when there is no room; what the work throws.
    package func run<Value: Sendable>(
        priority: Priority, session: String? = nil, _ work: @escaping @Sendable (InferenceJob) throws -> Value
    ) async throws -> Value {
        let job = InferenceJob(priority: priority, session: session ?? EngineCaller.session ?? "")
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let run: @Sendable () -> InferenceCore.Answer = {
                    let result = Result { try work(job) }
                    return { continuation.resume(with: result) }
                }
                core.submit(InferenceCore.Piece(job: job, run: run, drop: { continuation.resume(throwing: $0) }))
            }
        } onCancel: {
            core.cancel(job)
        }
    }

    /// The same for work that does not look at its cancellation.
    package func run<Value: Sendable>(
        priority: Priority, session: String? = nil, _ work: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try await run(priority: priority, session: session) { _ in try work() }
    }
}
