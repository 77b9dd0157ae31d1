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

    package init(
        messages: [ChatMessage], maximumTokens: Int = 400, temperature: Double? = nil, session: String = "", agent: String = ""
    ) {
        (self.messages, self.maximumTokens, self.temperature) = (messages, maximumTokens, temperature)
        (self.session, self.agent) = (session, agent)
    }
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
}
