import Foundation
import Glibc
import Testing

@testable import EmbeddedEngines

struct LlamaServerTests {
    private let log = StateLog()

    private func server(
        _ behaviour: FakeServer.Behaviour, startup: Duration = .seconds(30), most: Int = 5, grace: Duration = .seconds(3), waiters: Int = 8
    ) -> LlamaServer<ContinuousClock> {
        let limits = LlamaServerLimits(
            startup: startup, startupInterval: .milliseconds(10), interval: .milliseconds(10), misses: 2, grace: grace, waiters: waiters,
            restarts: RestartPolicy(most: most, first: .milliseconds(5)))
        return LlamaServer(
            FakeServer.command(behaviour), limits: limits, clock: ContinuousClock(), isHealthy: { await FakeServer.isHealthy($0) },
            onChange: { [log] in log.note($0) })
    }

    @Test(.timeLimit(.minutes(1))) func itBecomesHealthyAndLeavesNoProcessWhenCancelled() async throws {
        let server = server(.serve)
        let run = Task { try await server.run() }
        let url = try await server.baseURL()
        #expect(url.hasPrefix("http://127.0.0.1:"))
        #expect(await FakeServer.isHealthy("\(url)/health"))
        let pid = try #require(FakeServer.pid(await server.lastLines))
        #expect(FakeServer.isAlive(pid))
        run.cancel()
        try await run.value
        #expect(!FakeServer.isAlive(pid))
        #expect(log.all == [.starting, .healthy(url), .stopped])
        #expect(await modelError { _ = try await server.baseURL() }?.code == .serverStopped)
    }

    @Test(.timeLimit(.minutes(1))) func aKilledChildIsReplaced() async throws {
        let server = server(.serve)
        let run = Task { try await server.run() }
        let first = try await server.baseURL()
        let pid = try #require(FakeServer.pid(await server.lastLines))
        kill(pid, SIGKILL)
        let reason = try #require(await log.next(\.reason))
        #expect(reason.hasPrefix("it ended with signaled(9)"))
        let second = try #require(await log.next(\.url))
        #expect(await FakeServer.isHealthy("\(second)/health"))
        #expect(!FakeServer.isAlive(pid))
        #expect(log.all.count { $0 == .starting } == 2 && log.all.contains(.healthy(first)))
        run.cancel()
        try await run.value
    }

    @Test(.timeLimit(.minutes(1))) func aChildThatAlwaysDiesIsGivenUpWithItsLastLines() async throws {
        let server = server(.die, most: 2)
        async let waiting = modelError { _ = try await server.baseURL() }
        let error = await modelError { try await server.run() }
        #expect(error?.code == .serverFailed)
        #expect(error?.detail.contains("given up after 2 restarts") == true)
        #expect(error?.detail.contains("exited(3)") == true)
        #expect(error?.detail.contains("the model is unreadable") == true)
        #expect(log.all.count { $0 == .starting } == 3)
        #expect(await waiting == error)
        #expect(await modelError { _ = try await server.baseURL() } == error)
    }

    @Test(.timeLimit(.minutes(1))) func aChildThatIsNeverReadyIsEndedAndReplaced() async throws {
        let server = server(.mute, startup: .milliseconds(300), most: 0)
        let error = await modelError { try await server.run() }
        #expect(error?.detail.contains("was not ready within 0.3 seconds") == true)
        if let pid = FakeServer.pid(await server.lastLines) { #expect(!FakeServer.isAlive(pid)) }
    }

    @Test(.timeLimit(.minutes(1))) func aChildThatLivesButDoesNotAnswerIsReplaced() async throws {
        let server = server(.sicken)
        let run = Task { try await server.run() }
        let reason = try #require(await log.next(\.reason))
        #expect(reason.hasPrefix("it lived, but did not answer 2 times in a row"))
        #expect(await log.next(\.url) != nil)
        run.cancel()
        try await run.value
    }

    @Test(.timeLimit(.minutes(1))) func aChildThatIgnoresTheRequestToEndIsKilled() async throws {
        let server = server(.stay, grace: .milliseconds(50))
        let run = Task { try await server.run() }
        _ = try await server.baseURL()
        let pid = try #require(FakeServer.pid(await server.lastLines))
        run.cancel()
        try await run.value
        #expect(!FakeServer.isAlive(pid))
    }

    @Test(.timeLimit(.minutes(1))) func aProgramThatIsNotThereIsAnErrorWithACode() async throws {
        let server = LlamaServer(
            LlamaCommand(program: "/nowhere/python3", arguments: []), limits: LlamaServerLimits(restarts: RestartPolicy(most: 0)),
            clock: ContinuousClock(), isHealthy: { _ in true })
        let error = await modelError { try await server.run() }
        #expect(error?.code == .serverFailed)
        #expect(error?.detail.contains("/nowhere/python3") == true)
    }

    @Test(.timeLimit(.minutes(1))) func waitersAreBoundedAndCanGiveUp() async throws {
        let server = server(.serve, waiters: 1)
        let waiter = Task { try await server.baseURL() }
        while await server.waiting == 0 { await Task.yield() }
        #expect(await modelError { _ = try await server.baseURL() }?.code == .serverBusy)
        waiter.cancel()
        await #expect(throws: CancellationError.self) { try await waiter.value }
        #expect(await server.waiting == 0)
    }
}

struct RestartPolicyTests {
    @Test func waitsDoubleUpToTheLongestAndThenItGivesUp() {
        var policy = RestartPolicy(most: 5, window: .seconds(600), first: .seconds(1), longest: .seconds(5))
        #expect((0..<6).map { policy.died(at: .seconds($0)) } == [.seconds(1), .seconds(2), .seconds(4), .seconds(5), .seconds(5), nil])
    }

    @Test func deathsOutsideTheWindowAreForgotten() {
        var policy = RestartPolicy(most: 2, window: .seconds(600), first: .seconds(1))
        #expect((0..<4).map { policy.died(at: .seconds($0 * 400)) } == [.seconds(1), .seconds(2), .seconds(2), .seconds(2)])
        #expect(policy.died(at: .seconds(1201)) == nil)
    }
}

struct LineTailTests {
    private func tail(_ chunks: [String], most: Int = 3, longest: Int = 5) -> (lines: [String], completed: [[String]]) {
        var tail = LineTail(most: most, longest: longest)
        let completed = chunks.map { chunk in Array(chunk.utf8).withUnsafeBytes { tail.append($0) } }
        tail.finish()
        return (tail.lines, completed)
    }

    @Test func linesAreJoinedOverChunks() {
        #expect(tail(["on", "e\ntw", "o\n\n"]).completed == [[], ["one"], ["two"]])
    }

    @Test func oldLinesGiveWayAndLongOnesAreCut() {
        #expect(tail(["1\n2\r\n3\n", "a long line\nend"]).lines == ["3", "a lon", "end"])
    }

    @Test func bytesThatAreNoTextDoNoHarm() {
        var tail = LineTail()
        _ = [UInt8]([0xff, 0xfe, 10]).withUnsafeBytes { tail.append($0) }
        #expect(tail.lines == ["\u{fffd}\u{fffd}"])
    }
}
