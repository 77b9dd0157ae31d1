internal import Audio
internal import Engines
internal import Sessions
internal import Turns
internal import Wire

/// Asks the engines about every pause of a scene, again and again while it lasts, and notes whether the caller went on: the material from
/// which a rule for the end of a turn is made.
struct PauseProbe {
    private let scene: Scene
    private let sound: SceneSound
    private let engines: EvaluationEngines
    private let ear: Ear

    /// Silences at which the end-of-turn model is asked, and the one at which the words are.
    private static let asks = stride(from: 100, through: 1500, by: 100).map { Duration.milliseconds($0) }
    private static let words = Duration.milliseconds(200)

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
                    case .silence(let since): open = Open(pause: Pause(id: scene.id, category: scene.category, since: since.sinceStart))
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
        return pauses.map { pause in
            var pause = pause
            pause.isAfterEnd = pause.since >= scene.event.upperBound - .milliseconds(250)
            return pause
        }
    }

    private func ask(_ open: Open, at now: Duration) async -> Open {
        var open = open
        while open.next < Self.asks.count, open.pause.since + Self.asks[open.next] <= now {
            let audio = ear.utterance.samples
            if Self.asks[open.next] == Self.words {
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
    package var id: String
    package var category: String
    /// When the last voiced window before it ended, on the scene's clock.
    package var since: Duration
    /// Until the caller went on; nil where nothing came any more.
    package var length: Duration?
    /// The labelled end of the turn lies before it.
    package var isAfterEnd = false
    /// What the end-of-turn model said at 100, 200, ... ms; -1 where it failed.
    package var answers: [Float] = []
    package var words = ""

    init(id: String, category: String, since: Duration) { (self.id, self.category, self.since) = (id, category, since) }

    /// One line of a table; tabs between the fields.
    package var line: String {
        let known = answers.map { "\((Double($0) * 1000).rounded() / 1000)" }.joined(separator: " ")
        return "\(id)\t\(category)\t\(Report.ms(since))\t\(Report.ms(length))\t\(isAfterEnd ? "end" : "inner")\t\(known)\t\(words)"
    }
}
