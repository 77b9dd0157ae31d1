import Testing
import Turns

struct TurnMachineTests {
    @Test func aSessionBeginsWithTheGreetingAndThenListens() {
        var stand = TurnStand()
        #expect(stand.take(.started).contains { if case .say(_, .greeting) = $0 { true } else { false } })
        stand.finishReply()
        guard case .listening = stand.machine.state else { return #expect(Bool(false), "\(stand.machine.state)") }
    }

    @Test func aLikelyEndIsCommittedAfterTheMinimumAndTheDraftBecomesTheReply() throws {
        var stand = TurnStand.pausing()
        let began = stand.now - .milliseconds(200)
        stand.take(.endOfTurn(try #require(stand.ask), 0.95))
        stand.take(.transcript(try #require(stand.recognition), "where is my card"))
        let draft = try #require(stand.last { if case .startDraft(let token, "where is my card") = $0 { token } else { nil } })
        while !stand.actions.contains(.releaseReply(draft)), !stand.timers.isEmpty { stand.nextTimer() }
        #expect(stand.actions.contains(.commit(turn: 1, text: "where is my card")))
        #expect(stand.actions.contains(.releaseReply(draft)))
        #expect(stand.now - began == EndpointPolicy.balanced.minimum)
    }

    @Test func anUnlikelyEndWaitsAndAsksAgain() throws {
        var stand = TurnStand.pausing()
        stand.take(.endOfTurn(try #require(stand.ask), 0.02))
        stand.take(.transcript(try #require(stand.recognition), "my number is"))
        stand.pass(.milliseconds(1500))
        #expect(stand.actions.filter { if case .askEndOfTurn = $0 { true } else { false } }.count == 3)
        #expect(!stand.actions.contains { if case .commit = $0 { true } else { false } })
        #expect(!stand.actions.contains { if case .startDraft = $0 { true } else { false } })
        stand.pass(EndpointPolicy.balanced.maximum)
        #expect(stand.actions.contains(.commit(turn: 1, text: "my number is")))
    }

    @Test func withoutAModelTheSilenceAloneEndsTheTurn() throws {
        var stand = TurnStand.pausing()
        stand.take(.endOfTurn(try #require(stand.ask), nil))
        stand.take(.transcript(try #require(stand.recognition), "hello"))
        stand.pass(EndpointPolicy.balanced.withoutModel - .milliseconds(201))
        #expect(!stand.actions.contains(.commit(turn: 1, text: "hello")))
        stand.pass(.milliseconds(1))
        #expect(stand.actions.contains(.commit(turn: 1, text: "hello")))
    }

    @Test func speakingOnDropsTheDraftAndKeepsTheTurn() throws {
        var stand = TurnStand.pausing()
        stand.take(.endOfTurn(try #require(stand.ask), 0.95))
        stand.take(.transcript(try #require(stand.recognition), "where is my new card"))
        let draft = try #require(stand.last { if case .startDraft(let token, _) = $0 { token } else { nil } })
        #expect(stand.take(.voice(.resumed(at: stand.now))) == [.cancelReply(draft)])
        stand.pass(.seconds(5))
        #expect(!stand.actions.contains { if case .commit = $0 { true } else { false } })
        #expect(stand.machine.turn == 1)
    }

    @Test func aCallerWhoGoesOnWhileTheAgentThinksIsAnsweredOnceForBoth() throws {
        var stand = TurnStand.preparing()
        let first = try #require(stand.reply)
        #expect(stand.take(.voice(.voiced(.milliseconds(320), at: stand.now))) == [.cancelReply(first)])
        stand.pause()
        stand.pass(.milliseconds(200))
        stand.take(.transcript(try #require(stand.recognition), "the blue one"))
        stand.pass(.seconds(1))
        #expect(stand.actions.contains(.commit(turn: 1, text: "the blue one")))
        #expect(stand.reply != first)
    }

    @Test func aReplyGivenUpForANoiseIsTakenUpAgain() throws {
        var stand = TurnStand.preparing()
        let first = try #require(stand.reply)
        stand.take(.voice(.voiced(.milliseconds(320), at: stand.now)))
        stand.pause()
        stand.pass(.milliseconds(200))
        stand.take(.transcript(try #require(stand.recognition), ""))
        stand.pass(.seconds(1))
        let second = try #require(stand.last { if case .startReply(let token) = $0 { token } else { nil } })
        #expect(second != first)
        #expect(!stand.actions.contains { if case .say(_, .reprompt) = $0 { true } else { false } })
    }

    @Test func anAgentThatIsNotInterruptedHearsTheAsideNext() throws {
        var stand = TurnStand.speaking(TurnSettings(bargeIn: .append))
        let reply = try #require(stand.reply)
        stand.take(.voice(.voiced(.milliseconds(832), at: stand.now)))
        stand.take(.voice(.silence(since: stand.now)))
        #expect(!stand.actions.contains(.interrupt(reply)))
        stand.take(.replyFinished(reply))
        stand.pass(.milliseconds(1))
        stand.pass(.milliseconds(200))
        stand.take(.transcript(try #require(stand.recognition), "and one more thing"))
        stand.pass(.seconds(1))
        #expect(stand.actions.contains(.commit(turn: 2, text: "and one more thing")))
    }

    @Test func anAgentThatIgnoresIsDeafUntilItIsDoneAndNotAfter() throws {
        var stand = TurnStand.speaking(TurnSettings(bargeIn: .ignore))
        stand.take(.voice(.voiced(.milliseconds(832), at: stand.now)))
        stand.take(.replyFinished(try #require(stand.reply)))
        #expect(stand.take(.voice(.voiced(.milliseconds(1344), at: stand.now))) == [.turnBegan(2)])
    }

    @Test func aSilentCallerIsAskedTwiceThenLeft() {
        var stand = TurnStand.listening()
        var lines: [Line] = []
        for _ in 0..<3 {
            stand.pass(stand.machine.settings.idle)
            if let line = stand.line { lines.append(line) }
            stand.finishReply()
        }
        #expect(lines == [.idle, .idle, .farewell])
        #expect(stand.machine.state == .ended)
    }

    @Test func aFailedReplyIsApologisedForOnce() throws {
        var stand = TurnStand.preparing()
        stand.take(.replyFailed(try #require(stand.reply)))
        #expect(stand.line == .failure)
        stand.take(.replyFailed(try #require(stand.reply)))
        guard case .listening = stand.machine.state else { return #expect(Bool(false), "\(stand.machine.state)") }
    }

    @Test func aDeadRecogniserEndsInAnApologyNotInSilence() throws {
        var stand = TurnStand.recognizing()
        stand.take(.recognitionFailed(try #require(stand.recognition)))
        stand.take(.recognitionFailed(try #require(stand.recognition)))
        #expect(stand.line == .failure)
    }

    @Test func aLongSoundWithoutWordsIsAskedAboutOnce() throws {
        var stand = TurnStand.listening()
        for round in 0..<2 {
            stand.speak(832)
            stand.pause()
            stand.pass(.milliseconds(200))
            stand.take(.transcript(try #require(stand.recognition), ""))
            stand.pass(.seconds(1))
            let reprompts = stand.actions.filter { if case .say(_, .reprompt) = $0 { true } else { false } }.count
            #expect(reprompts == 1, "round \(round)")
            if round == 0 { stand.finishReply() }
        }
    }

    @Test func drainingFinishesTheExchangeAndCloses() throws {
        var stand = TurnStand.recognizing()
        #expect(stand.take(.drain).isEmpty)
        stand.take(.transcript(try #require(stand.recognition), "hello"))
        stand.finishReply()
        #expect(stand.actions.last == .close("draining"))
        #expect(stand.machine.state == .ended)
    }
}
