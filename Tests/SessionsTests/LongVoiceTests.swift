import Dialogue
import Engines
import Sessions
import Testing
import Turns
import Wire

/// Utterances that do not end, that are not over, or that nobody waits for.
struct LongVoiceTests {
    @Test func anEndlessVoiceIsAnsweredAtTheUtterancesLimit() throws {
        var script = CallScript { $0.limits.utterance = .seconds(5) }
        script.greeted()
        for _ in 0..<6 { script.words("a long story", after: 600) }
        let start = script.milliseconds
        script.voice(20_000)
        let user = try #require(try script.timeline().entries.first { $0.text == "user 1: a long story" })
        #expect((5000...6000).contains(user.time - start), "\(user.time - start) ms")
    }

    @Test func aVoiceThatNobodyWaitsForIsForgottenWhenItStops() throws {
        var script = CallScript()
        script.greeted()
        script.voice(500)
        script.moment(.client(.text("hello")))  // typed while speaking
        script.reply(["Hello."])
        script.speech(500)
        script.voice(96)
        script.silence(8000)
        let lines = try script.run()
        let stop = try #require(lines.lastIndex { $0.hasPrefix("speech stopped") })
        #expect(lines[stop...].contains("drop utterance"))
        #expect(lines.contains("agent 1 completed, heard: Hello.") || lines.contains("agent 2 completed, heard: Hello."))
    }

    @Test func partialsGoOnAfterATurnThatWasNotOver() throws {
        var script = CallScript { $0.partialEvery = .milliseconds(700) }
        script.greeted()
        script.words("I would like", after: 3000)
        script.words("I would like")
        script.voice(1000)
        script.silence(1000)
        let again = script.milliseconds
        script.voice(4000)
        for number in 1...9 { script.add(.partial, number, after: 300, .transcript(Transcript(text: "I would"))) }
        let partials = try script.timeline().entries.filter { $0.time > again && $0.text == "user 1 ~ I would" }
        #expect(partials.count >= 3, "\(partials)")
    }
}
