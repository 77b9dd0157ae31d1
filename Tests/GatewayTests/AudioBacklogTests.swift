import Testing

@testable import Gateway

struct AudioBacklogTests {
    @Test(arguments: [1, 3, 7, 1_000]) func whatGoesInComesOutInOrderAndWhole(most: Int) {
        var backlog = AudioBacklog()
        var (given, taken): ([UInt8], [UInt8]) = ([], [])
        for round in 0..<50 {
            let message = (0..<round % 11).map { UInt8(truncatingIfNeeded: round * 13 + $0) }
            backlog.append(message)
            given += message
            // Some of it stays each time, and then there is nothing.
            for _ in 0..<(round % 10 == 9 ? given.count : 2) {
                guard let piece = backlog.next(upTo: most) else { break }
                #expect(!piece.isEmpty && piece.count <= most)
                taken += piece
            }
            #expect(backlog.count == given.count - taken.count)
        }
        while let piece = backlog.next(upTo: most) { taken += piece }
        #expect(taken == given)
        #expect(backlog.count == 0)
        #expect(backlog.next(upTo: most) == nil)
    }

    @Test(.timeLimit(.minutes(1))) func aLongMessageIsTakenInTimeThatGrowsWithItsLength() {
        var backlog = AudioBacklog()
        backlog.append([UInt8](repeating: 7, count: 20_000_000))
        var pieces = 0
        // As copies of the rest these would be 400 GB.
        while backlog.next(upTo: 480) != nil { pieces += 1 }
        #expect(pieces == 41_667)
    }
}
