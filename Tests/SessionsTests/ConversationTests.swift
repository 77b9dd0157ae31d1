import Dialogue
import Engines
import Sessions
import Testing
import Turns
import Wire

/// Whole calls as values, in virtual time.
struct ConversationTests {
    /// A call that has been greeted and whose caller has asked something.
    private func asked(_ script: inout CallScript) {
        script.speech(600)
        script.silence(1500)
        script.endOfTurn(0.95)
        script.words("where is my card")
        script.voice(1200)
    }

    @Test func aQuestionIsAnswered() throws {
        var script = CallScript()
        asked(&script)
        script.reply(["It is ", "on its way. ", "Anything else?"])
        script.speech(1000)
        script.speech(800)
        script.silence(5000)
        let lines = try script.run()
        #expect(lines.contains("agent 0 completed, heard: Hello there."))
        #expect(lines.contains("user 1: where is my card"))
        #expect(lines.contains("agent 1 completed, heard: It is on its way. Anything else?"))
        #expect(lines.last?.hasPrefix("state listening") == true)
        let metrics = try #require(lines.first { $0.hasPrefix("turn 1 completed") })
        #expect(metrics.contains("heard by server"))
    }

    @Test func thePartsOfATurnsLatencyAddUp() throws {
        var script = CallScript()
        asked(&script)
        script.reply(["It is on its way."])
        script.speech(1000)
        script.silence(3000)
        let line = try #require(try script.run().first { $0.hasPrefix("turn 1 completed") })
        let numbers = line.split { !$0.isNumber }.compactMap { Int($0) }
        #expect(numbers.count == 8)
        #expect(numbers[1] == numbers[2...7].reduce(0, +))
        #expect(numbers[1] < 700)
    }

    @Test func aDraftThatIsRightCostsNoWait() throws {
        var script = CallScript()
        script.speech(600)
        script.silence(1500)
        script.endOfTurn(0.95, after: 10)
        script.words("where is my card", after: 10)
        script.voice(1200)
        script.reply(["It is on its way."], after: 10)
        script.speech(1000, after: 10)
        script.silence(3000)
        let commit = try #require(try script.time(of: "user 1: where"))
        let audio = try #require(try script.time(of: "audio epoch 2"))
        #expect(audio - commit <= 10)
    }

    @Test func nothingOfADraftIsHeardBeforeTheTurnIsOver() throws {
        var script = CallScript()
        script.speech(600)
        script.silence(1500)
        script.endOfTurn(0.3)  // with the words likely enough to begin, not to end at once
        script.words("where is my coffee")
        script.voice(1000)
        script.silence(256)
        script.reply(["What would you like?"], after: 1)
        script.speech(700, after: 1)
        script.voice(900)  // goes on
        script.endOfTurn(0.95)
        script.words("I would like a coffee")
        script.reply(["One coffee."])
        script.speech(700)
        script.silence(4000)
        let lines = try script.run()
        #expect(lines.contains("user 1: I would like a coffee"))
        #expect(!lines.contains { $0.contains("What would you like?") && !$0.hasPrefix("speak") })
        #expect(lines.contains("agent 1 completed, heard: One coffee."))
    }

    @Test func bargeInFlushesAndKeepsWhatWasHeard() throws {
        var script = CallScript()
        asked(&script)
        script.reply(["one two three four five six seven eight nine ten. "])
        script.speech(5000)
        script.silence(2900)
        script.voice(900)
        script.endOfTurn(0.95)
        script.words("stop")
        script.reply(["All right."])
        script.speech(500)
        script.silence(3000)
        let lines = try script.run()
        #expect(lines.contains("hold epoch 2"))
        #expect(lines.contains { $0.hasPrefix("flush epoch 2 from") })
        let heard = try #require(lines.first { $0.hasPrefix("agent 1 interrupted, heard: ") })
        let words = heard.dropFirst("agent 1 interrupted, heard: ".count).split(separator: " ")
        #expect((4...7).contains(words.count), "\(heard)")
        #expect(lines.contains("user 2: stop"))
        #expect(lines.contains("agent 2 completed, heard: All right."))
    }

    @Test func theClientsWordOnWhatItPlayedCounts() throws {
        var script = CallScript()
        asked(&script)
        script.reply(["one two three four five six seven eight nine ten. "])
        script.speech(5000)
        script.silence(2000)
        script.moment(.client(.playout(epoch: 2, milliseconds: 1000)))
        script.silence(900)
        script.partial("stop")
        script.voice(600)
        script.moment(.client(.flushed(epoch: 2, milliseconds: 1010)))
        script.silence(2000)
        let lines = try script.run()
        let heard = try #require(lines.first { $0.hasPrefix("agent 1 interrupted, heard: ") })
        #expect(heard.hasSuffix("heard: one two"), "\(heard)")
        #expect(lines.contains { $0.hasPrefix("turn 1 interrupted") && $0.hasSuffix("heard by client") })
    }

    @Test func aCoughIsHeldAndTheReplyGoesOnWithNothingLost() throws {
        var script = CallScript()
        asked(&script)
        script.reply(["one two three four five."])
        script.speech(3000)
        script.silence(1500)
        script.voice(200)
        script.silence(6000)
        let lines = try script.run()
        #expect(lines.contains("hold epoch 2"))
        #expect(lines.contains { $0.hasPrefix("resume epoch 2 at ") })
        #expect(lines.contains("agent 1 completed, heard: one two three four five."))
        let sent = lines.filter { $0.hasPrefix("audio epoch 2") }.compactMap { Int($0.split(separator: " ")[3]) }.reduce(0, +)
        // The word that was cut is said again, and so is what was under way to the client.
        #expect((150...190).contains(sent), "\(sent)")
    }

