internal import Engines
internal import Turns

/// Plays a scene to a ``TurnRule``: the same voice probabilities, the same engines, the same latencies as for ``VirtualCaller``.
struct RuleCaller {
    private enum Happening {
        case event(RuleEvent)
        case audible(reply: Int)
        case finished(reply: Int)
    }

    /// A reply being heard. `since` moves when it is held, so that it always gives how much was sent.
    private struct Speaking {
        var since: Duration
        var heldAt: Duration?
        var reply: ScriptedReply
    }

    private let scene: Scene
    private let sound: SceneSound
    private let engines: EvaluationEngines
    private let latencies: EngineLatencies
    private var rule: any TurnRule
    private var queue = EventQueue<Happening>()
    private var trace = TurnTrace()
    private var utterance: Duration?
    private var speaking: Speaking?
    /// The reply that is being prepared or heard, and its text.
    private var reply = 0
    private var text: String

    /// Sound kept from before a turn's first voice.
    private static let prefix = Duration.milliseconds(500)

    init(_ scene: Scene, _ sound: SceneSound, rule: any TurnRule, engines: EvaluationEngines, latencies: EngineLatencies) {
        (self.scene, self.sound, self.rule, self.engines, self.latencies) = (scene, sound, rule, engines, latencies)
        text = scene.reply.isEmpty ? ScriptedReply.short : scene.reply
    }

    /// Plays the scene to its end.
    ///
    /// - Throws: What an engine throws, or `CancellationError`.
    mutating func run() async throws -> TurnTrace {
        if !scene.reply.isEmpty { queue.enter(.audible(reply: 0), at: Scene.replyAsked + latencies.reply) }
        for index in sound.probabilities.indices {
            let known = sound.windowKnown(index)
            try await catchUp(before: known)
            try await handle(.window(sound.probabilities[index], end: Instant(sound.windowEnd(index))), at: known)
        }
        try await catchUp(before: scene.duration)
        return trace
    }

    private mutating func catchUp(before limit: Duration) async throws {
        while true {
            let deadline = rule.deadline?.sinceStart ?? limit
            let next = queue.nextTime ?? limit
            guard min(deadline, next) < limit else { return }
            if deadline < next {
                try await handle(.deadline, at: deadline)
                guard rule.deadline?.sinceStart != deadline else { return }
            } else if let happening = queue.pop() {
                try await happen(happening.event, at: happening.at)
            }
        }
    }

    private mutating func happen(_ happening: Happening, at now: Duration) async throws {
        switch happening {
        case .event(let event): try await handle(event, at: now)
        case .audible(let number):
            guard number == reply else { return }
            let spoken = ScriptedReply(text)
            speaking = Speaking(since: now, reply: spoken)
            trace.note(.audible, at: now)
            queue.enter(.finished(reply: number), at: now + spoken.duration)
            try await handle(.agent(isSpeaking: true), at: now)
        case .finished(let number):
            guard number == reply, let current = speaking else { return }
            let end = current.since + current.reply.duration
            guard current.heldAt == nil, now >= end else { return }
            speaking = nil
            trace.note(.finished, at: now)
            try await handle(.agent(isSpeaking: false), at: now)
        }
    }

    private mutating func handle(_ event: RuleEvent, at now: Duration) async throws {
        for action in rule.handle(event, at: Instant(now)) { try await carryOut(action, at: now) }
    }

    private mutating func carryOut(_ action: RuleAction, at now: Duration) async throws {
        switch action {
        case .turnBegan:
            utterance = max(.zero, now - Self.prefix)
            if speaking == nil, !trace.entries.isEmpty { reply += 1 }  // what was being prepared is dropped
        case .askEndOfTurn:
            let audio = audio(until: now)
            let answer = await result { try await engines.endOfTurn.probabilityOfEnd(audio) }
            queue.enter(.event(.endOfTurn(try? answer.get())), at: now + latencies.endOfTurn)
        case .askWords:
            let audio = audio(until: now)
            let answer = await scene.transcript(of: audio, until: now, purpose: .final, by: engines.recognizer)
            let length = Duration.microseconds(audio.count * 1_000_000 / Scene.sampleRate)
            let hasWords = (try? answer.get())?.text.isEmpty == false
            queue.enter(.event(.words(hasWords)), at: now + latencies.recognition(of: length))
        case .commit:
            trace.note(.committed, at: now)
            trace.note(.asked, at: now)
            utterance = nil
            guard speaking == nil else { return }
            reply += 1
            text = ScriptedReply.short
            queue.enter(.audible(reply: reply), at: now + latencies.reply)
        case .hold:
            guard speaking?.heldAt == nil else { return }
            speaking?.heldAt = now
            trace.note(.held, at: now)
        case .resume:
            guard let current = speaking, let heldAt = current.heldAt else { return }
            speaking?.since += now - heldAt
            speaking?.heldAt = nil
            trace.note(.resumed, at: now)
            queue.enter(.finished(reply: reply), at: current.since + (now - heldAt) + current.reply.duration)
        case .interrupt: try await interrupt(at: now)
        }
    }

    private mutating func interrupt(at now: Duration) async throws {
        guard let current = speaking else { return }
        let sent = (current.heldAt ?? now) - current.since
        let played = sent - latencies.clientBuffer
        func words(_ position: Duration) -> Int { current.reply.words.count { $0.start + ($0.end - $0.start) / 2 < position } }
        trace.note(.flushed, at: now)
        trace.heard.append(TurnTrace.Heard(recorded: rule.keepsAllGenerated ? current.reply.words.count : words(sent), played: words(played)))
        speaking = nil
        reply += 1
        try await handle(.agent(isSpeaking: false), at: now)
    }

    private func audio(until now: Duration) -> [Float] { sound.audio(from: utterance ?? .zero, to: now) }
}
