internal import Dialogue
package import Engines
package import HTTPStreams

/// A language model behind the chat completions API: the vendor's own, or any server that speaks it.
package struct OpenAIChatModel: ToolCallingModel {
    package struct Settings: Sendable {
        /// What the service calls the bound on the answer's tokens.
        package enum TokenBound: String, Sendable, Codable {
            case maxTokens = "max_tokens"
            case maxCompletionTokens = "max_completion_tokens"
        }

        package var service: RemoteService
        package var model: String
        package var tokenBound: TokenBound
        /// The body's field that takes the session's name, e.g. `user` or `prompt_cache_key`; nil sends it in a header only.
        package var sessionField: String?
        /// Bytes of the longest event taken.
        package var eventLimit = 1 << 20

        package init(service: RemoteService, model: String, tokenBound: TokenBound = .maxTokens, sessionField: String? = nil) {
            (self.service, self.model) = (service, model)
            (self.tokenBound, self.sessionField) = (tokenBound, sessionField)
        }
    }

    package let name: String
    private let settings: Settings
    private let caller: RemoteCaller

    /// - Parameters:
    ///   - client: Shared by all adapters of the process; the owner shuts it down.
    ///   - clock: Times the waits between attempts; the limits run on the client's own clock.
    package init(_ settings: Settings, client: HTTPClient, clock: any Clock<Duration> = ContinuousClock()) {
        name = settings.model
        self.settings = settings
        caller = RemoteCaller(client: client, limits: settings.service.limits, retry: settings.service.retry, clock: clock)
    }

    package func compose(_ request: ChatRequest, onPiece: @Sendable (ChatPiece) async throws -> Void) async throws -> ChatOutcome {
        var fields: [String: JSONValue] = [
            "model": .string(settings.model), "stream": true, "stream_options": ["include_usage": true],
            "messages": .array(request.messages.map(Self.message)),
            settings.tokenBound.rawValue: .integer(request.maximumTokens),
        ]
        let tools = request.offered
        if !tools.isEmpty {
            fields["tools"] = .array(tools.map(\.functionJSON))
            // One tool and the duty to call some is understood by every server; its name as an object is not.
            if request.mandatoryTool != nil { fields["tool_choice"] = "required" }
        }
        if let temperature = request.temperature { fields["temperature"] = .number(temperature) }
        if let field = settings.sessionField, !request.session.isEmpty { fields[field] = .string(request.session) }
        var headers = settings.service.bearer + [("accept", "text/event-stream")]
        if !request.agent.isEmpty { headers.append(("x-parley-agent", headerValue(request.agent))) }
        if !request.session.isEmpty { headers.append(("x-parley-session", headerValue(request.session))) }
        return try await caller.chat(
            settings.service.request("/chat/completions", json: fields, headers: headers),
            .events(ServerSentEventParser(limit: settings.eventLimit)), OpenAIChatReader(), onPiece: onPiece)
    }

    private static func message(_ message: ChatMessage) -> JSONValue {
        var fields: [String: JSONValue] = ["role": .string(message.role.rawValue), "content": .string(message.content)]
        if !message.calls.isEmpty {
            if message.content.isEmpty { fields["content"] = .null }
            fields["tool_calls"] = .array(
                message.calls.map { call in
                    [
                        "id": .string(call.id), "type": "function",
                        "function": ["name": .string(call.name), "arguments": .string(call.arguments.isEmpty ? "{}" : call.arguments)],
                    ]
                })
        }
        if let call = message.callID { fields["tool_call_id"] = .string(call) }
        return .object(fields)
    }
}
