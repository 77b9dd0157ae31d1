extension TurnMachine {
    mutating func started() -> [TurnAction] {
        switch state {
        case .fresh: say(.greeting, because: "the session began")
        case .listening, .hearing, .recognizing, .answering, .ended: []
        }
    }

    mutating func replyAudible(_ token: Token, at now: Instant) -> [TurnAction] {
        switch state {
        case .fresh, .ended, .listening, .hearing, .recognizing: return []
        case .answering(var answering):
            guard answering.reply == token else { return [] }
            (answering.phase, answering.audibleSince) = (.speaking, answering.audibleSince ?? now)
            if answering.line == nil { isUnanswered = false }
            state = .answering(answering)
            return []
        }
    }

    mutating func replyFinished(_ token: Token, at now: Instant) -> [TurnAction] {
        switch state {
        case .fresh, .ended, .listening, .hearing, .recognizing: return []
        case .answering(let answering):
            guard answering.reply == token else { return [] }
            if answering.line == .farewell, answering.aside == nil { return close("farewell") }
            if answering.line == nil { isUnanswered = false }
            return afterReply(answering, at: now)
        }
    }

    /// The agent is done: a sound that was kept aside or is not judged yet becomes the caller's turn, else both are silent.
    mutating func afterReply(_ answering: Answering, at now: Instant) -> [TurnAction] {
        if let aside = answering.aside {
            let began = beginTurn()
            let hearing = Hearing(voiced: aside.voiced)
            guard let since = aside.silentSince else {
                state = .hearing(hearing)
                return [began]
            }
            return [began] + pause(hearing, since: since, at: now)
        }
        if settings.bargeIn == .ignore || settings.bargeIn == .append { return [.dropUtterance] + listen() }
        guard let sound = answering.interjection, let since = sound.silentSince else { return listen() }
        // Said and not judged yet: its words will tell, as those of any turn.
        guard sound.isSpeech, sound.verdict != .backchannel else { return [.dropUtterance] + listen() }
        return [beginTurn()] + pause(Hearing(voiced: sound.voiced), since: since, at: now)
    }

    mutating func replyFailed(_ token: Token, at now: Instant) -> [TurnAction] {
        switch state {
        case .fresh, .ended, .listening, .recognizing: return []
        case .hearing(var hearing):
            // A draft failed; the commit will try again.
            guard hearing.pause?.draft == token else { return [] }
            hearing.pause?.draft = nil
            state = .hearing(hearing)
            return []
        case .answering(let answering):
            guard answering.reply == token else { return [] }
            return replyBroke(answering, at: now)
        }
    }

    /// A broken answer is apologised for; a broken line is not, so that a dead voice cannot make the agent apologise for ever.
    mutating func replyBroke(_ answering: Answering, at now: Instant) -> [TurnAction] {
        isUnanswered = false
        switch answering.line {
        case nil: return say(.failure, because: "the reply broke", aside: answering.aside)
        case .farewell where answering.aside == nil: return close("farewell")
        case .greeting, .failure, .idle, .farewell, .reprompt: return afterReply(answering, at: now)
        }
    }

    mutating func agentSaid(_ text: String) -> [TurnAction] {
        expectation = Expectation.expectation(fromAgent: text, language: settings.language)
        return []
    }

    mutating func typed(_ text: String) -> [TurnAction] {
        guard !text.isEmpty else { return [] }
        var actions: [TurnAction]
        switch state {
        case .fresh, .ended: return []
        case .listening: actions = []
        case .hearing(let hearing): actions = abandon(hearing.pause) + [.dropUtterance]
        case .recognizing(let recognizing): actions = [.cancelRecognition(recognizing.recognition), .dropUtterance]
        case .answering(let answering): actions = [stop(answering), .dropUtterance]
        }
        actions += [beginTurn(), .commit(turn: turn, text: text)]
        return actions + answer()
    }

    mutating func respond() -> [TurnAction] {
        switch state {
        case .fresh, .ended, .answering: return []
        case .listening: return answer()
        case .hearing(let hearing):
            // What is being said is the caller's next turn.
            let actions = abandon(hearing.pause) + answer()
            guard case .answering(var answering) = state else { return actions }
            answering.aside = Aside(voiced: hearing.voiced, silentSince: hearing.pause?.since)
            state = .answering(answering)
            return actions
        case .recognizing:
            isAsked = true
            return []
        }
    }

    mutating func cancelledByHand(at now: Instant) -> [TurnAction] {
        switch state {
        case .fresh, .ended, .listening, .hearing, .recognizing: return []
        case .answering(let answering):
            isUnanswered = false
            return [stop(answering)] + afterReply(answering, at: now)
        }
    }

    mutating func drain() -> [TurnAction] {
        guard !isDraining else { return [] }
        isDraining = true
        switch state {
        case .fresh, .listening: return end("draining")
        case .hearing, .recognizing, .answering, .ended: return []  // closes when this exchange is over
        }
    }
}
