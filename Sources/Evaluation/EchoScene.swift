internal import Audio
internal import Dialogue
package import Engines

/// What a scene's microphone returns of the agent's voice.
package struct EchoReturn: Sendable {
    /// What the agent says, 16 kHz; empty where nobody recorded it.
    package var agent: [Float]
    /// Where its recordings lie, in samples.
    package var parts: [Range<Int>]
    /// The words of them that are known, in order.
    package var words: [SpokenWord] = []
    /// What the microphone hears of it, from the same moment on; empty with a headset.
    package var returned: [Float]
    /// From when the server sends a sound until its echo is there.
    package var delay: Duration
    /// By how much the delay grows while the reply plays, a part of its time; clocks and buffers drift.
    package var drift: Double

    /// - Parameter parts: Nil where the agent is one recording.
    package init(agent: [Float], parts: [Range<Int>]? = nil, returned: [Float], delay: Duration, drift: Double = 0) {
        (self.agent, self.parts, self.returned, self.delay, self.drift) = (agent, parts ?? [agent.indices], returned, delay, drift)
    }

    /// Takes what is said in one of its parts, as far as it fits into one sentence. Each word lasts as long as its letters are many.
    mutating func say(_ text: String, in part: Range<Int>) {
        let plain = text.split(separator: " ").map { $0.filter { $0.isLetter || $0.isNumber || $0 == "'" }.lowercased() }.filter { !$0.isEmpty }
        let letters = plain.reduce(0) { $0 + $1.count + 1 }
        func moment(_ letter: Int) -> Duration {
            .microseconds((part.lowerBound + part.count * letter / max(1, letters)) * 1_000_000 / Scene.sampleRate)
        }
        var before = 0
        for word in plain where (sentence?.count ?? 0) + word.count < SentenceSplitter.Limits().maximum {
            words.append(SpokenWord(text: word, start: moment(before), end: moment(before + word.count + 1)))
            before += word.count + 1
        }
    }

    /// The words that are known; nil where none are.
    var sentence: String? { words.isEmpty ? nil : words.map(\.text).joined(separator: " ") + "." }

    var duration: Duration { .microseconds(agent.count * 1_000_000 / Scene.sampleRate) }
}

/// The microphone of a caller whose loudspeaker plays what arrives: returns the agent's voice as long as it is played.
struct EchoMicrophone {
    private let echo: EchoReturn
    private let network: Duration
    /// When the sound of the reply began, was stopped and went on, as the microphone hears it.
    private var changes: [(at: Duration, isPlaying: Bool)] = []
    /// Where in the return it goes on, and when.
    private var jump: (at: Duration, position: Int)?
    /// How much of the return was heard, in samples, and the loudness of what still rings after a stop.
    private var position = 0
    private var drifted = 0.0
    private var gain: Float = 1
    private static let frame = Scene.sampleRate / 50

    init(_ echo: EchoReturn, network: Duration) { (self.echo, self.network) = (echo, network) }

    mutating func begins(at now: Duration) { if changes.isEmpty { changes.append((now + echo.delay, true)) } }
    mutating func stops(at now: Duration) { changes.append((now + network, false)) }
    /// What the client had buffered is dropped, so a sound is as long on its way as at the beginning.
    mutating func goesOn(at now: Duration, from position: Duration) {
        changes.append((now + echo.delay, true))
        jump = (now + echo.delay, position.samples(at: Scene.sampleRate))
    }

    /// Adds to 20 ms of the microphone what it gets of the agent then.
    ///
    /// - Parameter start: When the 20 ms begin; each call begins where the last ended.
    mutating func add(to frame: inout [Float], from start: Duration) {
        guard let first = changes.first, first.at <= start, position < echo.returned.count else { return }
        if let jump, jump.at <= start { (position, self.jump) = (min(jump.position, echo.returned.count), nil) }
        let isPlaying = changes.last { $0.at <= start }?.isPlaying ?? false
        // What is stopped rings on: by 60 dB in 300 ms.
        gain = isPlaying ? 1 : gain * 0.63
        guard isPlaying || gain > 0.001 else { return }
        let end = min(echo.returned.count, position + Self.frame)
        Room.add(echo.returned[position..<end], to: &frame, at: 0, gain: gain)
        guard isPlaying else { return }
        // A delay that grows repeats a sample now and then.
        drifted += Double(Self.frame) * echo.drift
        let repeats = Int(drifted)
        drifted -= Double(repeats)
        position = end - repeats
    }

