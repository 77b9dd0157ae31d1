extension TurnMachine {
    mutating func timer(_ token: Token, at now: Instant) -> [TurnAction] {
        switch state {
        case .fresh, .ended: return []
        case .listening(let idle):
            guard token == idle else { return [] }
            idlePrompts += 1
            return idlePrompts > settings.idlePrompts
                ? say(.farewell, because: "nobody answered \(settings.idlePrompts) questions") : say(.idle, because: "silence of both sides")
        case .hearing(let hearing):
            guard let pause = hearing.pause else { return [] }
            if token == pause.deadline { return letStir(hearing, pause, at: now) ?? commit(hearing, .silence, at: now) }
            if token == pause.askTimer { return ask(hearing, pause, at: now) }
            return []
        case .recognizing(let recognizing):
            guard token == recognizing.limit else { return [] }
            return [.cancelRecognition(recognizing.recognition)] + giveUp(recognizing, reason: "recognition_timeout")
        case .answering(let answering):
            if let sound = answering.interjection, let actions = timer(token, of: sound, over: answering, at: now) { return actions }
            if let actions = fill(token, answering) { return actions }
            guard answering.phase == .preparing(limit: token) else { return [] }
            return [.cancelReply(answering.reply)] + replyBroke(answering, at: now)
        }
    }

    /// A sound has begun in the pause, too short yet for speech that goes on.
    mutating func stirred() -> [TurnAction] {
        switch state {
        case .fresh, .listening, .answering, .ended: break
        case .hearing(var hearing):
            hearing.pause?.isStirring = true
            state = .hearing(hearing)
        case .recognizing(var recognizing):
            recognizing.pause?.isStirring = true
            state = .recognizing(recognizing)
        }
        return []
    }

    /// The sound in the pause came to nothing: an end that waited for it comes now, unless more has become known meanwhile.
    mutating func stilled(at now: Instant) -> [TurnAction] {
        switch state {
        case .fresh, .listening, .answering, .ended: return []
        case .hearing(var hearing):
            guard var pause = hearing.pause else { return [] }
            let isDue = pause.stirLimit != nil && pause.since + settings.endpointing.wait(pause.evidence) <= now
            let actions = pause.stirLimit == nil || isDue ? [] : [wait(&pause, at: now)]
            (pause.isStirring, pause.stirLimit) = (false, nil)
            hearing.pause = pause
            state = .hearing(hearing)
            return isDue ? commit(hearing, .silence, at: now) : actions
        case .recognizing(var recognizing):
            recognizing.pause?.isStirring = false
            state = .recognizing(recognizing)
            return []
        }
    }

    /// Nobody is cut short who can be heard to go on: an end that is due waits for what becomes of a sound that has begun. Nil where none has,
    /// or none that came to anything in time.
    private mutating func letStir(_ hearing: Hearing, _ pause: Pause, at now: Instant) -> [TurnAction]? {
        guard pause.isStirring else { return nil }
        var (hearing, pause) = (hearing, pause)
        let limit = pause.stirLimit ?? now + TurnSettings.stirring
        guard now < limit else { return nil }
        if pause.stirLimit == nil { reasons.append(.stirs(turn: turn)) }
        pause.stirLimit = limit
        pause.deadline = token()
        hearing.pause = pause
        state = .hearing(hearing)
        return [.startTimer(pause.deadline, after: limit - now)]
    }

    private mutating func ask(_ hearing: Hearing, _ pause: Pause, at now: Instant) -> [TurnAction] {
        var (hearing, pause) = (hearing, pause)
        let question = token()
        pause.ask = question
        pause.asked += 1
        pause.askTimer = nil
        var actions = [TurnAction.askEndOfTurn(question)]
        if pause.recognition == nil, pause.transcript == nil {
            let recognition = token()
            pause.recognition = recognition
            actions.append(.recognize(recognition))
        }
        actions += scheduleAsk(&pause, at: now)
        hearing.pause = pause
        state = .hearing(hearing)
        return actions
    }

    mutating func endOfTurn(_ token: Token, _ probability: Float?, at now: Instant) -> [TurnAction] {
        switch state {
        case .fresh, .ended, .listening, .answering: return []
        case .recognizing(var recognizing):
            guard recognizing.pause?.ask == token else { return [] }
            recognizing.pause?.ask = nil
            if let probability { recognizing.pause?.evidence.add(probability: probability) }
            state = .recognizing(recognizing)
            return []
        case .hearing(var hearing):
            guard var pause = hearing.pause, pause.ask == token else { return [] }
            pause.ask = nil
            guard let probability else {
                hearing.pause = pause
                state = .hearing(hearing)
                return []
            }
            pause.evidence.add(probability: probability)
            let actions = [wait(&pause, at: now)] + speculate(&pause)
            hearing.pause = pause
            state = .hearing(hearing)
            return actions
        }
    }

    /// Sets the end of the turn anew by all that is known of this pause.
    mutating func wait(_ pause: inout Pause, at now: Instant) -> TurnAction {
        pause.deadline = token()
        let wait = settings.endpointing.wait(pause.evidence)
        reasons.append(.waits(turn: turn, since: pause.since, wait: wait, evidence: pause.evidence))
        return .startTimer(pause.deadline, after: max(.zero, pause.since + wait - now))
    }

    /// Begins a reply on the likely end, once its words are known, so that it is under way when the turn is committed.
    private mutating func speculate(_ pause: inout Pause) -> [TurnAction] {
        guard settings.answers, pause.draft == nil, settings.endpointing.isLikelyEnd(pause.evidence), let text = pause.transcript, !text.isEmpty
        else { return [] }
        let draft = token()
        pause.draft = draft
        return [.startDraft(draft, text: text)]
    }

    mutating func transcript(_ token: Token, _ text: String, at now: Instant) -> [TurnAction] {
        switch state {
        case .fresh, .ended, .listening, .answering: return []
        case .hearing(var hearing):
            guard var pause = hearing.pause, pause.recognition == token else { return [] }
            pause.recognition = nil
            pause.transcript = text
            // What the words say may move the end either way, within the same bounds.
            let before = settings.endpointing.wait(pause.evidence)
            pause.evidence.note(words: text, language: settings.language)
            let isSame = settings.endpointing.wait(pause.evidence) == before
            let actions = (isSame ? [] : [wait(&pause, at: now)]) + speculate(&pause)
            hearing.pause = pause
            state = .hearing(hearing)
            return actions
        case .recognizing(let recognizing):
            guard recognizing.recognition == token else { return [] }
            return goOnWaiting(recognizing, text, at: now)
                ?? accept(text, voiced: recognizing.voiced, draft: nil, silentSince: recognizing.pause?.since, isTaken: recognizing.isTaken)
        }
    }

    /// The words came after the silence had ended the turn: where they say that it was too short, the pause goes on. Nil where it was not.
    private mutating func goOnWaiting(_ recognizing: Recognizing, _ text: String, at now: Instant) -> [TurnAction]? {
        guard var pause = recognizing.pause, !text.isEmpty else { return nil }
        pause.evidence.note(words: text, language: settings.language)
        let wait = settings.endpointing.wait(pause.evidence)
        let isDue = pause.since + wait <= now
        guard !isDue || pause.isStirring else { return nil }
        pause.recognition = nil
        pause.transcript = text
        if isDue { return letStir(Hearing(voiced: recognizing.voiced, pause: pause), pause, at: now) }
        let actions = [self.wait(&pause, at: now)] + speculate(&pause)
        state = .hearing(Hearing(voiced: recognizing.voiced, pause: pause))
        return actions
    }

    mutating func recognitionFailed(_ token: Token) -> [TurnAction] {
        switch state {
        case .fresh, .ended, .listening, .answering: return []
        case .hearing(var hearing):
            // The commit will ask once more.
            guard var pause = hearing.pause, pause.recognition == token else { return [] }
            pause.recognition = nil
            hearing.pause = pause
            state = .hearing(hearing)
            return []
        case .recognizing(var recognizing):
            guard recognizing.recognition == token else { return [] }
            guard recognizing.retries == 0 else { return giveUp(recognizing, reason: "recognition_failed") }
            recognizing.retries += 1
            recognizing.recognition = self.token()
            state = .recognizing(recognizing)
            return [.recognize(recognizing.recognition)]
        }
    }

    /// The caller's turn is over.
    private mutating func commit(_ hearing: Hearing, _ ending: TurnReason.Ending, at now: Instant?) -> [TurnAction] {
        let silence = hearing.pause.flatMap { pause in now.map { $0 - pause.since } }
        reasons.append(.ended(turn: turn, by: ending, silence: silence, evidence: hearing.pause?.evidence))
        if let pause = hearing.pause, let text = pause.transcript {
            return accept(text, voiced: hearing.voiced, draft: pause.draft, silentSince: pause.since)
        }
        let limit = token()
        var actions = [TurnAction.startTimer(limit, after: settings.recognitionLimit)]
        let recognition: Token
        if let current = hearing.pause?.recognition {
            recognition = current
        } else {
            recognition = token()
            actions.append(.recognize(recognition))
        }
        // In mid-voice the audio can be had once only; from here on it is that of what comes next.
        let isTaken = hearing.pause == nil
        if isTaken { actions.append(.dropUtterance) }
        state = .recognizing(
            Recognizing(
                recognition: recognition, limit: limit, voiced: hearing.voiced, retries: isTaken ? 1 : 0, isTaken: isTaken,
                pause: ending == .silence ? hearing.pause : nil))
        return actions
    }

    private mutating func accept(
        _ text: String, voiced: Duration, draft: Token?, silentSince: Instant?, isTaken: Bool = false
    ) -> [TurnAction] {
        guard !text.isEmpty else { return nothingSaid(voiced: voiced, isTaken: isTaken) }
        reprompts = 0
        hasCutShort = false
        expectation = .nothing
        let committed: [TurnAction] = [.commit(turn: turn, text: text)] + (isTaken ? [] : [.dropUtterance])
        guard settings.answers || isAsked else { return committed + (draft.map { [.cancelReply($0)] } ?? []) + listen() }
        guard let draft else { return committed + answer(silentSince: silentSince) }
        let limit = token()
        let filler = startFiller()
        isUnanswered = true
        state = .answering(Answering(reply: draft, line: nil, phase: .preparing(limit: limit), filler: filler.token, silentSince: silentSince))
        return committed + [.releaseReply(draft), .startTimer(limit, after: settings.replyLimit)] + filler.actions
    }

    /// An utterance held no words. What it interrupted is taken up again; a long one is asked about.
    private mutating func nothingSaid(voiced: Duration, isTaken: Bool) -> [TurnAction] {
        reasons.append(.ignored(turn: turn, why: "no_words"))
        let ignored: [TurnAction] = [.ignore(turn: turn, reason: "no_words")] + (isTaken ? [] : [.dropUtterance])
        if isUnanswered || isAsked { return ignored + answer() }
        defer { hasCutShort = false }
        if voiced >= settings.repromptVoiced || hasCutShort, reprompts < settings.reprompts {
            reprompts += 1
            return ignored + say(.reprompt, because: "voice without words")
        }
        return ignored + listen()
    }

    /// The caller's words cannot be had.
    private mutating func giveUp(_ recognizing: Recognizing, reason: String) -> [TurnAction] {
        reasons.append(.ignored(turn: turn, why: reason))
        let ignored: [TurnAction] = [.ignore(turn: turn, reason: reason)] + (recognizing.isTaken ? [] : [.dropUtterance])
        return ignored + (isAsked ? answer() : say(.failure, because: reason))
    }

    mutating func commitByHand(_ ending: TurnReason.Ending) -> [TurnAction] {
        switch state {
        case .fresh, .ended, .listening, .recognizing, .answering: []
        case .hearing(let hearing): commit(hearing, ending, at: nil)
        }
    }
}
