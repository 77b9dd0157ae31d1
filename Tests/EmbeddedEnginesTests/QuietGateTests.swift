import Engines
import Testing

@testable import EmbeddedEngines

struct QuietGateTests {
    /// A window of a tone; `burst` is the level of its last quarter.
    private func window(_ level: Float, burst: Float? = nil) -> [Float] {
        (0..<512).map { ($0 % 2 == 0 ? 1 : -1) * ($0 < 384 ? level : burst ?? level) }
    }

    /// Which of the windows are spared, where the detector gives each the probability that stands with it.
    private func spared(_ windows: [(level: Float, probability: Float)], by gate: inout QuietGate) -> [Bool] {
        windows.map { level, probability in
            if gate.spares(window(level).span) != nil { return true }
            gate.heard(probability)
            return false
        }
    }

    private func settled(_ level: Float = 0.001) -> QuietGate {
        var gate = QuietGate()
        #expect(spared(Array(repeating: (level, 0.01), count: 16), by: &gate).allSatisfy { !$0 })
        return gate
    }

    @Test(arguments: [Float(0), 1e-7, 0.001, 0.1]) func threeOfFourQuietWindowsAreSparedAfterHalfASecond(level: Float) {
        var gate = settled(level)
        let later = spared(Array(repeating: (level, 0.01), count: 40), by: &gate)
        #expect(later == (0..<40).map { $0 % 4 != 3 })
    }

    @Test func aSparedWindowHasTheProbabilityOfTheLastHeard() {
        var gate = settled()
        #expect(gate.spares(window(0.001).span) == 0.01)
    }

    @Test func whatIsLouderThanTheBackgroundIsHeard() {
        var gate = settled()
        #expect(gate.spares(window(0.0015).span) == nil)
        gate.heard(0.01)
        // An onset at the very end of a window.
        #expect(gate.spares(window(0.001, burst: 0.002).span) == nil)
    }

    @Test func afterSpeechHalfASecondIsHeardAgain() {
        var gate = settled()
        #expect(spared([(0.1, 0.9)], by: &gate) == [false])
        #expect(spared(Array(repeating: (0.001, 0.01), count: 16), by: &gate).allSatisfy { !$0 })
        #expect(spared([(0.001, 0.01)], by: &gate) == [true])
    }

    @Test func aQuietVoiceAtTheLevelOfTheBackgroundIsHeardOneWindowInFourAndThenThroughout() {
        var gate = settled()
        let found = spared(Array(repeating: (0.001, 0.6), count: 12), by: &gate)
        #expect(found == (0..<12).map { $0 < 3 })
    }

    @Test func aSlammedDoorIsNotTakenForTheBackground() {
        var gate = settled()
        #expect(spared([(0.5, 0.01)], by: &gate) == [false])
        #expect(gate.spares(window(0.003).span) == nil)
    }

    @Test func aBackgroundThatGrowsOrFallsIsFollowed() {
        var gate = settled()
        let louder = spared(Array(repeating: (0.01, 0.01), count: 300), by: &gate)
        #expect(louder.prefix(20).allSatisfy { !$0 } && louder.suffix(40).count(where: { $0 }) == 30)
        let quieter = spared(Array(repeating: (0.001, 0.01), count: 100), by: &gate)
        #expect(quieter.suffix(40).count(where: { $0 }) == 30)
        #expect(gate.spares(window(0.01).span) == nil)
    }

    @Test(arguments: [Float.nan, .infinity, 1e30]) func whatIsNoSoundIsHeardAndSpoilsNothing(sample: Float) {
        var gate = settled()
        #expect(spared([(sample, 0.01)], by: &gate) == [false])
        #expect(spared(Array(repeating: (0.001, 0.01), count: 20), by: &gate).contains(true))
    }

    @Test func windowsMayGoByUnseenOnceItIsSettledAndSomeAreHeardBeforeTheNextRest() {
        var gate = QuietGate()
        #expect(spared(Array(repeating: (0.001, 0.01), count: 15), by: &gate).allSatisfy { !$0 })
        #expect(gate.resting == nil)
        gate = settled()
        #expect(gate.resting == 0.01)
        gate.rested()
        #expect(gate.resting == nil)
        #expect(spared(Array(repeating: (0.001, 0.02), count: 2), by: &gate) == [false, false])
        #expect(gate.resting == nil)
        #expect(spared([(0.001, 0.02)], by: &gate) == [false])
        #expect(gate.resting == 0.02)
        #expect(spared([(0.1, 0.5)], by: &gate) == [false])
        #expect(gate.resting == nil)
    }

    @Test func aVerdictOnAWindowThatNobodyLookedAtCountsForNothing() {
        var gate = QuietGate()
        for _ in 0..<20 { gate.heard(0.01) }
        #expect(gate.spares(window(0.001).span) == nil)
    }
}
