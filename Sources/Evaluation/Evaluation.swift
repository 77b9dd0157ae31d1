internal import Audio
internal import Dialogue
internal import Engines
internal import Sessions
internal import Turns
internal import Wire

/// Plays scenes to policies.
package struct Evaluation: Sendable {
    package var engines: EvaluationEngines
    package var latencies: EngineLatencies
    /// Of the caller's Opus, in bits a second.
    package var bitrate: Int
    package var seed: UInt64

    package init(engines: EvaluationEngines, latencies: EngineLatencies = EngineLatencies(), bitrate: Int = 24_000, seed: UInt64 = 1) {
        (self.engines, self.latencies, self.bitrate, self.seed) = (engines, latencies, bitrate, seed)
    }

    /// Plays every scene to every policy.
    ///
    /// - Parameters:
    ///   - jobs: How many scenes are played at once; changes nothing in what comes out.
    ///   - progress: Called after each scene, from any thread.
    /// - Returns: For each policy a trace of each scene, in their orders.
    /// - Throws: What an engine or codec throws; `CancellationError`.
    package func run(
        _ scenes: [Scene], policies: [Policy], jobs: Int = 2, progress: @escaping @Sendable () -> Void = {}
    ) async throws -> [[TurnTrace]] {
        var byScene = [[TurnTrace]](repeating: [], count: scenes.count)
        try await withThrowingTaskGroup(of: (Int, [TurnTrace]).self) { group in
            var next = 0
            func add() {
                guard next < scenes.count else { return }
                let index = next
                next += 1
                group.addTask { @concurrent in (index, try await play(scenes[index], policies)) }
            }
            for _ in 0..<max(1, jobs) { add() }
            while let (index, traces) = try await group.next() {
                byScene[index] = traces
                progress()
                add()
            }
        }
        return policies.indices.map { policy in byScene.map { $0[policy] } }
    }

    /// What was known in each pause of the scenes, by the ear of the house under its usual settings.
    ///
    /// - Throws: As ``run(_:policies:jobs:progress:)``.
    package func pauses(_ scenes: [Scene]) async throws -> [Pause] {
        var all: [Pause] = []
        for scene in scenes {
            all += try await PauseProbe(scene, try sound(of: scene), plan: CallPlan(agent: "evaluation"), engines: engines).run()
        }
        return all
    }

    private func play(_ composed: Scene, _ policies: [Policy]) async throws -> [TurnTrace] {
        let scene = try await withWords(composed)
        let sound = try sound(of: scene)
        var traces: [TurnTrace] = []
        for policy in policies {
            switch policy.kind {
            case .parley(let plan):
                var caller = try VirtualCaller(scene, sound, plan: plan, engines: engines, latencies: latencies, bitrate: bitrate)
                traces.append(try await caller.run())
            case .rule(let make):
                var caller = RuleCaller(scene, sound, rule: make(), engines: engines, latencies: latencies)
                traces.append(try await caller.run())
            }
        }
        return traces
    }

    /// The scene with the words of what comes back of the agent, as the recogniser hears them where they are clear: a session knows what its agent
    /// says.
    private func withWords(_ scene: Scene) async throws -> Scene {
        guard var echo = scene.echo else { return scene }
        for part in echo.parts {
            let request = RecognitionRequest(audio: Array(echo.agent[part]), language: .english, purpose: .final)
            echo.say(try await engines.recognizer.transcribe(request).text, in: part)
        }
        var scene = scene
        scene.reply = echo.sentence ?? scene.reply
        scene.echo = echo
        return scene
    }

    private func sound(of scene: Scene) throws -> SceneSound {
        var generator = SeededGenerator(seed, "phase:\(scene.id)")
        return try SceneSound(
            scene, phase: Int.random(in: 0..<VoiceDetection.windowSamples, using: &generator), bitrate: bitrate, voice: engines.voice)
    }

    /// What the voice detector makes of the clips, window by window.
    ///
    /// - Throws: `OpusError` when there is no memory for a codec.
    package func voice(_ clips: [Clip]) throws -> VoiceScore {
        var score = VoiceScore()
        for clip in clips {
            let scene = Scene(id: clip.id, kind: .endOfTurn, category: clip.category, samples: clip.audio.samples, event: .zero..<clip.audio.duration)
            let sound = try sound(of: scene)
            let speech = clip.speechSpans
            for (index, probability) in try heard(sound).enumerated() {
                let middle = sound.windowEnd(index) - SceneSound.windowDuration / 2 - sound.lag
                guard middle >= .zero else { continue }
                score.note(probability, isSpeech: speech.contains { $0.contains(middle) })
            }
        }
        return score
    }

    /// The probability of each window as an ear has it that takes the voice for over with each pause, so that it rests as often as one can.
    private func heard(_ sound: SceneSound) throws -> [Float] {
        let ear = try Ear(plan: CallPlan(agent: "voice"), detector: engines.voice.makeDetector(), phase: sound.phase)
        var probabilities: [Float] = []
        ear.onWindow = { probabilities.append($0) }
        for (index, packet) in sound.packets.enumerated() {
            let header = AudioPacketHeader(sequence: UInt32(index), time: UInt32(index) &* 960)
            guard ear.hear(header, payload: packet.span, at: Instant(SceneSound.arrival(index))) else { continue }
            for case .silence in ear.events { ear.dropUtterance() }
        }
        ear.catchUp()
        return probabilities
    }
}
