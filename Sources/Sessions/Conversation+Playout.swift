internal import Audio
internal import Dialogue
internal import Engines
internal import Turns
internal import Wire

/// From queued audio to what the caller has heard.
extension Conversation {
    /// How long a client that reports its playout may take to answer a flush.
    private static let flushLimit = Duration.milliseconds(400)

    /// Sends what is due, and ends the reply once all of it was heard.
    mutating func pace(at now: Instant) {
        guard isAttached else { return }
        while let packet = reply?.playout.next(at: now) { emit(packet, at: now) }
        notePlace(at: now)
        guard let current = reply else { return stopPacing() }
        if current.isQueued, current.playout.isDone(at: now) { return finish(at: now) }
        if !current.isQueued, current.speaking == nil { goOn(at: now) }
    }

    /// How often a reply is looked after of which no packet waits.
    private static let waitingTick = Duration.milliseconds(10)

    /// After how long ``ConversationEvent/tick`` is due again.
    func untilNextTick(at now: Instant) -> Duration {
        guard let wait = reply?.playout.untilNext(at: now) else { return Self.waitingTick }
        return min(wait, .milliseconds(plan.output.packetMilliseconds))
    }

    private mutating func emit(_ packet: Playout.Packet, at now: Instant) {
        guard let current = reply else { return }
        if packet.position < current.fillerEnd {
            reply?.isFilling = true
        } else if !current.isAudible {
            reply?.isAudible = true
            clock?.firstPacket = now
            turn(.replyAudible(current.token), at: now)
        }
        if packet.isStart {
            // When it will sound: after what went out before and was not heard yet.
            let sounds = now.sinceStart + packet.position - current.playout.played(at: now)
            let time = UInt32(truncatingIfNeeded: Int(sounds / .microseconds(1)) * 48 / 1000)
            // Never backwards, also where what was sent ahead of its time has been flushed.
            if Int32(bitPattern: time &- mediaTime) > 0 { mediaTime = time }
        }
        var flags: AudioPacketHeader.Flags = packet.isStart ? .start : []
        if current.isQueued, packet.position + current.playout.packetDuration == current.playout.queued { flags.insert(.end) }
        effects.append(
            .sendAudio(
                AudioPacketHeader(flags: flags, epoch: current.epoch, sequence: sequence, time: mediaTime), payload: packet.payload))
        tellSound(of: packet, at: now)
        sequence &+= 1
        mediaTime &+= UInt32(48 * plan.output.packetMilliseconds)
    }

    // MARK: what the ear has to know again

    private mutating func tellSound(of packet: Playout.Packet, at now: Instant) {
        guard plan.echo.isOn, !packet.levels.isEmpty, let sounds = reply?.playout.sounds(packet.position, at: now) else { return }
        effects.append(.sound(.plays(packet.levels, sounds: sounds)))
    }

    mutating func tellSoundStops() { if plan.echo.isOn { effects.append(.sound(.stops)) } }

    mutating func stopPacing() {
        guard isPacing else { return }
        isPacing = false
        effects.append(.stopPacing)
    }

    /// All of a reply has been heard, or all that could be made of it.
    mutating func finish(at now: Instant) {
        guard let current = reply else { return }
        reply = nil
        stopPacing()
        let heard = current.heard(current.playout.queued)
        if let failure = current.failure {
            report(failure)
            account(current, heard: heard, reason: .failed, clock: clock, by: heardBy(current))
            reportEnd(current, .failed)
            history.fail(turn: current.entry, code: failure.code.rawValue)
            clock = nil
            turn(.replyFailed(current.token), at: now)
        } else {
            account(current, heard: heard, reason: .completed, clock: clock, by: heardBy(current))
            keepPast(current)
            reportEnd(current, .completed)
            clock = nil
            turn(.agentSaid(current.sentences.last?.text ?? String(current.written.suffix(200))), at: now)
            turn(.replyFinished(current.token), at: now)
        }
    }

    // MARK: giving way

    mutating func hold(_ token: Token, at now: Instant) {
        guard let current = reply, current.token == token else { return }
        reply?.playout.stop(at: now)
        tellSoundStops()
        if current.isAudible { send(.hold(epoch: current.epoch)) }
    }

    /// Goes on with the word that was cut: what went out from there on goes out again, since the client drops it.
    mutating func resume(_ token: Token, at now: Instant) {
        guard var current = reply, current.token == token else { return }
        if current.isAudible {
            reply = nil  // so that its queues are not copied
            let heard = current.playout.heard(at: now)
            // Whoever does not say what was played may have played less by what the network and a client's buffer hold.
            let played = current.playout.hasClientReports ? heard : max(.zero, heard - Self.clientDelay)
            let position = current.playout.rewind(to: min(heard, current.restart(played)), at: now)
            reply = current
            send(.resume(epoch: current.epoch, position: position, fromSequence: sequence))
        }
        if isAttached { reply?.playout.resume(at: now) }
        goOn(at: now)
    }

    /// How far the loudspeaker of a client that does not report is taken to lag behind the server's clock.
    private static let clientDelay = Duration.milliseconds(80)

