package import Dialogue

/// What to answer.
package struct ChatRequest: Sendable {
    /// The system message first, then turns, oldest first.
    package var messages: [ChatMessage]
    /// Most tokens of the answer.
    package var maximumTokens: Int
    /// 0...2; nil leaves it to the service.
    package var temperature: Double?
    /// Names the conversation to services that keep caches by it; no meaning of its own.
    package var session: String
    /// Name of the agent that answers, for engines that keep facts by agent.
    package var agent: String
    /// Tools that the answer may call.
    package var tools: [ToolDefinition] = []
    package var toolChoice = ToolChoice.auto

    package init(
        messages: [ChatMessage], maximumTokens: Int = 400, temperature: Double? = nil, session: String = "", agent: String = ""
    ) {
        (self.messages, self.maximumTokens, self.temperature) = (messages, maximumTokens, temperature)
        (self.session, self.agent) = (session, agent)
    }
}

/// A part of an answer, as it is written.
package enum ChatPiece: Sendable, Equatable {
    case text(String)
    /// A tool is called; its arguments follow. Calls of one answer are numbered from 0.
    case call(Int, id: String, name: String)
    /// The next piece of a call's arguments. A call is whole once another one begins, or the answer ends.
    case arguments(Int, String)
}

/// How an answer ended, and what it cost where the service says so.
package struct ChatOutcome: Sendable, Equatable {
    package enum Finish: String, Sendable { case stop, length, filtered }

    package var finish: Finish
    package var promptTokens: Int?
    package var completionTokens: Int?

    package init(finish: Finish, promptTokens: Int? = nil, completionTokens: Int? = nil) {
        (self.finish, self.promptTokens, self.completionTokens) = (finish, promptTokens, completionTokens)
    }
}

/// Writes the agent's side of a conversation. One instance serves all sessions at once.
package protocol LanguageModel: Sendable {
    var name: String { get }
    /// Streams one answer. The service is held back while `onText` has not returned.
    ///
    /// - Parameter onText: Takes the pieces of text in order; what it throws ends the request and is thrown on.
    /// - Throws: ``EngineError``, or `CancellationError`. Cancelling the task ends the request upstream within 50 ms.
    func answer(_ request: ChatRequest, onText: @Sendable (String) async throws -> Void) async throws -> ChatOutcome
    /// Streams one answer with the tools that it calls. A model that knows no tools answers in words.
    ///
    /// - Parameter onPiece: As `onText`.
    /// - Throws: As ``answer(_:onText:)``.
    func compose(_ request: ChatRequest, onPiece: @Sendable (ChatPiece) async throws -> Void) async throws -> ChatOutcome
}

extension LanguageModel {
    package func compose(_ request: ChatRequest, onPiece: @Sendable (ChatPiece) async throws -> Void) async throws -> ChatOutcome {
        try await answer(request) { try await onPiece(.text($0)) }
    }
}

/// A language model that can call tools: ``LanguageModel/compose(_:onPiece:)`` is its one way to answer.
package protocol ToolCallingModel: LanguageModel {}

extension ToolCallingModel {
    package func answer(_ request: ChatRequest, onText: @Sendable (String) async throws -> Void) async throws -> ChatOutcome {
        try await compose(request) { piece in if case .text(let text) = piece { try await onText(text) } }
    }
}
