/// What the agent does about a sound of the caller's over its reply: hold, ask for the words, give way or go on.
extension TurnMachine {
    /// The question for words that is out; any other has been forgotten.
    package var awaitedWords: Token? { if case .answering(let answering) = state { answering.interjection?.ask } else { nil } }

    /// How the reply may be interrupted at this moment.
    private func bargeIn(_ answering: Answering) -> TurnSettings.BargeIn {
        if settings.bargeIn == .ignore { return .ignore }
        if let line = answering.line, settings.protectedLines.contains(line) { return .append }
        guard answering.phase == .speaking else { return settings.bargeIn == .append ? .append : .interrupt }
        return answering.isProtected || answering.isEnding ? .append : settings.bargeIn
    }

    /// - Parameter isSpeech: Whether it has lasted long enough for that; else it is only likely.
    mutating func voicedFor(_ voiced: Duration, isSpeech: Bool, during answering: Answering, at now: Instant) -> [TurnAction] {
        let mode = bargeIn(answering)
        if mode == .ignore { return [] }
        if mode == .append, answering.interjection == nil {
            guard isSpeech else { return [] }
            var answering = answering
            answering.aside = Aside(voiced: max(answering.aside?.voiced ?? .zero, voiced), silentSince: nil)
            state = .answering(answering)
            return []
        }
        if answering.phase != .speaking { return isSpeech ? voicedBefore(answering, voiced, at: now) : [] }
        return voicedOver(answering, voiced, isSpeech: isSpeech, mode, at: now)
    }

    /// Nothing of the reply has been heard: there are no words to weigh, the caller simply goes on once it has lasted.
    private mutating func voicedBefore(_ answering: Answering, _ voiced: Duration, at now: Instant) -> [TurnAction] {
        if voiced >= settings.interruption { return interrupt(answering, voiced: voiced, at: now) }
        guard voiced >= settings.hold else { return [] }
        var answering = answering
        var sound = answering.interjection ?? newInterjection()
        let wasHeld = sound.isHeld
        sound.run = max(sound.run, voiced)
        (sound.isHeld, sound.isSpeech, sound.silentSince, sound.resume) = (true, true, nil, nil)
        answering.interjection = sound
        state = .answering(answering)
        if !wasHeld { note(.holds, sound) }
        return wasHeld ? [] : [.hold(answering.reply)]
    }

    private mutating func voicedOver(
        _ answering: Answering, _ voiced: Duration, isSpeech: Bool, _ mode: TurnSettings.BargeIn, at now: Instant
    ) -> [TurnAction] {
        var answering = answering
        var sound = answering.interjection ?? newInterjection()
        sound.run = max(sound.run, voiced)
        if sound.silentSince != nil { (sound.silentSince, sound.resume, sound.isOver, sound.isWhole) = (nil, nil, false, false) }
        sound.isSpeech = sound.isSpeech || isSpeech
        var actions: [TurnAction] = []
        if mode == .interrupt, !sound.isHeld, !sound.isGivenUp, mayHold(sound, after: answering.falseStarts) {
            actions = hold(answering, for: &sound, at: now)
        } else if !isSpeech, answering.interjection == nil {
            return []
        }
        if sound.lacksWords, mode == .interrupt, sound.voiced >= settings.wordless { return actions + giveWay(answering, sound, at: now) }
        if sound.isHeld, sound.isLimitReached, sound.ask == nil { return actions + giveUp(answering, sound) }
        if isSpeech { actions += askForWords(&sound) }
        answering.interjection = sound
        state = .answering(answering)
        return actions
    }

    private mutating func note(_ what: TurnReason.Sound, _ sound: Interjection) {
        reasons.append(
            .sound(
                what, voiced: sound.voiced,
                TurnReason.SoundGrounds(verdict: sound.verdict, evidence: sound.evidence, lacksWords: sound.lacksWords)))
    }

    private func newInterjection() -> Interjection { Interjection(nextAsk: settings.wordAsks.first ?? TurnSettings.askAgain) }

