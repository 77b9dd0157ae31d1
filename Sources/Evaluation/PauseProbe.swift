internal import Audio
internal import Engines
internal import Sessions
internal import Turns
internal import Wire

/// Asks the engines about every pause of a scene when the policy asks, and notes whether the caller went on: the material from which a rule
/// for the end of a turn is made.
struct PauseProbe {
    private let scene: Scene
    private let sound: SceneSound
    private let engines: EvaluationEngines
    private let ear: Ear

    /// Silences at which the end-of-turn model is asked; at the first of them the words are.
    private static let asks = EndpointPolicy.balanced.asks

    init(_ scene: Scene, _ sound: SceneSound, plan: CallPlan, engines: EvaluationEngines) throws {
        (self.scene, self.sound, self.engines) = (scene, sound, engines)
        ear = try Ear(plan: plan, detector: engines.voice.makeDetector(), phase: sound.phase)
    }

    private struct Open {
        var pause: Pause
        var next = 0
    }

    /// - Throws: `CancellationError`. An engine that fails leaves its answer out.
    func run() async throws -> [Pause] {
        var pauses: [Pause] = []
        var open: Open?
        for index in sound.packets.indices {
            try Task.checkCancellation()
            let now = SceneSound.arrival(index)
            let header = AudioPacketHeader(sequence: UInt32(index), time: UInt32(index) &* 960)
            let packet = sound.packets[index]
            if ear.hear(header, payload: packet.span, at: Instant(now)) {
                for event in ear.events {
                    switch event {
                    case .silence(let since): open = Open(pause: Pause(scene, since: since.sinceStart))
                    case .resumed(let at):
                        if var ended = open?.pause {
                            ended.length = at.sinceStart - ended.since
                            pauses.append(ended)
                        }
                        open = nil
                    case .onset, .likely, .voiced, .falseOnset, .stirred, .stilled: break
                    }
                }
            }
            if let current = open { open = await ask(current, at: now) }
        }
        if let last = open?.pause { pauses.append(last) }
        return pauses
    }

    private func ask(_ open: Open, at now: Duration) async -> Open {
        var open = open
        while open.next < Self.asks.count, open.pause.since + Self.asks[open.next] <= now {
            let audio = ear.utterance.samples
            if open.next == 0 {
                let answer = await scene.transcript(of: audio, until: now, purpose: .final, by: engines.recognizer)
                open.pause.words = (try? answer.get())?.text ?? ""
            }
            let answer = await result { try await engines.endOfTurn.probabilityOfEnd(audio) }
            open.pause.answers.append((try? answer.get()) ?? -1)
            open.next += 1
        }
        return open
    }
}

/// A silence in a scene, and what was known while it lasted.
package struct Pause: Sendable {
    package let id: String
    package let category: String
    /// When the last voiced window before it ended, on the scene's clock.
    package let since: Duration
    /// Until the caller went on; nil where nothing came any more.
    package var length: Duration?
    /// How long after the labelled end of the turn that is; negative inside of it.
    package let afterEnd: Duration
    /// What the end-of-turn model said at each of the policy's moments that came; -1 where it failed.
    package var answers: [Float] = []
    package var words = ""

    init(_ scene: Scene, since: Duration) {
        (id, category, self.since, afterEnd) = (scene.id, scene.category, since, since - scene.event.upperBound)
    }

    /// One line of a table; tabs between the fields.
    package var line: String {
        let known = answers.map { "\((Double($0) * 1000).rounded() / 1000)" }.joined(separator: " ")
        var evidence = EndEvidence()
        evidence.note(words: words, language: "en")
        return [
            id, category, Report.ms(since), Report.ms(length), Report.ms(afterEnd), known, evidence.cue.description,
            evidence.size?.rawValue ?? "-", words,
        ].joined(separator: "\t")
    }
}
