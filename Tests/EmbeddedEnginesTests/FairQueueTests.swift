import Testing

@testable import EmbeddedEngines

@Suite struct FairQueueTests {
    private func drain(_ queue: inout FairQueue<String>) -> [String] {
        var drained: [String] = []
        while let element = queue.next() { drained.append(element) }
        return drained
    }

    private func isTaken(_ offer: FairQueue<String>.Offer) -> Bool {
        if case .taken = offer { true } else { false }
    }

    @Test func theMostUrgentGoesFirst() {
        var queue = FairQueue<String>(capacity: 8, levels: 3)
        for (element, level) in [("low", 2), ("high", 0), ("middle", 1), ("high again", 0)] {
            #expect(isTaken(queue.offer(element, level: level, session: "a")))
        }
        #expect(drain(&queue) == ["high", "high again", "middle", "low"])
        #expect(queue.count == 0 && queue.next() == nil)
    }

    @Test func sessionsTakeTurns() {
        var queue = FairQueue<String>(capacity: 8, levels: 1)
        for element in ["a1", "a2", "a3", "b1", "c1", "c2"] { _ = queue.offer(element, level: 0, session: String(element.prefix(1))) }
        #expect(drain(&queue) == ["a1", "b1", "c1", "a2", "c2", "a3"])
    }

    @Test func aFullQueueRefusesWhatIsNotMoreUrgent() {
        var queue = FairQueue<String>(capacity: 2, levels: 2)
        for element in ["a1", "b1"] { _ = queue.offer(element, level: 0, session: element) }
        for level in 0...1 {
            if case .refused = queue.offer("late", level: level, session: "c") {} else { Issue.record("level \(level) was taken") }
        }
        #expect(drain(&queue) == ["a1", "b1"])
    }

    @Test func moreUrgentWorkDisplacesTheNewestOfTheLongestBacklog() {
        var queue = FairQueue<String>(capacity: 4, levels: 2)
        for element in ["a1", "b1", "b2", "c1"] { _ = queue.offer(element, level: 1, session: String(element.prefix(1))) }
        guard case .displaced(let victim) = queue.offer("urgent", level: 0, session: "d") else {
            Issue.record("nothing was displaced")
            return
        }
        #expect(victim == "b2")
        #expect(queue.count == 4)
        #expect(drain(&queue) == ["urgent", "a1", "b1", "c1"])
    }

    @Test func whatIsRemovedNeverComes() {
        var queue = FairQueue<String>(capacity: 4, levels: 1)
        for element in ["a1", "a2", "b1"] { _ = queue.offer(element, level: 0, session: String(element.prefix(1))) }
        #expect(queue.remove(level: 0, session: "b") { $0 == "b1" } == "b1")
        #expect(queue.remove(level: 0, session: "b") { $0 == "b1" } == nil)
        #expect(queue.remove(level: 0, session: "a") { $0 == "a1" } == "a1")
        #expect(queue.count == 1)
        #expect(drain(&queue) == ["a2"])
    }
}
