import Dialogue
import Engines
import Sessions
import Testing
import Turns
import Wire

/// A server that stops while somebody speaks.
struct DrainTests {
    @Test func theSentenceThatIsBeingSpokenIsHeardToItsEnd() throws {
        var script = CallScript()
        script.asked()
        script.reply(["One sentence is here. ", "Another is not begun."])
        script.add(.speak, 2, after: 80, .speech(packets: 50, words: []))
        script.add(.speak, 2, after: 900, .speech(packets: 50, words: []))
        script.add(.speak, 2, after: 901, .speechEnd(.seconds(2)))
        script.silence(1000)
        script.moment(.drain(within: .seconds(10)))
        script.silence(9000)
        let lines = try script.run()
        #expect(lines.contains("agent 1 completed, heard: One sentence is here."))
        #expect(!lines.contains { $0.contains("Another is not begun.") })
        #expect(lines.last == "close 1001 draining")
    }

    @Test(.timeLimit(.minutes(1))) func aSessionThatDrainsInMidSentenceEndsWithTheSentence() async throws {
        let synthesizer = HalvingSynthesizer()
        let session = try await LiveCall.session(.scripted(by: synthesizer))
        let transport = KeptTransport()
        await session.attach(transport, ready: LiveCall.ready(session), after: nil)
        try await session.say(.text("hello"))
        _ = await transport.first { if case .state(.speaking, _) = $0 { true } else { nil } }
        await session.drain(within: .seconds(60))
        synthesizer.goOn()
        #expect(await transport.first { if case .agentFinished(1, _, .completed, let heard) = $0 { heard } else { nil } } == "You said hello.")
        #expect(await transport.first { if case .ended(let reason) = $0 { reason } else { nil } } == "draining")
        #expect(await transport.closed() == 1001)
    }

    @Test func anAnswerOfWhichNothingWasHeardYetIsGivenWhole() throws {
        var script = CallScript()
        script.asked()
        script.reply(["One sentence is here. ", "Another follows."])
        script.speech(1000, after: 900)
        script.speech(1000)
        script.silence(600)
        script.moment(.drain(within: .seconds(10)))
        script.silence(9000)
        let lines = try script.run()
        #expect(lines.contains("agent 1 completed, heard: One sentence is here. Another follows."))
        #expect(lines.last == "close 1001 draining")
    }

    @Test(arguments: [true, false]) func aCallWithoutItsConnectionIsNotWaitedFor(isLostFirst: Bool) throws {
        var script = CallScript()
        script.asked()
        script.reply(["one two three four five six seven eight nine ten."])
        script.speech(6000)
        script.silence(2000)
        script.moment(isLostFirst ? .transportLost : .drain(within: .seconds(60)))
        script.silence(500)
        script.moment(isLostFirst ? .drain(within: .seconds(60)) : .transportLost)
        let end = script.milliseconds
        script.silence(9000)
        let last = try #require(try script.timeline().entries.last)
        #expect(last.text == "close 1001 draining")
        #expect(last.time == end)
    }
}
