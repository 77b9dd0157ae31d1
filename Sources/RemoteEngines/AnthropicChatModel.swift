internal import Dialogue
package import Engines
package import HTTPStreams

/// A language model behind the messages API.
package struct AnthropicChatModel: ToolCallingModel {
    package struct Settings: Sendable {
        package var service: RemoteService
        package var model: String
        /// Sent as `anthropic-version`. Later versions than the first refuse a temperature, so it is sent with that one only.
        package var version: String

        package init(service: RemoteService, model: String, version: String = Self.firstVersion) {
            (self.service, self.model, self.version) = (service, model, version)
        }

        package static let firstVersion = "2023-06-01"
    }

    package let name: String
    private let settings: Settings
    private let caller: RemoteCaller

    /// - Parameters:
    ///   - client: Shared by all adapters of the process; the owner shuts it down.
    ///   - clock: Times the waits between attempts.
    package init(_ settings: Settings, client: HTTPClient, clock: any Clock<Duration> = ContinuousClock()) {
        name = settings.model
        self.settings = settings
        caller = RemoteCaller(client: client, limits: settings.service.limits, retry: settings.service.retry, clock: clock)
    }

    package func compose(_ request: ChatRequest, onPiece: @Sendable (ChatPiece) async throws -> Void) async throws -> ChatOutcome {
        let system = request.messages.filter { $0.role == .system }.map(\.content).joined(separator: "\n\n")
        var fields: [String: JSONValue] = [
            "model": .string(settings.model), "stream": true, "max_tokens": .integer(request.maximumTokens),
            "messages": .array(Self.turns(request.messages)),
        ]
        if !system.isEmpty { fields["system"] = .string(system) }
        if let temperature = request.temperature, settings.version == Settings.firstVersion {
            fields["temperature"] = .number(min(temperature, 1))
        }
        // Calls in the conversation need their tools, also where none may be called.
        let tools = request.toolChoice == .none ? request.tools : request.offered
        if !tools.isEmpty {
            fields["tools"] = .array(
                tools.map { tool in
                    var fields: [String: JSONValue] = ["name": .string(tool.name), "input_schema": tool.schema]
                    if let description = tool.description { fields["description"] = .string(description) }
                    return .object(fields)
                })
            switch request.toolChoice {
            case .auto: break
            case .none: fields["tool_choice"] = ["type": "none"]
            case .required: fields["tool_choice"] = ["type": "any"]
            case .named(let name): fields["tool_choice"] = ["type": "tool", "name": .string(name)]
            }
        }
        var headers: [(name: String, value: String)] = [("anthropic-version", settings.version), ("accept", "text/event-stream")]
        if let key = settings.service.key { headers.append(("x-api-key", key.secret)) }
        return try await caller.chat(
            settings.service.request("/messages", json: fields, headers: headers), .events(ServerSentEventParser()),
            AnthropicChatReader(), onPiece: onPiece)
    }

    /// The turns as the service takes them: no system messages, none empty, the caller's first, and no two of one role in a row. What a tool
    /// answered comes from the caller's side, before the words that follow it.
    private static func turns(_ messages: [ChatMessage]) -> [JSONValue] {
        var turns: [(role: String, blocks: [JSONValue])] = []
        var text: [String] = []
        func end() {
            guard let last = turns.indices.last, !text.isEmpty else { return }
            turns[last].blocks.append(["type": "text", "text": .string(text.joined(separator: "\n"))])
            text = []
        }
        for message in messages where message.role != .system && !message.isEmpty {
            let role = message.role == .assistant ? "assistant" : "user"
            if turns.isEmpty, role == "assistant" { turns.append(("user", [["type": "text", "text": "…"]])) }
            if turns.last?.role != role {
                end()
                turns.append((role, []))
            }
            if let call = message.callID {
                end()
                turns[turns.count - 1].blocks.append(
                    ["type": "tool_result", "tool_use_id": .string(call), "content": .string(message.content)])
            } else if !message.content.isEmpty {
                text.append(message.content)
            }
            guard !message.calls.isEmpty else { continue }
            end()
            turns[turns.count - 1].blocks += message.calls.map { call in
                ["type": "tool_use", "id": .string(call.id), "name": .string(call.name), "input": JSONValue(text: call.arguments) ?? [:]]
            }
        }
        end()
        return turns.map { role, blocks in
            // Words alone are sent plain.
            if blocks.count == 1, case .object(let block) = blocks[0], block["type"] == "text", let text = block["text"] {
                return ["role": .string(role), "content": text]
            }
            return ["role": .string(role), "content": .array(blocks)]
        }
    }
}
