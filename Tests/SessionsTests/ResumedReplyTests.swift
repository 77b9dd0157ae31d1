import Dialogue
import Engines
import Sessions
import Testing
import Turns
import Wire

/// How a reply goes on that was held for nothing.
struct ResumedReplyTests {
    /// A reply of words of 400 ms each, held by a cough some time after its first packet.
    private func held(after milliseconds: Int, report: Int?, words: Bool = true, change: (inout CallPlan) -> Void = { _ in }) throws -> [String] {
        var script = CallScript(change: change)
        script.asked()
        script.reply(["one two three four five six seven eight nine ten."])
        let names = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten."]
        let times = names.enumerated().map { SpokenWord(text: $1, start: .milliseconds(400 * $0), end: .milliseconds(400 * $0 + 400)) }
        script.add(.speak, 2, after: 80, .speech(packets: 209, words: words ? times : []))
        script.add(.speak, 2, after: 81, .speechEnd(.milliseconds(4000)))
        script.silence(600 + milliseconds)
        script.voice(160)
        if let report { script.moment(.client(.playout(epoch: 2, milliseconds: report))) }
        script.silence(7000)
        return try script.run()
    }

    private func resumption(_ lines: [String]) throws -> (position: Int, sequence: Int) {
        let line = try #require(lines.first { $0.hasPrefix("resume epoch 2 at ") }).split(separator: " ")
        return (try #require(Int(line[4])), try #require(Int(line[6])))
    }

    @Test(arguments: [(1210, 1200), (1390, 1200), (1590, 1200), (1610, 1600), (1600, 1600)])
    func itGoesOnWithTheWordThatWasCut(played: Int, start: Int) throws {
        let lines = try held(after: 1500, report: played)
        #expect(try resumption(lines).position == start)
        #expect(lines.contains("agent 1 completed, heard: one two three four five six seven eight nine ten."))
    }

    @Test func whatGoesOutAgainHasNewNumbersFromTheOneThatIsNamed() throws {
        let lines = try held(after: 1500, report: 1390)
        let runs = lines.filter { $0.hasPrefix("audio epoch 2") }.map { $0.split(separator: " ").compactMap { Int($0) } }
        let after = try #require(lines.firstIndex { $0.hasPrefix("resume epoch 2") })
        let next = try #require(lines[after...].first { $0.hasPrefix("audio epoch 2") }?.split(separator: " ").last.flatMap { Int($0) })
        let (position, sequence) = try resumption(lines)
        #expect(next == sequence)
        let last = try #require(runs.last)
        #expect(last[1] + last[0] == sequence + (209 * 20 - position) / 20 || runs.map { $0[0] }.reduce(0, +) >= 209)
    }

    @Test func withoutWordTimesTheWordsAreSpreadEvenly() throws {
        // 40 letters over 4 s: "one" ends at 300 ms or so, "two" at 600, "three" at 1100, "four" at 1500.
        let position = try resumption(try held(after: 1500, report: 1390, words: false)).position
        #expect((1000...1380).contains(position), "\(position)")
    }

    @Test func aClientThatDoesNotReportSkipsNothing() throws {
        let lines = try held(after: 1500, report: nil)
        let hold = try #require(lines.firstIndex { $0.hasPrefix("hold epoch 2") })
        #expect(hold > 0)
        let position = try resumption(lines).position
        #expect(position.isMultiple(of: 400))
        #expect((800...1600).contains(position))
    }

    @Test func aProtectedSentenceIsNotHeld() throws {
        let lines = try held(after: 1500, report: nil) { $0.turns.protectedPhrases = ["seven eight"] }
        #expect(!lines.contains { $0.hasPrefix("hold") })
    }

    @Test func theLastWordIsNotHeld() throws {
        let lines = try held(after: 3650, report: nil)
        #expect(!lines.contains { $0.hasPrefix("hold epoch 2") })
        #expect(lines.contains("agent 1 completed, heard: one two three four five six seven eight nine ten."))
    }

    @Test func aCallRecordedWithItsLooksAtTheWordsReplaysTheSame() throws {
        var script = CallScript()
        script.asked()
        script.reply(["one two three four five six seven eight nine ten."])
        script.speech(4000)
        script.silence(1500)
        for text in ["", "mm-hmm", "no wait"] { script.partial(text) }
        script.voice(1400)
        script.silence(3000)
        var first = try VirtualCall(script.call)
        let timeline = first.run()
        let files = try script.call.files(timeline: timeline)
        var again = try VirtualCall(try RecordedCall { files[$0] })
        #expect(again.run() == timeline)
        #expect(timeline.lines.count { $0.hasSuffix("recognize partial") } >= 3)
        #expect(timeline.lines.contains { $0.contains("flush epoch 2") })
    }
}
