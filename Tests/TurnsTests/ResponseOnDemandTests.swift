import Testing
import Turns

/// Turns that are not answered by themselves, and answers that are asked for.
struct ResponseOnDemandTests {
    private static var silent: TurnSettings {
        var settings = TurnSettings()
        settings.answers = false
        return settings
    }

    private func kinds(_ actions: [TurnAction]) -> [String] { actions.map(TurnTableTests.describe) }

    @Test func aTurnIsCommittedAndNotAnswered() {
        var stand = TurnStand.recognizing(Self.silent)
        let actions = stand.take(.transcript(stand.recognition ?? Token(0), "where is my card"))
        #expect(kinds(actions).prefix(2) == ["commit 1 where is my card", "drop utterance"])
        #expect(!kinds(actions).contains("reply"))
        #expect(TurnTableTests.describe(stand.machine.state) == "listening")
        #expect(kinds(stand.take(.respond)).first == "reply")
    }

    @Test func nothingIsBegunOnALikelyEndThatIsNotAnswered() {
        var stand = TurnStand.pausing(Self.silent)
        stand.take(.transcript(stand.recognition ?? Token(0), "where is my card"))
        stand.take(.endOfTurn(stand.ask ?? Token(0), 0.99))
        #expect(!kinds(stand.actions).contains("draft"))
    }

    @Test func whatIsAskedForWhileWordsAreAwaitedComesWithThem() {
        var stand = TurnStand.recognizing(Self.silent)
        #expect(stand.take(.respond).isEmpty)
        let actions = stand.take(.transcript(stand.recognition ?? Token(0), "where is my card"))
        #expect(kinds(actions).contains("reply"))
        #expect(stand.machine.state != .listening(idle: nil))
    }

    @Test(arguments: ["", "failed"]) func whatIsAskedForComesAlsoWithoutWords(text: String) {
        var stand = TurnStand.recognizing(Self.silent)
        stand.take(.respond)
        if text == "failed" {
            stand.take(.recognitionFailed(stand.recognition ?? Token(0)))
            stand.take(.recognitionFailed(stand.recognition ?? Token(0)))
        } else {
            stand.take(.transcript(stand.recognition ?? Token(0), ""))
        }
        #expect(kinds(stand.actions).last { $0 == "reply" || $0.hasPrefix("say") } == "reply")
    }

    @Test func whatIsBeingSaidWhenAnAnswerIsAskedForIsTheNextTurn() {
        var stand = TurnStand.pausing()
        let actions = stand.take(.respond)
        #expect(kinds(actions).contains("reply") && !kinds(actions).contains("drop utterance"))
        #expect(TurnTableTests.describe(stand.machine.state) == "preparing aside")
        stand.finishReply()
        #expect(TurnTableTests.describe(stand.machine.state) == "pausing")
    }

    @Test func nothingIsAskedForTwice() {
        var stand = TurnStand.speaking()
        #expect(stand.take(.respond).isEmpty)
        var fresh = TurnStand()
        #expect(fresh.take(.respond).isEmpty)
    }

    @Test func settingsMayChangeInTheMiddle() {
        var stand = TurnStand.recognizing()
        stand.machine.change(Self.silent)
        stand.take(.transcript(stand.recognition ?? Token(0), "hello"))
        #expect(!kinds(stand.actions).contains("reply"))
    }
}
