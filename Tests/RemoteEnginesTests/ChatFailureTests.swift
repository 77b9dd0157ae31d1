import Dialogue
import Engines
import HTTPStreams
import HTTPTestServer
import RemoteEngines
import Testing

@Suite(.timeLimit(.minutes(1)))
struct ChatFailureTests {
    /// What one answer came to.
    struct Seen: Sendable, Equatable {
        var text = ""
        var code: EngineError.Code?
        var isRetryable: Bool?
        var requests = 0
    }

    static let hello = "data: {\"choices\":[{\"delta\":{\"content\":\"Hello\"}}]}\n\n"
    static let stop = "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"
    static let request = ChatRequest(messages: [ChatMessage(.user, "SECRET-PROMPT")])

    /// Asks once and says what came, and what the error was.
    private func ask(
        _ url: String, limits: RemoteService.Limits = .init(), retry: RetryPolicy = .none, eventLimit: Int = 1 << 20,
        clock: any Clock<Duration> = ContinuousClock(), heard: TestEvent = TestEvent()
    ) async throws -> Seen {
        let client = try HTTPClient.direct()
        let service = RemoteService(baseURL: url, key: ServiceKey("SECRET-KEY"), limits: limits, retry: retry)
        var settings = OpenAIChatModel.Settings(service: service, model: "m")
        settings.eventLimit = eventLimit
        let model = OpenAIChatModel(settings, client: client, clock: clock)
        let text = Recorder()
        var seen = Seen()
        do {
            _ = try await model.answer(Self.request) {
                text.append($0)
                heard.set()
            }
        } catch let error as EngineError {
            (seen.code, seen.isRetryable) = (error.code, error.isRetryable)
            #expect(!error.description.contains("SECRET"))
        }
        seen.text = text.pieces.joined()
        await client.shutdown()
        return seen
    }

    enum Behaviour: String, CaseIterable, Sendable {
        case unauthorized, forbidden, unknownModel, tooLarge, rateLimited, quotaSpent, unavailable, overloaded, told, toldNot
        case closesAtOnce, closesAfterHead, closesMidStream, resetsMidStream, stallsBeforeHead, stallsBeforeText, stallsMidStream
        case garbage, garbageMidStream, hugeEvent, errorEvent, endsWithoutEnd, redirects
    }

    static let table: [(Behaviour, EngineError.Code, isRetryable: Bool, text: String)] = [
        (.unauthorized, .unauthorized, false, ""), (.forbidden, .unauthorized, false, ""), (.unknownModel, .unavailable, false, ""),
        (.tooLarge, .badRequest, false, ""), (.rateLimited, .rateLimited, true, ""), (.quotaSpent, .rateLimited, false, ""),
        (.unavailable, .overloaded, true, ""), (.overloaded, .overloaded, true, ""), (.told, .badRequest, true, ""),
        (.toldNot, .failed, false, ""), (.closesAtOnce, .unavailable, true, ""), (.closesAfterHead, .brokenOff, true, ""),
        (.closesMidStream, .brokenOff, true, "Hello"), (.resetsMidStream, .brokenOff, true, "Hello"),
        (.stallsBeforeHead, .timeout, true, ""), (.stallsBeforeText, .timeout, true, ""), (.stallsMidStream, .timeout, true, "Hello"),
        (.garbage, .badAnswer, false, ""), (.garbageMidStream, .badAnswer, false, "Hello"), (.hugeEvent, .badAnswer, false, "Hello"),
        (.errorEvent, .overloaded, true, "Hello"), (.endsWithoutEnd, .brokenOff, true, "Hello"), (.redirects, .badAnswer, false, ""),
    ]