    /// Whoever was held for nothing waits longer the next time, and in the end for words.
    private func mayHold(_ sound: Interjection, after falseStarts: Int) -> Bool {
        falseStarts < max(1, settings.falseStarts) && sound.voiced >= settings.hold * (1 << falseStarts)
    }

    /// By how much surer than the first time words must be.
    ///
    /// - Parameter echoes: How many sounds in this reply ended with the agent's own.
    private func doubt(of sound: Interjection, after echoes: Int) -> Float {
        // In what has sounded long without words, such as other people's talk, once is not enough.
        if sound.isGivenUp { return 2 }
        // What ends when the agent is held, or comes back when it goes on, is likely to be the agent's own sound.
        return max(sound.endedWithAgent(within: settings.echoTail) ? 1.2 : 1, 1 + 0.5 * Float(min(2, echoes)))
    }

    /// Whether a sound has still to show that it goes on without the agent's. One that the agent was held for in vain has shown it.
    private func mayBeEcho(_ sound: Interjection, after echoes: Int, at now: Instant) -> Bool {
        echoes > 1 && !sound.isGivenUp && !sound.outlasts(settings.echoTail, at: now)
    }

    /// Words after sounds that were gone whenever the agent was: it falls silent to hear whether they go on.
    private mutating func tried(_ answering: Answering, _ heard: Interjection, at now: Instant) -> [TurnAction] {
        var sound = heard
        let actions = sound.isHeld || sound.silentSince != nil ? [] : hold(answering, for: &sound, at: now)
        return actions + judged(answering, sound, at: now)
    }

    private mutating func hold(_ answering: Answering, for sound: inout Interjection, at now: Instant) -> [TurnAction] {
        sound.isHeld = true
        // What has sounded for longer than the agent is to be heard is not the agent's.
        if let audibleSince = answering.audibleSince, now - audibleSince > sound.voiced { sound.heldAt = now }
        note(.holds, sound)
        let limit = token()
        sound.limit = limit
        return [.hold(answering.reply), .startTimer(limit, after: settings.holdLimit)]
    }

    /// Asks for the words where they are due and no question is out.
    private mutating func askForWords(_ sound: inout Interjection, isWhole: Bool = false) -> [TurnAction] {
        guard sound.ask == nil, !sound.lacksWords, sound.isSpeech, isWhole || sound.voiced >= sound.nextAsk else { return [] }
        let voiced = sound.voiced
        sound.nextAsk = settings.wordAsks.first { $0 > voiced } ?? voiced + TurnSettings.askAgain
        let (ask, limit) = (token(), token())
        (sound.ask, sound.askLimit, sound.askedAt, sound.isWhole) = (ask, limit, voiced, isWhole)
        return [.overhear(ask), .startTimer(limit, after: settings.wordLimit)]
    }

    mutating func overheard(_ token: Token, _ words: Overheard?, at now: Instant) -> [TurnAction] {
        switch state {
        case .fresh, .listening, .hearing, .recognizing, .ended: return []
        case .answering(let answering):
            guard var sound = answering.interjection, sound.ask == token else { return [] }
            (sound.ask, sound.askLimit) = (nil, nil)
            guard let words else { return withoutWords(answering, sound, at: now) }
            let verdict = words.verdict(voiced: sound.askedAt, language: settings.language)
            sound.verdict = verdict
            // A recogniser that doubts its words is believed when it hears some once more in the same sound, as it hardly does in noise.
            switch verdict {
            case .content: sound.add(words, isLasting: sound.outlasts(settings.echoTail, at: now))
            case .backchannel: (sound.evidence, sound.mostWords) = (0, 0)
            case .command, .unknown: break
            }
            note(.listens, sound)
            let isHeardOut = sound.silentSince != nil && sound.isWhole
            let counts =
                sound.evidence >= settings.sureWords * doubt(of: sound, after: answering.echoes)
                && (isHeardOut || sound.askedAt >= settings.contentVoiced)
            if counts, bargeIn(answering) == .interrupt, verdict != .command, mayBeEcho(sound, after: answering.echoes, at: now) {
                return tried(answering, sound, at: now)
            }
            switch (bargeIn(answering), verdict) {
            case (.keywords, _) where settings.keywords.contains { Phrases.occurs($0, in: words.text) }: return giveWay(answering, sound, at: now)
            case (.keywords, .command), (.interrupt, .command): return giveWay(answering, sound, at: now)
            case (.interrupt, .content) where counts: return giveWay(answering, sound, at: now)
            // Sure words are not unheard by a look that makes nothing of what came after them.
            case (.interrupt, .unknown) where counts && sound.silentSince == nil: return giveWay(answering, sound, at: now)
            case (.append, .command): return keepAside(answering, sound)
            case (.append, .content): return counts ? keepAside(answering, sound) : judged(answering, sound, at: now)
            case (.interrupt, _), (.keywords, _), (.append, _), (.ignore, _): return judged(answering, sound, at: now)
            }
        }
    }

