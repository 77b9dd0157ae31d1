/// What was said in one conversation: turns of a caller's words and the agent's reply, oldest first.
///
/// A reply goes into what a language model is told only as far as the caller heard it. Late news about a turn that is no
/// longer kept is ignored.
package struct History: Sendable, Equatable {
    /// How much is kept. Whole turns go, oldest first; the newest turn always stays.
    package struct Limits: Sendable, Equatable {
        /// Most turns; at least 1.
        package var turns: Int
        /// Most estimated tokens over all turns; at least 1.
        package var tokens: Int

        package init(turns: Int = 40, tokens: Int = 6000) { (self.turns, self.tokens) = (max(1, turns), max(1, tokens)) }
    }

    /// The agent's side of a turn.
    package struct Reply: Sendable, Equatable {
        /// As the language model wrote it, so far.
        package fileprivate(set) var generated = ""
        /// As the caller heard it; nil until ``History/setHeard(turn:text:interrupted:)``.
        package fileprivate(set) var heard: String?
        /// Whether the caller cut it short.
        package fileprivate(set) var interrupted = false
        /// Error code, where the reply failed.
        package fileprivate(set) var failure: String?
    }

    /// One caller's utterance and its reply. A greeting is a turn without caller's words.
    ///
    /// What stands beside the turns has numbers below zero and a name: a reply of its own, or a message that was put there.
    package struct Turn: Sendable, Equatable {
        package let number: Int
        package fileprivate(set) var user = ""
        package fileprivate(set) var reply: Reply?
        package fileprivate(set) var name: String?
        package fileprivate(set) var message: ChatMessage?

        fileprivate init(number: Int, name: String? = nil) { (self.number, self.name) = (number, name) }

        var tokens: Int {
            let reply = reply.map { TokenEstimate.tokens(in: $0.heard ?? $0.generated) + 4 } ?? 0
            let message = message.map { message in
                message.calls.reduce(TokenEstimate.tokens(in: message.content) + 4) { $0 + TokenEstimate.tokens(in: $1.name + $1.arguments) }
            }
            return (user.isEmpty ? 0 : TokenEstimate.tokens(in: user) + 4) + reply + (message ?? 0)
        }
    }

    package let language: Language
    package let limits: Limits
    package private(set) var turns: [Turn] = []
    private var newest = Int.min
    private var lowest = 0

    package init(language: Language, limits: Limits = Limits()) { (self.language, self.limits) = (language, limits) }

    /// Adds the caller's words to a turn and makes the turn if it is new; further words of the same turn are joined on.
    ///
    /// Turn numbers rise; words for an older turn that is not kept are ignored, and so is blank text.
    package mutating func addUser(turn: Int, text: String) {
        let text = Self.trimmed(text)
        guard !text.isEmpty, let index = open(turn) else { return }
        turns[index].user = Self.join(turns[index].user, text)
        trim()
    }

    /// Begins the reply of a turn, and makes the turn if it is new: a greeting has no caller's words. What an earlier reply
    /// of the same turn said is forgotten.
    package mutating func beginReply(turn: Int) {
        guard let index = open(turn) else { return }
        turns[index].reply = Reply()
        trim()
    }

    /// Adds text as the language model writes it.
    package mutating func appendGenerated(turn: Int, _ text: String) { change(turn) { $0.generated += text } }

    /// Sets what the caller has heard of the reply; the last call counts.
    package mutating func setHeard(turn: Int, text: String, interrupted: Bool) {
        change(turn) { ($0.heard, $0.interrupted) = (Self.trimmed(text), interrupted) }
        trim()
    }

    /// Notes that the reply failed; what was heard before stays.
    package mutating func fail(turn: Int, code: String) { change(turn) { $0.failure = code } }

    /// Forgets a turn's reply and keeps the caller's words: a reply begun too early.
    package mutating func dropReply(turn: Int) {
        if let index = index(of: turn) { turns[index].reply = nil }
    }

    /// Forgets a whole turn: it turned out to be none.
    package mutating func drop(turn: Int) {
        if let index = index(of: turn) { turns.remove(at: index) }
    }

    // MARK: what stands beside the turns

    /// Where something is put.
    package enum Place: Sendable, Equatable {
        case last, first
        /// After what has this name.
        case after(String)
    }

    /// The name of a caller's turn.
    package static func name(ofTurn number: Int) -> String { "turn:\(number)" }

    /// Puts a message beside the turns, or changes the one of this name where it stands.
    ///
    /// - Returns: Whether it stands there: false where the place is not known.
    @discardableResult package mutating func put(_ message: ChatMessage, name: String, at place: Place = .last) -> Bool {
        if let index = index(named: name) {
            turns[index].message = message
            return true
        }
        guard let index = self.index(of: place) else { return false }
        turns.insert(beside(name), at: index)
        turns[index].message = message
        trim()
        return true
    }

    /// Begins a reply that belongs to no turn.
    ///
    /// - Returns: The number by which it goes in what is told of it.
    package mutating func beginReply(named name: String) -> Int {
        var turn = beside(name)
        turn.reply = Reply()
        turns.append(turn)
        trim()
        return turn.number
    }

    /// Forgets what has this name: a caller's turn, a reply of its own, a message.
    ///
    /// - Returns: Whether there was such a thing.
    @discardableResult package mutating func remove(named name: String) -> Bool {
        guard let index = index(named: name) else { return false }
        turns.remove(at: index)
        return true
    }

    private mutating func beside(_ name: String) -> Turn {
        lowest -= 1
        return Turn(number: lowest, name: name)
    }

    private func index(named name: String) -> Int? {
        turns.lastIndex { $0.name == name || $0.name == nil && Self.name(ofTurn: $0.number) == name }
    }

    private func index(of place: Place) -> Int? {
        switch place {
        case .last: turns.count
        case .first: 0
        case .after(let name): index(named: name).map { $0 + 1 }
        }
    }

    /// Estimated tokens of all turns kept.
    package var estimatedTokens: Int { turns.reduce(0) { $0 + $1.tokens } }

    private func index(of turn: Int) -> Int? { turns.lastIndex { $0.number == turn } }

    private mutating func open(_ turn: Int) -> Int? {
        if let index = index(of: turn) { return index }
        guard turn > newest else { return nil }
        newest = turn
        turns.append(Turn(number: turn))
        return turns.count - 1
    }

    private mutating func change(_ turn: Int, _ body: (inout Reply) -> Void) {
        guard let index = index(of: turn), var reply = turns[index].reply else { return }
        turns[index].reply = nil  // so that the text is not copied
        body(&reply)
        turns[index].reply = reply
    }

    private mutating func trim() {
        var excess = estimatedTokens - limits.tokens
        var gone = max(0, turns.count - limits.turns)
        for turn in turns.prefix(gone) { excess -= turn.tokens }
        while excess > 0, gone < turns.count - 1 {
            excess -= turns[gone].tokens
            gone += 1
        }
        turns.removeFirst(gone)
    }
}