    @Test(arguments: table)
    func whatTheServiceDoesHasItsCode(behaviour: Behaviour, code: EngineError.Code, isRetryable: Bool, text: String) async throws {
        let heard = TestEvent()
        let server = try TestServer { try Self.behave(behaviour, $0, heard: heard) }
        let isLate = behaviour == .stallsBeforeHead || behaviour == .stallsBeforeText
        let limits = RemoteService.Limits(
            first: isLate ? .milliseconds(100) : .seconds(30), idle: behaviour == .stallsMidStream ? .milliseconds(300) : .seconds(30))
        let seen = try await ask(server.url, limits: limits, eventLimit: 4096, heard: heard)
        #expect(seen == Seen(text: text, code: code, isRetryable: isRetryable))
    }

    private static func behave(_ behaviour: Behaviour, _ exchange: TestExchange, heard: TestEvent = TestEvent()) throws {
        let refusals: [Behaviour: (Int, [String: String], String)] = [
            .unauthorized: (401, [:], ScriptedService.refusal), .forbidden: (403, [:], "<html>SECRET"),
            .unknownModel: (404, [:], "{\"error\":\"model SECRET not found\"}"), .tooLarge: (413, [:], ""),
            .rateLimited: (429, ["x-request-id": "req_1"], "{\"error\":{\"code\":\"rate_limit_exceeded\",\"message\":\"SECRET\"}}"),
            .quotaSpent: (429, [:], "{\"error\":{\"code\":\"insufficient_quota\"}}"), .unavailable: (503, [:], ""),
            .overloaded: (529, [:], ""), .told: (400, ["x-should-retry": "true"], ""), .toldNot: (500, ["x-should-retry": "false"], ""),
            .redirects: (302, ["location": "http://127.0.0.1:1/"], ""),
        ]
        if let (status, headers, body) = refusals[behaviour] { return try exchange.answer(status, headers, body) }
        switch behaviour {
        case .closesAtOnce: return
        case .stallsBeforeHead: return exchange.waitUntilGone()
        default: break
        }
        if behaviour == .resetsMidStream { exchange.resetOnClose() }
        try exchange.head(200, ["content-type": "text/event-stream"])
        switch behaviour {
        case .closesAfterHead: break
        case .closesMidStream, .endsWithoutEnd:
            try exchange.send(Self.hello)
            if behaviour == .endsWithoutEnd { try exchange.end() }
        case .resetsMidStream:
            try exchange.send(Self.hello)
            heard.block()  // a reset drops what was not read yet
        case .stallsBeforeText:
            try exchange.send(": waiting\n\ndata: {\"choices\":[{\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}]}\n\n")
            exchange.waitUntilGone()
        case .stallsMidStream:
            try exchange.send(Self.hello)
            exchange.waitUntilGone()
        case .garbage: try exchange.send("data: SECRET{\n\n")
        case .garbageMidStream: try exchange.send(Self.hello + "data: \u{0}\n\n")
        case .hugeEvent:
            try exchange.send(Self.hello)
            while true { try exchange.send("data: \(String(repeating: "x", count: 1000))\n") }
        case .errorEvent:
            try exchange.send(Self.hello + "data: {\"error\":{\"message\":\"SECRET\",\"type\":\"overloaded_error\"}}\n\n")
        default: break
        }
    }

    /// A limit on the first text that was used up by attempts leaves no more of them.
    @Test func theFirstTextIsLimitedOverAllAttempts() async throws {
        let clock = ManualClock()
        let server = try TestServer { try $0.answer(500, ["retry-after-ms": "150"], "") }
        let seen = try await ask(server.url, limits: .init(first: .milliseconds(150)), retry: RetryPolicy(), clock: clock)
        #expect(seen == Seen(code: .failed, isRetryable: true))
        #expect(server.requests.count == 1)
    }

    @Test func aServiceThatIsNotThereIsUnavailable() async throws {
        let refused = try await ask("http://127.0.0.1:\(try TestServer.refusedPort())/v1")
        #expect(refused == Seen(code: .unavailable, isRetryable: true))
        #expect(try await ask("http://no-such-name.invalid/v1") == Seen(code: .unavailable, isRetryable: true))
        #expect(try await ask("not an address") == Seen(code: .badRequest, isRetryable: false))
        let deaf = try await ask("http://127.0.0.1:\(try TestServer.deafPort())", limits: .init(connect: .milliseconds(50)))
        #expect(deaf == Seen(code: .timeout, isRetryable: true))
    }