    /// No interruption so far: what else there is to ask or to end.
    private mutating func judged(_ answering: Answering, _ judged: Interjection, at now: Instant) -> [TurnAction] {
        var (answering, sound) = (answering, judged)
        var actions: [TurnAction] = []
        if sound.silentSince != nil {
            if sound.isWhole { if sound.isOver { return goOn(answering, sound) } } else { actions = askForWords(&sound, isWhole: true) }
        } else if sound.isHeld, sound.isLimitReached {
            return giveUp(answering, sound)
        } else {
            if sound.isGivenUp, sound.voiced - sound.forgotten >= Self.longestNoise {
                (sound.forgotten, sound.evidence, sound.mostWords) = (sound.voiced, 0, 0)
                actions = [.dropUtterance]
            } else {
                actions = askForWords(&sound)
            }
        }
        answering.interjection = sound
        state = .answering(answering)
        return actions
    }

    /// Voiced time of wordless noise whose audio is kept.
    private static let longestNoise = Duration.seconds(3)

    /// The words cannot be had: voiced time decides, where only a keyword could have, what was said waits.
    private mutating func withoutWords(_ answering: Answering, _ heard: Interjection, at now: Instant) -> [TurnAction] {
        var (answering, sound) = (answering, heard)
        sound.lacksWords = true
        switch bargeIn(answering) {
        case .interrupt where sound.voiced >= settings.wordless: return giveWay(answering, sound, at: now)
        case .keywords, .append: return keepAside(answering, sound)
        case .interrupt, .ignore: break
        }
        if sound.isOver { return goOn(answering, sound) }
        if sound.isHeld, sound.isLimitReached, sound.silentSince == nil { return giveUp(answering, sound) }
        answering.interjection = sound
        state = .answering(answering)
        return []
    }

    /// The caller takes the turn, with everything said so far; where they have paused already, the wait for its end runs since then.
    private mutating func giveWay(_ answering: Answering, _ sound: Interjection, at now: Instant) -> [TurnAction] {
        if bargeIn(answering) == .append { return keepAside(answering, sound) }
        note(.interrupts, sound)
        let actions = interrupt(answering, voiced: sound.voiced, at: now)
        guard let since = sound.silentSince, case .hearing(let hearing) = state else { return actions }
        return actions + pause(hearing, since: since, at: now)
    }

    /// What was said is the caller's next turn, once the reply has ended.
    private mutating func keepAside(_ answering: Answering, _ sound: Interjection) -> [TurnAction] {
        var answering = answering
        note(.keepsAside, sound)
        answering.aside = Aside(voiced: sound.voiced, silentSince: sound.silentSince)
        answering.interjection = nil
        state = .answering(answering)
        return sound.isHeld ? [.resume(answering.reply)] : []
    }

    /// The sound was no interruption and is over.
    mutating func goOn(_ answering: Answering, _ sound: Interjection) -> [TurnAction] {
        if bargeIn(answering) == .keywords, sound.verdict == .content { return keepAside(answering, sound) }
        var answering = answering
        note(.goesOn, sound)
        if sound.isHeld { answering.falseStarts += 1 }
        if sound.endedWithAgent(within: settings.echoTail) { answering.echoes += 1 }
        answering.interjection = nil
        state = .answering(answering)
        return (sound.isHeld ? [.resume(answering.reply)] : []) + (answering.aside == nil ? [.dropUtterance] : [])
    }

