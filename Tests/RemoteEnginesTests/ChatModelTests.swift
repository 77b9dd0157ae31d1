import Dialogue
import Engines
import Foundation
import HTTPStreams
import HTTPTestServer
import RemoteEngines
import Testing

@Suite(.timeLimit(.minutes(1)))
struct ChatModelTests {
    private static let request = ChatRequest(
        messages: [ChatMessage(.system, "Be brief."), ChatMessage(.assistant, "Hi!"), ChatMessage(.user, "A"), ChatMessage(.user, "B")],
        maximumTokens: 50, temperature: 0.5, session: "s-1", agent: "客 服")

    /// One answer of `body`, and the request it took.
    private func ask(
        _ body: String, holdsOpen: Bool = false, _ make: (RemoteService, HTTPClient) -> any LanguageModel
    ) async throws -> (pieces: [String], outcome: ChatOutcome, request: TestRequest, json: JSONValue) {
        let server = try TestServer { exchange in
            try exchange.head()
            try exchange.send(body)
            if holdsOpen { return exchange.waitUntilGone() }
            try exchange.end()
        }
        let client = try HTTPClient.direct()
        let service = RemoteService(
            baseURL: server.url + "/base/", key: ServiceKey("k"), headers: [("x-own", "1")], fields: ["top_p": 0.9, "seed": 4])
        let heard = Recorder()
        let outcome = try await make(service, client).answer(Self.request) { heard.append($0) }
        await client.shutdown()
        let request = try #require(server.requests.first)
        return (heard.pieces, outcome, request, try JSONDecoder().decode(JSONValue.self, from: Data(request.body)))
    }

    @Test func theOpenAIRequestIsAsTheServiceTakesIt() async throws {
        let seen = try await ask("data: {\"choices\":[{\"delta\":{\"content\":\"Hi\"},\"finish_reason\":\"stop\"}]}\n\n") {
            OpenAIChatModel(.init(service: $0, model: "m", tokenBound: .maxCompletionTokens, sessionField: "user"), client: $1)
        }
        #expect(seen.request.target == "/base/chat/completions")
        #expect(seen.request.method == "POST")
        #expect(seen.request.headers["authorization"] == "Bearer k")
        #expect(seen.request.headers["x-own"] == "1")
        #expect(seen.request.headers["x-parley-agent"] == "%E5%AE%A2 %E6%9C%8D")
        #expect(seen.request.headers["x-parley-session"] == "s-1")
        let expected: JSONValue = [
            "model": "m", "stream": true, "stream_options": ["include_usage": true], "max_completion_tokens": 50, "temperature": 0.5,
            "user": "s-1", "top_p": 0.9, "seed": 4,
            "messages": [
                ["role": "system", "content": "Be brief."], ["role": "assistant", "content": "Hi!"], ["role": "user", "content": "A"],
                ["role": "user", "content": "B"],
            ],
        ]
        #expect(seen.json == expected)
        #expect(seen.pieces == ["Hi"])
    }

    @Test func theSessionStandsInTheBodyOnlyIfAskedFor() async throws {
        let seen = try await ask("data: [DONE]\n\n") { OpenAIChatModel(.init(service: $0, model: "m"), client: $1) }
        guard case .object(let fields) = seen.json else {
            Issue.record("not an object")
            return
        }
        #expect(fields["user"] == nil)
        #expect(fields["max_tokens"] == 50)
    }

    @Test func usageAndTheReasonOfTheEndAreTold() async throws {
        let body = """
            data: {"choices":[{"delta":{"content":"<thi"}}]}\n
            data: {"choices":[{"delta":{"content":"nk>hm</think> One"}}],"usage":null}\n
            data: {"choices":[{"delta":{"reasoning_content":"x","refusal":null},"finish_reason":"length"}]}\n
            data: {"choices":[],"usage":{"prompt_tokens":11,"completion_tokens":5}}\n\n
            """
        // The service neither says that it is done nor closes: the usage after the reason is the end.
        let seen = try await ask(body, holdsOpen: true) { OpenAIChatModel(.init(service: $0, model: "m"), client: $1) }
        #expect(seen.pieces == ["One"])
        #expect(seen.outcome == ChatOutcome(finish: .length, promptTokens: 11, completionTokens: 5))
    }

