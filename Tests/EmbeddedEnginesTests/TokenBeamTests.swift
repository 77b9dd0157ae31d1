import Testing

@testable import EmbeddedEngines

/// How several texts are followed at once, and which of them is taken.
struct TokenBeamTests {
    private static let end = 2

    private static func choices(_ list: KeyValuePairs<Int, Float>) -> [TokenBeam.Choice] { list.map { .init(token: $0, logProbability: $1) } }

    @Test func theLikeliestSentenceWinsOverTheLikeliestFirstWord() {
        var beam = TokenBeam(end: Self.end)
        #expect(beam.extend(by: [Self.choices([10: -0.6, 11: -0.8])]) == [0, 0])
        #expect(beam.rows.map(\.tokens) == [[10], [11]])
        // What began likelier goes on badly.
        #expect(beam.extend(by: [Self.choices([20: -1.5, 21: -1.6]), Self.choices([30: -0.1])]) == [1, 0, 0])
        #expect(beam.rows.map(\.tokens) == [[11, 30], [10, 20], [10, 21]])
        #expect(beam.extend(by: [Self.choices([Self.end: -0.01]), Self.choices([Self.end: -0.01]), Self.choices([Self.end: -0.01])]) == [])
        #expect(beam.isDecided)
        #expect(beam.best.tokens == [11, 30])
        #expect(abs(beam.best.logProbability + 0.91) < 1e-6)
        #expect(beam.best.decisions == 3)
        #expect(beam.greedy.tokens == [10, 20])
        #expect(abs(beam.greedy.mean + 2.11 / 3) < 1e-6)
    }

    @Test func whatIsFarBehindIsNotFollowed() {
        var beam = TokenBeam(end: Self.end)
        #expect(beam.extend(by: [Self.choices([10: -0.02, 11: -4])]) == [0])
        #expect(beam.rows.map(\.tokens) == [[10]])
    }

    @Test func noMoreThanTheWidthAreFollowed() {
        var beam = TokenBeam(end: Self.end)
        #expect(beam.extend(by: [Self.choices([10: -1.1, 11: -1.2, 12: -1.3, 13: -1.4])]) == [0, 0, 0])
        #expect(beam.rows.map(\.tokens) == [[10], [11], [12]])
    }

    @Test func theGreedyTextIsFollowedToItsEndWhereverOthersStand() {
        var beam = TokenBeam(end: Self.end)
        _ = beam.extend(by: [Self.choices([10: -0.6, 11: -0.8])])
        // Three continuations of the other one are likelier than what follows the likeliest first token.
        let rows = beam.extend(by: [Self.choices([20: -4, 21: -5]), Self.choices([30: -1, 31: -1.1, 32: -1.2])])
        #expect(rows == [1, 1, 1, 0])
        #expect(beam.rows.map(\.tokens) == [[11, 30], [11, 31], [11, 32], [10, 20]])
        let endings = [Float](repeating: -0.01, count: 3).map { Self.choices([Self.end: $0]) }
        #expect(beam.extend(by: endings + [Self.choices([22: -3])]) == [3])
        #expect(!beam.isDecided)
        #expect(beam.extend(by: [Self.choices([Self.end: -3])]) == [])
        #expect(beam.isDecided)
        #expect(beam.best.tokens == [11, 30])
        #expect(beam.greedy.tokens == [10, 20, 22])
        #expect(beam.greedy.decisions == 4)
    }

    @Test func anEndThatIsLikelyWordForWordDoesNotEndALikelierText() {
        var beam = TokenBeam(end: Self.end)
        _ = beam.extend(by: [Self.choices([10: -0.1])])
        #expect(beam.extend(by: [Self.choices([20: -0.4, Self.end: -1.2])]) == [0])
        // Ended at a mean of -0.65; what goes on can still reach -0.17.
        #expect(!beam.isDecided)
        _ = beam.extend(by: [Self.choices([Self.end: -0.01])])
        #expect(beam.best.tokens == [10, 20])
        #expect(beam.greedy == beam.best)
    }

    @Test func nothingMoreIsAskedWhenNothingCanBeBetter() {
        var beam = TokenBeam(end: Self.end)
        #expect(beam.extend(by: [Self.choices([Self.end: -0.1, 10: -2.5])]) == [])
        #expect(beam.isDecided)
        #expect(beam.best.tokens == [])
    }

    @Test func theLikeliestTextGoingInCirclesEndsAfterItsFirstRound() {
        var beam = TokenBeam(end: Self.end)
        for _ in 0..<8 { _ = beam.extend(by: beam.rows.map { _ in Self.choices([5: -0.05, 6: -3.5]) }) }
        #expect(beam.isDecided)
        #expect(beam.best.tokens == [5])
        #expect(beam.best.decisions == 8)
        #expect(beam.greedy == beam.best)
    }

    @Test func withoutAnEndTheLikeliestBeginningIsTaken() {
        var beam = TokenBeam(end: Self.end)
        #expect(beam.best == TokenBeam.Hypothesis())
        _ = beam.extend(by: [Self.choices([10: -0.9, 11: -1])])
        #expect(!beam.isDecided)
        #expect(beam.best.tokens == [10])
        #expect(beam.extend(by: []) == [])
        #expect(beam.isDecided)
    }
}
