import Dialogue
import Engines
import OpusCodec
import Sessions
import Testing
import Turns
import Wire

/// Clients that ask for more than their share.
struct FloodTests {
    @Test func typedTurnsReachTheModelAtAPace() throws {
        var script = CallScript()
        script.greeted()
        for _ in 0..<200 {
            script.moment(.client(.text("hello")))
            script.silence(20)
        }
        script.silence(2000)
        let lines = try script.run()
        let calls = lines.count { $0.hasPrefix("answer after") }
        let refused = lines.count { $0 == "error \(WireError.rateLimited)" }
        #expect((5...8).contains(calls), "\(calls) calls in 4 s")
        #expect(calls + refused == 200)
    }

    @Test func typedTurnsAtAHumanPaceAreAllAnswered() throws {
        var script = CallScript()
        script.greeted()
        for _ in 0..<20 {
            script.moment(.client(.text("hello")))
            script.silence(2100)
        }
        #expect(try script.run().count { $0.hasPrefix("answer after") } == 20)
    }

    @Test func gapsBetweenPacketsCostNoMoreThanTheTimeThatPassed() throws {
        let ear = try Ear(plan: CallPlan(agent: "test"), detector: LevelDetector())
        var windows = 0
        ear.onWindow = { _ in windows += 1 }
        var encoder = try OpusEncoder(OpusEncoder.Settings(sampleRate: 16_000))
        let packet = try encoder.encode([Float](repeating: 0, count: 320))
        for index in 0..<110 {
            // Each claims to come 2 s of media time after the one before.
            let header = AudioPacketHeader(sequence: UInt32(index), time: UInt32(index * 96_000))
            _ = ear.hear(header, payload: packet.span, at: Instant(.milliseconds(9 * index)))
        }
        let seconds = windows * 32 / 1000
        #expect(seconds < 15, "\(seconds) s judged in 1 s")
    }
}
