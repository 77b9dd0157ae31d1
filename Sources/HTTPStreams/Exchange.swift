internal import Synchronization

/// What the curl thread and one consumer share: the head, the bytes not yet taken, and who waits for them.
///
/// The curl thread puts in, the consumer takes out; both under one short lock. Continuations are resumed and commands
/// posted after the lock is free.
final class Exchange: Sendable {
    struct Head: Sendable {
        var status = 0
        var headers: [(name: String, value: String)] = []
    }

    private typealias HeadWaiter = CheckedContinuation<Head, any Error>
    private typealias BodyWaiter = CheckedContinuation<[UInt8]?, any Error>

    private struct State: Sendable {
        enum Phase: Sendable { case waitingForHead, body, ended((any Error)?) }

        var phase = Phase.waitingForHead
        var head: Head?
        var headWaiter: HeadWaiter?
        var bodyWaiter: BodyWaiter?
        /// Came and not yet taken; joined to one run, so that a late consumer wakes once.
        var pending: [UInt8] = []
        /// The curl thread was told to wait and has to be woken when `pending` is taken.
        var heldBack = false
        var hasContent = false
    }

    private enum Take { case now([UInt8]?, unpause: Bool), failed(any Error), later }

    let id: UInt64
    private let mailbox: Mailbox
    private let highWaterMark: Int
    private let state = Mutex(State())

    init(id: UInt64, mailbox: Mailbox, highWaterMark: Int) {
        (self.id, self.mailbox, self.highWaterMark) = (id, mailbox, highWaterMark)
    }

    // MARK: The curl thread's side

    func answered(_ head: Head) {
        let waiter = state.withLock { state -> HeadWaiter? in
            guard case .waitingForHead = state.phase else { return nil }
            state.phase = .body
            state.head = head
            return state.headWaiter.take()
        }
        waiter?.resume(returning: head)
    }

    /// False: no room; the same bytes are to be offered again after `.unpause`.
    func offer(_ bytes: UnsafeRawBufferPointer) -> Bool {
        let (fits, waiter) = state.withLock { state -> (Bool, BodyWaiter?) in
            if case .ended = state.phase { return (true, nil) }  // nobody wants it; the removal is on its way
            if let waiter = state.bodyWaiter.take() { return (true, waiter) }  // a waiter means that nothing is pending
            guard state.pending.isEmpty || state.pending.count + bytes.count <= highWaterMark else {
                state.heldBack = true
                return (false, nil)
            }
            state.pending += bytes
            return (true, nil)
        }
        waiter?.resume(returning: Array(bytes))
        return fits
    }

    /// The transfer is over; the bytes that wait stay readable before the error.
    func end(_ error: (any Error)?) {
        let (head, body) = state.withLock { state -> (HeadWaiter?, BodyWaiter?) in
            if case .ended = state.phase { return (nil, nil) }
            state.phase = .ended(error)
            state.heldBack = false
            return (state.headWaiter.take(), state.bodyWaiter.take())
        }
        head?.resume(throwing: error ?? HTTPStreamError(.noAnswer, "ended without a head"))
        if let error { body?.resume(throwing: error) } else { body?.resume(returning: nil) }
    }

    var hasContent: Bool { state.withLock { $0.hasContent } }

    // MARK: The consumer's side

    /// Waits for the head; cancelling ends the request.
    func head() async throws -> Head {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let known = state.withLock { state -> Result<Head, any Error>? in
                    if case .ended(let error?) = state.phase { return .failure(error) }
                    if let head = state.head { return .success(head) }
                    if case .ended = state.phase { return .failure(HTTPStreamError(.noAnswer, "ended without a head")) }
                    state.headWaiter = continuation
                    return nil
                }
                if let known { continuation.resume(with: known) }
            }
        } onCancel: {
            cancel()
        }
    }

    /// Waits for bytes; nil after the last. Cancelling ends the request.
    func next() async throws -> [UInt8]? {
        if Task.isCancelled { cancel() }
        switch take(nil) {
        case .now(let bytes, let unpause):
            if unpause { mailbox.post(.unpause(id)) }
            return bytes
        case .failed(let error): throw error
        case .later: break
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                switch take(continuation) {
                case .now(let bytes, let unpause):
                    if unpause { mailbox.post(.unpause(id)) }
                    continuation.resume(returning: bytes)
                case .failed(let error): continuation.resume(throwing: error)
                case .later: break
                }
            }
        } onCancel: {
            cancel()
        }
    }

    func contentBegan() { state.withLock { $0.hasContent = true } }

    /// The consumer needs no more, but the connection may.
    func finish() {
        let wasRunning = state.withLock { state in
            state.pending = []
            state.heldBack = false
            if case .ended = state.phase { return false }
            state.phase = .ended(nil)
            return true
        }
        if wasRunning { mailbox.post(.linger(id)) }
    }

    /// Ends the exchange from the consumer's side; later calls and calls after the end do nothing.
    func cancel() {
        let (wasRunning, head, body) = state.withLock { state -> (Bool, HeadWaiter?, BodyWaiter?) in
            if case .ended = state.phase {
                // Bytes that came and were never taken: a cancelled reader must not take this for the end of the body.
                if !state.pending.isEmpty { (state.pending, state.phase) = ([], .ended(CancellationError())) }
                return (false, nil, nil)
            }
            state.phase = .ended(CancellationError())
            state.pending = []
            state.heldBack = false
            return (true, state.headWaiter.take(), state.bodyWaiter.take())
        }
        if wasRunning { mailbox.post(.cancel(id)) }
        head?.resume(throwing: CancellationError())
        body?.resume(throwing: CancellationError())
    }

    private func take(_ waiter: BodyWaiter?) -> Take {
        state.withLock { state in
            if !state.pending.isEmpty {
                let unpause = state.heldBack
                state.heldBack = false
                var bytes: [UInt8] = []
                swap(&bytes, &state.pending)
                return .now(bytes, unpause: unpause)
            }
            if case .ended(let error) = state.phase {
                if let error { return .failed(error) }
                return .now(nil, unpause: false)
            }
            precondition(state.bodyWaiter == nil, "two tasks read one body")
            state.bodyWaiter = waiter
            return .later
        }
    }
}
