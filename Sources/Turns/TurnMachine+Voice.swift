extension TurnMachine {
    mutating func handle(_ voice: VoiceEvent, at now: Instant) -> [TurnAction] {
        switch voice {
        case .onset(_, let isStrong): isStrong ? likely(settings.hold, at: now) : []  // else nothing is certain until it has lasted
        case .falseOnset: falseOnset()
        case .likely(let voiced, _): likely(voiced, at: now)
        case .voiced(let voiced, _): voicedFor(voiced, at: now)
        case .silence(let since): silence(since: since, at: now)
        case .stirred: stirred()
        case .stilled: stilled(at: now)
        case .resumed(let start): resumed(at: start, now)
        }
    }

    /// Only the agent's own sound gives way to what may still be nothing.
    private mutating func likely(_ voiced: Duration, at now: Instant) -> [TurnAction] {
        switch state {
        case .fresh, .listening, .hearing, .recognizing, .ended: []
        case .answering(let answering): voicedFor(voiced, isSpeech: false, during: answering, at: now)
        }
    }

    private mutating func voicedFor(_ voiced: Duration, at now: Instant) -> [TurnAction] {
        switch state {
        case .fresh, .ended: return []
        case .listening:
            state = .hearing(Hearing(voiced: voiced))
            return [beginTurn()]
        case .hearing(var hearing):
            hearing.voiced = max(hearing.voiced, voiced)
            state = .hearing(hearing)
            return []
        case .recognizing(let recognizing) where recognizing.isTaken: return []
        case .recognizing(let recognizing):
            // The turn was not over after all; its audio is still kept, so the next transcript holds all of it.
            if let pause = recognizing.pause { wentOn(since: pause.since, at: now - voiced) }
            state = .hearing(Hearing(voiced: max(recognizing.voiced, voiced)))
            return [.cancelRecognition(recognizing.recognition)]
        case .answering(let answering): return voicedFor(voiced, isSpeech: true, during: answering, at: now)
        }
    }

    /// The caller takes the turn. Before anything was heard it is still the same turn, which simply goes on.
    mutating func interrupt(_ answering: Answering, voiced: Duration, at now: Instant) -> [TurnAction] {
        var actions = [stop(answering)]
        switch answering.phase {
        case .preparing:
            if answering.line != nil {
                actions.append(beginTurn())
            } else if let since = answering.silentSince {
                wentOn(since: since, at: now - voiced)
            }
        case .speaking:
            isUnanswered = false
            hasCutShort = answering.line == nil
            expectation = .nothing
            actions.append(beginTurn())
        }
        idlePrompts = 0
        state = .hearing(Hearing(voiced: voiced))
        return actions
    }

    private mutating func silence(since: Instant, at now: Instant) -> [TurnAction] {
        switch state {
        case .fresh, .ended: return []
        case .recognizing(let recognizing): return recognizing.isTaken ? [.dropUtterance] : []
        case .listening: return [.dropUtterance]  // a sound that came to nothing
        case .hearing(let hearing):
            guard hearing.pause == nil else { return [] }
            return pause(hearing, since: since, at: now)
        case .answering(var answering):
            if let sound = answering.interjection { return silence(over: answering, sound, since: since, at: now) }
            guard answering.aside != nil else { return [.dropUtterance] }
            answering.aside?.silentSince = since
            state = .answering(answering)
            return []
        }
    }

    /// Begins to wait for the end of the turn.
    mutating func pause(_ hearing: Hearing, since: Instant, at now: Instant) -> [TurnAction] {
        var hearing = hearing
        var pause = Pause(since: since, deadline: Token(0), evidence: EndEvidence(expectation: expectation, pace: pace))
        var actions = [wait(&pause, at: now)]
        actions += scheduleAsk(&pause, at: now)
        hearing.pause = pause
        state = .hearing(hearing)
        return actions
    }

    /// Asks for the timer of the next question to the end-of-turn model, if one is left.
    mutating func scheduleAsk(_ pause: inout Pause, at now: Instant) -> [TurnAction] {
        guard pause.asked < settings.endpointing.asks.count else {
            pause.askTimer = nil
            return []
        }
        let next = token()
        pause.askTimer = next
        return [.startTimer(next, after: max(.zero, pause.since + settings.endpointing.asks[pause.asked] - now))]
    }

    /// The caller goes on with the same turn, also where the pause had ended it already: the longest pauses are just those.
    private mutating func wentOn(since: Instant, at start: Instant) {
        let pause = max(.zero, start - since)
        reasons.append(.wentOn(turn: turn, after: pause))
        // After longer than anybody pauses inside a turn, it was a slow answer that made the caller speak again.
        if pause <= CallerPace.bounds.upperBound { pace.resumed(after: pause) }
    }

    private mutating func resumed(at start: Instant, _ now: Instant) -> [TurnAction] {
        switch state {
        case .fresh, .ended: return []
        case .listening, .recognizing: return voicedFor(.zero, at: now)
        case .hearing(var hearing):
            if let pause = hearing.pause {
                wentOn(since: pause.since, at: start)
            }
            let actions = abandon(hearing.pause)
            hearing.pause = nil
            state = .hearing(hearing)
            return actions
        case .answering(var answering):
            answering.interjection?.goesOn()
            if answering.interjection == nil { answering.aside?.silentSince = nil }
            state = .answering(answering)
            return []
        }
    }
}
