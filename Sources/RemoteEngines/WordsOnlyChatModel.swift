internal import Dialogue
package import Engines
package import HTTPStreams

/// A model behind the chat completions API that was not taught to call tools.
///
/// Where a tool has to be called, the answer is bound to the schema of its arguments, which any server that takes a `response_format` can do. Where one
/// may be called, none is. What was called before, and what came of it, is told in words.
package struct WordsOnlyChatModel: ToolCallingModel {
    package let name: String
    private let settings: OpenAIChatModel.Settings
    private let client: HTTPClient

    package init(_ settings: OpenAIChatModel.Settings, client: HTTPClient) {
        (name, self.settings, self.client) = (settings.model, settings, client)
    }

    package func compose(_ request: ChatRequest, onPiece: @Sendable (ChatPiece) async throws -> Void) async throws -> ChatOutcome {
        var plain = request
        plain.messages = request.messages.map { Self.inWords($0, of: request.messages) }
        (plain.tools, plain.toolChoice) = ([], .none)
        guard let tool = request.mandatoryTool else {
            return try await OpenAIChatModel(settings, client: client).compose(plain, onPiece: onPiece)
        }
        var bound = settings
        bound.service.fields["response_format"] = ["type": "json_schema", "json_schema": ["name": .string(tool.name), "schema": tool.schema]]
        let model = OpenAIChatModel(bound, client: client)
        // A small model may lose itself even in a schema; then it is asked once more, less strictly.
        for temperature in [0, 0.7] {
            plain.temperature = temperature
            let (outcome, arguments) = try await model.whole(plain)
            guard JSONValue(text: arguments) != nil else { continue }
            try await onPiece(.call(0, id: CallNumbers.newID(), name: tool.name))
            try await onPiece(.arguments(0, arguments))
            return outcome
        }
        throw EngineError(.badAnswer, "the arguments of a call are no JSON object")
    }

    private static func inWords(_ message: ChatMessage, of all: [ChatMessage]) -> ChatMessage {
        if let id = message.callID {
            let name = all.lazy.flatMap(\.calls).first { $0.id == id }?.name ?? "the tool"
            return ChatMessage(.user, "[\(name) answers: \(message.content)]")
        }
        guard !message.calls.isEmpty else { return message }
        let calls = message.calls.map { "[calls \($0.name) with \($0.arguments)]" }.joined(separator: " ")
        return ChatMessage(.assistant, message.content.isEmpty ? calls : "\(message.content) \(calls)")
    }
}

extension OpenAIChatModel {
    /// The whole answer.
    fileprivate func whole(_ request: ChatRequest) async throws -> (ChatOutcome, text: String) {
        let collected = Collected()
        let outcome = try await answer(request) { await collected.append($0) }
        return (outcome, await collected.text)
    }
}

private actor Collected {
    private(set) var text = ""
    func append(_ piece: String) { text += piece }
}
