import Testing
import Turns

/// A caller's sound over the agent: held at once, judged by its words.
struct InterjectionTests {
    private func holds(_ stand: TurnStand) -> Int { stand.actions.count { if case .hold = $0 { true } else { false } } }

    @Test func theAgentHoldsItsBreathBeforeASoundIsSpeech() throws {
        var stand = TurnStand.speaking()
        let reply = try #require(stand.reply)
        #expect(stand.take(.voice(.likely(.milliseconds(64), at: stand.now))).first == .hold(reply))
        #expect(stand.take(.voice(.falseOnset(at: stand.now))) == [.resume(reply), .dropUtterance])
    }

    @Test func aCoughIsHeldAndTheReplyGoesOn() throws {
        var stand = TurnStand.heldSilent()
        let reply = try #require(stand.reply)
        stand.hears("")
        stand.pass(stand.machine.settings.resumeAfter)
        #expect(Array(stand.actions.suffix(2)) == [.resume(reply), .dropUtterance])
        #expect(stand.machine.turn == 1)
    }

    @Test func voiceAloneIsNoInterruptionWhileThereAreWordsToBeHad() {
        var stand = TurnStand.overhearing()
        stand.voiced(320)
        #expect(!stand.isInterrupted)
        #expect(stand.isHeld)
    }

    @Test(arguments: ["Stop.", "wait, wait", "等一下"]) func aCommandInterruptsAtOnce(text: String) {
        var stand = TurnStand.overhearing(TurnSettings(language: ""))
        stand.hears(text, confidence: 0.3)
        #expect(stand.isInterrupted)
        #expect(stand.machine.turn == 2)
    }

    @Test func contentCountsOnceItHasLasted() {
        var stand = TurnStand.overhearing()
        stand.hears("Give me")
        #expect(!stand.isInterrupted, "a backchannel may begin like that")
        stand.voiced(512)
        stand.hears("Give me a coffee")
        #expect(stand.isInterrupted)
    }

    @Test func aShortWordInterruptsAtItsPauseAndItsTurnIsAlreadyEnding() throws {
        var stand = TurnStand.held()
        stand.wait(200)
        stand.pause()
        let paused = stand.now
        stand.wait(150)
        stand.hears("Alexa.")
        #expect(stand.isInterrupted)
        guard case .hearing(let hearing) = stand.machine.state, let pause = hearing.pause else {
            Issue.record("\(stand.machine.state)")
            return
        }
        #expect(pause.since == paused)
        #expect(!stand.actions.suffix(4).contains(.dropUtterance), "its audio is kept")
    }

    @Test(arguments: ["Mm-hmm.", "yeah, right", "嗯", "Uh-huh"]) func aBackchannelNeverInterrupts(text: String) throws {
        var stand = TurnStand.overhearing(TurnSettings(language: ""))
        let reply = try #require(stand.reply)
        stand.hears(text)
        stand.voiced(512)
        stand.hears(text)
        stand.pause()
        stand.hears(text)
        stand.pass(.milliseconds(300))
        #expect(!stand.isInterrupted)
        #expect(Array(stand.actions.suffix(2)) == [.resume(reply), .dropUtterance])
    }

    @Test func aSoundWithoutWordsHoldsForABoundedTimeAndNotAgain() {
        var stand = TurnStand.overhearing()
        for voiced in stride(from: 512, through: 6000, by: 512) {
            stand.hears("")
            stand.pass(.milliseconds(512))
            stand.voiced(voiced)
        }
        #expect(!stand.isInterrupted)
        #expect(!stand.isHeld)
        #expect(holds(stand) == 1)
    }

    @Test func wordsInALongNoiseStillInterrupt() {
        var stand = TurnStand.overhearing()
        stand.hears("")
        stand.pass(.milliseconds(1300))
        stand.voiced(1344)
        #expect(!stand.isHeld)
        stand.hears("I wanted to ask something")
        #expect(!stand.isInterrupted, "in a noise once is not enough")
        stand.voiced(1856)
        stand.hears("I wanted to ask something else")
        #expect(stand.isInterrupted)
    }

