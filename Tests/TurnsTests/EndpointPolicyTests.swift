import Foundation
import Testing

@testable import Turns

struct EndpointPolicyTests {
    private static let policies = [EndpointPolicy.eager, .balanced, .patient]

    private func evidence(
        _ probability: Float?, words: String? = nil, expecting: Expectation = .nothing, pausing: [Int] = []
    ) -> EndEvidence {
        var pace = CallerPace()
        for pause in pausing { pace.resumed(after: .milliseconds(pause)) }
        var evidence = EndEvidence(expectation: expecting, pace: pace)
        if let probability { evidence.add(probability: probability) }
        if let words { evidence.note(words: words, language: "en") }
        return evidence
    }

    @Test(arguments: policies)
    func theWaitFallsSmoothlyFromLongToShort(_ policy: EndpointPolicy) {
        #expect(policy.wait(evidence(0)) >= policy.doubtful)
        #expect(policy.wait(evidence(1)) == policy.minimum)
        #expect(policy.wait(evidence(nil)) == policy.withoutModel)
        var last = policy.maximum
        for step in 0...1000 {
            let wait = policy.wait(evidence(Float(step) / 1000))
            #expect(wait <= last)
            #expect(step == 0 || last - wait < .milliseconds(40), "a small change never jumps the wait")
            last = wait
        }
    }

    @Test func profilesAreOrdered() {
        for step in 0...10 {
            for words in ["I would like to", "Where is my parcel?", "Two four six"] {
                let known = evidence(Float(step) / 10, words: words)
                #expect(EndpointPolicy.eager.wait(known) <= EndpointPolicy.balanced.wait(known))
                #expect(EndpointPolicy.balanced.wait(known) <= EndpointPolicy.patient.wait(known))
            }
        }
    }

    @Test("a beginning waits longer than a whole, and words asked for as long as they need", arguments: policies)
    func whatWasSaidMatters(_ policy: EndpointPolicy) {
        let whole = policy.wait(evidence(0.97, words: "I would like to know when my new card arrives in the mail."))
        #expect(whole == policy.minimum)
        #expect(policy.wait(evidence(0.9, words: "The card.")) > whole + .milliseconds(100))
        #expect(policy.wait(evidence(0.9, words: "The card.", expecting: .choice)) < policy.wait(evidence(0.9, words: "The card.")))
        #expect(policy.wait(evidence(0.9, words: "Yes, please.")) <= whole + .milliseconds(20), "an answer of one word is whole")
        #expect(policy.wait(evidence(0.9, words: "Two, eight, one, two, five")) >= policy.doubtful - .milliseconds(20), "a number may go on")
        #expect(policy.wait(evidence(0.9, words: "My number is", expecting: .phoneNumber)) > policy.doubtful)
    }

    @Test("a doubtful pause is shorter after many words", arguments: policies) func whoSaidMuchHasMostlyFinished(_ policy: EndpointPolicy) {
        let short = policy.wait(evidence(0.05, words: "I want the red one now."))
        #expect(policy.wait(evidence(0.05, words: "I want the red one that you showed me now.")) < short - (policy.doubtful - policy.minimum) * 0.1)
        #expect(short == policy.doubtful)
    }

    @Test("what is written behind a row of digits says nothing", arguments: [",", "?"], [Float(0.02), 0.5, 0.98])
    func marksBehindDigits(mark: String, probability: Float) {
        let row = "Seven, six, nine, one"
        let wait = EndpointPolicy.balanced.wait(evidence(probability, words: row + mark))
        #expect(wait == EndpointPolicy.balanced.wait(evidence(probability, words: row)))
        #expect(wait > EndpointPolicy.balanced.minimum + .milliseconds(300))
    }

    @Test("a row of digits read with long pauses is over after a longer one", arguments: policies)
    func theRhythmOfARow(_ policy: EndpointPolicy) {
        let doubtful = Int(policy.doubtful / .milliseconds(1))
        let wait = { (words: String, pauses: [Int]) in policy.wait(evidence(0.5, words: words, pausing: pauses)) }
        let (row, sentence) = ("Seven, six, nine, one", "I want the red one now.")
        #expect(wait(row, [doubtful - 100, 200]) == wait(row, []), "as short as any other doubtful pause")
        #expect(wait(row, [400, doubtful + 100, 300]) > .milliseconds(doubtful + 100))
        #expect(wait(row, [400, doubtful + 100, 300]) < .milliseconds(doubtful + 200))
        #expect(wait(row, [5000]) <= min(policy.doubtful * 1.5 + .milliseconds(1), policy.maximum), "no single pause keeps everybody waiting")
        #expect(wait(sentence, [doubtful + 100]) <= policy.doubtful)
    }

    /// Words of the kind that a row of the article's table of waits names.
    private static let rows: [(row: String, words: String, expecting: Expectation)] = [
        ("many words, neutral", "I want the red one that you showed me now.", .nothing),
        ("six words, neutral", "I want the red one now.", .nothing),
        ("one to three words, not asked for", "The card.", .nothing),
        ("a question", "Where is my parcel?", .nothing),
        ("ends in \"my\"", "I would like to have my", .nothing),
        ("ends in \"um\"", "I would like to have, um", .nothing),
        ("digits only", "Seven, six, nine, one", .nothing),
        ("the number that was asked for, not whole", "It's 415 555", .phoneNumber),
    ]

    @Test("the article's table of waits is the policy's", arguments: rows)
    func documented(row: String, words: String, expecting: Expectation) throws {
        let article = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Sources/Turns/Turns.docc/TurnTaking.md")
        let lines = try String(contentsOf: article, encoding: .utf8).split(separator: "\n")
        let line = try #require(lines.first { $0.hasPrefix("| \(row) |") })
        let waits = [Float(0.02), 0.2, 0.5, 0.8, 0.98].map { probability in
            (EndpointPolicy.balanced.wait(evidence(probability, words: words, expecting: expecting)) / .milliseconds(1)).rounded()
        }
        #expect(line == "| \(row) | \(waits.map { "\(Int($0))" }.joined(separator: " | ")) |")
    }

    @Test("several answers of the model count as their mean") func answersAreAveraged() {
        var evidence = EndEvidence()
        evidence.add(probability: 0.9)
        evidence.add(probability: .nan)
        evidence.add(probability: 0.1)
        #expect(evidence.answers == 2)
        #expect(abs((evidence.probability ?? 0) - 0.5) < 1e-6)
    }

    @Test("log odds are right within hundredths and bounded", arguments: [(0.05, -2.944), (0.12, -1.992), (0.5, 0), (0.7, 0.847), (0.95, 2.944)])
    func logOdds(probability: Double, odds: Double) {
        #expect(abs(LogOdds.of(probability) - odds) < 0.35)
        #expect(abs(LogOdds.probability(odds) - probability) < 0.02)
        #expect(LogOdds.of(-7) == LogOdds.of(0) && LogOdds.of(.infinity) == LogOdds.of(1) && LogOdds.of(.nan) == 0)
        #expect(LogOdds.probability(1000) == 1 && LogOdds.probability(-1000) == 0)
    }
}