    @Test func aServiceThatStaysOpenAfterItIsDoneDelaysNobody() async throws {
        let body = "data: {\"choices\":[{\"delta\":{\"content\":\"a\"},\"finish_reason\":\"content_filter\"}]}\n\ndata: [DONE]\n\n"
        let seen = try await ask(body, holdsOpen: true) { OpenAIChatModel(.init(service: $0, model: "m"), client: $1) }
        #expect(seen.outcome == ChatOutcome(finish: .filtered))
    }

    @Test func theOllamaRequestIsAsTheServiceTakesIt() async throws {
        let body = """
            {"message":{"role":"assistant","content":"Hi","thinking":"no"},"done":false}
            {"message":{"content":""},"done":true,"done_reason":"length","prompt_eval_count":3,"eval_count":4}
            """
        let seen = try await ask(body) { OllamaChatModel(.init(service: $0, model: "m", contextTokens: 4096, thinks: false), client: $1) }
        #expect(seen.request.target == "/base/api/chat")
        let expected: JSONValue = [
            "model": "m", "stream": true, "keep_alive": "30m", "think": false, "top_p": 0.9, "seed": 4,
            "options": ["num_predict": 50, "temperature": 0.5, "num_ctx": 4096],
            "messages": [
                ["role": "system", "content": "Be brief."], ["role": "assistant", "content": "Hi!"], ["role": "user", "content": "A"],
                ["role": "user", "content": "B"],
            ],
        ]
        #expect(seen.json == expected)
        #expect(seen.pieces == ["Hi"])
        #expect(seen.outcome == ChatOutcome(finish: .length, promptTokens: 3, completionTokens: 4))
    }

    @Test(arguments: [AnthropicChatModel.Settings.firstVersion, "2026-10-21"])
    func theAnthropicRequestIsAsTheServiceTakesIt(version: String) async throws {
        let body = """
            event: message_start\ndata: {"type":"message_start","message":{"usage":{"input_tokens":9}}}\n
            data: {"type":"content_block_delta","delta":{"type":"thinking_delta","thinking":"no"}}\n
            data: {"type":"content_block_delta","delta":{"type":"text_delta","text":"Hi"}}\n
            data: {"type":"something_new"}\n
            data: {"type":"message_delta","delta":{"stop_reason":"max_tokens"},"usage":{"output_tokens":2}}\n
            data: {"type":"message_stop"}\n\n
            """
        let seen = try await ask(body, holdsOpen: true) { AnthropicChatModel(.init(service: $0, model: "m", version: version), client: $1) }
        #expect(seen.request.target == "/base/messages")
        #expect(seen.request.headers["x-api-key"] == "k")
        #expect(seen.request.headers["anthropic-version"] == version)
        var expected: [String: JSONValue] = [
            "model": "m", "stream": true, "max_tokens": 50, "system": "Be brief.", "top_p": 0.9, "seed": 4,
            "messages": [["role": "user", "content": "…"], ["role": "assistant", "content": "Hi!"], ["role": "user", "content": "A\nB"]],
        ]
        if version == AnthropicChatModel.Settings.firstVersion { expected["temperature"] = 0.5 }
        #expect(seen.json == .object(expected))
        #expect(seen.pieces == ["Hi"])
        #expect(seen.outcome == ChatOutcome(finish: .length, promptTokens: 9, completionTokens: 2))
    }

    @Test func connectionsAreKeptBetweenAnswers() async throws {
        let server = try TestServer { try $0.answer(200, [:], "data: [DONE]\n\n") }
        let client = try HTTPClient.direct()
        let model = OpenAIChatModel(.init(service: RemoteService(baseURL: server.url), model: "m"), client: client)
        for _ in 0..<5 { _ = try await model.answer(Self.request) { _ in } }
        #expect(server.connections == 1)
        await client.shutdown()
    }

    @Test func aKeyIsNeverPrinted() {
        let service = RemoteService(baseURL: "http://127.0.0.1", key: ServiceKey("SECRET-KEY"))
        var dumped = ""
        dump(service, to: &dumped)
        #expect(!dumped.contains("SECRET") && !"\(service)".contains("SECRET") && !String(reflecting: service).contains("SECRET"))
    }
}