    @Test func aFailedLanguageModelIsApologisedFor() throws {
        var script = CallScript()
        asked(&script)
        script.reply([], failure: .timeout)
        script.reply([], failure: .timeout)
        script.speech(900)
        script.silence(5000)
        let lines = try script.run()
        #expect(lines.contains("error engine.timeout"))
        #expect(lines.contains { $0.hasPrefix("speak") && $0.hasSuffix("Sorry, something went wrong.") })
        #expect(lines.contains { $0.hasPrefix("turn 1 failed (engine.timeout)") })
        #expect(lines.last?.hasPrefix("state listening") == true)
    }

    @Test func aReplyThatBreaksOffIsHeardAsFarAsItCameAndApologisedFor() throws {
        var script = CallScript()
        asked(&script)
        script.reply(["It is on its way. ", "It will be "], failure: .brokenOff)
        script.speech(1000)
        script.speech(900)
        script.silence(5000)
        let lines = try script.run()
        #expect(lines.contains("agent 1 failed, heard: It is on its way."))
        #expect(lines.contains { $0.hasPrefix("speak") && $0.hasSuffix("Sorry, something went wrong.") })
    }

    @Test func aDeadVoiceEndsInListeningNotInALoop() throws {
        var script = CallScript()
        asked(&script)
        script.reply(["It is on its way."])
        for _ in 0..<4 { script.speech(0, failure: .failed) }
        script.silence(5000)
        let lines = try script.run()
        #expect(lines.filter { $0.hasPrefix("speak") }.count == 3)
        #expect(lines.last?.hasPrefix("state listening") == true)
    }

    @Test func aDeadRecogniserIsAskedTwiceAndThenApologisedFor() throws {
        var script = CallScript()
        script.speech(600)
        script.silence(1500)
        script.endOfTurn(0.95)
        script.recognitionFails()
        script.recognitionFails()
        script.recognitionFails()
        script.voice(1000)
        script.speech(900)
        script.silence(5000)
        let lines = try script.run()
        #expect(lines.contains { $0.hasPrefix("turn 1 ignored (recognition_failed)") })
        #expect(lines.contains { $0.hasPrefix("speak") && $0.hasSuffix("Sorry, something went wrong.") })
    }

    @Test func aLostConnectionThatComesBackGoesOnWhereItWasHeard() throws {
        var script = CallScript()
        asked(&script)
        script.reply(["one two three four five six seven eight nine ten."])
        script.speech(4000)
        script.silence(2000)
        script.moment(.transportLost)
        script.silence(3000)
        script.moment(.transportBack)
        script.silence(6000)
        let lines = try script.run()
        #expect(lines.contains("agent 1 completed, heard: one two three four five six seven eight nine ten."))
        let sent = lines.filter { $0.hasPrefix("audio epoch 2") }.compactMap { Int($0.split(separator: " ")[3]) }.reduce(0, +)
        #expect((200...215).contains(sent), "at most the lead is sent again: \(sent)")
    }

    @Test func aConnectionThatStaysLostEndsTheSession() throws {
        var script = CallScript()
        script.speech(600)
        script.silence(1500)
        script.moment(.transportLost)
        script.silence(31_000)
        #expect(try script.run().last == "close 1000 connection_lost")
    }

    @Test func drainingFinishesTheSentenceAndCloses() throws {
        var script = CallScript()
        asked(&script)
        script.reply(["One sentence is here. ", "Another is not begun. ", "Nor is the third."])
        script.speech(1000)
        script.speech(5000, after: 4000)
        script.silence(1200)
        script.moment(.drain(within: .seconds(10)))
        script.silence(9000)
        let lines = try script.run()
        #expect(lines.contains("ending (draining) within 10000"))
        #expect(!lines.contains { $0.contains("Nor is the third") })
        #expect(lines.last == "close 1001 draining")
    }

    @Test func audioThatStopsInMidWordEndsTheTurnAllTheSame() throws {
        var script = CallScript()
        asked(&script)
        script.reply(["It is on its way."])
        script.speech(1000)
        script.moment(.client(.ping(1)))
        var call = script.call
        call.moments.append(RecordedCall.Moment(at: (script.milliseconds + 6000) * 1000, kind: .hangUp("test")))
        var virtual = try VirtualCall(call)
        let lines = virtual.run().lines
        #expect(lines.contains { $0.contains("user 1: where is my card") })
        #expect(lines.contains { $0.contains("agent 1 completed") })
    }

    @Test func aTypedTurnIsAnsweredAloud() throws {
        var script = CallScript()
        script.speech(600)
        script.silence(1500)
        script.moment(.client(.text("hello")))
        script.reply(["Hello to you."])
        script.speech(500)
        script.silence(2000)
        let lines = try script.run()
        #expect(lines.contains("user 1: hello"))
        #expect(lines.contains("agent 1 completed, heard: Hello to you."))
    }

    @Test func theSameCallGivesTheSameTimeline() throws {
        var script = CallScript()
        asked(&script)
        script.reply(["It is on its way. ", "Anything else?"])
        script.speech(1000)
        script.speech(700)
        script.silence(4000)
        #expect(try script.timeline() == script.timeline())
    }

    @Test func aVoiceIsNeverToldOfBeforeTheCallBegan() {
        var conversation = Conversation(plan: LiveCall.plan)
        _ = conversation.handle(.opened, at: .zero)
        _ = conversation.handle(.voice(.onset(at: Instant(.milliseconds(-12)))), at: Instant(.milliseconds(20)))
        let effects = conversation.handle(.voice(.voiced(.milliseconds(128), at: Instant(.milliseconds(116)))), at: Instant(.milliseconds(116)))
        let told = effects.compactMap { if case .send(.speechStarted(let at)) = $0 { at } else { nil } }
        #expect(told == [.zero])
    }
}
