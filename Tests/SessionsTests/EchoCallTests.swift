import Audio
import Dialogue
import Engines
import OpusCodec
import Testing
import Turns
import Wire

@testable import Sessions

/// A caller whose loudspeaker gives the agent back to the microphone: real replies through Opus, decoded, delayed, weakened, encoded again.
struct EchoCallTests {
    @Test(.timeLimit(.minutes(1)), arguments: [40, 600]) func anEchoDoesNotInterruptTheAgent(delay: Int) async throws {
        let call = try EchoingCall(delay: .milliseconds(delay), gain: 0.3)
        try await call.ask()
        try call.run(until: .seconds(7))
        let (isFinished, held, flushed) = (call.isFinished, call.held, call.flushed)
        #expect(isFinished)
        #expect(held == nil)
        #expect(flushed == nil)
    }

    @Test(.timeLimit(.minutes(1))) func withoutTheGuardItWould() async throws {
        let call = try EchoingCall(delay: .milliseconds(220), gain: 0.3, isGuarded: false)
        try await call.ask()
        try call.run(until: .seconds(7))
        let flushed = call.flushed
        #expect(flushed != nil)
    }

    @Test(.timeLimit(.minutes(1)), arguments: [220]) func aVoiceOverTheEchoInterrupts(delay: Int) async throws {
        let call = try EchoingCall(delay: .milliseconds(delay), gain: 0.15)
        try await call.ask()
        call.caller = (SyntheticVoice.samples(seconds: 2, seed: 77, sampleRate: 16_000), .seconds(3))
        try call.run(until: .seconds(6))
        let (held, flushed) = (call.held, call.flushed)
        #expect(held.map { (.seconds(3) ... .milliseconds(3500)).contains($0) } == true)
        #expect(flushed.map { (.seconds(3) ... .milliseconds(3800)).contains($0) } == true)
    }

    @Test(.timeLimit(.minutes(1))) func aHeadsetInterruptsAsSoonAsWithoutTheGuard() async throws {
        var moments: [Duration?] = []
        for isGuarded in [true, false] {
            let call = try EchoingCall(delay: .zero, gain: 0, isGuarded: isGuarded)
            try await call.ask()
            call.caller = (SyntheticVoice.samples(seconds: 2, seed: 77, sampleRate: 16_000), .seconds(3))
            try call.run(until: .seconds(6))
            moments.append(call.held)
        }
        #expect(moments[0] != nil)
        #expect(moments[0] == moments[1])
    }
}

/// Syllables of noise in changing bands: no voice, but with a voice's rhythm.
enum SyntheticVoice {
    static func samples(seconds: Int, seed: UInt64, sampleRate: Int) -> [Float] {
        var noise = SeededNoise(seed)
        var samples: [Float] = []
        while samples.count < seconds * sampleRate {
            let length = sampleRate / 8 + Int(noise.next() * Float(sampleRate) / 8)
            let (pitch, second) = (200 + 500 * noise.next(), 900 + 2300 * noise.next())
            let isPause = noise.next() < 0.15
            var phases: (Float, Float) = (0, 0)
            for place in 0..<length {
                phases.0 += pitch / Float(sampleRate)
                phases.1 += second / Float(sampleRate)
                phases = (phases.0 - phases.0.rounded(.down), phases.1 - phases.1.rounded(.down))
                let edge = min(1, Float(min(place, length - 1 - place)) / Float(sampleRate / 50))
                let sound = (phases.0 - 0.5) * 0.3 + (phases.1 < 0.5 ? 0.12 : -0.12) + (noise.next() - 0.5) * 0.05
                samples.append(isPause ? 0 : sound * edge)
            }
        }
        return Array(samples.prefix(seconds * sampleRate))
    }
}

private struct VoiceSynthesizer: Synthesizer {
    let name = "synthetic"
    func speak(_ request: SpeechRequest, onChunk: @Sendable (SpeechChunk) async throws -> Void) async throws {
        let samples = SyntheticVoice.samples(seconds: 5, seed: 5, sampleRate: 22_050)
        try await onChunk(SpeechChunk(audio: PCMAudio(sampleRate: 22_050, samples: samples)))
    }
}

/// An ear, a conversation and an echoing client in virtual time.
private final class EchoingCall {
    private let ear: Ear
    private var conversation: Conversation
    private var decoder: OpusStreamDecoder
    private var encoder: OpusEncoder
    private let delay: Duration
    private let gain: Float
    private var now = Duration.zero
    /// What the loudspeaker gives the microphone, from sample 0 of the call on, 16 kHz.
    private var echo = [Float](repeating: 0, count: 16_000 * 12)
    private var playsUntil = 0
    private var sequence: UInt32 = 0
    private var isPacing = false
    private var speech: (packets: [[UInt8]], levels: [BandLevels]) = ([], [])
    /// Who speaks over the agent, and from when.
    var caller: (samples: [Float], at: Duration)?
    private(set) var held: Duration?
    private(set) var flushed: Duration?
    private(set) var isFinished = false