    /// Tells the turn machine where in the reply the caller is, as far as that matters to an interruption.
    private mutating func notePlace(at now: Instant) {
        guard let current = reply, current.isAudible, !isHeld else { return }
        let heard = current.playout.heard(at: now)
        let sentence = current.sentences.last { $0.start <= heard }
        let isProtected = sentence?.isProtected == true && sentence.flatMap(\.end).map { heard < $0 } != false
        if isProtected != current.isProtected {
            reply?.isProtected = isProtected
            turn(.replyProtected(current.token, isProtected), at: now)
        }
        guard !current.isEnding, current.isQueued, let end = current.sentences.last?.end, end - heard <= plan.turns.ending else { return }
        reply?.isEnding = true
        turn(.replyEnding(current.token), at: now)
    }

    /// Forgets a reply of which nothing was heard.
    mutating func cancel(_ token: Token, at now: Instant) {
        effects.append(.cancelReply(token))
        if draft?.token == token { draft = nil }
        guard let current = reply, current.token == token else { return }
        reply = nil
        stopPacing()
        if current.isAudible || current.isFilling { tellSoundStops() }
        if current.isFilling, !current.isAudible {
            let played = current.playout.heard(at: now)
            send(.flush(epoch: current.epoch, fromSequence: sequence &- UInt32(current.playout.sentCount(from: played))))
        }
        if current.entry < 0 {
            history.remove(named: "reply:\(current.epoch)")
        } else if current.line == nil || current.line == .greeting {
            history.dropReply(turn: current.entry)
        }
        if current.sentences.first?.isAnnounced == true {
            send(.agentFinished(turn: current.turn, epoch: current.epoch, reason: .cancelled, heard: ""))
        }
        reportEnd(current, current.failure == nil ? .cancelled : .failed)
        if let failure = current.failure {
            report(failure)
            if let clock, current.line == nil {
                send(.metrics(clock.metrics(turn: current.turn, outcome: .failed, cause: failure.code.rawValue, heardBy: "server")))
            }
        }
        clock = nil
    }

    /// The caller took the turn: nothing more is sent, and only what was heard counts.
    mutating func interrupt(_ token: Token, at now: Instant) {
        guard let current = reply, current.token == token else { return }
        let played = current.playout.heard(at: now)
        reply = nil
        stopPacing()
        tellSoundStops()
        effects.append(.cancelReply(token))
        send(.flush(epoch: current.epoch, fromSequence: sequence &- UInt32(current.playout.sentCount(from: played))))
        let flushing = Flushing(
            reply: current, estimate: played, heardBy: heardBy(current), clock: clock, reason: .interrupted)
        clock = nil
        keep(current, heard: current.heard(played), isInterrupted: true)
        reportEnd(current, .interrupted)
        self.flushing.append(flushing)
        if isAttached {
            effects.append(.startTimer(.flush(current.epoch), after: Self.flushLimit))
        } else {
            settle(current.epoch, played: nil)
        }
    }

    /// Closes the account of an interrupted reply, by the client's word where there is one.
    mutating func settle(_ epoch: UInt16, played: Duration?) {
        guard let index = flushing.firstIndex(where: { $0.reply.epoch == epoch }) else { return }
        let flushing = self.flushing.remove(at: index)
        let position = played.map { min($0, flushing.reply.playout.sentUntil) } ?? flushing.estimate
        let heardBy = played == nil ? flushing.heardBy : "client"
        let heard = flushing.reply.heard(position)
        account(flushing.reply, heard: heard, reason: flushing.reason, clock: flushing.clock, by: heardBy)
        keepPast(flushing.reply)
        if played != nil, plan.isDirected { send(.report(.heard(epoch: epoch, text: heard))) }
    }

    mutating func settleAll() {
        for flushing in flushing { settle(flushing.reply.epoch, played: nil) }
    }

    private func heardBy(_ reply: Reply) -> String { reply.playout.hasClientReports ? "client" : "server" }

    private mutating func keep(_ reply: Reply, heard: String, isInterrupted: Bool) {
        guard reply.line == nil || reply.line == .greeting, !reply.isBeside else { return }
        history.setHeard(turn: reply.entry, text: heard, interrupted: isInterrupted)
    }

    /// Writes a reply's end into the history and tells the client.
    private mutating func account(
        _ reply: Reply, heard: String, reason: ServerEvent.FinishReason, clock: TurnClock?, by heardBy: String
    ) {
        keep(reply, heard: heard, isInterrupted: reason == .interrupted)
        if reply.sentences.first?.isAnnounced == true {
            send(.agentFinished(turn: reply.turn, epoch: reply.epoch, reason: reason, heard: heard))
        }
        guard let clock, reply.line == nil else { return }
        let outcome: TurnMetrics.Outcome =
            switch reason {
            case .completed: .completed
            case .interrupted, .cancelled: .interrupted
            case .failed: .failed
            }
        var metrics = clock.metrics(turn: reply.turn, outcome: outcome, cause: reply.failure?.code.rawValue, heardBy: heardBy)
        metrics.wordTimes = reply.wordTimes
        send(.metrics(metrics))
    }
}