    @Test func aFailureThatPassesIsNotHeard() async throws {
        let clock = ManualClock()
        let server = try TestServer { exchange in
            guard exchange.request.number == 3 else { return try exchange.answer(500, [:], "") }
            try exchange.head()
            try exchange.send(Self.hello + Self.stop + "data: [DONE]\n\n")
            try exchange.end()
        }
        async let answer = ask(server.url, retry: RetryPolicy(delay: .milliseconds(200)), clock: clock)
        await clock.sleepers(1)
        clock.advance(by: .milliseconds(200))
        await clock.sleepers(1)
        clock.advance(by: .milliseconds(400))
        #expect(try await answer == Seen(text: "Hello"))
        #expect(server.requests.count == 3)
    }

    @Test func theServicesOwnWaitIsKept() async throws {
        let clock = ManualClock()
        let server = try TestServer { exchange in
            guard exchange.request.number == 2 else { return try exchange.answer(429, ["retry-after": "1.5"], "") }
            try exchange.head()
            try exchange.send(Self.hello + Self.stop)
            try exchange.end()
        }
        async let answer = ask(server.url, retry: RetryPolicy(), clock: clock)
        await clock.sleepers(1)
        clock.advance(by: .milliseconds(1499))
        #expect(server.requests.count == 1)
        clock.advance(by: .milliseconds(1))
        #expect(try await answer == Seen(text: "Hello"))
    }

    @Test func aWaitOverTheBudgetIsNotBegun() async throws {
        let clock = ManualClock()
        let server = try TestServer { try $0.answer(429, ["retry-after": "2.5"], "") }
        #expect(try await ask(server.url, retry: RetryPolicy(), clock: clock) == Seen(code: .rateLimited, isRetryable: true))
        #expect(server.requests.count == 1)
    }

    @Test func anErrorInTheStreamBeforeTheFirstWordIsTriedAgain() async throws {
        let server = try TestServer { exchange in
            try exchange.head()
            if exchange.request.number == 1 {
                try exchange.send("data: {\"error\":{\"code\":503,\"message\":\"SECRET\"}}\n\n")
            } else {
                try exchange.send(Self.hello + "data: {\"error\":\"SECRET\"}\n\n")
            }
            try exchange.end()
        }
        let seen = try await ask(server.url, retry: RetryPolicy(delay: .milliseconds(1)))
        #expect(seen == Seen(text: "Hello", code: .failed, isRetryable: true))
        #expect(server.requests.count == 2)
    }

    @Test func attemptsAreBounded() async throws {
        let server = try TestServer { try $0.answer(500, [:], "") }
        let seen = try await ask(server.url, retry: RetryPolicy(attempts: 9, delay: .milliseconds(1)))
        #expect(seen == Seen(code: .failed, isRetryable: true))
        #expect(server.requests.count == 3)
    }

    @Test func nothingIsTriedAgainOnceAWordWasHeard() async throws {
        let server = try TestServer { try Self.behave(.closesMidStream, $0) }
        let seen = try await ask(server.url, retry: RetryPolicy(delay: .milliseconds(1)))
        #expect(seen == Seen(text: "Hello", code: .brokenOff, isRetryable: true))
        #expect(server.requests.count == 1)
    }

    @Test func cancellingWhileItWaitsToTryAgainEndsIt() async throws {
        let clock = ManualClock()
        let server = try TestServer { try $0.answer(500, [:], "") }
        let url = server.url
        let task = Task { try await ask(url, retry: RetryPolicy(), clock: clock) }
        await clock.sleepers(1)
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(server.requests.count == 1)
    }
}
