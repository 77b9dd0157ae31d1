internal import Dialogue
package import Engines
package import HTTPStreams

/// A language model behind Ollama's own chat API.
package struct OllamaChatModel: ToolCallingModel {
    package struct Settings: Sendable {
        /// The base address has no path: `http://127.0.0.1:11434`.
        package var service: RemoteService
        package var model: String
        /// How long the model stays loaded after an answer, as Ollama writes it: `5m`, `-1`.
        package var keepAlive: String
        /// Tokens of context; nil leaves it to the service.
        package var contextTokens: Int?
        /// Whether a reasoning model thinks first; nil leaves the field out, for models that do not know it.
        package var thinks: Bool?

        package init(service: RemoteService, model: String, keepAlive: String = "30m", contextTokens: Int? = nil, thinks: Bool? = nil) {
            (self.service, self.model, self.keepAlive) = (service, model, keepAlive)
            (self.contextTokens, self.thinks) = (contextTokens, thinks)
        }
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
        var options: [String: JSONValue] = ["num_predict": .integer(request.maximumTokens)]
        if let temperature = request.temperature { options["temperature"] = .number(temperature) }
        if let tokens = settings.contextTokens { options["num_ctx"] = .integer(tokens) }
        var fields: [String: JSONValue] = [
            "model": .string(settings.model), "stream": true, "keep_alive": .string(settings.keepAlive), "options": .object(options),
            "messages": .array(request.messages.map { Self.message($0, in: request.messages) }),
        ]
        if !request.offered.isEmpty { fields["tools"] = .array(request.offered.map(\.functionJSON)) }
        if let thinks = settings.thinks { fields["think"] = .bool(thinks) }
        return try await caller.chat(
            settings.service.request("/api/chat", json: fields, headers: settings.service.bearer), .lines(LineSplitter()),
            OllamaChatReader(), onPiece: onPiece)
    }

    /// Calls have no ids here: a result names its tool.
    private static func message(_ message: ChatMessage, in all: [ChatMessage]) -> JSONValue {
        var fields: [String: JSONValue] = ["role": .string(message.role.rawValue), "content": .string(message.content)]
        if !message.calls.isEmpty {
            fields["tool_calls"] = .array(
                message.calls.map { ["function": ["name": .string($0.name), "arguments": JSONValue(text: $0.arguments) ?? [:]]] })
        }
        if let call = message.callID, let name = all.lazy.flatMap(\.calls).first(where: { $0.id == call })?.name {
            fields["tool_name"] = .string(name)
        }
        return .object(fields)
    }
}