    @Test func eachFalseStartNeedsToLastLonger() throws {
        var stand = TurnStand.speaking()
        for (number, needed) in [64, 128, 256].enumerated() {
            if needed > 64 {
                stand.voiced(needed / 2)
                #expect(!stand.isHeld)
            }
            stand.voiced(needed)
            #expect(stand.isHeld, "\(number)")
            stand.hears("")
            stand.pause()
            stand.hears("")
            stand.pass(.milliseconds(300))
        }
        stand.voiced(2000)
        #expect(!stand.isHeld, "after three, only words hold it")
    }

    @Test func whatTheAgentItselfHasJustSaidIsNoInterruption() {
        var stand = TurnStand.overhearing()
        stand.voiced(512)
        stand.hears("left the warehouse on Monday", agent: "Your parcel left the warehouse on Monday morning")
        #expect(!stand.isInterrupted)
        stand.voiced(800)
        stand.hears("no, on Sunday please", agent: "Your parcel left the warehouse on Monday morning")
        #expect(stand.isInterrupted)
    }

    @Test func doubtfulWordsNeedMoreOfThem() {
        var stand = TurnStand.overhearing()
        stand.hears("")
        stand.voiced(512)
        stand.hears("I don't know.", confidence: 0.5)
        #expect(!stand.isInterrupted)
        stand.voiced(800)
        stand.hears("I don't know.", confidence: 0.5)
        #expect(!stand.isInterrupted, "the same sound heard again")
        stand.voiced(1312)
        stand.hears("I don't know why it", confidence: 0.5)
        #expect(stand.isInterrupted)
    }

    @Test func sureWordsAreNotUnheardByALookThatMakesNothingOut() {
        var stand = TurnStand.overhearing()
        stand.hears("Give me", confidence: 0.8)
        stand.voiced(512)
        stand.hears("")
        #expect(stand.isInterrupted)
    }

    @Test func whatTurnsOutToBeABackchannelCountsForNothing() {
        var stand = TurnStand.overhearing()
        stand.hears("I", confidence: 0.8)
        stand.voiced(512)
        stand.hears("I see")
        stand.voiced(800)
        stand.hears("")
        #expect(!stand.isInterrupted)
    }

    @Test func withoutWordsTheVoicedTimeDecides() {
        var stand = TurnStand.overhearing()
        stand.take(.overheard(stand.overhearing ?? Token(0), nil))
        #expect(!stand.isInterrupted)
        stand.voiced(416)
        #expect(stand.isInterrupted)
    }

    @Test func wordsThatDoNotComeInTimeAreNotWaitedFor() {
        var stand = TurnStand.overhearing()
        stand.voiced(512)
        #expect(!stand.isInterrupted)
        stand.pass(stand.machine.settings.wordLimit)
        #expect(stand.isInterrupted)
        #expect(stand.machine.awaitedWords == nil)
    }

    @Test func anAnswerThatComesAfterTheSoundIsWaitedForThenTheAgentGoesOn() throws {
        var stand = TurnStand.heldSilent()
        let reply = try #require(stand.reply)
        stand.pass(.milliseconds(300))
        #expect(stand.isHeld)
        #expect(stand.hears("") == [.resume(reply), .dropUtterance])
    }

    @Test func aPauseWithinASoundIsOneSound() {
        var stand = TurnStand.heldSilent()
        stand.hears("")
        stand.wait(100)
        stand.take(.voice(.resumed(at: stand.now)))
        stand.pass(.milliseconds(250))
        #expect(stand.isHeld, "it sounds")
        stand.voiced(256)
        stand.hears("hello are you there")
        #expect(stand.isInterrupted)
    }

    @Test func aReplyThatIsNearlyOverIsLetEnd() throws {
        var stand = TurnStand.speaking()
        let reply = try #require(stand.reply)
        stand.take(.replyEnding(reply))
        stand.voiced(128)
        stand.voiced(832)
        #expect(!stand.isHeld)
        stand.take(.replyFinished(reply))
        guard case .hearing = stand.machine.state else {
            Issue.record("\(stand.machine.state)")
            return
        }
        #expect(stand.machine.turn == 2)
    }

