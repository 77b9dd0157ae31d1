import Dialogue
import Engines
import Synchronization
import Testing
import Turns
import Wire

@testable import Sessions

@Suite(.timeLimit(.minutes(1))) struct ChatDeskTests {
    /// Keeps what it was asked, and writes the last words back in two pieces.
    private final class Model: LanguageModel {
        let name = "scripted"
        let requests = Mutex<[ChatRequest]>([])
        let failure: EngineError?
        /// Waits after the first piece until the stream ends; nil goes on at once.
        let gate: AsyncStream<Void>?

        init(failure: EngineError? = nil, gate: AsyncStream<Void>? = nil) { (self.failure, self.gate) = (failure, gate) }

        func answer(_ request: ChatRequest, onText: @Sendable (String) async throws -> Void) async throws -> ChatOutcome {
            requests.withLock { $0.append(request) }
            try await onText("You wrote ")
            if let gate { for await _ in gate {} }
            if let failure { throw failure }
            try Task.checkCancellation()
            try await onText(request.messages.last?.content ?? "")
            return ChatOutcome(finish: .stop)
        }

        var asked: [[String]] { requests.withLock { $0.map { $0.messages.map(\.content) } } }
    }

    private final class Clock: Sendable {
        let now = Mutex(Duration.zero)
        func pass(_ time: Duration) { now.withLock { $0 += time } }
    }

    private func desk(_ model: Model, limit: Int = 10, clock: Clock = Clock()) -> ChatDesk {
        ChatDesk(limit: limit, life: .seconds(60), languageModel: model, now: { clock.now.withLock { $0 } }) { start throws(CallRefusal) in
            if start.agent == "nobody" { throw CallRefusal(status: 404, code: "agent.unknown", message: "no such agent") }
            return CallPlan(agent: start.agent ?? "desk", system: "Be kind.", lines: [.greeting: "Hello."])
        }
    }

    private func refusal(_ body: () async throws -> Void) async -> String? {
        do {
            try await body()
            return nil
        } catch { return (error as? CallRefusal)?.code ?? (error as? WireError)?.code ?? "\(type(of: error))" }
    }

    @Test func aChatRemembersWhatWasWritten() async throws {
        let model = Model()
        let desk = desk(model)
        let opening = try await desk.begin(SessionStart(agent: "shop"), tenant: "acme")
        #expect(opening.agent == "shop" && opening.greeting == "Hello." && opening.language == "en")
        let pieces = Mutex<[String]>([])
        let answer = try await desk.answer("one", token: opening.token, tenant: "acme") { piece in pieces.withLock { $0.append(piece) } }
        #expect(answer.text == "You wrote one")
        #expect(pieces.withLock { $0 } == ["You wrote ", "one"])
        _ = try await desk.answer("two", token: opening.token, tenant: "acme") { _ in }
        let placeholder = History.placeholder(.english)
        #expect(
            model.asked == [
                ["Be kind.", placeholder, "Hello.", "one"], ["Be kind.", placeholder, "Hello.", "one", "You wrote one", "two"],
            ])
    }

    @Test func aChatIsOfItsTenantAndOfItsTime() async throws {
        let clock = Clock()
        let desk = desk(Model(), limit: 1, clock: clock)
        #expect(await refusal { _ = try await desk.begin(SessionStart(agent: "nobody"), tenant: "a") } == "agent.unknown")
        let token = try await desk.begin(SessionStart(), tenant: "a").token
        #expect(await refusal { _ = try await desk.answer("x", token: token, tenant: "b") { _ in } } == "session.unknown")
        #expect(await refusal { _ = try await desk.answer("x", token: "other", tenant: "a") { _ in } } == "session.unknown")
        #expect(await refusal { _ = try await desk.begin(SessionStart(), tenant: "b") } == "server.full")
        clock.pass(.seconds(59))
        _ = try await desk.answer("x", token: token, tenant: "a") { _ in }
        clock.pass(.seconds(59))
        #expect(await desk.chat(token, tenant: "a") != nil)
        #expect(await desk.chat(token, tenant: "b") == nil)
        clock.pass(.seconds(2))
        #expect(await refusal { _ = try await desk.answer("x", token: token, tenant: "a") { _ in } } == "session.unknown")
        _ = try await desk.begin(SessionStart(), tenant: "b")
        await desk.drain()
        #expect(await refusal { _ = try await desk.begin(SessionStart(), tenant: "b") } == "server.draining")
    }

    @Test func oneAnswerAtATimeAndACutOneIsRemembered() async throws {
        let (gate, opened) = AsyncStream.makeStream(of: Void.self)
        let model = Model(gate: gate)
        let desk = desk(model)
        let token = try await desk.begin(SessionStart(), tenant: "a").token
        let (pieces, piece) = AsyncStream.makeStream(of: String.self)
        let answer = Task { try await desk.answer("one", token: token, tenant: "a") { piece.yield($0) } }
        for await _ in pieces { break }
        #expect(await refusal { _ = try await desk.answer("two", token: token, tenant: "a") { _ in } } == "session.busy")
        #expect(await desk.chat(token, tenant: "a") == nil)
        answer.cancel()
        opened.finish()
        #expect(await refusal { _ = try await answer.value } == "CancellationError")
        _ = try await desk.answer("two", token: token, tenant: "a") { _ in }
        #expect(model.asked.last?.dropFirst(3).dropLast() == ["one", "You wrote" + History.interruptionMark(.english)])
    }

    @Test func anEngineThatFailsIsToldByItsCode() async throws {
        let model = Model(failure: EngineError(.brokenOff, "gone"))
        let desk = desk(model)
        let token = try await desk.begin(SessionStart(), tenant: "a").token
        #expect(await refusal { _ = try await desk.answer("one", token: token, tenant: "a") { _ in } } == "engine.broken_off")
        #expect(await refusal { _ = try await desk.answer("two", token: token, tenant: "a") { _ in } } == "engine.broken_off")
        #expect(model.asked.last?.last == "two")
    }
}
