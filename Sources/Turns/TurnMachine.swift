/// Decides whose turn it is: when the caller's turn ends, when the agent speaks, holds and gives way.
///
/// The machine is a value: it never waits, reads no clock and does no IO. It asks for timers with
/// ``TurnAction/startTimer(_:after:)`` and is told of them with ``TurnEvent/timer(_:)``; a timer, an answer or a reply
/// that is no longer wanted is not taken back but ignored when it comes, because its token is no longer current.
///
/// Every pair of state and event is decided; each event has one method, and each method a `switch` without a default.
package struct TurnMachine: Sendable {
    package enum State: Equatable, Sendable {
        /// The session has not begun.
        case fresh
        /// Nobody speaks. `idle` runs until the agent asks whether the caller is still there; nil while it need not.
        case listening(idle: Token?)
        /// The caller speaks or pauses.
        case hearing(Hearing)
        /// The caller's turn is over and its words are awaited.
        case recognizing(Recognizing)
        /// The agent prepares or speaks.
        case answering(Answering)
        /// The session is over. Nothing leaves this state.
        case ended
    }

    /// A caller's utterance under way.
    package struct Hearing: Equatable, Sendable {
        /// Voiced time of the current run of voice.
        package var voiced: Duration
        package var pause: Pause?
    }

    /// A silence that may end the turn.
    package struct Pause: Equatable, Sendable {
        /// When the last voiced sound ended.
        package var since: Instant
        /// The timer that ends the turn.
        package var deadline: Token
        /// The timer for the next question to the end-of-turn model, and how many were asked.
        package var askTimer: Token?
        package var asked = 0
        /// The question that is out.
        package var ask: Token?
        /// What is known about whether the turn is over.
        package var evidence: EndEvidence
        /// Recognition of what was said up to here: under way, and its result.
        package var recognition: Token?
        package var transcript: String?
        /// A reply begun on the likely end; nothing of it is heard before the turn is committed.
        package var draft: Token?
        /// A sound has begun that may be the caller going on.
        package var isStirring = false
        /// Until when the end, which is due, waits for what becomes of that sound; nil while it is not due.
        package var stirLimit: Instant?
    }

    package struct Recognizing: Equatable, Sendable {
        package var recognition: Token
        package var limit: Token
        package var voiced: Duration
        package var retries: Int
        /// The utterance's audio was taken in mid-voice; what is kept since belongs to the next one.
        package var isTaken = false
        /// The silence that ended the turn before its words were known; they may still say that it was too short.
        package var pause: Pause?
    }

    package struct Answering: Equatable, Sendable {
        package enum Phase: Equatable, Sendable {
            /// Nothing of the reply has been heard; `limit` ends the wait.
            case preparing(limit: Token)
            case speaking
        }

        package var reply: Token
        /// Nil for an answer to the caller.
        package var line: Line?
        package var phase: Phase
        /// When the first of the reply went out to be heard; nil before.
        package var audibleSince: Instant?
        /// A sound of the caller's of which it is open whether it is an interruption.
        package var interjection: Interjection?
        /// What the caller says beside a reply that may not be interrupted, where it is to be kept.
        package var aside: Aside?
        /// How often it was held for nothing.
        package var falseStarts = 0
        /// How many sounds ended with the agent's own when it was held for them, as its echo does.
        package var echoes = 0
        /// Whether a sentence is being said that may not be interrupted, and whether the reply is nearly over.
        package var isProtected = false
        package var isEnding = false
        /// Runs until a filler is said.
        package var filler: Token?
        /// When the last voiced sound of the turn it answers ended; nil for the agent's own lines and for answers asked for by hand.
        package var silentSince: Instant?

        /// Whether the agent's audio waits for a verdict on the caller's sound.
        package var isHeld: Bool { interjection?.isHeld ?? false }
    }

    /// An utterance begun during a reply that is finished first.
    package struct Aside: Equatable, Sendable {
        package var voiced: Duration
        package var silentSince: Instant?
    }

    package internal(set) var state = State.fresh
    /// Number of the caller's current or last turn, from 1; 0 before the first.
    package internal(set) var turn = 0
    package private(set) var settings: TurnSettings
    /// The caller's last committed words have not been answered because they went on speaking.
    var isUnanswered = false
    /// An answer has been asked for while the caller's words are awaited.
    var isAsked = false
    /// The voice being heard has cut an answer short.
    var hasCutShort = false
    /// What the agent asked for last.
    var expectation = Expectation.nothing
    /// How this caller pauses, learnt in the call.
    var pace = CallerPace()
    var idlePrompts = 0
    var reprompts = 0
    var isDraining = false
    /// The last answer was preceded by a filler.
    var hasFilled = false
    private var lastToken: UInt64 = 0
    /// Why the last event led to what it led to, in order; empty for most.
    package internal(set) var reasons: [TurnReason] = []

    package init(_ settings: TurnSettings = TurnSettings()) { self.settings = settings }

    /// Takes turns otherwise from now on; what is under way goes on as it was decided.
    package mutating func change(_ settings: TurnSettings) { self.settings = settings }

    /// Takes one event and says what to do about it, in order.
    ///
    /// - Parameter now: When the event happened; never earlier than that of the event before.
    package mutating func handle(_ event: TurnEvent, at now: Instant) -> [TurnAction] {
        if !reasons.isEmpty { reasons.removeAll(keepingCapacity: true) }
        return switch event {
        case .started: started()
        case .voice(let voice): handle(voice, at: now)
        case .timer(let token): timer(token, at: now)
        case .endOfTurn(let token, let probability): endOfTurn(token, probability, at: now)
        case .transcript(let token, let text): transcript(token, text, at: now)
        case .recognitionFailed(let token): recognitionFailed(token)
        case .overheard(let token, let words): overheard(token, words, at: now)
        case .replyAudible(let token): replyAudible(token, at: now)
        case .replyProtected(let token, let isProtected): replyProtected(token, isProtected, at: now)
        case .replyEnding(let token): replyEnding(token)
        case .replyFinished(let token): replyFinished(token, at: now)
        case .replyFailed(let token): replyFailed(token, at: now)
        case .agentSaid(let text): agentSaid(text)
        case .typed(let text): typed(text)
        case .respond: respond()
        case .commit(let ending): commitByHand(ending)
        case .cancelReply: cancelledByHand(at: now)
        case .drain: drain()
        case .hangUp(let reason): end(reason)
        }
    }

    /// The caller takes the turn.
    mutating func beginTurn() -> TurnAction {
        turn += 1
        idlePrompts = 0
        pace.turnBegan()
        return .turnBegan(turn)
    }

    mutating func token() -> Token {
        lastToken += 1
        return Token(lastToken)
    }

    /// Nobody speaks any more.
    mutating func listen() -> [TurnAction] {
        if isDraining { return close("draining") }
        let idle = token()
        state = .listening(idle: idle)
        return [.startTimer(idle, after: settings.idle)]
    }

    /// Begins to say one of the agent's fixed lines.
    mutating func say(_ line: Line, because why: String, aside: Aside? = nil) -> [TurnAction] {
        reasons.append(.line(line, why: why))
        let reply = token()
        let limit = token()
        state = .answering(Answering(reply: reply, line: line, phase: .preparing(limit: limit), aside: aside))
        return [.say(reply, line), .startTimer(limit, after: settings.replyLimit)]
    }

    /// Begins to answer everything the caller has said since the last answer.
    ///
    /// - Parameter silentSince: When the last voiced sound of the caller's turn ended, where its end has just been found.
    mutating func answer(silentSince: Instant? = nil) -> [TurnAction] {
        let reply = token()
        let limit = token()
        let filler = startFiller()
        (isUnanswered, isAsked) = (true, false)
        state = .answering(
            Answering(reply: reply, line: nil, phase: .preparing(limit: limit), filler: filler.token, silentSince: silentSince))
        return [.startReply(reply), .startTimer(limit, after: settings.replyLimit)] + filler.actions
    }

    /// The session is over and nothing is under way.
    mutating func close(_ reason: String) -> [TurnAction] {
        state = .ended
        return [.close(reason)]
    }

    mutating func end(_ reason: String) -> [TurnAction] {
        switch state {
        case .ended: return []
        case .fresh, .listening: return close(reason)
        case .hearing(let hearing):
            state = .ended
            return abandon(hearing.pause) + [.dropUtterance, .close(reason)]
        case .recognizing(let recognizing):
            state = .ended
            return [.cancelRecognition(recognizing.recognition), .dropUtterance, .close(reason)]
        case .answering(let answering):
            state = .ended
            return [stop(answering), .close(reason)]
        }
    }

    /// How a reply ends before its time: what was heard counts, what was not is forgotten.
    func stop(_ answering: Answering) -> TurnAction {
        switch answering.phase {
        case .preparing: .cancelReply(answering.reply)
        case .speaking: .interrupt(answering.reply)
        }
    }

    /// Gives up what was begun on a likely end.
    func abandon(_ pause: Pause?) -> [TurnAction] {
        guard let pause else { return [] }
        var actions: [TurnAction] = []
        if let recognition = pause.recognition { actions.append(.cancelRecognition(recognition)) }
        if let draft = pause.draft { actions.append(.cancelReply(draft)) }
        return actions
    }
}
