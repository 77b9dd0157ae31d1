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
        #expect(long == endless)
        #expect(long.pause <= before * 1.1)
    }

    @Test func gapsOfArticulationTeachNothing() {
        var pace = CallerPace()
        for gap in [-5, 0, 60, 119] { pace.resumed(after: .milliseconds(gap)) }
        #expect(pace == CallerPace())
        #expect(pace.ratio == 1)
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
