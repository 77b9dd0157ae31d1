internal import DequeModule
package import NIOCore

/// One loop for the encoding of replies, in slices, and the order of it: what is about to be heard comes first. A voice that is well ahead of its
/// listener waits here between two slices, and one of those that wait goes on after each turn of the loop.
package actor CodingLane {
    nonisolated package let unownedExecutor: UnownedSerialExecutor
    nonisolated let loop: any EventLoop
    private var waiting: Deque<CheckedContinuation<Void, Never>> = []
    private var isTurning = false

    /// Audio ahead of the listener from which on a voice lets others go first.
    static let ahead = Duration.milliseconds(200)

    package init(loop: any EventLoop) {
        self.loop = loop
        unownedExecutor = loop.executor.asUnownedSerialExecutor()
    }

    /// Returns when those had their turn that are more pressed.
    func giveWay() async {
        await withCheckedContinuation { continuation in
            waiting.append(continuation)
            turn()
        }
        isTurning = false
        turn()
    }

    /// Lets one go on, behind what came meanwhile. The next turn is asked for by the one that goes on, when it is back on the loop, and so queues
    /// behind what came until then.
    private func turn() {
        guard !isTurning, !waiting.isEmpty else { return }
        isTurning = true
        loop.execute { self.assumeIsolated { $0.waiting.popFirst()?.resume() } }
    }
}
