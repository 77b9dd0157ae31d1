package import NIOCore

/// One tick of an event loop for all sessions on it whose agent speaks. Confined to its loop; stands still while nobody speaks.
package final class PacingTicker {
    private static let interval = TimeAmount.milliseconds(10)

    private let loop: any EventLoop
    private var sessions: [ObjectIdentifier: Session] = [:]
    private var task: RepeatedTask?

    package init(loop: any EventLoop) { self.loop = loop }

    func add(_ session: Session) {
        sessions[ObjectIdentifier(session)] = session
        guard task == nil else { return }
        let bound = NIOLoopBound(self, eventLoop: loop)
        task = loop.scheduleRepeatedTask(initialDelay: Self.interval, delay: Self.interval) { _ in bound.value.tick() }
    }

    func remove(_ session: Session) {
        sessions.removeValue(forKey: ObjectIdentifier(session))
        guard sessions.isEmpty else { return }
        task?.cancel()
        task = nil
    }

    private func tick() {
        for session in sessions.values { session.assumeIsolated { $0.tick() } }
    }
}
