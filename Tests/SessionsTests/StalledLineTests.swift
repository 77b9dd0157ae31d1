import Audio
import Engines
import OpusCodec
import Testing
import Turns
import Wire

@testable import Sessions

/// How long a voice is waited for whose packets no longer come.
struct StalledLineTests {
    /// Hears a voice in everything.
    private final class Sure: VoiceDetector {
        func probability(of window: Span<Float>) -> Float { 0.9 }
        func reset() {}
    }

    /// As loud as syllables are by turns: an encoder takes what never changes for the room.
    private static let voice: [Float] = (0..<16_000).map { ($0 / 60 % 2 == 0 ? 0.3 : -0.3) * ($0 / 1_600 % 2 == 0 ? 0.1 : 1) }

    private func ear(_ input: AudioFormat) throws -> Ear { try Ear(plan: CallPlan(agent: "test", input: input), detector: Sure()) }

    /// The waits until the voice is gone, each begun when the one before has passed.
    private func waits(_ ear: Ear, from start: Instant) -> [Duration] {
        var (now, waits) = (start, [Duration]())
        while let wait = ear.stallWait(at: now), wait > .zero, waits.count < 100 {
            waits.append(wait)
            now = now + wait
        }
        return waits
    }

    @Test(arguments: [AudioFormat.Codec.opus, .pcm16, .muLaw]) func aVoiceThatStopsInMidWordIsWaitedForASecond(codec: AudioFormat.Codec) throws {
        let ear = try ear(AudioFormat(codec: codec, sampleRate: codec == .muLaw ? 8_000 : 16_000))
        #expect(ear.stallWait(at: .zero) == nil)
        var encoder = try OpusEncoder(OpusEncoder.Settings(sampleRate: 16_000))
        var now = Instant.zero
        for packet in 0..<50 {
            let frame = Array(Self.voice[packet * 320..<packet * 320 + 320])
            let payload =
                switch codec {
                case .opus: try encoder.encode(frame)
                case .pcm16, .aLaw: PCM16.bytes(frame)
                case .muLaw: G711.muLaw.encode(Array(frame.prefix(160)))
                }
            now = now + .milliseconds(20)
            _ = ear.hear(AudioPacketHeader(sequence: UInt32(packet), time: UInt32(packet) * 960), payload: payload.span, at: now)
        }
        #expect(ear.isVoiced)
        #expect(waits(ear, from: now) == [.milliseconds(300), .milliseconds(300), .milliseconds(300), .milliseconds(100)])
        #expect(ear.stallWait(at: now + .seconds(60)) == .zero)
        #expect(ear.audioStopped(at: now + .seconds(1)))
        let since: Instant? = if case .silence(let since) = ear.events.first { since } else { nil }
        #expect(now - (try #require(since)) < .milliseconds(32))
        #expect(ear.stallWait(at: now + .seconds(1)) == nil)
    }

    /// What a sender that sends nothing in silence does, where the detector here takes the room for a voice.
    @Test func aVoiceWhoseEncoderFoundItsEndIsGoneSoon() throws {
        let ear = try ear(AudioFormat(sampleRate: 16_000))
        var settings = OpusEncoder.Settings(sampleRate: 16_000)
        settings.bitrate = 24_000
        var encoder = try OpusEncoder(settings)
        var now = Instant.zero
        for packet in 0..<100 {
            let frame = packet < 50 ? Array(Self.voice[packet * 320..<packet * 320 + 320]) : [Float](repeating: 0, count: 320)
            now = now + .milliseconds(20)
            let payload = try encoder.encode(frame)
            let header = AudioPacketHeader(sequence: UInt32(packet), time: UInt32(packet) * 960)
            _ = ear.hear(header, payload: payload.span, at: now)
        }
        #expect(ear.isVoiced)
        #expect(waits(ear, from: now) == [.milliseconds(300)])
        // Another connection's encoder has not shown yet that it tells.
        ear.connectionChanged()
        let anew = waits(ear, from: now)
        #expect(anew.reduce(Duration.zero) { $0 + $1 } == .seconds(1))
    }
}