    /// The sound goes on without words: so does the agent, and this sound holds it no more. Its words may still interrupt.
    private mutating func giveUp(_ answering: Answering, _ heard: Interjection) -> [TurnAction] {
        var (answering, sound) = (answering, heard)
        note(.givesUp, sound)
        answering.falseStarts += 1
        (sound.isHeld, sound.isGivenUp, sound.limit, sound.forgotten, sound.mostWords) = (false, true, nil, sound.voiced, 0)
        answering.interjection = sound
        state = .answering(answering)
        return [.resume(answering.reply), .dropUtterance]
    }

    mutating func silence(over answering: Answering, _ heard: Interjection, since: Instant, at now: Instant) -> [TurnAction] {
        var (answering, sound) = (answering, heard)
        guard sound.silentSince == nil else { return [] }
        let resume = token()
        (sound.silentSince, sound.resume) = (since, resume)
        var actions: [TurnAction] = [.startTimer(resume, after: max(.zero, since + settings.resumeAfter - now))]
        if answering.phase == .speaking { actions += askForWords(&sound, isWhole: true) }
        answering.interjection = sound
        state = .answering(answering)
        return actions
    }

    /// A sound that only seemed to become speech: the agent goes on at once.
    mutating func falseOnset() -> [TurnAction] {
        switch state {
        case .fresh, .listening, .hearing, .recognizing, .ended: return []
        case .answering(let answering):
            guard let sound = answering.interjection, !sound.isSpeech else { return [] }
            return goOn(answering, sound)
        }
    }

    /// - Returns: Nil where the timer is none of the sound's.
    mutating func timer(_ token: Token, of sound: Interjection, over answering: Answering, at now: Instant) -> [TurnAction]? {
        var (answering, sound) = (answering, sound)
        switch token {
        case sound.resume:
            guard sound.ask != nil else { return goOn(answering, sound) }
            (sound.resume, sound.isOver) = (nil, true)
        case sound.askLimit:
            (sound.ask, sound.askLimit) = (nil, nil)
            return withoutWords(answering, sound, at: now)
        case sound.limit:
            guard sound.isHeld, sound.silentSince == nil, sound.ask == nil else {
                sound.isLimitReached = true
                break
            }
            return giveUp(answering, sound)
        default: return nil
        }
        answering.interjection = sound
        state = .answering(answering)
        return []
    }

    // MARK: parts of a reply

    /// What was said during a protected sentence counts from its end on.
    mutating func replyProtected(_ token: Token, _ isProtected: Bool, at now: Instant) -> [TurnAction] {
        switch state {
        case .fresh, .listening, .hearing, .recognizing, .ended: return []
        case .answering(var answering):
            guard answering.reply == token else { return [] }
            answering.isProtected = isProtected
            let mode = bargeIn(answering)
            guard !isProtected, mode == .interrupt || mode == .keywords, let aside = answering.aside, answering.interjection == nil else {
                state = .answering(answering)
                return []
            }
            answering.aside = nil
            var sound = newInterjection()
            (sound.run, sound.isSpeech, sound.silentSince) = (aside.voiced, true, aside.silentSince)
            sound.isOver = aside.silentSince != nil
            var actions: [TurnAction] = []
            if mode == .interrupt {
                let limit = self.token()
                (sound.isHeld, sound.limit) = (true, limit)
                actions = [.hold(answering.reply), .startTimer(limit, after: settings.holdLimit)]
            }
            actions += askForWords(&sound, isWhole: true)
            answering.interjection = sound
            state = .answering(answering)
            return actions
        }
    }

    mutating func replyEnding(_ token: Token) -> [TurnAction] {
        switch state {
        case .fresh, .listening, .hearing, .recognizing, .ended: return []
        case .answering(var answering):
            guard answering.reply == token else { return [] }
            answering.isEnding = true
            state = .answering(answering)
            return []
        }
    }
}
