internal import Audio
internal import Dialogue
internal import Engines
internal import Sessions
internal import Turns
internal import Wire

/// Plays a scene to the real ear and the real conversation in virtual time: engines are asked for real, and what they answer comes after the
/// time they are taken to need.
struct VirtualCaller {
    private enum Happening {
        case timer(TimerName)
        case event(ConversationEvent)
        case tick(Int)
        /// The client says what it has played.
        case report
    }

    private let scene: Scene
    private let sound: SceneSound
    private let engines: EvaluationEngines
    private let latencies: EngineLatencies
    private let ear: Ear
    private var conversation: Conversation
    private var client: ListeningClient
    private var queue = EventQueue<Happening>()
    private var trace = TurnTrace()
    private var timeline = CallTimeline()
    private var pacing: Int?
    private var pacings = 0
    private var givenUp: Set<Token> = []
    private var looks: Set<Int> = []
    /// How often the client says what it has played, as the protocol has it.
    private static let reportEvery = Duration.milliseconds(100)
    /// Replies by the number that the conversation gave them, and by the number on their packets.
    private var spoken: [Token: [SpokenWord]] = [:]
    private var packets: [Token: Int] = [:]
    private var tokens: [UInt16: Token] = [:]
    private var turns: [UInt16: Int] = [:]
    /// Where the agent's voice comes back, the microphone depends on what is played; encoded as it goes.
    private var microphone: EchoMicrophone?
    private var encoder: FrameEncoder?
    private var flushed: [(epoch: UInt16, played: Duration)] = []

    init(_ scene: Scene, _ sound: SceneSound, plan: CallPlan, engines: EvaluationEngines, latencies: EngineLatencies, bitrate: Int) throws {
        (self.scene, self.sound, self.engines, self.latencies) = (scene, sound, engines, latencies)
        ear = try Ear(plan: plan, detector: engines.voice.makeDetector(), phase: sound.phase)
        conversation = Conversation(plan: plan)
        client = ListeningClient(latencies)
        if let echo = scene.echo {
            microphone = EchoMicrophone(echo, network: latencies.network)
            encoder = try FrameEncoder(bitrate: bitrate)
        }
    }

    /// Plays the scene to its end.
    ///
    /// - Throws: What an engine throws, or `CancellationError`.
    mutating func run() async throws -> TurnTrace {
        if !scene.reply.isEmpty { queue.enter(.event(.client(.text("Where is my parcel?"))), at: Scene.replyAsked) }
        queue.enter(.report, at: Self.reportEvery)
        try await handle(.opened, at: .zero)
        for index in sound.packets.indices {
            let arrival = SceneSound.arrival(index)
            try await catchUp(before: arrival)
            try await hear(index, at: arrival)
        }
        try await catchUp(before: scene.duration)
        account()
        timeline.finish()
        trace.timeline = timeline.lines
        return trace
    }

    private mutating func catchUp(before limit: Duration) async throws {
        while let at = queue.nextTime, at < limit, let next = queue.pop() {
            try Task.checkCancellation()
            try await happen(next.event, at: next.at)
        }
    }

    private mutating func hear(_ index: Int, at now: Duration) async throws {
        let header = AudioPacketHeader(sequence: UInt32(index), time: UInt32(index) &* 960)
        let packet = try microphone == nil ? sound.packets[index] : heard(index)
        guard ear.hear(header, payload: packet.span, at: Instant(now)) else { return }
        let (events, isFull) = (ear.events, ear.isUtteranceFull)
        for event in events { try await handle(.voice(event), at: now) }
        if isFull { try await handle(.utteranceFull, at: now) }
    }

    /// What the microphone sends of 20 ms into which the agent's voice comes back.
    private mutating func heard(_ index: Int) throws -> [UInt8] {
        let size = Scene.sampleRate / 50
        var frame = Array(scene.samples[index * size..<(index + 1) * size])
        microphone?.add(to: &frame, from: SceneSound.packetDuration * index)
        return try encoder?.encode(frame) ?? []
    }

    private mutating func happen(_ happening: Happening, at now: Duration) async throws {
        switch happening {
        case .timer(let name): try await handle(.timer(name), at: now)
        case .event(let event): if !isGivenUp(event) { try await handle(event, at: now) }
        case .tick(let number):
            guard pacing == number else { return }
            try await handle(.tick, at: now)
            if pacing == number { queue.enter(.tick(number), at: now + .milliseconds(10)) }
        case .report:
            report(at: now)
            queue.enter(.report, at: now + Self.reportEvery)
        }
    }

