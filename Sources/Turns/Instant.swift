/// A moment of a session: how long after the session began. Comes in with every event; nothing here reads a clock.
package struct Instant: Hashable, Comparable, Sendable {
    package var sinceStart: Duration

    package init(_ sinceStart: Duration) { self.sinceStart = sinceStart }

    package static let zero = Instant(.zero)

    package static func < (a: Instant, b: Instant) -> Bool { a.sinceStart < b.sinceStart }
    package static func + (a: Instant, b: Duration) -> Instant { Instant(a.sinceStart + b) }
    package static func - (a: Instant, b: Duration) -> Instant { Instant(a.sinceStart - b) }
    package static func - (a: Instant, b: Instant) -> Duration { a.sinceStart - b.sinceStart }
}
