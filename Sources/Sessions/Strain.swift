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

/// How far a loop is behind or about to be, and what is to be spared for it: from how late it wakes, and from how much of the time it has work to do. A
/// value without clock.
package struct Strain: Sendable {
    package struct Limits: Sendable, Equatable {
        /// Lateness from which on no call is taken; partials are spared from half of it on, speculation from a quarter. Zero: never.
        package var lateness: Duration
        /// Share of the time with work to do, 0...1, from which on no call is taken; partials are spared from 0.03 less on, speculation from 0.06 less.
        /// Zero: never.
        package var demand: Double

        package init(lateness: Duration = .zero, demand: Double = 0) { (self.lateness, self.demand) = (lateness, demand) }

        /// Whether anything is ever spared.
        package var areSet: Bool { lateness > .zero || demand > 0 }
    }

    private let limits: Limits
    /// The mean of the last second or so.
    package private(set) var lateness = Duration.zero
    /// Share of the time, 0...1, in which the loop ran or waited for a core; the mean of the last second or so.
    package private(set) var demand = 0.0
    package private(set) var relief = Relief.nothing

    /// How often the lateness is to be told.
    static let interval = Duration.milliseconds(50)
    /// How often the demand is to be told, in intervals.
    static let demandEvery = 5
    private static let latenessShare = 0.1
    private static let demandShare = 0.3
    /// How far the demand has to fall below where a step began.
    private static let demandGap = 0.1

    package init(_ limits: Limits) { self.limits = limits }

    /// Takes how late the loop woke this time.
    package mutating func note(late: Duration) {
        lateness += (max(.zero, late) - lateness) * Self.latenessShare
        weigh()
    }

    /// Takes the share of the last intervals in which the loop ran or waited for a core.
    package mutating func note(demand now: Double) {
        guard now.isFinite else { return }
        demand += (min(1, max(0, now)) - demand) * Self.demandShare
        weigh()
    }

    /// Whether calls that have only just begun will leave the loop no time for another.
    ///
    /// - Parameter loops: Over how many loops such work is spread.
    func isTaken(by newcomers: Newcomers, loops: Int) -> Bool {
        limits.demand > 0 && newcomers.demand(from: demand, loops: loops) >= limits.demand
    }

    private mutating func weigh() {
        while let next = Relief(rawValue: relief.rawValue + 1), begins(next) { relief = next }
        while let last = Relief(rawValue: relief.rawValue - 1), ends(relief) { relief = last }
    }

    private func begins(_ relief: Relief) -> Bool {
        limits.lateness > .zero && lateness >= lateBound(relief) || limits.demand > 0 && demand >= demandBound(relief)
    }

    /// Well below where it began, so that it does not change with every packet.
    private func ends(_ relief: Relief) -> Bool {
        // Calls come last: the next one would bring the lateness back.
        let late = relief == .calls ? lateBound(.speculation) : lateBound(relief) * 0.6
        return (limits.lateness == .zero || lateness < late) && (limits.demand == 0 || demand < demandBound(relief) - Self.demandGap)
    }

    private func lateBound(_ relief: Relief) -> Duration {
        switch relief {
        case .nothing: .zero
        case .speculation: limits.lateness / 4
        case .partials: limits.lateness / 2
        case .calls: limits.lateness
        }
    }

    private func demandBound(_ relief: Relief) -> Double { limits.demand - 0.03 * Double(Relief.calls.rawValue - relief.rawValue) }
}