    /// The client's word on what it has played up to now arrives after the network's time.
    private mutating func report(at now: Duration) {
        guard pacing != nil, let playout = client.playout(at: now) else { return }
        let event = ClientEvent.playout(epoch: playout.epoch, milliseconds: Int(playout.played / .milliseconds(1)))
        queue.enter(.event(.client(event)), at: now + latencies.network)
    }

    private mutating func handle(_ event: ConversationEvent, at now: Duration) async throws {
        let wasSpeaking = conversation.state.isSpeaking
        let effects = conversation.handle(event, at: Instant(now))
        for reason in conversation.reasons { timeline.note(reason, at: Instant(now)) }
        for effect in effects {
            timeline.note(effect, at: Instant(now))
            try await carryOut(effect, at: now)
        }
        if !wasSpeaking, conversation.state.isSpeaking { trace.note(.audible, at: now) }
    }

    private mutating func carryOut(_ effect: ConversationEffect, at now: Duration) async throws {
        switch effect {
        case .startTimer(let name, let after): queue.enter(.timer(name), at: now + after)
        case .dropUtterance: ear.dropUtterance()
        case .askEndOfTurn(let token):
            let answer = await result { try await engines.endOfTurn.probabilityOfEnd(utterance) }
            queue.enter(.event(.endOfTurn(token, answer)), at: now + latencies.endOfTurn)
        case .recognize(let token): try await recognize(.final, at: now) { .transcript(token, $0) }
        case .recognizePartial(let number):
            looks.insert(number)
            try await recognize(.partial, at: now) { .partial(number, $0) }
        case .cancelPartial(let number): looks.remove(number)
        case .answer(let token, _):
            trace.note(.asked, at: now)
            let text = scene.reply.isEmpty || tokens.values.contains(token) || !spoken.isEmpty ? ScriptedReply.short : scene.reply
            queue.enter(.event(.replyText(token, text)), at: now + latencies.firstToken)
            queue.enter(.event(.replyEnded(token, .success(ChatOutcome(finish: .stop)))), at: now + latencies.firstToken)
        case .speak(let token, let sentence, let request): speak(token, sentence, request.text, at: now)
        case .startPacing:
            guard pacing == nil else { return }
            pacings += 1
            pacing = pacings
            queue.enter(.tick(pacings), at: now + .milliseconds(10))
        case .stopPacing: pacing = nil
        case .cancelRecognition(let token), .cancelReply(let token): givenUp.insert(token)
        case .sendAudio(let header, let payload):
            microphone?.begins(at: now)
            send(header, payload, at: now)
        case .sound(let sound): ear.note(sound, at: Instant(now))
        case .send(let event): note(event, at: now)
        case .transcribe, .mute, .listen, .close: break  // nobody here sends sound in one piece
        }
    }

    // MARK: engines

    private var utterance: [Float] { ear.utterance.samples }

    private mutating func recognize(
        _ purpose: RecognitionRequest.Purpose, at now: Duration, _ event: (Result<Transcript, EngineError>) -> ConversationEvent
    ) async throws {
        let audio = utterance
        let answer = await scene.transcript(of: audio, until: now, purpose: purpose, by: engines.recognizer)
        if purpose == .partial, let words = try? answer.get() {
            trace.looks.append(TurnTrace.Look(at: now, text: words.text, confidence: words.confidence))
        }
        let length = Duration.microseconds(audio.count * 1_000_000 / Scene.sampleRate)
        queue.enter(.event(event(answer)), at: now + latencies.recognition(of: length))
    }

    private mutating func speak(_ token: Token, _ sentence: Int, _ text: String, at now: Duration) {
        let echo = spoken.isEmpty && scene.echo?.agent.isEmpty == false ? scene.echo : nil
        let speech = echo.map { ScriptedReply(text, in: $0) } ?? ScriptedReply(text)
        let length = speech.duration + conversation.plan.sentencePause
        let count = Int((length / ListeningClient.packetDuration).rounded(.up))
        let first = packets[token, default: 0]
        let start = ListeningClient.packetDuration * first
        packets[token] = first + count
        spoken[token, default: []] += speech.words.map { SpokenWord(text: $0.text, start: start + $0.start, end: start + $0.end) }
        let payloads = (first..<first + count).map { [UInt8(truncatingIfNeeded: $0 >> 8), UInt8(truncatingIfNeeded: $0)] }
        let ready = now + latencies.firstAudio
        queue.enter(
            .event(.speech(token, sentence: sentence, packets: payloads, levels: levels(of: echo, packets: count), words: speech.words)), at: ready)
        queue.enter(.event(.speechEnded(token, sentence: sentence, .success(speech.duration))), at: ready)
    }

