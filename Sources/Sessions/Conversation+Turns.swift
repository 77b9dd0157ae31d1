internal import Dialogue
internal import Engines
internal import Turns
internal import Wire

extension Conversation {
    mutating func carryOut(_ action: TurnAction, at now: Instant) {
        switch action {
        case .startTimer(let token, let after): effects.append(.startTimer(.turn(token), after: after))
        case .turnBegan: beginPartials()
        case .askEndOfTurn(let token): effects.append(.askEndOfTurn(token))
        case .recognize(let token): effects.append(.recognize(token))
        case .cancelRecognition(let token): effects.append(.cancelRecognition(token))
        case .overhear(let token): overhear(token)
        case .commit(let turn, let text): commit(turn, text, at: now)
        case .ignore(let turn, let reason): ignore(turn, reason, at: now)
        case .dropUtterance:
            isVoiceAnnounced = false
            if look?.question == nil { cancelLook() }
            effects.append(.dropUtterance)
        case .startDraft(let token, let text): startDraft(token, text)
        case .releaseReply(let token): release(token, at: now)
        case .startReply(let token): startAnswer(token, at: now)
        case .fill(let token): fill(token)
        case .say(let token, let line): say(line, token, at: now)
        case .cancelReply(let token): cancel(token, at: now)
        case .hold(let token): hold(token, at: now)
        case .resume(let token): resume(token, at: now)
        case .interrupt(let token): interrupt(token, at: now)
        case .close(let reason): close(reason, at: now)
        }
    }

    private mutating func commit(_ turn: Int, _ text: String, at now: Instant) {
        history.addUser(turn: turn, text: text)
        clock = TurnClock(lastVoice: min(lastVoice, now))
        clock?.committed = decided ?? now
        clock?.transcript = pendingTranscript
        pendingTranscript = nil
        send(.userFinal(turn: turn, text: text))
    }

    private mutating func ignore(_ turn: Int, _ reason: String, at now: Instant) {
        var clock = TurnClock(lastVoice: min(lastVoice, now))
        clock.committed = decided ?? now
        clock.transcript = pendingTranscript
        send(.metrics(clock.metrics(turn: turn, outcome: .ignored, cause: reason, heardBy: "server")))
        pendingTranscript = nil
    }

    private mutating func close(_ reason: String, at now: Instant) {
        if isPacing { stopPacing() }
        settleAll()
        send(.ended(reason: reason))
        isEnded = true
        effects.append(.close(code: reason == "draining" ? 1001 : 1000, reason: reason))
    }

    // MARK: what the caller is saying

    mutating func beginPartials() {
        guard let every = plan.partialEvery else { return }
        partials += 1
        effects.append(.startTimer(.partial(partials), after: every))
    }

    /// A turn that is being recognised or answered may still go on.
    private mutating func waitForMore() {
        switch turns.state {
        case .recognizing: beginPartials()
        case .answering(let answering) where answering.phase != .speaking && answering.line == nil: beginPartials()
        case .fresh, .listening, .hearing, .answering, .ended: break
        }
    }

    mutating func lookAtPartial(_ number: Int) {
        guard number == partials else { return }
        guard case .hearing(let hearing) = turns.state else { return waitForMore() }
        // In a pause the whole utterance is being recognised anyway.
        if hearing.pause == nil {
            cancelLook()
            look = Look(number: number)
            effects.append(.recognizePartial(number))
        } else {
            beginPartials()
        }
    }

    /// Looks at the words over the agent. The machine asks for one answer at a time.
    private mutating func overhear(_ question: Token) {
        cancelLook()
        partials += 1
        look = Look(number: partials, question: question)
        effects.append(.recognizePartial(partials))
    }

    /// Ends the look that is under way, so that never two of them are.
    mutating func cancelLook() {
        guard let look else { return }
        self.look = nil
        effects.append(.cancelPartial(look.number))
    }

    mutating func partial(_ number: Int, _ result: Result<Transcript, EngineError>, at now: Instant) {
        guard let look, look.number == number else { return }
        self.look = nil
        if let question = look.question { return overheard(question, result, at: now) }
        guard case .hearing = turns.state else { return waitForMore() }
        if case .success(let transcript) = result, !transcript.text.isEmpty {
            send(.userPartial(turn: turns.turn, text: transcript.text))
        }
        beginPartials()
    }

    /// How far the moments of the agent's words may be off, and how much of them may be on its way when the sound is held.
    private static let wordSlack = Duration.milliseconds(700)

    private mutating func overheard(_ question: Token, _ result: Result<Transcript, EngineError>, at now: Instant) {
        let words = (try? result.get()).map { transcript in
            Overheard(
                text: transcript.text, confidence: transcript.confidence,
                agent: reply.map { $0.heard($0.playout.heard(at: now) + Self.wordSlack) } ?? "")
        }
        turn(.overheard(question, words), at: now)
    }
}
