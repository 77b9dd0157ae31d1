import Engines
import Foundation
import Synchronization

/// What the pool and its threads share, so that the threads do not keep the pool alive.
final class InferenceCore: Sendable {
    typealias Answer = @Sendable () -> Void

    /// Exactly one of `run` and `drop` is called, once, by whoever takes the piece out of the queue.
    struct Piece: Sendable {
        let job: InferenceJob
        /// Does the work; what it gives tells the result to whoever asked.
        let run: @Sendable () -> Answer
        let drop: @Sendable (any Error) -> Void
    }

    private struct State {
        var queue: FairQueue<Piece>
        var running = 0
        var isClosed = false
    }

    private let state: Mutex<State>
    /// Counts pieces that were ever put in, so a thread may wake up for one that was dropped meanwhile.
    private let arrivals = DispatchSemaphore(value: 0)

    init(capacity: Int) {
        state = Mutex(State(queue: FairQueue(capacity: capacity, levels: InferencePool.Priority.allCases.count)))
    }

    var load: InferencePool.Load { state.withLock { InferencePool.Load(running: $0.running, waiting: $0.queue.count) } }

    func submit(_ piece: Piece) {
        // The lock decides between this and `cancel`: a job cancelled before it is queued is never queued.
        let dropped: (piece: Piece, error: any Error)? = state.withLock { state in
            if piece.job.isCancelled { return (piece, CancellationError()) }
            if state.isClosed { return (piece, EngineError(.unavailable, "the inference pool is closed")) }
            let overloaded = EngineError(.overloaded, "\(state.queue.count) pieces of inference wait already", isRetryable: true)
            switch state.queue.offer(piece, level: piece.job.priority.rawValue, session: piece.job.session) {
            case .taken: return nil
            case .displaced(let other): return (other, overloaded)
            case .refused: return (piece, overloaded)
            }
        }
        guard let dropped else {
            arrivals.signal()
            return
        }
        // A displaced piece had signalled already, and the newcomer takes over its signal.
        dropped.piece.drop(dropped.error)
    }

    func cancel(_ job: InferenceJob) {
        let (piece, handlers) = state.withLock { state in
            let handlers = job.markCancelled()
            return (state.queue.remove(level: job.priority.rawValue, session: job.session) { $0.job === job }, handlers)
        }
        for handler in handlers { handler() }
        piece?.drop(CancellationError())
    }

    /// The life of one thread.
    func work() {
        while true {
            arrivals.wait()
            let (piece, isOver) = state.withLock { state -> (Piece?, Bool) in
                let piece = state.isClosed ? nil : state.queue.next()
                if piece != nil { state.running += 1 }
                return (piece, state.isClosed)
            }
            if isOver { return }
            guard let piece else { continue }
            let answer = piece.run()
            piece.job.finish()
            state.withLock { $0.running -= 1 }
            answer()
        }
    }

    func close(width: Int) {
        let waiting = state.withLock { state in
            state.isClosed = true
            var waiting: [Piece] = []
            while let piece = state.queue.next() { waiting.append(piece) }
            return waiting
        }
        for _ in 0..<width { arrivals.signal() }
        for piece in waiting { piece.drop(EngineError(.unavailable, "the inference pool is closed")) }
    }
}
