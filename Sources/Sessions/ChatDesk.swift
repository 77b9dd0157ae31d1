internal import Dialogue
package import Engines
internal import Turns
package import Wire

/// Where a door gets its written conversations: implemented by ``ChatDesk``.
package protocol ChatHost: Sendable {
    /// Begins a chat with an agent.
    ///
    /// - Throws: ``CallRefusal``.
    func begin(_ start: SessionStart, tenant: String) async throws -> ChatOpening
    /// Answers what a caller wrote. Cancelling ends the answer; what was handed on counts as read.
    ///
    /// - Parameter onText: Takes the answer piece by piece, as fast as it returns.
    /// - Throws: ``CallRefusal`` before anything was handed on, `WireError` with the code of an engine, `CancellationError`, and what `onText` throws.
    func answer(
        _ text: String, token: String, tenant: String, onText: @escaping @Sendable (String) async throws -> Void
    ) async throws -> ChatAnswer
}

/// A chat that has begun.
package struct ChatOpening: Sendable, Equatable {
    /// Names the chat in all that follows; a call may go on with it.
    package var token: String
    package var agent: String
    package var language: String
    /// What the agent says first; empty for nothing.
    package var greeting: String

    package init(token: String, agent: String, language: String, greeting: String) {
        (self.token, self.agent, self.language, self.greeting) = (token, agent, language, greeting)
    }
}

/// An answer that is whole.
package struct ChatAnswer: Sendable, Equatable {
    package var text: String
    /// From the question to the first piece, and to the last.
    package var firstText: Duration
    package var total: Duration

    package init(text: String, firstText: Duration, total: Duration) { (self.text, self.firstText, self.total) = (text, firstText, total) }
}

/// Written conversations with the agents that answer calls: the same prompts, the same language model, the same kind of memory.
package actor ChatDesk: ChatHost {
    private let languageModel: any LanguageModel
    private let makePlan: @Sendable (SessionStart) throws(CallRefusal) -> CallPlan
    private let now: @Sendable () -> Duration
    private var book: ChatBook
    private var isDraining = false

    /// - Parameters:
    ///   - limit: Most chats that are remembered.
    ///   - life: How long a chat that nobody uses is remembered.
    ///   - now: Time since any fixed moment.
    ///   - makePlan: Finds the agent that a client asks for.
    package init(
        limit: Int = 400, life: Duration = .seconds(1800), languageModel: any LanguageModel, now: @escaping @Sendable () -> Duration,
        makePlan: @escaping @Sendable (SessionStart) throws(CallRefusal) -> CallPlan
    ) {
        (self.languageModel, self.now, self.makePlan) = (languageModel, now, makePlan)
        book = ChatBook(limit: limit, life: life)
    }

    /// From now on nothing is begun or asked.
    package func drain() { isDraining = true }

    package func begin(_ start: SessionStart, tenant: String) throws -> ChatOpening {
        if isDraining { throw CallRefusal.draining }
        let plan = try makePlan(start)
        let token = SessionManager.randomName() + SessionManager.randomName()
        try book.begin(token, plan: plan, tenant: tenant, at: now())
        return ChatOpening(token: token, agent: plan.agent, language: plan.language.rawValue, greeting: plan.lines[.greeting] ?? "")
    }

    package func answer(
        _ text: String, token: String, tenant: String, onText: @escaping @Sendable (String) async throws -> Void
    ) async throws -> ChatAnswer {
        if isDraining { throw CallRefusal.draining }
        let begin = now()
        let request = try book.ask(text, in: token, tenant: tenant, at: begin)
        let written = Written(now: now)
        do {
            _ = try await languageModel.answer(request) { piece in
                try await onText(piece)
                await written.append(piece)
            }
            let (text, first) = await written.all
            if text.isEmpty { throw EngineError(.badAnswer, "the language model's answer is empty") }
            book.answered(text, in: token, at: now())
            return ChatAnswer(text: text, firstText: (first ?? begin) - begin, total: now() - begin)
        } catch {
            let text = await written.all.text
            book.answered(text, in: token, isCut: !(error is EngineError), failure: (error as? EngineError)?.code.rawValue, at: now())
            if let error = error as? EngineError { throw WireError(error.code.rawValue, error.detail) }
            throw error
        }
    }

    /// A chat that a call may go on with; nil where there is none, or an answer is being written.
    func chat(_ token: String, tenant: String) -> ChatBook.Chat? { book.chat(token, tenant: tenant, at: now()) }

    /// A call goes on with a chat.
    func forget(_ token: String) { book.forget(token) }

    /// What of an answer was handed on.
    private actor Written {
        private let now: @Sendable () -> Duration
        private(set) var all: (text: String, first: Duration?) = ("", nil)

        init(now: @escaping @Sendable () -> Duration) { self.now = now }

        func append(_ piece: String) { all = (all.text + piece, all.first ?? now()) }
    }
}
