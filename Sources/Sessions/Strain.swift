/// What is spared while a loop is behind with its callers, so that those who are in a call keep its quality. Each step spares what the ones before do.
package enum Relief: Int, Sendable, Comparable, CaseIterable {
    case nothing
    /// Answers that are begun before the turn is certain to be over.
    case speculation
    /// Looks at words that are still being said.
    case partials
    /// Calls that would begin.
    case calls

    package static func < (a: Relief, b: Relief) -> Bool { a.rawValue < b.rawValue }
}

/// How far a loop is behind, from how late it wakes, and what is to be spared for it. A value without clock.
package struct Strain: Sendable {
    /// Lateness from which on no call is taken; partials are spared from half of it on, speculation from a quarter.
    private let limit: Duration
    /// The mean of the last second or so.
    package private(set) var lateness = Duration.zero
    package private(set) var relief = Relief.nothing

    /// How often the lateness is to be told.
    static let interval = Duration.milliseconds(50)
    private static let share = 0.1

    /// - Parameter limit: Zero for never sparing anything.
    package init(limit: Duration) { self.limit = limit }

    /// Takes how late the loop woke this time.
    package mutating func note(_ late: Duration) {
        lateness += (max(.zero, late) - lateness) * Self.share
        guard limit > .zero else { return }
        while let next = Relief(rawValue: relief.rawValue + 1), lateness >= bound(next) { relief = next }
        while let last = Relief(rawValue: relief.rawValue - 1), lateness < end(relief) { relief = last }
    }

    /// Well below where it began, so that it does not change with every packet. Calls come last: the next one would bring the lateness back.
    private func end(_ relief: Relief) -> Duration { relief == .calls ? bound(.speculation) : bound(relief) * 0.6 }

    private func bound(_ relief: Relief) -> Duration {
        switch relief {
        case .nothing: .zero
        case .speculation: limit / 4
        case .partials: limit / 2
        case .calls: limit
        }
    }
}
