import Dialogue
import Engines
import Testing
import Turns
import Wire

@testable import Sessions

/// What counts as heard of a reply that was cut short, and what becomes of what cut it short.
struct InterruptedReplyTests {
    private static let long = "one two three four five six seven eight nine ten."

    @Test func whatPlayedBetweenTheLastReportAndTheHoldWasHeard() {
        var playout = Playout(lead: .milliseconds(120), packetDuration: .milliseconds(20))
        for _ in 0..<500 { playout.append([]) }
        var now = Instant.zero
        func run(_ milliseconds: Int) {
            for _ in 0..<milliseconds / 10 {
                while playout.next(at: now) != nil {}
                now = now + .milliseconds(10)
            }
        }
        run(1000)
        playout.note(report: .milliseconds(1000), at: now)
        run(500)
        #expect(playout.heard(at: now) == .milliseconds(1500))
        playout.stop(at: now)
        #expect(playout.heard(at: now) == .milliseconds(1500))
        now = now + .seconds(1)
        #expect(playout.heard(at: now) == .milliseconds(1500))
    }

    @Test func aClientThatReportsNoMoreIsTakenToHearNoMore() {
        var playout = Playout(lead: .milliseconds(120), packetDuration: .milliseconds(20))
        for _ in 0..<500 { playout.append([]) }
        var now = Instant.zero
        for step in 0..<600 {
            while playout.next(at: now) != nil {}
            if step == 100 { playout.note(report: .milliseconds(1000), at: now) }
            now = now + .milliseconds(10)
        }
        #expect(playout.heard(at: now) == .milliseconds(3000))
    }

    @Test func aFlushNamesTheFirstPacketThatWasNotHeard() throws {
        var script = CallScript { $0.limits.lead = .milliseconds(1000) }
        script.asked()
        script.reply([Self.long])
        script.speech(5000)
        script.silence(2900)
        script.voice(900)
        script.silence(1500)
        let entries = try script.timeline().entries
        let hold = try #require(entries.first { $0.text.hasPrefix("hold epoch 2") }?.time)
        let audio = try #require(entries.first { $0.text.hasPrefix("audio epoch 2") })
        let first = try #require(audio.text.split(separator: " ").last.flatMap { Int($0) })
        let from = try #require(entries.first { $0.text.hasPrefix("flush epoch 2") }?.text.split(separator: " ").last.flatMap { Int($0) })
        let heard = (hold - audio.time) / 20
        #expect(abs(from - first - heard) <= 1, "from \(from), the first was \(first), and \(heard) packets had played")
    }

    @Test func aClientThatHasNotReportedYetIsAskedWhatItPlayed() throws {
        var script = CallScript()
        script.asked()
        script.reply([Self.long])
        script.speech(5000)
        script.silence(2000)
        script.partial("stop")
        script.voice(600)
        script.moment(.client(.flushed(epoch: 2, milliseconds: 400)))
        script.silence(2000)
        let lines = try script.run()
        #expect(lines.contains { $0.hasPrefix("turn 1 interrupted") && $0.hasSuffix("heard by client") })
        #expect(lines.contains("agent 1 interrupted, heard: one"))
    }

    @Test func aFlushThatIsNeverAnsweredIsSettledByTheServersClock() throws {
        var script = CallScript()
        script.asked()
        script.reply([Self.long])
        script.speech(5000)
        script.silence(2000)
        script.voice(600)
        script.silence(2000)
        #expect(try script.run().contains { $0.hasPrefix("turn 1 interrupted") && $0.hasSuffix("heard by server") })
    }

    @Test func aSoundWithoutWordsThatCutAReplyShortIsAskedAbout() throws {
        var script = CallScript()
        script.asked()
        script.reply([Self.long])
        script.speech(5000)
        script.silence(2000)
        script.endOfTurn(0.9)
        script.words("")
        for _ in 0..<2 { script.partial("hello there") }
        script.voice(380)
        script.speech(800)
        script.silence(8000)
        let lines = try script.run()
        #expect(lines.contains { $0.hasPrefix("agent 1 interrupted") })
        #expect(lines.contains { $0.hasPrefix("speak") && $0.hasSuffix("Sorry, I did not catch that.") })
    }

    @Test func whatWasSaidBesideABrokenReplyIsAnswered() throws {
        var script = CallScript(turns: TurnSettings(bargeIn: .append))
        script.asked()
        script.reply(["It is on its way. ", "It will "], after: 100, failure: .brokenOff)
        script.speech(3000)
        script.speech(900)
        script.silence(1000)
        script.words("and my other card")
        script.words("and my other card")
        script.voice(1000)
        script.silence(9000)
        let lines = try script.run()
        #expect(lines.contains { $0.hasPrefix("speak") && $0.hasSuffix("Sorry, something went wrong.") })
        #expect(lines.contains("user 2: and my other card"))
    }
}
