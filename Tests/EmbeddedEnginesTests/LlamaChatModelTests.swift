import Dialogue
import Engines
import Glibc
import Synchronization
import Testing

@testable import EmbeddedEngines

/// Requests to a real child process that is killed while it has them.
struct LlamaChatModelTests {
    /// Answers as told: the first request and those after it.
    private struct Scripted: ToolCallingModel {
        enum Deed: Sendable {
            /// Says this, then waits for ever.
            case hangs(after: String)
            /// Fails as a broken connection does.
            case breaks
            /// The same, with the end of the child as its cause.
            case dies
            case says(String)
        }

        let name = "scripted"
        let url: String
        let script: Script
        let kill: @Sendable () async -> Void
        let asked: AsyncStream<String>.Continuation

        func compose(_ request: ChatRequest, onPiece: @Sendable (ChatPiece) async throws -> Void) async throws -> ChatOutcome {
            let deed = script.next()
            asked.yield(url)
            switch deed {
            case .hangs(let words):
                if !words.isEmpty { try await onPiece(.text(words)) }
                asked.yield("hangs")
                try await Task.sleep(for: .seconds(3600))
            case .breaks: throw EngineError(.unavailable, "connection reset", isRetryable: true)
            case .dies:
                await kill()
                throw EngineError(.unavailable, "connection reset", isRetryable: true)
            case .says(let words): try await onPiece(.text(words))
            }
            return ChatOutcome(finish: .stop)
        }
    }

    /// What is done next; the last again and again.
    private final class Script: Sendable {
        private let left: Mutex<[Scripted.Deed]>

        init(_ deeds: [Scripted.Deed]) { left = Mutex(deeds) }

        func next() -> Scripted.Deed { left.withLock { $0.count > 1 ? $0.removeFirst() : $0[0] } }
    }

    private struct Stand {
        let server: LlamaServer<ContinuousClock>
        let model: LlamaChatModel<ContinuousClock>
        let asked: AsyncStream<String>

        init(_ deeds: [Scripted.Deed], first: Duration = .milliseconds(5)) {
            let limits = LlamaServerLimits(startupInterval: .milliseconds(10), restarts: RestartPolicy(most: 5, first: first))
            let server = LlamaServer(
                FakeServer.command(.serve), limits: limits, clock: ContinuousClock(), isHealthy: { await FakeServer.isHealthy($0) })
            let (asked, sink) = AsyncStream.makeStream(of: String.self)
            let script = Script(deeds)
            (self.server, self.asked) = (server, asked)
            model = LlamaChatModel(name: "local", server: server, clock: ContinuousClock()) {
                Scripted(url: $0, script: script, kill: { await Self.killChild(of: server) }, asked: sink)
            }
        }

        func killChild() async { await Self.killChild(of: server) }

        static func killChild(of server: LlamaServer<ContinuousClock>) async {
            guard let pid = FakeServer.pid(await server.lastLines) else {
                Issue.record("there is no child")
                return
            }
            kill(pid, SIGKILL)
        }
    }

    /// Asks once; what was said, and how it ended.
    private func answer(_ model: LlamaChatModel<ContinuousClock>) async -> (said: String, error: EngineError?) {
        let said = Mutex("")
        do {
            _ = try await model.compose(ChatRequest(messages: [])) { piece in
                if case .text(let text) = piece { said.withLock { $0 += text } }
            }
            return (said.withLock { $0 }, nil)
        } catch { return (said.withLock { $0 }, error as? EngineError) }
    }

    @Test(.timeLimit(.minutes(1))) func aRequestThatHasNotBegunGoesToTheSuccessorOfAKilledChild() async throws {
        let stand = Stand([.hangs(after: ""), .says("back")])
        let run = Task { try await stand.server.run() }
        async let answered = answer(stand.model)
        var asked = stand.asked.makeAsyncIterator()
        let first = try #require(await asked.next())
        #expect(await asked.next() == "hangs")
        await stand.killChild()
        let second = try #require(await asked.next())
        #expect(second != first)
        let (said, error) = await answered
        #expect(said == "back" && error == nil)
        #expect(await stand.server.watching == 0)
        run.cancel()
        try await run.value
    }

    @Test(.timeLimit(.minutes(1))) func aRequestThatHasBegunFailsAtOnceWithItsChild() async throws {
        let stand = Stand([.hangs(after: "Once "), .says("never")], first: .seconds(600))
        let run = Task { try await stand.server.run() }
        async let answered = answer(stand.model)
        for await note in stand.asked where note == "hangs" { break }
        await stand.killChild()
        // The child is not started again for ten minutes: what is said is said by the death alone.
        let (said, error) = await answered
        #expect(said == "Once ")
        #expect(error?.code == .brokenOff && error?.isRetryable == true)
        run.cancel()
        try await run.value
    }

    @Test(.timeLimit(.minutes(1))) func aBrokenConnectionIsTriedAgainWhereTheChildIsGone() async throws {
        let stand = Stand([.dies, .says("back")])
        let run = Task { try await stand.server.run() }
        let (said, error) = await answer(stand.model)
        #expect(said == "back" && error == nil)
        run.cancel()
        try await run.value
    }

    @Test(.timeLimit(.minutes(1))) func aRequestIsSentTwiceAtMost() async throws {
        let stand = Stand([.hangs(after: ""), .breaks, .says("back")])
        let run = Task { try await stand.server.run() }
        async let answered = answer(stand.model)
        for await note in stand.asked where note == "hangs" { break }
        await stand.killChild()
        let (said, error) = await answered
        #expect(said.isEmpty && error?.code == .unavailable && error?.detail == "connection reset")
        #expect(await answer(stand.model).said == "back")
        run.cancel()
        try await run.value
    }

    @Test(.timeLimit(.minutes(1))) func aChildThatLivesIsNotAskedTwice() async throws {
        let stand = Stand([.breaks, .says("never")])
        let run = Task { try await stand.server.run() }
        let (said, error) = await answer(stand.model)
        #expect(said.isEmpty && error?.detail == "connection reset")
        run.cancel()
        try await run.value
        #expect(await answer(stand.model).error?.detail.contains("models.server_stopped") == true)
    }

    @Test(.timeLimit(.minutes(1))) func whoGivesUpLeavesNothingWaiting() async throws {
        let stand = Stand([.hangs(after: "")])
        let run = Task { try await stand.server.run() }
        let asking = Task { await answer(stand.model) }
        for await note in stand.asked where note == "hangs" { break }
        while await stand.server.watching == 0 { await Task.yield() }
        asking.cancel()
        #expect(await asking.value.error == nil)
        while await stand.server.watching > 0 { await Task.yield() }
        run.cancel()
        try await run.value
    }
}
