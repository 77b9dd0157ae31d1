import Testing

@testable import Sessions

struct NewcomersTests {
    /// Calls that were there for long and showed what they cost.
    private func settled(_ calls: Int) -> Newcomers {
        var newcomers = Newcomers()
        newcomers.note(calls: calls, at: .zero)
        newcomers.note(calls: calls, at: .seconds(10_000))
        return newcomers
    }

    @Test func callsThatWereThereForLongCostWhatTheyShow() {
        #expect(Newcomers().demand(from: 0.3, loops: 1) == 0.3)
        #expect(abs(settled(400).demand(from: 0.6, loops: 1) - 0.6) < 0.001)
    }

    @Test func callsThatHaveJustComeAreTakenToCostWhatTheOthersDo() {
        var newcomers = settled(200)
        newcomers.note(calls: 250, at: .seconds(10_000))
        #expect(abs(newcomers.demand(from: 0.6, loops: 1) - 0.75) < 0.01)
        // They show it after some seconds.
        newcomers.note(calls: 250, at: .seconds(10_004))
        #expect((0.66...0.72).contains(newcomers.demand(from: 0.6, loops: 1)))
        newcomers.note(calls: 250, at: .seconds(10_400))
        #expect(abs(newcomers.demand(from: 0.75, loops: 1) - 0.75) < 0.01)
    }

    @Test func whatACallCostsIsGuessedWhereNoneHasShownIt() {
        var newcomers = Newcomers()
        newcomers.note(calls: 100, at: .seconds(5))
        #expect(abs(newcomers.demand(from: 0, loops: 1) - 0.2) < 1e-9)
        #expect(abs(newcomers.demand(from: 0, loops: 4) - 0.05) < 1e-9)
    }

    @Test func whoIsGoneMakesRoomAtOnce() {
        var newcomers = settled(400)
        newcomers.note(calls: 100, at: .seconds(10_000))
        #expect(newcomers.demand(from: 0.6, loops: 1) == 0.6)
        newcomers.note(calls: 200, at: .seconds(10_000))
        #expect(newcomers.demand(from: 0.2, loops: 1) > 0.35)
    }

    @Test func whoOnlyListensYetIsTakenToSpeakSoon() {
        var newcomers = settled(300)
        newcomers.note(calls: 400, at: .seconds(10_000))
        #expect(abs(newcomers.demand(from: 0.06, loops: 1) - 0.26) < 0.01)
    }

    @Test func otherWorkOfTheMachineIsNotTakenForWhatCallsCost() {
        var newcomers = Newcomers()
        newcomers.note(calls: 100, at: .zero)
        #expect(abs(newcomers.demand(from: 0.3, loops: 1) - 0.5) < 0.001)
        // Those who cost much were lost, and some of them come again.
        newcomers = settled(300)
        newcomers.note(calls: 10, at: .seconds(10_000))
        newcomers.note(calls: 60, at: .seconds(10_000))
        #expect((0.6...0.7).contains(newcomers.demand(from: 0.4, loops: 1)))
    }

    @Test func aClockThatGoesBackStandsStill() {
        var newcomers = Newcomers()
        newcomers.note(calls: 100, at: .seconds(5))
        newcomers.note(calls: 100, at: .seconds(2))
        #expect(abs(newcomers.demand(from: 0, loops: 0) - 0.2) < 1e-9)
    }

    @Test func aLoopIsTakenWhenTheyWouldFillIt() {
        let strain = Strain(Strain.Limits(demand: 0.1))
        var newcomers = Newcomers()
        newcomers.note(calls: 49, at: .zero)
        #expect(!strain.isTaken(by: newcomers, loops: 1))
        newcomers.note(calls: 51, at: .zero)
        #expect(strain.isTaken(by: newcomers, loops: 1))
        #expect(!strain.isTaken(by: newcomers, loops: 2))
        #expect(!Strain(Strain.Limits()).isTaken(by: newcomers, loops: 1))
    }
}
