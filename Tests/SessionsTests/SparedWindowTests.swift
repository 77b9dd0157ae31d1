import Audio
import Engines
import Testing
import Turns
import Wire

@testable import Sessions

/// Windows that a detector need not hear.
struct SparedWindowTests {
    /// Can say of every window at a glance that it is silence.
    private final class Glancing: VoiceDetector {
        private(set) var heard = 0
        private(set) var glances = 0

        func probability(of window: Span<Float>) -> Float {
            heard += 1
            return 0
        }

        func glance(at window: Span<Float>) -> Float? {
            glances += 1
            return 0.01
        }

        func reset() {}
    }

    private func ear(_ detector: Glancing) throws -> Ear {
        try Ear(plan: CallPlan(agent: "test", input: AudioFormat(codec: .pcm16, sampleRate: 16_000)), detector: detector)
    }

    /// A window of silence.
    private func hear(_ number: UInt32, by ear: Ear) {
        let payload = [UInt8](repeating: 0, count: 1024)
        _ = ear.hear(
            AudioPacketHeader(sequence: number, time: number * 1536), payload: payload.span, at: Instant(.milliseconds(32 * Int(number + 1))))
    }

    @Test func aWindowThatIsKnownWaitsForNobody() throws {
        let detector = Glancing()
        let ear = try ear(detector)
        ear.isPatient = true
        var said: [Float] = []
        ear.onWindow = { said.append($0) }
        for number in 0..<10 { hear(UInt32(number), by: ear) }
        #expect(!ear.isWaiting && said == Array(repeating: 0.01, count: 10))
        #expect(detector.heard == 0 && detector.glances == 10)
    }

    @Test func whileTheAgentSpeaksEachWindowIsHeard() throws {
        let detector = Glancing()
        let ear = try ear(detector)
        ear.note(.plays([BandLevels(decibels: SIMD8(repeating: -20))], sounds: Instant(.zero)), at: Instant(.zero))
        for number in 0..<10 { hear(UInt32(number), by: ear) }
        #expect(detector.heard == 10 && detector.glances == 0)
    }
}
