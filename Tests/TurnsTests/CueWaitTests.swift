import Testing

@testable import Turns

struct CueWaitTests {
    private static let policies = [EndpointPolicy.eager, .balanced, .patient]
    private static let open: [TextCues.Cue] = [
        .open(.conjunction), .open(.filler), .open(.partialValue), .open(.holdOn), .open(.digits), .open(.punctuation),
    ]
    private static let finished: [TextCues.Cue] = [.finished(.question), .finished(.answer), .finished(.value), .finished(.closer)]
    private static let expectations: [Expectation] = [.nothing, .yesNo, .phoneNumber, .date, .name, .spelling, .email, .choice]
    private static let probabilities: [Float?] = [nil] + (0...50).map { Float($0) / 50 }
    private static var paces: [CallerPace] {
        [0, 150, 600, 5_000_000].map { milliseconds in
            var pace = CallerPace()
            for _ in 0..<(milliseconds == 0 ? 0 : 50) { pace.resumed(after: .milliseconds(milliseconds)) }
            return pace
        }
    }

    @Test(arguments: policies)
    func theOldWaitIsTheNeutralCase(_ policy: EndpointPolicy) {
        for probability in Self.probabilities {
            let wait = policy.wait(probability: probability, cue: .neutral, expectation: .nothing, pace: CallerPace())
            #expect(wait == policy.wait(probability: probability))
        }
    }

    @Test(arguments: policies)
    func theWaitNeverRisesWithTheProbabilityAndKeepsItsBounds(_ policy: EndpointPolicy) {
        for cue in Self.open + [.neutral] + Self.finished {
            for expectation in Self.expectations {
                for pace in Self.paces {
                    var last = policy.maximum
                    for step in 0...200 {
                        let wait = policy.wait(probability: Float(step) / 200, cue: cue, expectation: expectation, pace: pace)
                        #expect(wait <= last)
                        #expect(step == 0 || last - wait < (policy.maximum - policy.minimum) / 40, "a small change never jumps the wait")
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
            for expectation in Self.expectations {
                for pace in Self.paces {
                    let wait = { (cue: TextCues.Cue) in policy.wait(probability: probability, cue: cue, expectation: expectation, pace: pace) }
                    let neutral = wait(.neutral)
                    for cue in Self.finished { #expect(wait(cue) <= neutral) }
                    for cue in Self.open { #expect(wait(cue) >= neutral) }
                }
            }
        }
    }

    @Test func anExpectedValueIsWaitedForOnlyUntilItIsWhole() {
        let wait = { (cue: TextCues.Cue, expectation: Expectation) in
            EndpointPolicy.balanced.wait(probability: 1, cue: cue, expectation: expectation, pace: CallerPace())
        }
        #expect(wait(.finished(.value), .phoneNumber) == EndpointPolicy.balanced.minimum)
        #expect(wait(.neutral, .phoneNumber) > wait(.neutral, .nothing) + .milliseconds(200))
        #expect(wait(.open(.conjunction), .phoneNumber) > wait(.open(.conjunction), .nothing) + .milliseconds(100))
        #expect(wait(.open(.partialValue), .phoneNumber) > wait(.open(.conjunction), .phoneNumber))
    }

    @Test func hostileNumbersKeepTheBounds() {
        let odd = [
            EndpointPolicy(minimum: .zero, maximum: .zero, withoutModel: .seconds(9)),
            EndpointPolicy(minimum: .seconds(2), maximum: .seconds(1), withoutModel: .zero),
            EndpointPolicy(minimum: .milliseconds(100), maximum: .seconds(1), withoutModel: .seconds(50)),
        ]
        for policy in odd {
            for probability in [nil, Float.nan, .infinity, -.infinity, -3, 7] {
                let wait = policy.wait(probability: probability, cue: .neutral, expectation: .nothing, pace: CallerPace())
                #expect(wait >= policy.minimum && wait <= max(policy.minimum, policy.maximum))
            }
        }
    }
}