    init(delay: Duration, gain: Float, isGuarded: Bool = true) throws {
        var plan = CallPlan(agent: "test", input: AudioFormat(sampleRate: 16_000), output: AudioFormat(sampleRate: 24_000))
        plan.echo.isOn = isGuarded
        ear = try Ear(plan: plan, detector: LevelDetector())
        conversation = Conversation(plan: plan)
        decoder = try OpusStreamDecoder(sampleRate: 16_000)
        encoder = try OpusEncoder(OpusEncoder.Settings(sampleRate: 16_000))
        (self.delay, self.gain) = (delay, gain)
    }

    /// The agent is asked by a typed line; its reply is made by the real reply pipeline.
    func ask() async throws {
        let kept = KeptSpeech()
        let voice = ReplyVoice(format: conversation.plan.output, encoding: ReplyEncoding(), pause: .zero, on: LiveCall.lane)
        let request = SpeechRequest(text: "hello", language: .english, voice: nil, pace: 1)
        _ = try await voice.speak(request, by: VoiceSynthesizer()) { packets, levels, _ in
            await kept.add(packets, levels)
            return .zero
        }
        speech = await kept.all
        try handle(.opened)
        try handle(.client(.text("Tell me a story.")))
    }

    func run(until end: Duration) throws {
        while now < end {
            now += .milliseconds(10)
            if isPacing { try handle(.tick) }
            if Int(now / .milliseconds(10)).isMultiple(of: 2) { try hear() }
        }
    }

    private func hear() throws {
        let start = Int((now - .milliseconds(20)) / .microseconds(1)) * 16 / 1000
        var frame = Array(echo[start..<start + 320])
        if let caller {
            let first = start - Int(caller.at / .microseconds(1)) * 16 / 1000
            for index in 0..<320 where caller.samples.indices.contains(first + index) { frame[index] += caller.samples[first + index] }
        }
        let packet = try encoder.encode(frame)
        let header = AudioPacketHeader(sequence: sequence, time: sequence &* 960)
        sequence += 1
        guard ear.hear(header, payload: packet.span, at: Instant(now)) else { return }
        for event in ear.events { try handle(.voice(event)) }
    }

    private func handle(_ event: ConversationEvent) throws {
        for effect in conversation.handle(event, at: Instant(now)) {
            switch effect {
            case .answer(let token, _):
                try handle(.replyText(token, "Once upon a time. "))
                try handle(.replyEnded(token, .success(ChatOutcome(finish: .stop))))
            case .speak(let token, let sentence, _):
                try handle(.speech(token, sentence: sentence, packets: speech.packets, levels: speech.levels, words: []))
                try handle(.speechEnded(token, sentence: sentence, .success(.seconds(5))))
            case .sendAudio(let header, let payload): try play(header, payload)
            case .sound(let sound): ear.note(sound, at: Instant(now))
            case .startPacing: isPacing = true
            case .stopPacing: isPacing = false
            case .send(.hold): held = held ?? now
            case .send(.flush): flushed = flushed ?? now
            case .send(.agentFinished(_, _, let reason, _)): if reason == .completed { isFinished = true }
            case .recognizePartial(let number):
                try handle(.partial(number, .success(Transcript(text: "And then what happened", confidence: 0.9))))
            case .dropUtterance: ear.dropUtterance()
            case .startTimer, .askEndOfTurn, .recognize, .transcribe, .cancelPartial, .cancelRecognition, .cancelReply, .send, .mute, .listen, .close:
                break
            }
        }
    }

    /// The client plays a packet as soon as those before it have been played, and the room brings it back.
    private func play(_ header: AudioPacketHeader, _ payload: [UInt8]) throws {
        let starts = max(playsUntil, Int((now + delay) / .microseconds(1)) * 16 / 1000)
        var place = starts
        try decoder.decode(sequence: header.sequence, time: header.time, packet: payload.span) { samples in
            for index in samples.indices {
                if place < echo.count { echo[place] += samples[index] * gain }
                place += 1
            }
        }
        playsUntil = place
    }
}

private actor KeptSpeech {
    private(set) var all: (packets: [[UInt8]], levels: [BandLevels]) = ([], [])
    func add(_ packets: [[UInt8]], _ levels: [BandLevels]) { all = (all.packets + packets, all.levels + levels) }
}
