internal import Wire

/// What a caller knows of the turn that is under way.
struct TurnRecord {
    var began = Duration.zero
    /// How long the engine for speech takes to its first audio; nil where that is not known.
    var firstAudio: Duration?
    /// Whether the caller was not done when the turn was committed: the agent then gives way before it is heard, which is no lateness.
    var isSpokenInto = false
    /// When the turn was committed, until its reply begins; never known at a door that does not tell.
    var committed: Duration?
    var turn = 0
    /// Whether the server told of an engine's failure since the turn before.
    var hasFailed = false
    /// When the answer was asked for, and when its first sentence was whole.
    var requested: Duration?
    var sentence: Duration?
    /// What the stub lately answered this caller.
    var answers: [StubAnswer] = []
    /// When the caller began to interrupt, until the agent is held.
    var interrupted: Duration?

    /// From the commit to the request for the answer; nil where that came before.
    var asking: Duration? {
        guard let committed, let requested, requested >= committed else { return nil }
        return requested - committed
    }

    /// From the first sentence to the first packet, less what the engine for speech took; nil where the sentence was there before the commit.
    func speaking(until now: Duration) -> Duration? {
        guard let sentence, let firstAudio, sentence >= committed ?? sentence else { return nil }
        return now - sentence - firstAudio
    }

    /// What the engines took after the commit until the first audio; nil where it is not known.
    var enginesTime: Duration? {
        guard let committed, let requested, let sentence, let firstAudio else { return nil }
        return requested >= committed ? sentence - requested + firstAudio : max(.zero, sentence + firstAudio - committed)
    }
}

extension LoadCaller {
    private static let answersKept = 6

    func take(_ header: AudioPacketHeader, at now: Duration) {
        floor.figures.packetsReceived += 1
        guard let packet = check?.receive(header, at: now) else { return }
        if let jitter = packet.jitter, floor.isMeasuring { floor.figures.record(.pacing, jitter) }
        guard packet.begins else { return }
        script?.replyBegan(at: now)
        floor.figures.replies += 1
        if floor.isMeasuring, record.turn == 0 { floor.figures.record(.greeting, now - born) }
        if floor.isMeasuring, !record.isSpokenInto {
            if let committed = record.committed {
                floor.figures.record(.firstPacket, now - committed)
                if let engines = record.enginesTime { floor.figures.record(.firstPacketOwn, now - committed - engines) }
            }
            if let asking = record.asking { floor.figures.record(.asked, asking) }
            if let speaking = record.speaking(until: now) { floor.figures.record(.spoken, speaking) }
        }
        (record.committed, record.sentence) = (nil, nil)
    }

    func take(_ event: ServerEvent, at now: Duration) {
        switch event {
        case .ready(let ready):
            record.began = now
            began(ready, at: now)
        case .pong(let number): ponged(number, at: now)
        case .userFinal(let turn, _):
            floor.figures.turns += 1
            (record.committed, record.turn, record.isSpokenInto) = (now, turn, script?.isSpeaking ?? false)
        case .agentStarted(let turn, let epoch):
            check?.started(turn: turn, epoch: epoch)
            if turn != record.turn { check?.foundStranger() }
        case .agentText(let text):
            let isKnown = record.answers.isEmpty || ScriptedEngines.lines.contains(text.text) || record.answers.contains { $0.holds(text.text) }
            if !isKnown { check?.foundStranger() }
        case .agentFinished(_, let epoch, let reason, _): finished(epoch, reason, at: now)
        case .hold(let epoch):
            check?.hold(epoch, at: now)
            held(at: now)
            // Where it stopped, so that the reply can go on with the very word.
            reportPlayout(at: now)
        case .resume(let epoch, let position, _): check?.resume(epoch, at: position)
        case .flush(let epoch, _):
            held(at: now)
            let heard = check?.end(epoch, at: now) ?? .zero
            reportCut(epoch, heard: heard)
            script?.replyEnded(played: heard, isComplete: false, at: now)
        case .error(let error): failed(error)
        case .ended(let reason): ended(reason)
        case .metrics(let turn):
            ended(turn, at: now)
            if turn.outcome != .ignored, turn.total > 0, floor.isMeasuring { floor.figures.record(.turn, .milliseconds(turn.total)) }
        case .state, .speechStarted, .speechStopped, .userPartial, .report, .ending: break
        }
    }

    private func failed(_ error: WireError) {
        guard error.code.hasPrefix("engine.") else { return floor.figures.fail(error.code) }
        floor.figures.engineErrors[error.code, default: 0] += 1
        record.hasFailed = true
    }

    /// A turn that an engine's failure ended gets no reply, and is not waited for.
    private func ended(_ turn: TurnMetrics, at now: Duration) {
        let isLost = turn.outcome == .ignored && (record.hasFailed || turn.cause?.hasPrefix("recognition_") == true)
        record.hasFailed = false
        if turn.outcome == .ignored { record.turn = max(record.turn, turn.turn) }
        guard turn.outcome == .failed || isLost else { return }
        if turn.outcome == .failed, turn.cause?.hasPrefix("engine.") != true { floor.figures.fail(turn.cause ?? "turn.failed") }
        floor.figures.failedTurns += 1
        script?.turnFailed(at: now)
    }

    private func finished(_ epoch: UInt16, _ reason: ServerEvent.FinishReason, at now: Duration) {
        let heard = check?.end(epoch, at: now) ?? .zero
        if record.interrupted != nil, reason == .completed {
            // The caller spoke into it, and it went on to its end.
            record.interrupted = nil
            floor.figures.missedInterruptions += 1
        }
        guard reason != .interrupted else { return }
        script?.replyEnded(played: heard, isComplete: reason != .cancelled, at: now)
    }

    private func held(at now: Duration) {
        guard let began = record.interrupted else { return }
        record.interrupted = nil
        if floor.isMeasuring { floor.figures.record(.held, now - began) }
    }

    // MARK: what the stub tells

    func requested(_ answer: StubAnswer, at now: Duration) {
        record.answers = record.answers.suffix(Self.answersKept - 1) + [answer]
        (record.requested, record.sentence) = (now, nil)
    }

    func sentSentence(at now: Duration) { if record.sentence == nil { record.sentence = now } }
}
