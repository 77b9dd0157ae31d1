internal import Dialogue
package import Engines
package import HTTPStreams

/// A language model behind the chat completions API: the vendor's own, or any server that speaks it.
package struct OpenAIChatModel: LanguageModel {
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

    package func answer(_ request: ChatRequest, onText: @Sendable (String) async throws -> Void) async throws -> ChatOutcome {
        var fields: [String: JSONValue] = [
            "model": .string(settings.model), "stream": true, "stream_options": ["include_usage": true],
            "messages": .array(request.messages.map { ["role": .string($0.role.rawValue), "content": .string($0.content)] }),
            settings.tokenBound.rawValue: .integer(request.maximumTokens),
        ]
        if let temperature = request.temperature { fields["temperature"] = .number(temperature) }
        if let field = settings.sessionField, !request.session.isEmpty { fields[field] = .string(request.session) }
        var headers = settings.service.bearer + [("accept", "text/event-stream")]
        if !request.agent.isEmpty { headers.append(("x-parley-agent", headerValue(request.agent))) }
        if !request.session.isEmpty { headers.append(("x-parley-session", headerValue(request.session))) }
        return try await caller.chat(
            settings.service.request("/chat/completions", json: fields, headers: headers),
            .events(ServerSentEventParser(limit: settings.eventLimit)), OpenAIChatReader(), onText: onText)
    }
}
