internal import Dialogue
package import Engines
package import HTTPStreams

/// A language model behind the messages API.
package struct AnthropicChatModel: LanguageModel {
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

    package func answer(_ request: ChatRequest, onText: @Sendable (String) async throws -> Void) async throws -> ChatOutcome {
        let system = request.messages.filter { $0.role == .system }.map(\.content).joined(separator: "\n\n")
        var fields: [String: JSONValue] = [
            "model": .string(settings.model), "stream": true, "max_tokens": .integer(request.maximumTokens),
            "messages": .array(
                Self.alternating(request.messages).map { ["role": .string($0.role.rawValue), "content": .string($0.content)] }),
        ]
        if !system.isEmpty { fields["system"] = .string(system) }
        if let temperature = request.temperature, settings.version == Settings.firstVersion {
            fields["temperature"] = .number(min(temperature, 1))
        }
        var headers: [(name: String, value: String)] = [("anthropic-version", settings.version), ("accept", "text/event-stream")]
        if let key = settings.service.key { headers.append(("x-api-key", key.secret)) }
        return try await caller.chat(
            settings.service.request("/messages", json: fields, headers: headers), .events(ServerSentEventParser()),
            AnthropicChatReader(), onText: onText)
    }

    /// The turns as the service takes them: no system messages, none empty, the caller's first, and no two of one role in a row.
    static func alternating(_ messages: [ChatMessage]) -> [ChatMessage] {
        var turns: [ChatMessage] = []
        for message in messages where message.role != .system && !message.content.isEmpty {
            if turns.isEmpty, message.role == .assistant { turns.append(ChatMessage(.user, "…")) }
            if let last = turns.last, last.role == message.role {
                turns[turns.count - 1] = ChatMessage(last.role, last.content + "\n" + message.content)
            } else {
                turns.append(message)
            }
        }
        return turns
    }
}
