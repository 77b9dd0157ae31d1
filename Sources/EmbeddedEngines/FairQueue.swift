/// Waiting work: the most urgent first, and among equals one piece a session in turn, so that no session waits for another's backlog.
///
/// Bounded. When it is full, the newest piece of the least urgent work gives way to more urgent work, and otherwise the newcomer is refused.
struct FairQueue<Element> {
    /// What became of a piece that was offered.
    enum Offer {
        case taken
        /// Taken in the place of this one, which was waiting.
        case displaced(Element)
        case refused
    }

    private struct Level {
        /// Sessions with waiting work; the first is next.
        var order: [String] = []
        var waiting: [String: [Element]] = [:]
    }

    private let capacity: Int
    private var levels: [Level]
    private(set) var count = 0

    /// - Parameter levels: How many degrees of urgency there are; 0 is the most urgent.
    init(capacity: Int, levels: Int) {
        precondition(capacity > 0 && levels > 0, "a queue has room for something")
        self.capacity = capacity
        self.levels = Array(repeating: Level(), count: levels)
    }

    mutating func offer(_ element: Element, level: Int, session: String) -> Offer {
        guard count >= capacity else {
            add(element, level: level, session: session)
            return .taken
        }
        guard let victim = levels.indices.last(where: { !levels[$0].order.isEmpty }), victim > level,
            let removed = removeNewest(level: victim)
        else { return .refused }
        add(element, level: level, session: session)
        return .displaced(removed)
    }

    mutating func next() -> Element? {
        guard let level = levels.firstIndex(where: { !$0.order.isEmpty }) else { return nil }
        let session = levels[level].order.removeFirst()
        guard let element = levels[level].waiting[session]?.removeFirst() else { return nil }
        count -= 1
        if levels[level].waiting[session]?.isEmpty == false {
            levels[level].order.append(session)
        } else {
            levels[level].waiting[session] = nil
        }
        return element
    }

    /// Takes out the first piece that matches, wherever it waits.
    mutating func remove(level: Int, session: String, where matches: (Element) -> Bool) -> Element? {
        guard let index = levels[level].waiting[session]?.firstIndex(where: matches) else { return nil }
        return take(level: level, session: session, index: index)
    }

    private mutating func add(_ element: Element, level: Int, session: String) {
        if levels[level].waiting[session] == nil { levels[level].order.append(session) }
        levels[level].waiting[session, default: []].append(element)
        count += 1
    }

    /// The newest piece of the session with the most of them: the one that is hurt least.
    private mutating func removeNewest(level: Int) -> Element? {
        let waiting = levels[level].waiting
        guard let session = levels[level].order.max(by: { (waiting[$0]?.count ?? 0) <= (waiting[$1]?.count ?? 0) }) else { return nil }
        return take(level: level, session: session, index: (waiting[session]?.count ?? 1) - 1)
    }

    private mutating func take(level: Int, session: String, index: Int) -> Element? {
        let element = levels[level].waiting[session]?.remove(at: index)
        count -= 1
        if levels[level].waiting[session]?.isEmpty == true {
            levels[level].waiting[session] = nil
            levels[level].order.removeAll { $0 == session }
        }
        return element
    }
}
