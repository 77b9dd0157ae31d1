import Dialogue
import Engines
import Foundation
import HTTPStreams
import HTTPTestServer
import RemoteEngines
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1)))
struct ToolCallTests {
    private static let weather = ToolDefinition(
        name: "weather", description: "Of a city.", parameters: #"{"type":"object","properties":{"city":{"type":"string"}}}"#)

    private static var request: ChatRequest {
        var request = ChatRequest(
            messages: [
                ChatMessage(.user, "Oslo?"),
                ChatMessage(.assistant, "Let me see.", calls: [ToolCall(id: "c1", name: "weather", arguments: #"{"city":"Oslo"}"#)]),
                ChatMessage(.tool, "7 degrees", callID: "c1"), ChatMessage(.user, "And Rome?"),
            ], maximumTokens: 50)
        request.tools = [weather, ToolDefinition(name: "time")]
        return request
    }

    /// The pieces of one answer of `body`, and the request it took.
    private func ask(
        _ body: String, _ choice: ToolChoice = .auto, _ make: (RemoteService, HTTPClient) -> any LanguageModel
    ) async throws -> (pieces: [ChatPiece], json: [String: JSONValue]) {
        let server = try TestServer { exchange in
            try exchange.head()
            try exchange.send(body)
            try exchange.end()
        }
        let client = try HTTPClient.direct()
        var request = Self.request
        request.toolChoice = choice
        let kept = Mutex<[ChatPiece]>([])
        _ = try await make(RemoteService(baseURL: server.url), client).compose(request) { piece in kept.withLock { $0.append(piece) } }
        await client.shutdown()
        guard case .object(let json) = try JSONDecoder().decode(JSONValue.self, from: Data(try #require(server.requests.first).body)) else {
            throw EngineError(.badAnswer, "no object")
        }
        return (kept.withLock { $0 }, json)
    }

    private static let schema: JSONValue = ["type": "object", "properties": ["city": ["type": "string"]]]
    private static let none: JSONValue = ["type": "object", "properties": .object([:])]
    private static let functions: JSONValue = [
        ["type": "function", "function": ["name": "weather", "description": "Of a city.", "parameters": schema]],
        ["type": "function", "function": ["name": "time", "parameters": none]],
    ]

    @Test func openAIStreamsCallsInFragmentsThatInterleave() async throws {
        let body = """
            data: {"choices":[{"delta":{"role":"assistant","content":"One moment."}}]}\n
            data: {"choices":[{"delta":{"tool_calls":[{"index":0,"id":"a","type":"function","function":{"name":"weather","arguments":""}}]}}]}\n
            data: {"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\\"ci"}}]}}]}\n
            data: {"choices":[{"delta":{"tool_calls":[{"index":1,"id":"b","function":{"name":"time","arguments":"{}"}}]}}]}\n
            data: {"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":"ty\\":1}"}}]}}]}\n
            data: {"choices":[{"delta":{},"finish_reason":"tool_calls"}]}\n
            data: [DONE]\n\n
            """
        let seen = try await ask(body) { OpenAIChatModel(.init(service: $0, model: "m"), client: $1) }
        #expect(
            seen.pieces == [
                .text("One moment."), .call(0, id: "a", name: "weather"), .arguments(0, #"{"ci"#), .call(1, id: "b", name: "time"),
                .arguments(1, "{}"), .arguments(0, #"ty":1}"#),
            ])
        #expect(seen.json["tools"] == Self.functions)
        #expect(seen.json["tool_choice"] == nil)
        let call: JSONValue = ["id": "c1", "type": "function", "function": ["name": "weather", "arguments": #"{"city":"Oslo"}"#]]
        #expect(
            seen.json["messages"] == [
                ["role": "user", "content": "Oslo?"], ["role": "assistant", "content": "Let me see.", "tool_calls": [call]],
                ["role": "tool", "content": "7 degrees", "tool_call_id": "c1"], ["role": "user", "content": "And Rome?"],
            ])
    }

    @Test func aCallWithoutPlaceOrIDIsOneAllTheSame() async throws {
        let body = """
            data: {"choices":[{"delta":{"tool_calls":[{"function":{"name":"weather","arguments":"{}"}},{"function":{"name":"time"}}]}}]}\n
            data: {"choices":[{"delta":{},"finish_reason":"stop"}]}\n\n
            """
        let seen = try await ask(body, .named("weather")) { OpenAIChatModel(.init(service: $0, model: "m"), client: $1) }
        guard seen.pieces.count == 3, case .call(0, let first, "weather") = seen.pieces[0], case .call(1, let second, "time") = seen.pieces[2] else {
            Issue.record("\(seen.pieces)")
            return
        }
        #expect(!first.isEmpty && !second.isEmpty && first != second)
        #expect(seen.json["tool_choice"] == "required")
        guard case .array(let tools)? = seen.json["tools"] else {
            Issue.record("no tools")
            return
        }
        #expect(tools.count == 1)
    }

    @Test func noToolIsOfferedWhereNoneMayBeCalled() async throws {
        let body = "data: {\"choices\":[{\"delta\":{\"content\":\"x\"},\"finish_reason\":\"stop\"}]}\n\n"
        let seen = try await ask(body, .none) { OpenAIChatModel(.init(service: $0, model: "m"), client: $1) }
        #expect(seen.json["tools"] == nil && seen.json["tool_choice"] == nil)
    }

    @Test(arguments: [(ToolChoice.auto, nil), (.none, "none"), (.required, "any"), (.named("time"), "tool")] as [(ToolChoice, String?)])
    func anthropicStreamsACallAndTakesItsResultFromTheCallersSide(choice: ToolChoice, type: String?) async throws {
        let body = """
            data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}\n
            data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hm."}}\n
            data: {"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"t1","name":"weather","input":{}}}\n
            data: {"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":""}}\n
            data: {"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"{\\"a\\":1}"}}\n
            data: {"type":"content_block_stop","index":1}\n
            data: {"type":"message_delta","delta":{"stop_reason":"tool_use"},"usage":{"output_tokens":2}}\n
            data: {"type":"message_stop"}\n\n
            """
        let seen = try await ask(body, choice) { AnthropicChatModel(.init(service: $0, model: "m"), client: $1) }
        #expect(seen.pieces == [.text("Hm."), .call(0, id: "t1", name: "weather"), .arguments(0, #"{"a":1}"#)])
        let use: JSONValue = ["type": "tool_use", "id": "c1", "name": "weather", "input": ["city": "Oslo"]]
        #expect(
            seen.json["messages"] == [
                ["role": "user", "content": "Oslo?"], ["role": "assistant", "content": [["type": "text", "text": "Let me see."], use]],
                [
                    "role": "user",
                    "content": [
                        ["type": "tool_result", "tool_use_id": "c1", "content": "7 degrees"], ["type": "text", "text": "And Rome?"],
                    ],
                ],
            ])
        if case .object(let chosen)? = seen.json["tool_choice"] { #expect(chosen["type"] == type.map { .string($0) }) } else { #expect(type == nil) }
        guard case .array(let tools)? = seen.json["tools"], case .object(let first)? = tools.first else {
            Issue.record("no tools")
            return
        }
        #expect(first["input_schema"] == (choice == .named("time") ? Self.none : Self.schema))
    }

    @Test func ollamaGivesArgumentsAsAnObjectAndResultsByTheToolsName() async throws {
        let body = """
            {"message":{"content":"","tool_calls":[{"function":{"name":"weather","arguments":{"city":"Rome","days":2}}}]},"done":false}
            {"message":{"content":""},"done":true,"done_reason":"stop"}
            """
        let seen = try await ask(body) { OllamaChatModel(.init(service: $0, model: "m"), client: $1) }
        guard seen.pieces.count == 2, case .call(0, let id, "weather") = seen.pieces[0] else {
            Issue.record("\(seen.pieces)")
            return
        }
        #expect(!id.isEmpty)
        #expect(seen.pieces[1] == .arguments(0, #"{"city":"Rome","days":2}"#))
        #expect(seen.json["tools"] == Self.functions)
        let call: JSONValue = ["function": ["name": "weather", "arguments": ["city": "Oslo"]]]
        #expect(
            seen.json["messages"] == [
                ["role": "user", "content": "Oslo?"], ["role": "assistant", "content": "Let me see.", "tool_calls": [call]],
                ["role": "tool", "content": "7 degrees", "tool_name": "weather"], ["role": "user", "content": "And Rome?"],
            ])
    }

    @Test func aModelThatKnowsNoToolsIsBoundToTheSchemaWhereOneMustBeCalled() async throws {
        let body = "data: {\"choices\":[{\"delta\":{\"content\":\"{\\\"city\\\":1}\"},\"finish_reason\":\"stop\"}]}\n\n"
        let seen = try await ask(body, .named("weather")) { WordsOnlyChatModel(.init(service: $0, model: "m"), client: $1) }
        guard seen.pieces.count == 2, case .call(0, _, "weather") = seen.pieces[0] else {
            Issue.record("\(seen.pieces)")
            return
        }
        #expect(seen.pieces[1] == .arguments(0, #"{"city":1}"#))
        #expect(seen.json["response_format"] == ["type": "json_schema", "json_schema": ["name": "weather", "schema": Self.schema]])
        #expect(seen.json["tools"] == nil)
        #expect(
            seen.json["messages"] == [
                ["role": "user", "content": "Oslo?"],
                ["role": "assistant", "content": "Let me see. [calls weather with {\"city\":\"Oslo\"}]"],
                ["role": "user", "content": "[weather answers: 7 degrees]"], ["role": "user", "content": "And Rome?"],
            ])
        let words = try await ask("data: {\"choices\":[{\"delta\":{\"content\":\"Hi\"},\"finish_reason\":\"stop\"}]}\n\n") {
            WordsOnlyChatModel(.init(service: $0, model: "m"), client: $1)
        }
        #expect(words.pieces == [.text("Hi")] && words.json["response_format"] == nil)
    }

    @Test func argumentsThatAreNoObjectAreNoCall() async throws {
        let body = "data: {\"choices\":[{\"delta\":{\"content\":\"{\\\"ci\"},\"finish_reason\":\"length\"}]}\n\n"
        await #expect(throws: EngineError.self) {
            try await ask(body, .required) { WordsOnlyChatModel(.init(service: $0, model: "m"), client: $1) }
        }
    }
}
