internal import Audio
internal import DequeModule
internal import Dialogue
internal import Engines
internal import Turns
internal import Wire

/// From the decision to speak to the audio that is queued.
extension Conversation {
    /// Characters of one answer after which the rest is dropped.
    private static let maximumLength = 8_000
    /// Media time queued beyond which no further sentence is begun.
    private static let maximumBacklog = Duration.seconds(6)

    func makeReply(_ token: Token, line: Line?, isDraft: Bool, asked: ReplyRequest? = nil) -> Reply {
        let turn = line == .greeting ? 0 : turns.turn
        var reply = Reply(
            token: token, turn: turn, line: line, epoch: epoch, isDraft: isDraft,
            playout: Playout(lead: plan.limits.lead, packetDuration: .milliseconds(plan.output.packetMilliseconds)), entry: turn)
        (reply.request, reply.isBeside) = (asked?.id, asked?.isBeside ?? false)
        reply.isWritten = line == nil && asked?.isWritten ?? plan.isWritten
        return reply
    }

    /// Whether a reply is begun on a likely end only.
    func isDraft(_ token: Token) -> Bool { draft?.token == token }

    /// Whether a reply is being made or heard.
    func isUnderWay(_ token: Token) -> Bool { replyUnderWay(token) != nil }

    private func replyUnderWay(_ token: Token) -> Reply? { reply?.token == token ? reply : draft?.token == token ? draft : nil }

    /// How much of a reply is ready and has not gone out.
    func backlog(of token: Token) -> Duration { replyUnderWay(token)?.playout.backlog ?? .zero }

    /// Whether a reply that is being made is to be heard.
    func isSpoken(_ token: Token) -> Bool { replyUnderWay(token)?.isWritten == false }

    mutating func startDraft(_ token: Token, _ text: String) {
        epoch &+= 1
        draft = makeReply(token, line: nil, isDraft: true)
        var likely = history
        likely.addUser(turn: turns.turn, text: text)
        effects.append(.answer(token, request(likely)))
    }

    mutating func release(_ token: Token, at now: Instant) {
        guard var released = draft, released.token == token else { return turn(.replyFailed(token), at: now) }
        draft = nil
        released.isDraft = false
        begin(released)
        // What was reached before the commit costs nothing after it; the record needs the moments all the same.
        if released.length > 0 { clock?.firstText = now }
        if !released.sentences.isEmpty || !released.waiting.isEmpty { clock?.firstSentence = now }
        if released.playout.queued > .zero { clock?.firstAudio = now }
        announce()
        tellNews(at: now)
        if reply?.isWritten == true, reply?.isTextComplete == true { return finish(at: now) }
        goOn(at: now)
    }

    mutating func startAnswer(_ token: Token, at now: Instant) {
        epoch &+= 1
        if clock == nil {
            // Taken up again after a sound that came to nothing: the wait is counted from here.
            clock = TurnClock(lastVoice: now)
            clock?.committed = now
        }
        let asked = wanted
        wanted = nil
        effects.append(.answer(token, request(history, for: asked)))
        begin(makeReply(token, line: nil, isDraft: false, asked: asked))
    }

    mutating func say(_ line: Line, _ token: Token, at now: Instant) {
        let text = plan.lines[line] ?? ""
        guard !text.isEmpty else { return turn(.replyFinished(token), at: now) }
        epoch &+= 1
        begin(makeReply(token, line: line, isDraft: false))
        if line != .greeting, line != .failure { clock = nil }
        var splitter = SentenceSplitter()
        reply?.waiting.append(contentsOf: splitter.append(text) + splitter.finish())
        reply?.isTextComplete = true
        goOn(at: now)
    }

    private mutating func begin(_ new: Reply) {
        reply = new
        if isHeld || !isAttached { reply?.playout.stop(at: .zero) }
        remember(new)
        reportBegin(new)
    }

    private mutating func remember(_ new: Reply) {
        guard new.line == nil || new.line == .greeting, !new.isBeside else { return }
        guard plan.isDirected else { return history.beginReply(turn: new.turn) }
        reply?.entry = history.beginReply(named: "reply:\(new.epoch)")
    }

    // MARK: text

    mutating func text(_ piece: String, of token: Token, at now: Instant) {
        change(token) { reply in
            reply.length += piece.count
            guard reply.length <= Self.maximumLength, !reply.isTextComplete else { return }
            guard !reply.isWritten else { return reply.take(.text(piece)) }
            reply.waiting.append(contentsOf: reply.splitter.append(piece))
        }
        guard reply?.token == token else { return }
        if clock?.firstText == nil { clock?.firstText = now }
        if reply?.isWritten == true { return tellNews(at: now) }
        noteFirstSentence(at: now)
        goOn(at: now)
    }

    mutating func textEnded(_ token: Token, _ result: Result<ChatOutcome, EngineError>, at now: Instant) {
        change(token) { reply in
            guard !reply.isTextComplete else { return }
            reply.isTextComplete = true
            switch result {
            case .success(let outcome):
                reply.outcome = outcome
                reply.waiting.append(contentsOf: reply.splitter.finish())
                if reply.waiting.isEmpty, !reply.hasOwnSentences, reply.calls.isEmpty, reply.written.isEmpty {
                    reply.failure = EngineError(.badAnswer, "the language model's answer is empty")
                }
            case .failure(let error): reply.failure = error
            }
        }
        if draft?.token == token {
            guard let error = draft?.failure else { return }
            return draftFailed(error, at: now)
        }
        guard reply?.token == token else { return }
        tellNews(at: now)
        if reply?.isWritten == true { return finish(at: now) }
        noteFirstSentence(at: now)
        goOn(at: now)
    }

