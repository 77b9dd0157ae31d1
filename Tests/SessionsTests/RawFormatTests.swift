import Audio
import Dialogue
import Engines
import Foundation
import OpusCodec
import Testing
import Turns
import Wire

@testable import Sessions

/// Formats of clients that have no Opus: into the ear and out of the voice.
struct RawFormatTests {
    static let formats = [
        AudioFormat(codec: .pcm16, sampleRate: 8_000), AudioFormat(codec: .pcm16, sampleRate: 16_000), AudioFormat(codec: .pcm16, sampleRate: 24_000),
        AudioFormat(codec: .pcm16, sampleRate: 48_000), AudioFormat(codec: .muLaw, sampleRate: 8_000), AudioFormat(codec: .aLaw, sampleRate: 8_000),
    ]

    private static func tone(_ format: AudioFormat, seconds: Double) -> [Float] {
        (0..<Int(seconds * Double(format.sampleRate))).map { 0.3 * Float(sin(2 * .pi * 440 * Double($0) / Double(format.sampleRate))) }
    }

    private static func encoded(_ samples: [Float], _ format: AudioFormat) -> [UInt8] {
        switch format.codec {
        case .pcm16, .opus: PCM16.bytes(samples)
        case .muLaw: G711.muLaw.encode(samples)
        case .aLaw: G711.aLaw.encode(samples)
        }
    }

    @Test(arguments: formats) func aToneIsHeardAtSixteenKilohertzWithItsLevelAndPitch(format: AudioFormat) throws {
        var plan = CallPlan(agent: "test", input: format)
        plan.echo.isOn = false
        let ear = try Ear(plan: plan, detector: LevelDetector())
        let size = format.sampleRate / 50
        let samples = Self.tone(format, seconds: 1)
        for index in 0..<50 {
            let packet = Self.encoded(Array(samples[index * size..<(index + 1) * size]), format)
            _ = ear.hear(
                AudioPacketHeader(sequence: UInt32(index), time: UInt32(index * 960)), payload: packet.span,
                at: Instant(.milliseconds(20 * (index + 1))))
        }
        #expect(ear.isVoiced)
        #expect(ear.counters.received == 50)
        let heard = ear.utterance.samples.dropFirst(800)
        #expect(abs(Loudness.rms(Array(heard).span) - Loudness.rms(samples.span)) < 0.2)
        var crossings = 0
        for (a, b) in zip(heard, heard.dropFirst()) where a < 0 && b >= 0 { crossings += 1 }
        #expect(abs(Double(crossings) / (Double(heard.count) / 16_000) - 440) < 3)
    }

    @Test(arguments: formats) func aSentenceComesOutInWholePackets(format: AudioFormat) async throws {
        let voice = ReplyVoice(format: format, encoding: ReplyEncoding(), pause: .zero, on: LiveCall.lane)
        let kept = Kept()
        let length = try await voice.speak(SpeechRequest(text: "x", language: .english), by: ShortSynthesizer()) { packets, _, _ in
            await kept.take(packets)
            return .zero
        }
        #expect(length == .milliseconds(200))
        let packets = await kept.packets
        #expect(packets.count == 10)
        #expect(packets.allSatisfy { $0.count == format.sampleRate / 50 * (format.bytesPerSample ?? 0) })
        let silence: UInt8 = format.codec == .muLaw ? 0xFF : format.codec == .aLaw ? 0xD5 : 0
        #expect(packets.allSatisfy { $0.allSatisfy { $0 == silence } })
    }

    private actor Kept {
        var packets: [[UInt8]] = []
        func take(_ more: [[UInt8]]) { packets += more }
    }
}
