package import Dialogue
internal import Engines
package import Turns
internal import Wire

/// One call as a value: takes what happens in order and says what is to be done. No clock, no IO, no engine.
///
/// ``TurnMachine`` decides whose turn it is; this type keeps what belongs to those decisions: the history, the reply on its
/// way from text to packets, what was heard of it, and the record of each turn. The same events at the same times give the
/// same effects, which is what makes a recorded call repeatable.
package struct Conversation {
    /// As it began, and as the client has changed it since.
    package internal(set) var plan: CallPlan
    package internal(set) var history: History
    var turns: TurnMachine
    var reply: Reply?
    /// A reply begun on a likely end, beside no other.
    var draft: Reply?
    /// Interrupted replies whose client has not said yet what it played.
    var flushing: [Flushing] = []
    var epoch: UInt16 = 0
    /// Of the next packet to go out.
    var sequence: UInt32 = 0
    /// Media time of the next packet, in 1/48000 s.
    var mediaTime: UInt32 = 0
    var isPacing = false
    var isAttached = true
    var losses = 0
    var isMuted = false
    var isEnded = false
    private var isDraining = false
    /// The look at unfinished words that is under way, and the number of the last.
    var look: Look?
    var partials = 0
    var onset = Instant.zero
    var isVoiceAnnounced = false
    var fillersSaid = 0
    var lastVoice = Instant.zero
    var clock: TurnClock?
    /// When the caller's turn was taken to be over, while its words are awaited.
    var decided: Instant?
    /// Typed turns that may come at once, and when that was counted.
    var typing = (left: 5.0, at: Instant.zero)
    var shownState: ServerEvent.State?
    var shownTurn = 0
    var effects: [ConversationEffect] = []
    /// Why the last event led to what it led to; empty for most.
    package private(set) var reasons: [TurnReason] = []
    let ear: EarText

    // Where the client directs the agent
    let agentTurns: TurnSettings
    let agentGate: VoiceGate.Settings
    /// Whether the agent's instructions are the client's.
    var isInstructed = false
    /// What was asked for and waits to be answered.
    var wanted: ReplyRequest?
    /// What was asked for beside it, and waits until nobody speaks; oldest first.
    var waiting: [ReplyRequest] = []
    /// What is being gathered, and what was taken and is being written down, in order.
    var open = Taking()
    var takings: [Taking] = []
    /// Replies that stand beside the conversation and are not spoken.
    var beside: [Token: Reply] = [:]
    /// Spoken replies that are over, newest last.
    var pastReplies: [Reply] = []
    var ownTokens: UInt64 = 0

    /// A reply that was cut short; its account is closed when the client answers the flush, or soon after.
    struct Flushing {
        var reply: Reply
        var estimate: Duration
        var heardBy: String
        var clock: TurnClock?
        var reason: ServerEvent.FinishReason
    }

    /// One look at what the caller is saying: over the agent to answer a question of the turn machine's, else for captions.
    struct Look {
        var number: Int
        var question: Token?
    }

    package init(plan: CallPlan) {
        self.plan = plan
        history = plan.memory ?? History(language: plan.language, limits: plan.history)
        turns = TurnMachine(plan.turns)
        ear = EarText(language: plan.language)
        (agentTurns, agentGate) = (plan.turns, plan.gate)
    }

    package var state: TurnMachine.State { turns.state }
    package var hasEnded: Bool { isEnded }

    /// Takes one event.
    ///
    /// - Parameter now: When it happened; never earlier than that of the event before.
    /// - Returns: What to do, in this order. Empty, without an allocation, when nothing is to be done.
    package mutating func handle(_ event: ConversationEvent, at now: Instant) -> [ConversationEffect] {
        guard !isEnded else { return [] }
        if !reasons.isEmpty { reasons.removeAll(keepingCapacity: true) }
        switch event {
        case .opened:
            effects.append(.startTimer(.session, after: plan.limits.session))
            turn(.started, at: now)
        case .voice(let voice): heard(voice, at: now)
        case .utteranceFull: if plan.takesTurns { turn(.commit(.length), at: now) } else { takePiece() }
        case .timer(let name): timer(name, at: now)
        case .endOfTurn(let token, let result): turn(.endOfTurn(token, try? result.get()), at: now)
        case .transcript(let token, let result): transcript(token, result, at: now)
        case .partial(let number, let result): partial(number, result, at: now)
        case .replyText(let token, let piece): text(piece, of: token, at: now)
        case .replyCall(let token, let piece): called(piece, of: token, at: now)
        case .replyEnded(let token, let result): textEnded(token, result, at: now)
        case .speech(let token, let sentence, let packets, let levels, let words): speech(token, sentence, packets, levels, words, at: now)
        case .speechEnded(let token, let sentence, let result): speechEnded(token, sentence, result, at: now)
        case .tick: pace(at: now)
        case .client(let event): client(event, at: now)
        case .transportLost: transportLost(at: now)
        case .transportBack: transportBack(at: now)
        case .drain(let within): drain(within: within, at: now)
        case .hangUp(let reason): turn(.hangUp(reason), at: now)
        }
        if !waiting.isEmpty { startWaiting(at: now) }
        showState()
        defer { effects.removeAll() }
        return effects
    }

    /// Hands an event to the turn machine and carries out what it decides.
    mutating func turn(_ event: TurnEvent, at now: Instant) {
        let actions = turns.handle(event, at: now)
        // Carrying them out may make the machine decide again.
        if !turns.reasons.isEmpty { reasons += turns.reasons }
        if let question = look?.question, question != turns.awaitedWords { cancelLook() }
        for action in actions { carryOut(action, at: now) }
        switch turns.state {
        case .recognizing: decided = decided ?? now
        case .fresh, .listening, .hearing, .answering, .ended: decided = nil
        }
    }

    mutating func send(_ event: ServerEvent) { effects.append(.send(event)) }

    private mutating func showState() {
        guard !isEnded else { return }
        let state: ServerEvent.State =
            switch turns.state {
            case .fresh, .listening, .ended: .listening
            case .hearing: .hearing
            case .recognizing: .thinking
            case .answering(let answering): answering.phase == .speaking ? .speaking : .thinking
            }
        guard state != shownState || turns.turn != shownTurn else { return }
        (shownState, shownTurn) = (state, turns.turn)
        send(.state(state, turn: turns.turn))
    }

    private mutating func heard(_ voice: VoiceEvent, at now: Instant) {
        guard plan.takesTurns || voice.isSilence else { return }
        switch voice {
        // The first window of a call may have begun before it.
        case .onset(let at, _): onset = max(at, .zero)
        case .likely: break
        case .voiced: announceVoice(at: now)
        case .resumed(let at):
            onset = max(at, .zero)
            announceVoice(at: now)
        case .silence(let since):
            lastVoice = since
            isVoiceAnnounced = false
            send(.speechStopped(at: since.sinceStart))
        case .falseOnset, .stirred, .stilled: break
        }
        turn(.voice(voice), at: now)
    }

    private mutating func announceVoice(at now: Instant) {
        lastVoice = now
        isMuted = false  // whoever is heard is not muted
        guard !isVoiceAnnounced else { return }
        isVoiceAnnounced = true
        send(.speechStarted(at: onset.sinceStart))
    }

    private mutating func timer(_ name: TimerName, at now: Instant) {
        switch name {
        case .turn(let token): turnTimer(token, at: now)
        case .partial(let number): lookAtPartial(number)
        case .flush(let epoch): settle(epoch, played: nil)
        case .session: turn(.hangUp("session_limit"), at: now)
        case .grace(let loss):
            if !isAttached, loss == losses { turn(.hangUp("connection_lost"), at: now) }
        case .take(let token): takingTimedOut(token, at: now)
        case .beside(let token): besideTimedOut(token)
        }
    }

    /// What nobody can hear or say is not waited for: such a limit begins anew.
    private mutating func turnTimer(_ token: Token, at now: Instant) {
        switch turns.state {
        case .listening(idle: token) where isMuted || !isAttached:
            return effects.append(.startTimer(.turn(token), after: plan.turns.idle))
        case .answering(let answering) where answering.phase == .preparing(limit: token):
            guard isAttached else { return effects.append(.startTimer(.turn(token), after: plan.turns.replyLimit)) }
            reply?.failure = EngineError(.timeout, "nothing of the reply could be heard in time")
        case .fresh, .listening, .hearing, .recognizing, .answering, .ended: break
        }
        turn(.timer(token), at: now)
    }

    private mutating func transcript(_ token: Token, _ result: Result<Transcript, EngineError>, at now: Instant) {
        if takenWords(token, result, at: now) { return }
        switch result {
        case .success(let transcript):
            clock?.transcript = now
            pendingTranscript = now
            turn(.transcript(token, transcript.text), at: now)
        case .failure(let error):
            report(error)
            turn(.recognitionFailed(token), at: now)
        }
    }

    /// When the last transcript came, for the record of a turn that is committed later.
    var pendingTranscript: Instant?

    /// Tells the client of an engine's failure.
    mutating func report(_ error: EngineError) { send(.error(WireError(error.code.rawValue, error.detail))) }

    private mutating func client(_ event: ClientEvent, at now: Instant) {
        switch event {
        case .start: send(.error(WireError(WireError.alreadyStarted, "the session has begun")))
        case .playout(let epoch, let milliseconds):
            if reply?.epoch == epoch, reply?.isAudible == true { reply?.playout.note(report: .milliseconds(milliseconds), at: now) }
        case .flushed(let epoch, let milliseconds): settle(epoch, played: .milliseconds(milliseconds))
        case .text(let text): typed(text, at: now)
        case .commit: turn(.commit(.hand), at: now)
        case .mute(let isMuted):
            self.isMuted = isMuted
            effects.append(.mute(isMuted))
        case .cancelReply:
            if let wanted { refuse(wanted, "reply.cancelled") }
            wanted = nil
            turn(.cancelReply, at: now)
        case .ping(let number): send(.pong(number))
        case .end: turn(.hangUp("caller"), at: now)
        case .direct(let direction): direct(direction, at: now)
        }
    }

    /// Each typed turn starts an answer that somebody pays for, so they have a pace.
    private mutating func typed(_ text: String, at now: Instant) {
        typing = (min(5, typing.left + (now - typing.at) / .seconds(2)), now)
        guard typing.left >= 1 else { return send(.error(WireError(WireError.rateLimited, "typed turns come too fast; this one is dropped"))) }
        typing.left -= 1
        lastVoice = now
        turn(.typed(text), at: now)
    }

    private mutating func drain(within: Duration, at now: Instant) {
        isDraining = true
        send(.ending(reason: "draining", within: within))
        // A server that takes no calls cannot be come back to.
        guard isAttached else { return turn(.hangUp("draining"), at: now) }
        // The sentence that is being said is finished; those that were not begun are not. Its work goes on, since to end it would end that
        // sentence too; what the model still writes is dropped. An answer of which nothing was heard yet is given whole.
        if reply?.isAudible == true {
            reply?.waiting.removeAll()
            reply?.isTextComplete = true
        }
        turn(.drain, at: now)
    }

    private mutating func transportLost(at now: Instant) {
        isAttached = false
        losses += 1
        reply?.playout.stop(at: now)
        tellSoundStops()
        guard !isDraining else { return turn(.hangUp("draining"), at: now) }
        effects.append(.startTimer(.grace(losses), after: plan.limits.grace))
    }

    private mutating func transportBack(at now: Instant) {
        isAttached = true
        reply?.playout.rewind(at: now)
        if !isHeld { reply?.playout.resume(at: now) }
        if isPacing { effects.append(.startPacing) }
        shownState = nil
    }

    /// Whether the agent's sound waits for a verdict on the caller's.
    var isHeld: Bool {
        if case .answering(let answering) = turns.state { answering.isHeld } else { false }
    }
}

extension VoiceEvent {
    fileprivate var isSilence: Bool { if case .silence = self { true } else { false } }
}
