internal import CCurl
internal import Glibc
internal import Synchronization

/// What other threads ask of the curl thread.
enum Command: Sendable {
    case start(Exchange, HTTPRequest, at: Int64)
    case cancel(UInt64)
    /// Bytes were taken and there is room again.
    case unpause(UInt64)
    /// Nobody reads any more; the answer may end by itself if it does so soon.
    case linger(UInt64)
    case stop
}

/// The queue into the curl thread. Its bound: as many starts as requests are allowed under way, further ones are refused; and
/// one cancel, one linger and one unpause for each of them.
final class Mailbox: Sendable {
    enum Posting { case taken, full, closed }

    private struct State: Sendable {
        var commands: [Command] = []
        var isOpen = true
        /// Requests started and not yet ended.
        var underway = 0
        var waitingForEnd: [CheckedContinuation<Void, Never>] = []
        var isFreed = false
    }

    /// An eventfd that wakes the curl thread; open until ``freed()``, and rung only while the queue is open.
    let bell: Int32
    private let maximumRequests: Int
    private let state = Mutex(State())

    init?(maximumRequests: Int) {
        self.maximumRequests = maximumRequests
        bell = eventfd(0, Int32(EFD_CLOEXEC) | Int32(EFD_NONBLOCK))
        guard bell >= 0 else { return nil }
    }

    @discardableResult
    func post(_ command: Command) -> Posting {
        state.withLock { state in
            guard state.isOpen else { return .closed }
            if case .start = command {
                guard state.underway < maximumRequests else { return .full }
                state.underway += 1
            }
            state.commands.append(command)
            // One wake-up per batch: whoever finds the queue empty rings.
            if state.commands.count == 1 {
                var one: UInt64 = 1
                _ = write(bell, &one, 8)
            }
            return .taken
        }
    }

    /// One request has ended and makes room for another.
    func ended() { state.withLock { $0.underway -= 1 } }

    /// Everything posted since the last call.
    func drain() -> [Command] {
        state.withLock { state in
            var commands: [Command] = []
            swap(&commands, &state.commands)
            return commands
        }
    }

    /// From here on nothing is posted. Returns what was left.
    func close() -> [Command] {
        state.withLock { state in
            state.isOpen = false
            var commands: [Command] = []
            swap(&commands, &state.commands)
            return commands
        }
    }

    /// The curl thread has freed everything and is about to end.
    func freed() {
        Glibc.close(bell)
        let waiting = state.withLock { state in
            state.isFreed = true
            defer { state.waitingForEnd = [] }
            return state.waitingForEnd
        }
        for waiter in waiting { waiter.resume() }
    }

    func waitUntilFreed() async {
        await withCheckedContinuation { continuation in
            let done = state.withLock { state in
                if !state.isFreed { state.waitingForEnd.append(continuation) }
                return state.isFreed
            }
            if done { continuation.resume() }
        }
    }
}
