import Sessions
import Testing
import Turns
import Wire

/// Where a turn's record says that its time went.
struct TurnRecordTests {
    /// Total, endpointing, recognition, first token, first sentence, first audio, start of playout.
    private func parts(_ script: CallScript) throws -> [Int] {
        let line = try #require(try script.run().first { $0.hasPrefix("turn 1 completed") })
        return Array(line.split { !$0.isNumber }.compactMap { Int($0) }.dropFirst())
    }

    @Test func aSlowRecogniserIsCountedAsRecognition() throws {
        var script = CallScript()
        script.greeted()
        script.endOfTurn(0.95)
        script.words("where is my card", after: 1500)
        script.voice(1200)
        script.reply(["It is on its way."])
        script.speech(1000)
        script.silence(5000)
        let parts = try parts(script)
        #expect(parts[1] < 500, "endpointing \(parts[1])")
        #expect(parts[2] > 1000, "recognition \(parts[2])")
        #expect(parts[0] == parts[1...].reduce(0, +))
    }

    @Test func aTypedTurnWaitsForNoEndOfSpeech() throws {
        var script = CallScript()
        script.greeted()
        script.silence(7500)
        script.moment(.client(.text("hello")))
        script.reply(["Hello to you."])
        script.speech(500)
        script.silence(2000)
        let parts = try parts(script)
        #expect(parts[1] == 0)
        #expect(parts[2] == 0)
        #expect(parts[0] < 500)
    }
}
