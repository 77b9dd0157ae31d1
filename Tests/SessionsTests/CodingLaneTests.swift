import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import Sessions

struct CodingLaneTests {
    /// What was done, in order.
    private final class Log: Sendable {
        private let entries = Mutex<[String]>([])
        func add(_ entry: String) { entries.withLock { $0.append(entry) } }
        var all: [String] { entries.withLock { $0 } }
    }

    @Test func everyoneWhoGivesWayGoesOnAndInTurn() async {
        let lane = CodingLane(loop: MultiThreadedEventLoopGroup.singleton.next())
        await withTaskGroup(of: Int.self) { group in
            for voice in 0..<20 {
                group.addTask {
                    for _ in 0..<50 { await lane.giveWay() }
                    return voice
                }
            }
            var done: Set<Int> = []
            for await voice in group { done.insert(voice) }
            #expect(done.count == 20)
        }
    }

    /// Ten long replies are under way; work that comes in between them waits for two slices at most, not for ten.
    @Test func whatIsPressedDoesNotWaitForThoseWhoGiveWay() async {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let lane = CodingLane(loop: loop)
        let log = Log()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<10 {
                group.addTask { await Self.encode(200, on: lane, log) }
            }
            group.addTask {
                while log.all.count < 500 { await lane.giveWay() }
                for _ in 0..<20 {
                    loop.execute {
                        log.add("asked")
                        loop.execute { log.add("pressed") }
                    }
                    await lane.giveWay()
                }
            }
        }
        let all = log.all
        #expect(all.count { $0 == "slice" } == 2_000 && all.count { $0 == "pressed" } == 20)
        var waited = 0
        var between: Int?
        for entry in all {
            switch entry {
            case "asked": between = 0
            case "pressed":
                waited = max(waited, between ?? 0)
                between = nil
            default: between = between.map { $0 + 1 }
            }
        }
        #expect(waited <= 2)
    }

    private static func encode(_ slices: Int, on lane: isolated CodingLane, _ log: Log) async {
        for _ in 0..<slices {
            await lane.giveWay()
            log.add("slice")
        }
    }
}