    /// As `ReplyVoice` measures them before it encodes.
    private func levels(of echo: EchoReturn?, packets: Int) -> [BandLevels] {
        guard let echo else { return [] }
        var meter = BandMeter(sampleRate: Scene.sampleRate)
        var levels: [BandLevels] = []
        meter.measure(echo.agent.span) { levels.append(BandLevels(decibels: $0)) }
        let frames = packets * Int(ListeningClient.packetDuration / BandLevels.frame)
        return Array((levels + [BandLevels](repeating: .silence, count: max(0, frames - levels.count))).prefix(frames))
    }

    private func isGivenUp(_ event: ConversationEvent) -> Bool {
        switch event {
        case .transcript(let token, _), .replyText(let token, _), .replyCall(let token, _), .replyEnded(let token, _),
            .speech(let token, _, _, _, _),
            .speechEnded(let token, _, _):
            givenUp.contains(token)
        case .partial(let number, _): !looks.contains(number)
        case .opened, .voice, .utteranceFull, .timer, .endOfTurn, .tick, .client, .transportLost, .transportBack, .drain, .hangUp:
            false
        }
    }

    // MARK: what goes out

    private mutating func send(_ header: AudioPacketHeader, _ payload: [UInt8], at now: Duration) {
        guard payload.count == 2 else { return }
        client.receive(.init(epoch: header.epoch, position: Int(payload[0]) << 8 | Int(payload[1]), sequence: header.sequence), sentAt: now)
    }

    private mutating func note(_ event: ServerEvent, at now: Duration) {
        switch event {
        case .userFinal: if now > Scene.replyAsked || scene.reply.isEmpty { trace.note(.committed, at: now) }
        case .agentStarted(let turn, let epoch):
            turns[epoch] = turn
            tokens[epoch] = conversation.state.reply
        case .agentFinished(_, _, let reason, _): if reason == .completed { trace.note(.finished, at: now) }
        case .hold:
            trace.note(.held, at: now)
            client.hold(sentAt: now)
            report(at: now + latencies.network)
            microphone?.stops(at: now)
        case .resume(let epoch, let position, let sequence):
            trace.note(.resumed, at: now)
            client.resume(epoch, from: sequence, sentAt: now)
            microphone?.goesOn(at: now, from: position)
        case .flush(let epoch, _):
            trace.note(.flushed, at: now)
            microphone?.stops(at: now)
            flushed.append((epoch, client.flush(epoch, sentAt: now)))
        case .ready, .state, .speechStarted, .speechStopped, .userPartial, .agentText, .metrics, .report, .error, .ending, .ended, .pong:
            break
        }
    }

    /// Compares the history with what the client played.
    private mutating func account() {
        client.play(until: scene.duration)
        for (epoch, played) in flushed {
            guard let token = tokens[epoch], let words = spoken[token],
                let reply = conversation.history.turns.last(where: { $0.number == turns[epoch] })?.reply, let heard = reply.heard
            else { continue }
            let truth = words.count { $0.start + ($0.end - $0.start) / 2 < played }
            trace.heard.append(TurnTrace.Heard(recorded: heard.split(separator: " ").count, played: truth))
        }
        for (epoch, token) in tokens {
            var next = 0
            for packet in client.played where packet.epoch == epoch {
                let (low, high) = (min(next, packet.position), max(next, packet.position))
                let (start, end) = (ListeningClient.packetDuration * low, ListeningClient.packetDuration * high)
                let words = (spoken[token] ?? []).map { min($0.end, end) - max($0.start, start) }
                if packet.position < next {
                    // A reply goes on with a whole packet, which may begin before the word.
                    trace.wordsRepeated = max(trace.wordsRepeated, words.count { $0 > ListeningClient.packetDuration })
                } else if packet.position > next {
                    trace.wordsSkipped += words.count { $0 > .zero }
                }
                next = packet.position + 1
            }
        }
    }
}

extension TurnMachine.State {
    fileprivate var isSpeaking: Bool { if case .answering(let answering) = self { answering.phase == .speaking } else { false } }
    fileprivate var reply: Token? { if case .answering(let answering) = self { answering.reply } else { nil } }
}
