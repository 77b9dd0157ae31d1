internal import Synchronization

/// What a consumer was given, in order, and a bell for the first piece.
final class Recording<Piece: Sendable>: Sendable {
    private struct State: Sendable {
        var pieces: [Piece] = []
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    var pieces: [Piece] { state.withLock { $0.pieces } }

    func append(_ piece: Piece) {
        let waiting = state.withLock { state in
            state.pieces.append(piece)
            defer { state.waiting = [] }
            return state.waiting
        }
        for waiter in waiting { waiter.resume() }
    }

    /// Returns once there is a piece.
    func begun() async {
        await withCheckedContinuation { waiter in
            let isThere = state.withLock { state in
                if state.pieces.isEmpty { state.waiting.append(waiter) }
                return !state.pieces.isEmpty
            }
            if isThere { waiter.resume() }
        }
    }
}
