/// Names one timer, question, recognition or reply; never used twice in a session.
package struct Token: Hashable, Sendable, Comparable {
    package let number: UInt64

    package init(_ number: UInt64) { self.number = number }

    package static func < (a: Token, b: Token) -> Bool { a.number < b.number }
}

/// What the agent says without being asked; the texts are the agent's own.
package enum Line: String, Sendable, Codable, CaseIterable {
    case greeting
    /// An engine failed.
    case failure
    /// The caller has been silent for long.
    case idle
    case farewell
    /// Nothing that was said could be understood.
    case reprompt
}

/// What happened.
package enum TurnEvent: Equatable, Sendable {
    /// The session began.
    case started
    case voice(VoiceEvent)
    case timer(Token)
    /// The end-of-turn model's answer, 0...1; nil when it has none to give.
    case endOfTurn(Token, Float?)
    /// The words of an utterance; empty when there were none.
    case transcript(Token, String)
    case recognitionFailed(Token)
    /// The words so far over the agent; nil where they cannot be had.
    case overheard(Token, Overheard?)
    /// The first packet of a reply goes out.
    case replyAudible(Token)
    /// A sentence of the reply that is to be said to its end begins, or is over.
    case replyProtected(Token, Bool)
    /// Nearly all of a reply has been heard.
    case replyEnding(Token)
    /// The caller has heard all of a reply.
    case replyFinished(Token)
    /// What the caller has heard the agent say last: what it asks for is waited for.
    case agentSaid(String)
    /// A reply broke; what was made of it before has been played.
    case replyFailed(Token)
    /// The caller typed a turn.
    case typed(String)
    /// The agent is to answer now, whatever was said; where a turn is being heard or written down, it is part of that.
    case respond
    /// The turn is over without a silence that ends it.
    case commit(TurnReason.Ending)
    /// The caller stops the agent by hand.
    case cancelReply
    /// Finish what was begun, then close.
    case drain
    /// The session ends now.
    case hangUp(String)
}

/// What to do about it.
package enum TurnAction: Equatable, Sendable {
    case startTimer(Token, after: Duration)
    /// The caller has taken the turn of this number.
    case turnBegan(Int)
    /// Ask the end-of-turn model about the utterance so far.
    case askEndOfTurn(Token)
    /// Write down the utterance so far.
    case recognize(Token)
    case cancelRecognition(Token)
    /// Look at the words so far over the agent. Forgotten once ``TurnMachine/awaitedWords`` is another.
    case overhear(Token)
    /// The caller said this; it goes into the history.
    case commit(turn: Int, text: String)
    /// An utterance came to nothing.
    case ignore(turn: Int, reason: String)
    /// The audio kept for the utterance is no longer needed.
    case dropUtterance
    /// Answer this text as if it were committed, without letting anything be heard.
    case startDraft(Token, text: String)
    /// A draft has become the reply.
    case releaseReply(Token)
    /// Answer what was committed.
    case startReply(Token)
    case say(Token, Line)
    /// Say a filler ahead of a reply that is slow to come.
    case fill(Token)
    /// Forget a reply of which nothing was heard.
    case cancelReply(Token)
    /// Stop the sound of a reply, keep everything.
    case hold(Token)
    /// Go on with a held reply.
    case resume(Token)
    /// The caller took the turn: flush, cancel, keep only what was heard.
    case interrupt(Token)
    case close(String)
}
