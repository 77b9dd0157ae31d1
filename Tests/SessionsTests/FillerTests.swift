import Engines
import Sessions
import Testing
import Turns

struct FillerTests {
    private func script(answerAfter milliseconds: Int) -> CallScript {
        var script = CallScript(turns: TurnSettings(filler: .milliseconds(1500))) { $0.fillers = ["Let me see."] }
        script.asked()
        script.add(.speak, 2, after: 80, .speech(packets: 40, words: [word("Let", 0, 200), word("me", 200, 400), word("see.", 400, 800)]))
        script.add(.speak, 2, after: 81, .speechEnd(.milliseconds(800)))
        script.reply(["Your card is here."], after: milliseconds)
        script.add(.speak, 3, after: 80, .speech(packets: 40, words: []))
        script.add(.speak, 3, after: 81, .speechEnd(.milliseconds(800)))
        return script
    }

    private func word(_ text: String, _ start: Int, _ end: Int) -> SpokenWord {
        SpokenWord(text: text, start: .milliseconds(start), end: .milliseconds(end))
    }

    @Test("a filler is heard while the answer is awaited, and is no part of what the agent said") func slow() throws {
        var script = script(answerAfter: 3500)
        script.silence(9000)
        let lines = try script.run()
        #expect(lines.contains("speak 0: Let me see."))
        #expect(lines.contains { $0.hasPrefix("agent 1 at 0") && $0.hasSuffix("Let me see.") })
        #expect(lines.contains("agent 1 completed, heard: Your card is here."))
        let metrics = try #require(lines.first { $0.hasPrefix("turn 1 completed") })
        let parts = metrics.split(separator: " ").compactMap { Int($0.filter(\.isNumber)) }
        #expect(parts.contains { $0 > 3000 }, "the wait for the first token is told as it was: \(metrics)")
    }

    @Test("what is not said of it is dropped when the answer comes, but for the word that sounds") func cut() throws {
        var script = script(answerAfter: 1700)
        script.silence(9000)
        let lines = try script.run()
        #expect(lines.contains("speak 0: Let me see."))
        // Whole, it would last 40 packets.
        let answer = try #require(lines.first { $0.hasSuffix("Your card is here.") && $0.hasPrefix("agent 1 at ") })
        let start = try #require(answer.split(separator: " ").dropFirst(3).first.flatMap { Int($0.filter(\.isNumber)) })
        #expect((1..<800).contains(start), "\(answer)")
        #expect(lines.contains("agent 1 completed, heard: Your card is here."))
    }

    @Test("an answer in time has none") func quick() throws {
        var script = CallScript(turns: TurnSettings(filler: .milliseconds(1500))) { $0.fillers = ["Let me see."] }
        script.asked()
        script.reply(["Your card is here."])
        script.speech(800)
        script.silence(5000)
        #expect(try script.run().allSatisfy { !$0.contains("Let me see") })
    }

    @Test("a caller who goes on speaking over a filler is heard, and its sound is flushed") func spokenOver() throws {
        var script = script(answerAfter: 20_000)
        script.silence(2100)
        script.voice(960)
        script.silence(4000)
        let lines = try script.run()
        let flush = try #require(lines.firstIndex { $0.hasPrefix("flush epoch 2") })
        #expect(lines[..<flush].contains("speak 0: Let me see."))
        #expect(lines[flush...].contains { $0.hasPrefix("state hearing") })
    }
}