    // MARK: modes and protected parts

    private let keywords = TurnSettings(bargeIn: .keywords, keywords: ["operator", "转人工"])

    @Test(arguments: ["the operator please", "Operator!", "我要转人工", "stop"]) func aKeywordOrACommandInterrupts(text: String) {
        var stand = TurnStand.speaking(keywords)
        stand.voiced(128)
        stand.voiced(256)
        #expect(!stand.isHeld, "other sounds do not even hold")
        stand.hears(text)
        #expect(stand.isInterrupted)
    }

    @Test func whatElseIsSaidIsTheNextTurn() throws {
        var stand = TurnStand.speaking(keywords)
        stand.voiced(512)
        stand.hears("and my other card")
        stand.pause()
        stand.hears("and my other card")
        stand.pass(.milliseconds(300))
        #expect(!stand.isInterrupted)
        stand.take(.replyFinished(try #require(stand.reply)))
        #expect(stand.machine.turn == 2)
    }

    @Test(arguments: ["mm-hmm", ""]) func whatIsNothingIsDropped(text: String) throws {
        var stand = TurnStand.speaking(keywords)
        stand.voiced(512)
        stand.hears(text)
        stand.pause()
        stand.hears(text)
        stand.pass(.milliseconds(300))
        #expect(stand.actions.last == .dropUtterance)
        stand.take(.replyFinished(try #require(stand.reply)))
        #expect(stand.machine.turn == 1)
    }

    @Test func keywordsThatCannotBeListenedForWaitAsTheNextTurn() throws {
        var stand = TurnStand.speaking(keywords)
        stand.voiced(512)
        stand.take(.overheard(stand.overhearing ?? Token(0), nil))
        stand.voiced(2000)
        stand.pause()
        #expect(!stand.isInterrupted)
        stand.take(.replyFinished(try #require(stand.reply)))
        #expect(stand.machine.turn == 2)
    }

    @Test func aProtectedLineIsSaidToItsEnd() throws {
        var stand = TurnStand(TurnSettings(protectedLines: [.greeting]))
        stand.take(.started)
        let greeting = try #require(stand.reply)
        stand.take(.replyAudible(greeting))
        for step in [128, 320, 832] { stand.voiced(step) }
        stand.pause()
        #expect(stand.actions.allSatisfy { $0 != .hold(greeting) && $0 != .interrupt(greeting) })
        stand.take(.replyFinished(greeting))
        #expect(stand.machine.turn == 1)
        guard case .hearing(let hearing) = stand.machine.state else {
            Issue.record("\(stand.machine.state)")
            return
        }
        #expect(hearing.pause != nil)
    }

    @Test func afterAProtectedSentenceWhatWasSaidInItCounts() throws {
        for (words, interrupts) in [("what does that mean", true), ("mm-hmm", false)] {
            var stand = TurnStand.speaking()
            let reply = try #require(stand.reply)
            stand.take(.replyProtected(reply, true))
            for step in [128, 320, 832] { stand.voiced(step) }
            stand.pause()
            #expect(!stand.isHeld)
            stand.pass(.seconds(1))
            #expect(stand.take(.replyProtected(reply, false)).first == .hold(reply))
            stand.hears(words)
            #expect(stand.isInterrupted == interrupts, "\(words)")
            #expect(stand.actions.contains(.resume(reply)) != interrupts)
        }
    }

    @Test func aSentenceIsProtectedByItsPhrase() {
        let settings = TurnSettings(protectedPhrases: ["recorded for training", "录音"])
        #expect(settings.protects("This call is Recorded, for training purposes."))
        #expect(settings.protects("本次通话将被录音。"))
        #expect(!settings.protects("This call is recorded."))
        #expect(!TurnSettings().protects("This call is recorded."))
    }
}