    /// The whole microphone where nothing ever stops the agent.
    static func uninterrupted(_ scene: Scene, begins: Duration, network: Duration) -> [Float] {
        guard let echo = scene.echo else { return scene.samples }
        var microphone = EchoMicrophone(echo, network: network)
        microphone.begins(at: begins)
        var samples: [Float] = []
        samples.reserveCapacity(scene.samples.count)
        for start in stride(from: 0, through: scene.samples.count - frame, by: frame) {
            var piece = Array(scene.samples[start..<start + frame])
            microphone.add(to: &piece, from: .microseconds(start * 1_000_000 / Scene.sampleRate))
            samples += piece
        }
        return samples
    }
}

extension SceneComposer {
    /// When the first packet of a reply goes out: asked, first token, first audio.
    static let replySounds = Scene.replyAsked + EngineLatencies().reply

    /// A recorded echo of which nobody knows what was played, from a drawn moment of a reply on. As any echo it is there while the agent is to be heard:
    /// a reply that is held takes it away.
    package func echoAlone(_ clip: Clip) -> Scene? {
        guard var scene = falseInterruption(clip) else { return nil }
        var generator = SeededGenerator(seed, "echo:\(clip.id)")
        let delay = Duration.milliseconds(Int.random(in: 20...400, using: &generator))
        let late = scene.event.lowerBound - clip.sound.lowerBound - Self.replySounds - delay
        let offset = late.samples(at: Scene.sampleRate)
        let returned = [Float](repeating: 0, count: max(0, offset)) + clip.audio.samples.dropFirst(max(0, -offset))
        let background = Background(of: clip.audio.samples, sampleRate: Scene.sampleRate, using: &generator)
        scene.samples = background.samples(scene.samples.count, using: &generator)
        scene.echo = EchoReturn(agent: [], parts: [], returned: returned, delay: delay)
        return scene
    }

    /// A recorded trio of what was played, what the microphone heard and who spoke there: until the caller speaks, a false interruption.
    package func echoAlone(mic: Clip, played: Clip, near: Clip) -> Scene? {
        let piece = Self.echoAlone(of: mic)
        guard let length = piece?.audio.samples.count, length <= min(played.audio.samples.count, near.audio.samples.count) else { return nil }
        let returned = Room.difference(mic.audio.samples, near.audio.samples)
        return echoScene(
            mic.id, .falseInterruption, mic.category, agent: Array(played.audio.samples[..<length]), returned: Array(returned[..<length]),
            near: [], speech: nil, noise: -75)
    }

    /// The same trio with the caller's speech: an interruption over the echo.
    package func doubleTalk(mic: Clip, played: Clip, near: Clip) -> Scene? {
        guard let speech = near.speech, let playing = mic.labels.first(where: { $0.text == "bot-playing" })?.span,
            speech.lowerBound + .milliseconds(300) < playing.upperBound
        else { return nil }
        let end = min(played.audio.samples.count, playing.upperBound.samples(at: Scene.sampleRate))
        return echoScene(
            mic.id, .bargeIn, "echo-doubletalk", agent: Array(played.audio.samples[..<end]),
            returned: Room.difference(mic.audio.samples, near.audio.samples), near: near.audio.samples, speech: speech, noise: -75)
    }

