import Evaluation
import Testing
import Turns

@Suite
struct TurnRuleTests {
    /// Feeds windows of one probability, each known when it ends, and gives what the rule did in which window.
    private func feed(_ rule: inout some TurnRule, _ probabilities: [Float]) -> [Int: [RuleAction]] {
        var actions: [Int: [RuleAction]] = [:]
        for (index, probability) in probabilities.enumerated() {
            let end = Instant(.milliseconds(32 * (index + 1)))
            let done = rule.handle(.window(probability, end: end), at: end)
            if !done.isEmpty { actions[index] = done }
        }
        return actions
    }

    @Test("Agora begins a turn with the fifth window of voice and ends it with the twentieth of silence") func agora() {
        var rule = AgoraRule()
        let actions = feed(&rule, [0.9, 0.9, 0.1] + .init(repeating: 0.6, count: 5) + .init(repeating: 0.4, count: 20))
        #expect(actions == [7: [.turnBegan], 27: [.commit]])
    }

    @Test("Agora stops the agent as soon as a turn begins") func agoraInterrupts() {
        var rule = AgoraRule()
        _ = rule.handle(.agent(isSpeaking: true), at: .zero)
        #expect(feed(&rule, .init(repeating: 0.9, count: 5)) == [4: [.turnBegan, .interrupt]])
    }

    @Test("Pipecat asks its model once when the voice stops, and waits three seconds where the turn is not complete") func pipecat() {
        var rule = PipecatRule()
        let actions = feed(&rule, .init(repeating: 0.8, count: 6) + .init(repeating: 0.6, count: 6))
        #expect(actions == [5: [.turnBegan], 11: [.askEndOfTurn]])
        let stop = Instant(.milliseconds(384))
        #expect(rule.handle(.endOfTurn(0.49), at: stop + .milliseconds(60)) == [])
        #expect(rule.deadline == stop + .seconds(3))
        #expect(rule.handle(.deadline, at: stop + .seconds(3)) == [.commit])
        #expect(rule.deadline == nil)
    }

    @Test("Pipecat ends a complete turn with the model's answer") func pipecatComplete() {
        var rule = PipecatRule()
        _ = feed(&rule, .init(repeating: 0.8, count: 6) + .init(repeating: 0.1, count: 6))
        #expect(rule.handle(.endOfTurn(0.5), at: Instant(.milliseconds(444))) == [.commit])
    }

    @Test("LiveKit ends a turn with words half a second after the voice, a doubtful one after three") func liveKit() {
        for (probability, wait) in [(Float(0.5), Duration.milliseconds(500)), (0.49, .seconds(3))] {
            var rule = LiveKitRule()
            let actions = feed(&rule, .init(repeating: 0.8, count: 10) + .init(repeating: 0.1, count: 8))
            #expect(actions == [1: [.turnBegan], 16: [.askEndOfTurn, .askWords]])
            let now = Instant(.milliseconds(600))
            _ = rule.handle(.words(true), at: now)
            _ = rule.handle(.endOfTurn(probability), at: now)
            #expect(rule.deadline == Instant(.milliseconds(320)) + wait)
            #expect(rule.handle(.deadline, at: Instant(.milliseconds(320)) + wait) == [.commit])
        }
    }

    @Test("LiveKit pauses the agent after half a second of voice, and words make it an interruption") func liveKitInterrupts() {
        var rule = LiveKitRule()
        _ = rule.handle(.agent(isSpeaking: true), at: .zero)
        #expect(feed(&rule, .init(repeating: 0.8, count: 17))[15] == [.hold, .askWords])
        #expect(rule.handle(.words(true), at: Instant(.milliseconds(600))) == [.interrupt])
    }
}
