internal import Dialogue
internal import Engines
internal import Turns

/// The written conversations of a server: who has which, what was said in it, and when it is forgotten. A value: no clock, no engine.
struct ChatBook {
    struct Chat {
        let tenant: String
        let plan: CallPlan
        fileprivate(set) var history: History
        fileprivate var turn = ChatBook.firstTurn
        fileprivate var isAnswering = false
        fileprivate var used: Duration
    }

    /// Turns of a voice that goes on with a chat count from 1, and rise.
    private static let firstTurn = -1_000_000_000

    /// Most chats that are remembered.
    let limit: Int
    /// How long a chat that nobody uses is remembered.
    let life: Duration
    private var chats: [String: Chat] = [:]

    init(limit: Int, life: Duration) { (self.limit, self.life) = (limit, life) }

    var count: Int { chats.count }

    /// Begins a chat; the agent's greeting stands in it as said.
    ///
    /// - Throws: `server.full`.
    mutating func begin(_ token: String, plan: CallPlan, tenant: String, at now: Duration) throws(CallRefusal) {
        forget(at: now)
        guard chats.count < limit else {
            throw CallRefusal(status: 503, code: "server.full", message: "all \(limit) chats are taken", retryAfter: 30)
        }
        var chat = Chat(tenant: tenant, plan: plan, history: History(language: plan.language, limits: plan.history), used: now)
        if let greeting = plan.lines[.greeting], !greeting.isEmpty {
            chat.history.beginReply(turn: chat.turn)
            chat.history.setHeard(turn: chat.turn, text: greeting, interrupted: false)
        }
        chats[token] = chat
    }

    /// Takes what the caller wrote.
    ///
    /// - Returns: What to ask the language model.
    /// - Throws: `session.unknown`, `session.busy`.
    mutating func ask(_ text: String, in token: String, tenant: String, at now: Duration) throws(CallRefusal) -> ChatRequest {
        forget(at: now)
        guard var chat = chats[token], chat.tenant == tenant else { throw Self.unknown }
        guard !chat.isAnswering else {
            throw CallRefusal(status: 409, code: "session.busy", message: "the answer before is not finished", retryAfter: 1)
        }
        chat.turn += 1
        (chat.isAnswering, chat.used) = (true, now)
        chat.history.addUser(turn: chat.turn, text: text)
        chat.history.beginReply(turn: chat.turn)
        chats[token] = chat
        return ChatRequest(
            messages: chat.history.messages(system: chat.plan.system), maximumTokens: chat.plan.replyTokens, temperature: chat.plan.temperature,
            agent: chat.plan.agent)
    }

    /// The answer is over: so much of it reached the caller.
    ///
    /// - Parameters:
    ///   - isCut: Whether the caller went away in the middle of it.
    ///   - failure: Code of the error that ended it.
    mutating func answered(_ text: String, in token: String, isCut: Bool = false, failure: String? = nil, at now: Duration) {
        guard var chat = chats.removeValue(forKey: token) else { return }
        chat.history.setHeard(turn: chat.turn, text: text, interrupted: isCut && !text.isEmpty)
        if let failure { chat.history.fail(turn: chat.turn, code: failure) }
        (chat.isAnswering, chat.used) = (false, now)
        chats[token] = chat
    }

    /// A chat of a tenant's; nil where there is none, or an answer is being written.
    mutating func chat(_ token: String, tenant: String, at now: Duration) -> Chat? {
        forget(at: now)
        guard let chat = chats[token], chat.tenant == tenant, !chat.isAnswering else { return nil }
        return chat
    }

    mutating func forget(_ token: String) { chats[token] = nil }

    private mutating func forget(at now: Duration) { chats = chats.filter { $0.value.isAnswering || now - $0.value.used < life } }

    static let unknown = CallRefusal(status: 404, code: "session.unknown", message: "no chat has this token")
}