    /// A voice through a drawn loudspeaker and room, and perhaps somebody who speaks over it at -6...12 dB to the echo.
    ///
    /// - Parameters:
    ///   - agent: Clips of one voice or several, one after the other.
    ///   - caller: Who interrupts; nil for nobody.
    ///   - hasHeadset: Nothing of the agent comes back.
    package func simulated(_ id: String, agent: [Clip], caller: Clip?, hasHeadset: Bool = false) -> Scene? {
        var generator = SeededGenerator(seed, "room:\(id):\(hasHeadset)")
        var voice: [Float] = []
        var parts: [Range<Int>] = []
        for clip in agent {
            parts.append(voice.count..<voice.count + clip.audio.samples.count)
            let level = Room.voiceLevel(clip.audio.samples, sampleRate: Scene.sampleRate)
            voice += Room.scaled(clip.audio.samples, by: Loudness.gain(decibels: -22 - level))
            voice += [Float](repeating: 0, count: Scene.sampleRate / 5)
        }
        voice = Array(voice.prefix(11 * Scene.sampleRate))
        parts = parts.map { $0.clamped(to: voice.indices) }.filter { !$0.isEmpty }
        let noise = Float.random(in: -75 ... -48, using: &generator)
        let loss = Float.random(in: 0...30, using: &generator)
        let room = Room(
            reverberation: Double.random(in: 0.15...0.6, using: &generator), direct: Float.random(in: -3...9, using: &generator),
            band: Double.random(in: 120...500, using: &generator)...Double.random(in: 3000...7500, using: &generator),
            ceiling: Loudness.gain(decibels: Float.random(in: -12...6, using: &generator)), sampleRate: Scene.sampleRate, using: &generator)
        var returned: [Float] = []
        if !hasHeadset {
            let echo = room.echo(of: voice)
            returned = Room.scaled(
                echo, by: Loudness.gain(decibels: -22 - loss - Room.voiceLevel(echo, sampleRate: Scene.sampleRate)))
        }
        guard let caller else {
            return echoScene(id, .falseInterruption, "echo-sim", agent: voice, parts: parts, returned: returned, near: [], speech: nil, noise: noise)
        }
        guard let speech = caller.speech else { return nil }
        let lead = min(speech.lowerBound, .milliseconds(150))
        let piece = caller.cut(speech.lowerBound - lead..<caller.audio.duration, category: caller.category).audio.samples
        let ratio = Float.random(in: -6...12, using: &generator)
        let level = max((hasHeadset ? -22 - Float.random(in: 0...20, using: &generator) : -22 - loss + ratio), noise + 12)
        let at = Duration.milliseconds(Int.random(in: 800...6000, using: &generator))
        let loud = Room.scaled(
            piece, by: Loudness.gain(decibels: level - Room.voiceLevel(piece, sampleRate: Scene.sampleRate)))
        var near = [Float](repeating: 0, count: at.samples(at: Scene.sampleRate))
        near += loud
        var scene = echoScene(
            id, .bargeIn, hasHeadset ? "headset-sim" : "echo-doubletalk-sim", agent: voice, parts: parts, returned: returned, near: near,
            speech: at + lead..<at + lead + (speech.upperBound - speech.lowerBound), noise: noise)
        scene.hasSureOnset = caller.hasSureOnset
        return scene
    }

    private func echoScene(
        _ id: String, _ kind: Scene.Kind, _ category: String, agent: [Float], parts: [Range<Int>]? = nil, returned: [Float], near: [Float],
        speech: Range<Duration>?, noise: Float
    ) -> Scene {
        var generator = SeededGenerator(seed, "echo:\(kind.rawValue):\(id)")
        let delay = Duration.milliseconds(Int.random(in: 20...400, using: &generator))
        let drift = Bool.random(using: &generator) ? Double.random(in: 0...0.004, using: &generator) : 0
        let begins = Self.replySounds + delay
        let echo = EchoReturn(agent: agent, parts: parts, returned: returned, delay: delay, drift: drift)
        let offset = begins.samples(at: Scene.sampleRate)
        var samples = Room.noise(offset + max(agent.count, near.count) + 2 * Scene.sampleRate, decibels: noise, using: &generator)
        Room.add(near[...], to: &samples, at: offset)
        // The first sound of an echo may not fall before the event, and the reply must be playing before it.
        let event = speech.map { begins + $0.lowerBound..<begins + $0.upperBound } ?? begins + .milliseconds(250)..<begins + echo.duration
        var scene = Scene(
            id: id, kind: kind, category: category, samples: samples, event: event, reply: ScriptedReply.unpunctuated(during: echo.duration))
        scene.echo = echo
        return scene
    }
}
