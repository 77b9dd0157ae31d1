import Dialogue
import Engines
import Sessions
import Testing
import Turns
import Wire

/// Silences that nobody meant, and one that somebody did.
struct SilenceTests {
    private func isApology(_ line: String) -> Bool { line.hasPrefix("speak") && line.hasSuffix("Sorry, something went wrong.") }

    @Test func aMutedCallerIsNotHungUpOn() throws {
        var script = CallScript()
        script.greeted()
        script.moment(.client(.mute(true)))
        script.silence(70_000)
        let lines = try script.run()
        #expect(!lines.contains { $0.hasPrefix("close") })
        #expect(!lines.contains { $0.hasPrefix("speak") && $0.contains("Are you still there?") })
    }

    @Test func aCallerWhoIsNoLongerMutedIsAskedAgain() throws {
        var script = CallScript()
        script.greeted()
        script.moment(.client(.mute(true)))
        script.silence(20_000)
        script.moment(.client(.mute(false)))
        script.silence(16_000)
        #expect(try script.run().contains { $0.hasPrefix("speak") && $0.contains("Are you still there?") })
    }

    @Test(arguments: ["***", "***\n", "***\n\n---\n"], [0.95, 0.55] as [Float])
    func aReplyOfNothingThatCanBeSaidIsApologisedFor(text: String, probability: Float) throws {
        var script = CallScript()
        script.greeted()
        script.endOfTurn(probability)
        script.words("where is my card", after: 10)
        script.voice(1200)
        script.reply([text], after: 10)
        script.reply([text], after: 10)  // where the draft is found to be empty, the turn's end asks again
        script.speech(900)
        script.silence(5000)
        let lines = try script.run()
        #expect(lines.contains(where: isApology))
        #expect(lines.contains { $0.hasPrefix("turn 1 failed (engine.bad_answer)") })
    }

    @Test func aReplyThatNeverComesLeavesItsRecord() throws {
        var script = CallScript()
        script.asked()
        script.speech(900)
        script.silence(20_000)
        let lines = try script.run()
        #expect(lines.contains { $0.hasPrefix("turn 1 failed (engine.timeout)") })
        #expect(lines.contains("error engine.timeout"))
        #expect(lines.contains(where: isApology))
    }
}
