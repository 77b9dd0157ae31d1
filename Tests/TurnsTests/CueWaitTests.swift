import Testing

@testable import Turns

struct CueWaitTests {
    private static let policies = [EndpointPolicy.eager, .balanced, .patient]
    private static let open: [TextCues.Cue] = [
        .open(.conjunction), .open(.filler), .open(.partialValue), .open(.holdOn), .open(.digits), .open(.punctuation),
    ]
    private static let finished: [TextCues.Cue] = [.finished(.question), .finished(.answer), .finished(.value), .finished(.closer)]
    private static let sizes: [TextCues.Size?] = [nil, .fragment, .short, .usual, .long, .digits, .whole]
    private static let expectations: [Expectation] = [.nothing, .yesNo, .phoneNumber, .date, .name, .spelling, .email, .choice]
    private static let probabilities: [Float?] = [nil] + (0...20).map { Float($0) / 20 }
    private static var paces: [CallerPace] {
        [0, 150, 600, 5_000_000].map { milliseconds in
            var pace = CallerPace()
            for _ in 0..<(milliseconds == 0 ? 0 : 50) { pace.resumed(after: .milliseconds(milliseconds)) }
            return pace
        }
    }

    private static func evidence(
        _ probability: Float?, _ cue: TextCues.Cue, _ size: TextCues.Size?, _ expectation: Expectation, _ pace: CallerPace
    ) -> EndEvidence {
        var evidence = EndEvidence(expectation: expectation, pace: pace)
        if let probability { evidence.add(probability: probability) }
        (evidence.cue, evidence.size) = (cue, size)
        return evidence
    }

    @Test(arguments: policies)
    func theWaitNeverRisesWithTheProbabilityAndKeepsItsBounds(_ policy: EndpointPolicy) {
        for cue in Self.open + [.neutral] + Self.finished {
            for (expectation, size) in Self.expectations.flatMap({ expectation in Self.sizes.map { (expectation, $0) } }) {
                for pace in Self.paces {
                    var last = policy.maximum
                    for step in 0...100 {
                        let wait = policy.wait(Self.evidence(Float(step) / 100, cue, size, expectation, pace))
                        #expect(wait <= last)
                        #expect(step == 0 || last - wait < (policy.maximum - policy.minimum) / 5, "a small change never jumps the wait")
                        #expect(wait >= policy.minimum && wait <= policy.maximum)
                        last = wait
                    }
                }
            }
        }
    }

    @Test(arguments: policies)
    func finishedWordsWaitNoLongerThanNeutralOnesAndTheseThanOpenOnes(_ policy: EndpointPolicy) {
        for probability in Self.probabilities {
            for (expectation, size) in Self.expectations.flatMap({ expectation in Self.sizes.map { (expectation, $0) } }) {
                for pace in Self.paces {
                    let wait = { (cue: TextCues.Cue) in policy.wait(Self.evidence(probability, cue, size, expectation, pace)) }
                    let neutral = wait(.neutral)
                    for cue in Self.finished { #expect(wait(cue) <= neutral) }
                    for cue in Self.open { #expect(wait(cue) >= neutral) }
                }
            }
        }
    }

    @Test func aCallerWhoPausesLongIsWaitedForLonger() {
        let wait = { (pace: CallerPace) in EndpointPolicy.balanced.wait(Self.evidence(0.6, .neutral, .usual, .nothing, pace)) }
        let (usual, short, long) = (Self.paces[0], Self.paces[1], Self.paces[3])
        #expect(wait(short) < wait(usual) && wait(usual) < wait(long))
    }

    @Test func anExpectedValueIsWaitedForOnlyUntilItIsWhole() {
        let wait = { (cue: TextCues.Cue, expectation: Expectation) in
            EndpointPolicy.balanced.wait(Self.evidence(0.97, cue, .usual, expectation, CallerPace()))
        }
        #expect(wait(.finished(.value), .phoneNumber) == EndpointPolicy.balanced.minimum)
        #expect(wait(.neutral, .phoneNumber) > wait(.neutral, .nothing) + .milliseconds(200))
        #expect(wait(.open(.conjunction), .phoneNumber) > wait(.open(.conjunction), .nothing) + .milliseconds(20))
        #expect(wait(.open(.partialValue), .phoneNumber) > wait(.open(.conjunction), .phoneNumber))
    }

    @Test func hostileNumbersKeepTheBounds() {
        let odd = [
            EndpointPolicy(minimum: .zero, doubtful: .seconds(3), maximum: .zero, withoutModel: .seconds(9)),
            EndpointPolicy(minimum: .seconds(2), doubtful: .zero, maximum: .seconds(1), withoutModel: .zero),
            EndpointPolicy(minimum: .milliseconds(100), doubtful: .seconds(9), maximum: .seconds(1), withoutModel: .seconds(50)),
            EndpointPolicy(minimum: .milliseconds(100), doubtful: .zero, maximum: .seconds(1), withoutModel: .zero, likely: -5, unlikely: 9),
        ]
        for policy in odd {
            for probability in [nil, Float.nan, .infinity, -.infinity, -3, 7] {
                let wait = policy.wait(Self.evidence(probability, .neutral, .usual, .nothing, CallerPace()))
                #expect(wait >= policy.minimum && wait <= max(policy.minimum, policy.maximum))
            }
        }
    }
}
