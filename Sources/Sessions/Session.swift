internal import DequeModule
internal import Engines
package import Logging
package import NIOCore
internal import Turns
package import Wire

/// One caller's conversation, living on the event loop of its connection.
///
/// Audio takes the short way: decoded and judged where it arrives, it enters the actor only when something was decided. What
/// the ``Conversation`` wants done is carried out here: timers on the loop, engine work in tasks that end with the session.
package actor Session: CallSession {
    nonisolated package let unownedExecutor: UnownedSerialExecutor
    nonisolated package let id: String
    nonisolated let plan: CallPlan
    let engines: EngineSet
    let encoding: ReplyEncoding
    let phrases: PhraseCache
    /// Where replies are encoded.
    let lane: CodingLane
    private let strains: [LoopStrain]
    let logger: Logger
    nonisolated let loop: any EventLoop
    private let began: NIODeadline
    nonisolated let ear: NIOLoopBound<Ear>
    var conversation: Conversation
    private(set) var transport: (any CallTransport & Sendable)?
    /// Engine work under way; each removes itself when done.
    var jobs: [Job: Work] = [:]
    var voices: [Token: ReplyVoice] = [:]
    private var sent: Deque<SentEvent> = []
    private var lastSeq = 0
    private let ticker: NIOLoopBound<PacingTicker>
    private let round: NIOLoopBound<VoiceRound>
    private let observer: any SessionObserver
    private var stallWatch: Scheduled<Void>?
    /// The longest that a timer waits at a time.
    private let longestStep: TimeAmount
    private var isStarted = false
    private var attachments = 0

    /// One event kept for a client that comes back.
    private struct SentEvent {
        let event: ServerEvent
        let seq: Int
        let time: Duration
    }

    /// Names a piece of engine work.
    enum Job: Hashable {
        case endOfTurn(Token)
        case recognition(Token)
        case partial(Int)
        case answer(Token)
        case speech(Token)
    }

    /// A piece of engine work under way.
    struct Work {
        let task: Task<Void, Never>
        /// When it has to be done; nil where the engine itself sees to that.
        let deadline: Scheduled<Void>?

        func cancel() {
            task.cancel()
            deadline?.cancel()
        }
    }

    /// Events kept for a client that comes back.
    private static let keptEvents = 512

    /// - Parameters:
    ///   - loop: Its connection's event loop; the caller is on it.
    ///   - longestStep: The longest that a timer waits at a time.
    /// - Throws: What making the ear throws: a format that cannot be heard.
    package init(
        id: String, plan: CallPlan, engines: EngineSet, encoding: ReplyEncoding, phrases: PhraseCache, lane: CodingLane,
        loop: any EventLoop, ticker: NIOLoopBound<PacingTicker>, round: NIOLoopBound<VoiceRound>, strains: [LoopStrain],
        observer: any SessionObserver, logger: Logger, phase: Int, longestStep: TimeAmount = .seconds(60)
    ) throws {
        self.longestStep = longestStep
        (self.id, self.plan, self.engines, self.encoding) = (id, plan, engines, encoding)
        (self.phrases, self.lane, self.strains) = (phrases, lane, strains)
        (self.loop, self.logger, self.ticker, self.round, self.observer) = (loop, logger, ticker, round, observer)
        unownedExecutor = loop.executor.asUnownedSerialExecutor()
        began = .now()
        let ear = try Ear(plan: plan, detector: engines.voice.makeDetector(), phase: phase, space: round.value.space)
        ear.isPatient = round.value.isOfUse
        observer.began(id: id, ear: ear, plan: plan, phase: phase)
        self.ear = NIOLoopBound(ear, eventLoop: loop)
        conversation = Conversation(plan: plan)
    }

    /// What is to be spared now.
    var relief: Relief { strains.reduce(.nothing) { max($0, $1.relief) } }

    /// Time since the session began.
    nonisolated var now: Instant { Instant(.nanoseconds((NIODeadline.now() - began).nanoseconds)) }

    // MARK: from the door

    nonisolated package func receive(_ header: AudioPacketHeader, payload: Span<UInt8>) {
        let (now, ear) = (self.now, ear.value)
        settle()
        observer.received(header, payload, at: now, session: id)
        if ear.hear(header, payload: payload, at: now) {
            ear.judge()
            assumeIsolated { $0.takeEarEvents(at: now) }
        } else if ear.isWaiting {
            round.value.add(self, ear)
        }
    }

    /// Takes what the detector says of the window that waits.
    nonisolated func judged(_ probability: Float) {
        ear.value.judged(probability)
        takeJudged()
    }

    /// What was heard comes before what happened after it.
    nonisolated private func settle() {
        guard ear.value.isWaiting else { return }
        ear.value.judge()
        takeJudged()
    }

    /// What a window that waited led to happened when its packet came.
    nonisolated private func takeJudged() {
        if !ear.value.events.isEmpty { assumeIsolated { $0.takeEarEvents(at: $0.ear.value.lastPacket) } }
    }

    nonisolated package func receive(_ event: ClientEvent) { assumeIsolated { $0.handle(.client(event)) } }

    /// The connection the session began on is gone.
    nonisolated package func transportLost() { transportLost(1) }

    /// A connection is gone; news of one that another has taken the place of is old.
    nonisolated func transportLost(_ attachment: Int) {
        assumeIsolated { session in
            guard attachment == session.attachments, session.transport != nil else { return }
            session.transport = nil
            session.stopPacing()
            session.settle()
            if session.ear.value.audioStopped(at: session.now) { session.takeEarEvents(at: session.now) }
            session.handle(.transportLost)
        }
    }

    // MARK: life

    /// Begins to talk over a connection, or goes on over another one.
    ///
    /// - Parameter after: The last event that arrived over the connection before; those after it are sent again.
    /// - Returns: The connection's number among the session's, from 1; nil if the session has ended.
    @discardableResult
    package func attach(_ transport: any CallTransport & Sendable, ready: SessionReady, after: Int?) -> Int? {
        guard !conversation.hasEnded else { return nil }
        settle()
        attachments += 1
        if let old = self.transport { old.close(code: 4409, reason: "resumed elsewhere") }
        self.transport = transport
        if let after {
            // This answer belongs to the connection; the session's numbers go on with what was missed.
            transport.send(.ready(ready), seq: 0, at: now.sinceStart)
            for event in sent where event.seq > after { transport.send(event.event, seq: event.seq, at: event.time) }
        } else {
            send(.ready(ready))
        }
        if isStarted {
            ear.value.connectionChanged()
            handle(.transportBack)
        } else {
            isStarted = true
            handle(.opened)
        }
        return attachments
    }

    package func drain(within: Duration) { handle(.drain(within: within)) }

    package func hangUp(_ reason: String) { handle(.hangUp(reason)) }

    /// Whether a client that saw events up to `seq` can be brought up to date.
    package func canResume(after seq: Int) -> Bool {
        guard seq <= lastSeq else { return false }
        return sent.first.map { $0.seq <= seq + 1 } ?? (seq == lastSeq)
    }

    package var hasEnded: Bool { conversation.hasEnded }

    // MARK: events

    private func takeEarEvents(at now: Instant) {
        let events = ear.value.events
        let isFull = ear.value.isUtteranceFull
        for event in events { handle(.voice(event), at: now) }
        if isFull { handle(.utteranceFull, at: now) }
        if ear.value.isVoiced { watchForStall() }
    }

    func handle(_ event: ConversationEvent) { handle(event, at: now) }

    private func handle(_ event: ConversationEvent, at now: Instant) {
        settle()
        observer.handles(event, at: now, session: id)
        let effects = conversation.handle(event, at: now)
        for reason in conversation.reasons { logger.debug("because", metadata: ["session": "\(id)", "reason": "\(reason.text)"]) }
        for effect in effects { carryOut(effect, at: now) }
    }

    /// Sends what is due.
    ///
    /// - Returns: After how long to come back.
    func tick() -> Duration {
        let now = self.now
        handle(.tick, at: now)
        return conversation.untilNextTick(at: now)
    }

    /// Audio that stops in mid-word would leave the machine waiting for a silence that never comes.
    private func watchForStall() {
        guard stallWatch == nil, let wait = ear.value.stallWait(at: now) else { return }
        stallWatch = loop.scheduleTask(in: TimeAmount(wait)) { [weak self] in
            self?.assumeIsolated { session in
                session.stallWatch = nil
                session.settle()
                let now = session.now
                guard session.ear.value.stallWait(at: now) == .zero else { return session.watchForStall() }
                if session.ear.value.audioStopped(at: now) { session.takeEarEvents(at: now) }
            }
        }
    }

    /// A long wait is one of several steps, so that a call that has ended leaves nothing on the loop for long.
    private func startTimer(_ name: TimerName, at due: NIODeadline) {
        let step = min(due, .now() + longestStep)
        loop.scheduleTask(deadline: step) { [weak self] in
            self?.assumeIsolated { session in
                if step == due { return session.handle(.timer(name)) }
                if !session.hasEnded { session.startTimer(name, at: due) }
            }
        }
    }

    // MARK: effects

    private func carryOut(_ effect: ConversationEffect, at now: Instant) {
        observer.wants(effect, at: now, session: id)
        switch effect {
        case .startTimer(let name, let after): startTimer(name, at: .now() + TimeAmount(after))
        case .dropUtterance: ear.value.dropUtterance()
        case .askEndOfTurn(let token): askEndOfTurn(token)
        case .recognize(let token): recognize(token)
        case .transcribe(let token, let sound): transcribe(token, sound)
        case .recognizePartial(let number): recognizePartial(number)
        case .cancelPartial(let number): jobs.removeValue(forKey: .partial(number))?.cancel()
        case .cancelRecognition(let token): jobs.removeValue(forKey: .recognition(token))?.cancel()
        case .answer(let token, let request): answer(token, request)
        case .speak(let token, let sentence, let request): speak(token, sentence, request)
        case .cancelReply(let token):
            jobs.removeValue(forKey: .answer(token))?.cancel()
            jobs.removeValue(forKey: .speech(token))?.cancel()
            voices.removeValue(forKey: token)
        case .send(let event): send(event)
        case .sendAudio(let header, let payload): transport?.send(header, payload: payload)
        case .sound(let sound): ear.value.note(sound, at: now)
        case .startPacing: ticker.value.add(self)
        case .stopPacing: stopPacing()
        case .mute(let isMuted):
            if isMuted, ear.value.audioStopped(at: now) { takeEarEvents(at: now) }
        case .listen(let listening): if ear.value.change(listening, at: now) { takeEarEvents(at: now) }
        case .close(let code, let reason): close(code: code, reason: reason)
        }
    }

    private func stopPacing() { ticker.value.remove(self) }

    private func send(_ event: ServerEvent) {
        lastSeq += 1
        let time = now.sinceStart
        // A pong is of no use to a client that comes back, and many would push out what is.
        if case .pong = event {} else { sent.append(SentEvent(event: event, seq: lastSeq, time: time)) }
        if sent.count > Self.keptEvents { sent.removeFirst() }
        transport?.send(event, seq: lastSeq, at: time)
    }

    private func close(code: UInt16, reason: String) {
        for job in jobs.values { job.cancel() }
        jobs.removeAll()
        voices.removeAll()
        stopPacing()
        stallWatch?.cancel()
        transport?.close(code: code, reason: reason)
        transport = nil
        observer.ended(session: id, reason: reason, heard: ear.value.counters)
    }
}
