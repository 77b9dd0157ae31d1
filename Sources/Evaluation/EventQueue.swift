/// What is to happen, by time, and in order of entry at one time.
struct EventQueue<Event> {
    private var entries: [(at: Duration, order: Int, event: Event)] = []
    private var order = 0

    var nextTime: Duration? { entries.last?.at }

    /// Few wait at a time, and most come soon, so they lie sorted with the next at the end.
    mutating func enter(_ event: Event, at time: Duration) {
        order += 1
        let index = entries.firstIndex { $0.at <= time } ?? entries.count
        entries.insert((time, order, event), at: index)
    }

    mutating func pop() -> (at: Duration, event: Event)? { entries.popLast().map { ($0.at, $0.event) } }
}
