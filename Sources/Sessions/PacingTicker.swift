package import NIOCore

/// The clock of an event loop for all sessions on it whose agent speaks: each is called when its next packet is due. Confined to its loop; stands still
/// while nobody speaks.
package final class PacingTicker {
    /// How late a packet may be for the sake of one wake-up for many.
    private static let interval = TimeAmount.milliseconds(2)

    private struct Entry {
        let session: Session
        var due: NIODeadline
    }

    private let loop: any EventLoop
    private var entries: [Entry] = []
    private var places: [ObjectIdentifier: Int] = [:]
    private var task: RepeatedTask?

    package init(loop: any EventLoop) { self.loop = loop }

    func add(_ session: Session) {
        guard places[ObjectIdentifier(session)] == nil else { return }
        places[ObjectIdentifier(session)] = entries.count
        entries.append(Entry(session: session, due: .now()))
        guard task == nil else { return }
        let bound = NIOLoopBound(self, eventLoop: loop)
        task = loop.scheduleRepeatedTask(initialDelay: Self.interval, delay: Self.interval) { _ in bound.value.tick() }
    }

    func remove(_ session: Session) {
        guard let place = places.removeValue(forKey: ObjectIdentifier(session)) else { return }
        let last = entries.removeLast()
        if place < entries.count {
            entries[place] = last
            places[ObjectIdentifier(last.session)] = place
        }
        guard entries.isEmpty else { return }
        task?.cancel()
        task = nil
    }

    private func tick() {
        let now = NIODeadline.now()
        var place = 0
        while place < entries.count {
            guard entries[place].due <= now else {
                place += 1
                continue
            }
            let session = entries[place].session
            let wait = session.assumeIsolated { $0.tick() }
            // A session may take itself out; then another stands in its place.
            guard place < entries.count, entries[place].session === session else { continue }
            entries[place].due = now + TimeAmount(wait)
            place += 1
        }
    }
}