    private mutating func draftFailed(_ error: EngineError, at now: Instant) {
        guard let token = draft?.token else { return }
        draft = nil
        effects.append(.cancelReply(token))
        turn(.replyFailed(token), at: now)
    }

    private mutating func noteFirstSentence(at now: Instant) {
        guard clock?.firstSentence == nil, let reply, !reply.waiting.isEmpty || reply.hasOwnSentences else { return }
        clock?.firstSentence = now
    }

    mutating func change(_ token: Token, _ body: (inout Reply) -> Void) {
        if var current = reply, current.token == token {
            reply = nil  // so that its queues are not copied
            body(&current)
            reply = current
        } else if var current = draft, current.token == token {
            draft = nil
            body(&current)
            draft = current
            speakNext(ofDraft: true)
        } else if var current = beside.removeValue(forKey: token) {
            body(&current)
            beside[token] = current
            tellBeside(token)
        }
    }

    // MARK: speech

    /// Begins the next sentence where one waits, and ends the reply where none will come.
    mutating func goOn(at now: Instant) {
        speakNext(ofDraft: false)
        guard let current = reply else { return }
        if !isPacing, current.playout.queued > .zero {
            isPacing = true
            effects.append(.startPacing)
            pace(at: now)
        } else if current.isQueued, current.playout.queued == .zero {
            if current.line == nil, current.failure == nil, current.calls.isEmpty {
                reply?.failure = EngineError(.badAnswer, "nothing of the answer can be said")
            }
            finish(at: now)
        }
    }

    private mutating func speakNext(ofDraft isDraft: Bool) {
        guard var current = isDraft ? draft : reply, current.speaking == nil, current.playout.backlog < Self.maximumBacklog else { return }
        if isDraft { draft = nil } else { reply = nil }  // so that its queues are not copied
        defer { if isDraft { draft = current } else { reply = current } }
        while let text = current.waiting.popFirst() {
            let spoken = ear.spoken(text)
            guard !spoken.isEmpty else { continue }
            current.cutFiller()
            let index = current.sentences.count
            current.sentences.append(Reply.Sentence(text: text, start: current.playout.queued, isProtected: plan.turns.protects(text)))
            current.speaking = index
            let speech = SpeechRequest(
                text: spoken, language: plan.language, voice: plan.voice, pace: plan.pace, isStock: current.line != nil)
            effects.append(.speak(current.token, sentence: index, speech))
            return
        }
    }

    mutating func speech(
        _ token: Token, _ sentence: Int, _ packets: [[UInt8]], _ levels: [BandLevels], _ words: [SpokenWord],
        at now: Instant
    ) {
        let isAwaited = reply?.playout.hasWaiting == false
        change(token) { reply in
            guard reply.sentences.indices.contains(sentence) else { return }
            reply.sentences[sentence].words += words
            for (index, packet) in packets.enumerated() {
                let (from, to) = (index * levels.count / packets.count, (index + 1) * levels.count / packets.count)
                reply.playout.append(packet, levels: levels[from..<to])
            }
        }
        guard reply?.token == token else { return }
        if clock?.firstAudio == nil, !packets.isEmpty, reply?.sentences[sentence].isFiller == false { clock?.firstAudio = now }
        announce()
        goOn(at: now)
        // The next tick may be as long away as a packet plays.
        if isAwaited, isPacing { pace(at: now) }
    }

    mutating func speechEnded(_ token: Token, _ sentence: Int, _ result: Result<Duration, EngineError>, at now: Instant) {
        change(token) { reply in
            guard reply.speaking == sentence, reply.sentences.indices.contains(sentence) else { return }
            reply.speaking = nil
            switch result {
            case .success(let duration): reply.sentences[sentence].duration = duration
            case .failure(let error):
                reply.failure = error
                reply.waiting.removeAll()
                reply.isTextComplete = true
            }
        }
        if draft?.token == token, let error = draft?.failure { return draftFailed(error, at: now) }
        guard reply?.token == token else { return }
        if case .failure = result { effects.append(.cancelReply(token)) }
        if let current = reply?.sentences[sentence], current.duration != nil { caption(current) }
        goOn(at: now)
    }

    /// Sends captions for sentences whose audio has begun.
    private mutating func announce() {
        guard let current = reply, !current.isDraft else { return }
        for index in current.sentences.indices where !current.sentences[index].isAnnounced {
            guard current.playout.queued > current.sentences[index].start else { break }
            if index == 0 { send(.agentStarted(turn: current.turn, epoch: current.epoch)) }
            reply?.sentences[index].isAnnounced = true
            caption(current.sentences[index])
        }
    }

    private mutating func caption(_ sentence: Reply.Sentence) {
        guard let reply, !reply.isDraft else { return }
        let words = sentence.words.map { TimedWord(text: $0.text, start: sentence.start + $0.start, end: sentence.start + $0.end) }
        send(
            .agentText(
                AgentText(
                    turn: reply.turn, epoch: reply.epoch, text: sentence.text, start: sentence.start, duration: sentence.duration,
                    words: words)))
    }
}
