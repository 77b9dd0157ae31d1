import Testing

@testable import Turns

struct CallerPaceTests {
    @Test func aSlowCallerIsWaitedForLongerAndAQuickOneLess() {
        var (slow, quick) = (CallerPace(), CallerPace())
        for _ in 0..<12 {
            slow.resumed(after: .milliseconds(1400))
            quick.resumed(after: .milliseconds(220))
        }
        let wait = { (pace: CallerPace) in
            var evidence = EndEvidence(pace: pace)
            evidence.add(probability: 0.8)
            return EndpointPolicy.balanced.wait(evidence)
        }
        #expect(wait(slow) > wait(CallerPace()) + .milliseconds(100))
        #expect(wait(quick) < wait(CallerPace()) - .milliseconds(50))
    }

    @Test func theEstimateFindsTheQuantile() {
        var pace = CallerPace()
        // Even spread of 200...1200 ms; four fifths lie below 1 s.
        for index in 0..<2000 { pace.resumed(after: .milliseconds(200 + (index * 377) % 1000)) }
        #expect(pace.pause > .milliseconds(850) && pace.pause < .milliseconds(1150))
    }

    @Test func onePauseMovesTheEstimateByABoundedFactorHoweverLong() {
        var (long, endless) = (CallerPace(), CallerPace())
        for _ in 0..<10 {
            long.resumed(after: .milliseconds(500))
            endless.resumed(after: .milliseconds(500))
        }
        let before = long.pause
        long.resumed(after: .milliseconds(900))
        endless.resumed(after: .seconds(86_400))
        long.turnBegan()
        endless.turnBegan()
        #expect(long == endless)
        #expect(long.pause <= before * 1.1)
    }

    @Test func gapsOfArticulationTeachNothing() {
        var pace = CallerPace()
        for gap in [-5, 0, 60, 119] { pace.resumed(after: .milliseconds(gap)) }
        #expect(pace == CallerPace())
        #expect(pace.ratio == 1)
    }

    @Test func theLongestPauseIsThatOfTheTurn() {
        var pace = CallerPace()
        for pause in [300, 900, 119, 700] { pace.resumed(after: .milliseconds(pause)) }
        #expect(pace.longest == .milliseconds(900))
        pace.resumed(after: .seconds(86_400))
        #expect(pace.longest == .seconds(2))
        let learnt = pace.pause
        pace.turnBegan()
        #expect(pace.longest == .zero)
        #expect(pace.pause == learnt)
    }

    @Test("a pause that had ended the turn teaches as well", arguments: [nil, "where is my card"])
    func whoWasCutShortIsWaitedForLonger(words: String?) throws {
        var stand = TurnStand.hearing()
        let (since, before) = (stand.now, stand.machine.pace)
        stand.pause()
        stand.pass(.milliseconds(800))
        if let words { stand.take(.transcript(try #require(stand.recognition), words)) }
        stand.pass(since + .milliseconds(1200) - stand.now)
        stand.take(.voice(.onset(at: stand.now)))
        stand.wait(700)
        stand.take(.voice(.voiced(.milliseconds(700), at: stand.now)))
        guard case .hearing = stand.machine.state else { return #expect(Bool(false), "the caller goes on with the turn") }
        #expect(stand.machine.turn == 1)
        #expect(stand.machine.reasons.contains(.wentOn(turn: 1, after: .milliseconds(1200))))
        #expect(stand.machine.pace.pause > before.pause)
        #expect(stand.machine.pace.longest == .milliseconds(1200))
    }

    @Test func whoSpeaksAgainBecauseTheAnswerIsSlowTeachesNothing() throws {
        var stand = TurnStand.hearing()
        stand.pause()
        stand.pass(.milliseconds(800))
        stand.take(.transcript(try #require(stand.recognition), "where is my card"))
        stand.wait(4000)
        stand.take(.voice(.voiced(.milliseconds(700), at: stand.now)))
        #expect(stand.machine.reasons.contains(.wentOn(turn: 1, after: .milliseconds(4100))))
        #expect(stand.machine.pace == CallerPace())
    }

    @Test func aTurnAfterAReplyBeginsWithoutAPause() throws {
        var stand = TurnStand.pausing()
        stand.take(.voice(.resumed(at: stand.now)))
        #expect(stand.machine.pace.longest > .zero)
        stand.pause()
        stand.pass(.seconds(5))
        stand.take(.transcript(try #require(stand.recognition), "seven"))
        stand.finishReply()
        stand.speak()
        #expect(stand.machine.turn == 2)
        #expect(stand.machine.pace.longest == .zero)
    }

    @Test func theEstimateStaysInItsBounds() {
        var (up, down) = (CallerPace(), CallerPace())
        for _ in 0..<1000 {
            up.resumed(after: .seconds(1_000_000))
            down.resumed(after: .milliseconds(120))
        }
        #expect(up.pause == .seconds(2))
        #expect(down.pause == .milliseconds(200))
    }
}
