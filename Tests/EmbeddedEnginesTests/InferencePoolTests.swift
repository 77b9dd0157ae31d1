import Engines
import Foundation
import Synchronization
import Testing

@testable import EmbeddedEngines

/// Work that holds a thread until it is let go, and says when it has begun.
private final class Gate: Sendable {
    private let opened = DispatchSemaphore(value: 0)
    private let begun = AsyncStream<Void>.makeStream()

    func hold() {
        begun.continuation.yield()
        opened.wait()
    }
    func open() { opened.signal() }
    /// Returns once a piece of work holds.
    func isHolding() async { for await _ in begun.stream { return } }
}

private final class Log: Sendable {
    private let entries = Mutex<[String]>([])
    func add(_ entry: String) { entries.withLock { $0.append(entry) } }
    var all: [String] { entries.withLock { $0 } }
}

private final class Peak: Sendable {
    private let counts = Mutex((now: 0, most: 0))
    func enter() { counts.withLock { ($0.now, $0.most) = ($0.now + 1, max($0.most, $0.now + 1)) } }
    func leave() { counts.withLock { $0.now -= 1 } }
    var most: Int { counts.withLock { $0.most } }
}

@Suite(.timeLimit(.minutes(1))) struct InferencePoolTests {
    /// Waits until so many pieces wait; each look gives the other tasks their turn.
    private func waiting(_ count: Int, in pool: InferencePool) async { while pool.load.waiting != count { await Task.yield() } }

    @Test func workRunsOnAThreadOfThePoolAndGivesItsResult() async throws {
        let pool = InferencePool(width: 1)
        var threads: Set<UInt> = []
        for _ in 0..<10 { threads.insert(try await pool.run(priority: .final) { UInt(pthread_self()) }) }
        #expect(threads.count == 1)
        let swifts = await Task { UInt(pthread_self()) }.value
        #expect(!threads.contains(swifts))
        await #expect(throws: EngineError(.failed, "so")) { try await pool.run(priority: .final) { throw EngineError(.failed, "so") } }
        #expect(pool.load == InferencePool.Load(running: 0, waiting: 0))
    }

    @Test func urgentWorkOvertakesAndSessionsTakeTurns() async throws {
        let (pool, gate, log) = (InferencePool(width: 1), Gate(), Log())
        let first = Task { try await pool.run(priority: .partial) { gate.hold() } }
        await gate.isHolding()
        let pieces: [(InferencePool.Priority, String, String)] = [
            (.partial, "a", "partial a1"), (.partial, "a", "partial a2"), (.partial, "b", "partial b1"), (.speech, "a", "speech"),
            (.endOfTurn, "c", "end of turn"), (.final, "b", "final"),
        ]
        var tasks: [Task<Void, any Error>] = []
        for (number, (priority, session, name)) in pieces.enumerated() {
            tasks.append(Task { try await pool.run(priority: priority, session: session) { log.add(name) } })
            await waiting(number + 1, in: pool)
        }
        gate.open()
        for task in tasks + [first] { try await task.value }
        #expect(log.all == ["final", "end of turn", "speech", "partial a1", "partial b1", "partial a2"])
    }

    @Test func noMoreRunsAtOnceThanThereAreThreads() async throws {
        let pool = InferencePool(width: 3)
        let peak = Peak()
        try await withThrowingTaskGroup { group in
            for _ in 0..<100 {
                group.addTask {
                    try await pool.run(priority: .final) {
                        peak.enter()
                        sched_yield()
                        peak.leave()
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect((1...3).contains(peak.most))
    }

    @Test func aFullQueueRefusesAndLeastUrgentWorkGivesWay() async throws {
        let (pool, gate) = (InferencePool(width: 1, capacity: 2), Gate())
        let first = Task { try await pool.run(priority: .final) { gate.hold() } }
        await gate.isHolding()
        let kept = Task { try await pool.run(priority: .partial) { 1 } }
        await waiting(1, in: pool)
        let displaced = Task { try await pool.run(priority: .partial) { 2 } }
        await waiting(2, in: pool)
        let refused = await #expect(throws: EngineError.self) { try await pool.run(priority: .partial) { 3 } }
        #expect(refused?.code == .overloaded && refused?.isRetryable == true)
        let urgent = Task { try await pool.run(priority: .final) { 4 } }
        let gaveWay = await #expect(throws: EngineError.self) { try await displaced.value }
        #expect(gaveWay?.code == .overloaded)
        gate.open()
        try await first.value
        #expect(try await [kept.value, urgent.value] == [1, 4])
    }

    @Test func cancelledWorkIsDroppedAtOnceAndNeverBegins() async throws {
        let (pool, gate, log) = (InferencePool(width: 1), Gate(), Log())
        let first = Task { try await pool.run(priority: .final) { gate.hold() } }
        await gate.isHolding()
        let doomed = Task { try await pool.run(priority: .final) { log.add("doomed") } }
        await waiting(1, in: pool)
        doomed.cancel()
        // The thread is still held: the answer comes without it.
        await #expect(throws: CancellationError.self) { try await doomed.value }
        #expect(pool.load.waiting == 0)
        gate.open()
        try await first.value
        try await pool.run(priority: .partial) { log.add("last") }
        #expect(log.all == ["last"])
    }

    @Test func workOfACancelledTaskIsNeverQueued() async throws {
        let (pool, log) = (InferencePool(width: 1), Log())
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            try await pool.run(priority: .final) { log.add("ran") }
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        try await pool.run(priority: .partial) {}
        #expect(log.all.isEmpty)
    }

    @Test func runningWorkIsToldOfItsCancellation() async throws {
        let (pool, gate) = (InferencePool(width: 1), Gate())
        let task = Task {
            try await pool.run(priority: .final) { job in
                job.onCancel { gate.open() }
                gate.hold()
                #expect(job.isCancelled)
                try job.checkCancellation()
            }
        }
        await gate.isHolding()
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test func heldThreadsDoNotHoldSwiftsOwn() async throws {
        let (pool, gate) = (InferencePool(width: 16), Gate())
        let held = (0..<16).map { _ in Task { try await pool.run(priority: .final) { gate.hold() } } }
        for _ in held { await gate.isHolding() }
        let sum = await withTaskGroup { group in
            for number in 0..<32 { group.addTask { number } }
            return await group.reduce(0, +)
        }
        #expect(sum == 496)
        for _ in held { gate.open() }
        for task in held { try await task.value }
    }
}
