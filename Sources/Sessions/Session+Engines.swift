internal import Audio
internal import Engines
internal import NIOCore
internal import Turns
internal import Wire

/// Engine work: each job runs off the loop, comes back as an event, and is cancelled with the session.
extension Session {
    /// Runs work away from the loop and hands its event to the conversation, unless it was cancelled meanwhile.
    ///
    /// - Parameter limit: After how long it is cancelled, and what the conversation is told then.
    private func start(
        _ job: Job, within limit: (time: Duration, event: ConversationEvent)? = nil, _ work: @escaping @Sendable () async -> ConversationEvent?
    ) {
        let task = Task { @concurrent [weak self, id] in
            let event = await EngineCaller.$session.withValue(id, operation: work)
            guard !Task.isCancelled else { return }
            await self?.finish(job, event)
        }
        let deadline = limit.map { limit in
            loop.scheduleTask(in: TimeAmount(limit.time)) { [weak self] in
                guard let self else { return }
                self.assumeIsolated { $0.finish(job, limit.event) }
            }
        }
        jobs[job] = Work(task: task, deadline: deadline)
    }

    /// The work is done, or its time is up.
    private func finish(_ job: Job, _ event: ConversationEvent?) {
        guard let work = jobs.removeValue(forKey: job) else { return }
        work.cancel()
        if let event { handle(event) }
    }

    func askEndOfTurn(_ token: Token) {
        guard let model = engines.endOfTurn else { return handle(.endOfTurn(token, .failure(EngineError(.unavailable, "no end-of-turn model")))) }
        let sound = ear.value.sound
        start(.endOfTurn(token)) { .endOfTurn(token, await result { try await model.probabilityOfEnd(sound) }) }
    }

    func recognize(_ token: Token) {
        let transcribe = recognition(.final)
        start(.recognition(token)) { .transcript(token, await result(transcribe)) }
    }

    func transcribe(_ token: Token, _ sound: SentSound) {
        let (plan, recognizer) = (conversation.plan, engines.recognizer)
        start(.recognition(token)) {
            .transcript(
                token,
                await result {
                    let audio = try sound.audio(at: VoiceDetection.sampleRate)
                    return try await recognizer.transcribe(
                        RecognitionRequest(audio: audio.samples, language: plan.language, purpose: .final, hints: plan.hints))
                })
        }
    }

    func recognizePartial(_ number: Int) {
        guard engines.recognizer.servesPartials else {
            return handle(.partial(number, .failure(EngineError(.unavailable, "the recogniser does not look at unfinished words"))))
        }
        guard relief < .partials else { return handle(.partial(number, .failure(Self.spared))) }
        let transcribe = recognition(.partial)
        start(.partial(number)) { .partial(number, await result(transcribe)) }
    }

    /// The work of writing the utterance down.
    private func recognition(_ purpose: RecognitionRequest.Purpose) -> @Sendable () async throws -> Transcript {
        let (plan, recognizer) = (conversation.plan, engines.recognizer)
        let request = RecognitionRequest(ear.value.sound, language: plan.language, purpose: purpose, hints: plan.hints)
        return { try await recognizer.transcribe(request) }
    }

    /// What can be done without is not done while the loop is behind.
    private static let spared = EngineError(.overloaded, "the server is behind with its callers")

    func answer(_ token: Token, _ request: ChatRequest) {
        guard !conversation.isDraft(token) || relief < .speculation else { return handle(.replyEnded(token, .failure(Self.spared))) }
        var request = request
        request.session = id
        if conversation.isSpoken(token) {
            // While the language model thinks.
            let voice = makeVoice()
            voice.prepare()
            voices[token] = voice
        }
        let (model, final) = (engines.languageModel, request)
        start(.answer(token)) { [weak self] in
            .replyEnded(
                token,
                await result {
                    try await model.compose(final) { [weak self] piece in
                        if case .text(let text) = piece {
                            await self?.handle(.replyText(token, text))
                        } else {
                            await self?.handle(.replyCall(token, piece))
                        }
                    }
                })
        }
    }

    /// What other calls have heard as well comes from the shelf, else goes there.
    func speak(_ token: Token, _ sentence: Int, _ request: SpeechRequest) {
        let plan = conversation.plan
        let key =
            request.isStock ? PhraseCache.Key(request, format: plan.output, encoding: encoding, pause: plan.sentencePause) : nil
        if let key, let phrase = phrases[key] { return play(phrase, token, sentence) }
        voices = voices.filter { conversation.isUnderWay($0.key) }
        // A phrase that is kept does not depend on what its first hearer heard before.
        let voice = (key == nil ? voices[token] : nil) ?? makeVoice()
        if key == nil { voices[token] = voice }
        speak(token, sentence, request, voice: voice, key: key)
    }

    private func makeVoice() -> ReplyVoice {
        ReplyVoice(format: conversation.plan.output, encoding: encoding, pause: conversation.plan.sentencePause, on: lane)
    }

    /// In a turn of the loop of its own: what was decided together with it is carried out first.
    private func play(_ phrase: PhraseCache.Phrase, _ token: Token, _ sentence: Int) {
        loop.execute { [weak self] in
            self?.assumeIsolated { session in
                session.handle(.speech(token, sentence: sentence, packets: phrase.packets, levels: phrase.levels, words: phrase.words))
                session.handle(.speechEnded(token, sentence: sentence, .success(phrase.duration)))
            }
        }
    }

    /// - Returns: How much of the reply is ready and has not gone out.
    private func take(_ packets: [[UInt8]], _ levels: [BandLevels], _ words: [SpokenWord], of token: Token, _ sentence: Int) -> Duration {
        handle(.speech(token, sentence: sentence, packets: packets, levels: levels, words: words))
        transport?.flush()
        return conversation.backlog(of: token)
    }

    /// - Parameter key: Under which the speech is kept for other calls; nil where it is not.
    private func speak(_ token: Token, _ sentence: Int, _ request: SpeechRequest, voice: ReplyVoice, key: PhraseCache.Key?) {
        let (synthesizer, limit) = (engines.synthesizer, engines.speechLimit)
        let draft = key.map { PhraseDraft(key: $0, cache: phrases) }
        let deliver: ReplyVoice.Deliver = { [weak self] packets, levels, words in
            try Task.checkCancellation()
            draft?.add(packets, levels, words)
            return await self?.take(packets, levels, words, of: token, sentence) ?? .zero
        }
        let overrun = EngineError(.timeout, "speech synthesis took longer than \(limit)", isRetryable: true)
        start(.speech(token), within: (limit, .speechEnded(token, sentence: sentence, .failure(overrun)))) {
            let spoken = await result { try await voice.speak(request, by: synthesizer, deliver: deliver) }
            if case .success(let duration) = spoken { draft?.keep(duration) }
            return .speechEnded(token, sentence: sentence, spoken)
        }
    }
}

/// What the work gave, with any error as an ``EngineError``.
private func result<T: Sendable>(_ work: () async throws -> T) async -> Result<T, EngineError> {
    do { return .success(try await work()) } catch let error as EngineError { return .failure(error) } catch {
        return .failure(EngineError(.failed, "\(type(of: error))"))
    }
}

extension SentSound {
    /// What it is in samples.
    ///
    /// - Throws: `AudioError` for a rate that cannot be had of its own.
    func audio(at sampleRate: Int) throws -> PCMAudio {
        var samples: [Float] = []
        format.codec.append(samplesOf: bytes.span, to: &samples)
        return try PCMAudio(sampleRate: format.sampleRate, samples: samples).resampled(to: sampleRate)
    }
}
