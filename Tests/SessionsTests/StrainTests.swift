import Testing

@testable import Sessions

struct StrainTests {
    private func strain(_ late: [Int], limit: Int = 60) -> Strain {
        var strain = Strain(Strain.Limits(lateness: .milliseconds(limit)))
        for one in late { strain.note(late: .milliseconds(one)) }
        return strain
    }

    @Test func oneLateWakeIsNoStrain() {
        #expect(strain([100]).relief == .nothing)
        #expect(strain([0, 0, 100, 0, 0, 0]).relief == .nothing)
    }

    @Test(arguments: [(5, Relief.nothing), (20, .speculation), (40, .partials), (70, .calls), (5_000, .calls)])
    func whatIsSparedGrowsWithTheLateness(late: Int, relief: Relief) {
        #expect(strain([Int](repeating: late, count: 200)).relief == relief)
    }

    @Test func callsAreTakenAgainOnceAllIsWell() {
        var strain = strain([Int](repeating: 70, count: 200))
        var seen = [strain.relief]
        var atEnd: [Relief: Duration] = [:]
        for _ in 0..<200 {
            strain.note(late: .zero)
            if strain.relief != seen.last {
                seen.append(strain.relief)
                atEnd[strain.relief] = strain.lateness
            }
        }
        #expect(seen == [.calls, .speculation, .nothing])
        #expect(atEnd[.speculation] ?? .seconds(1) < .milliseconds(15))
    }

    @Test func partialsAreGivenBackBeforeSpeculation() {
        var strain = strain([Int](repeating: 40, count: 200))
        var seen = [strain.relief]
        for _ in 0..<200 {
            strain.note(late: .zero)
            if strain.relief != seen.last { seen.append(strain.relief) }
        }
        #expect(seen == [.partials, .speculation, .nothing])
    }

    @Test func withoutALimitNothingIsSpared() { #expect(strain([Int](repeating: 10_000, count: 50), limit: 0).relief == .nothing) }

    @Test func timeThatRunsBackwardsIsNotLate() { #expect(strain([-500, -500]).lateness == .zero) }

    private func busy(_ shares: [Double], limit: Double = 0.8) -> Strain {
        var strain = Strain(Strain.Limits(lateness: .milliseconds(20), demand: limit))
        for share in shares { strain.note(demand: share) }
        return strain
    }

    @Test(arguments: [(0.5, Relief.nothing), (0.75, .speculation), (0.78, .partials), (0.81, .calls), (7, .calls)])
    func whatIsSparedGrowsWithTheWork(share: Double, relief: Relief) {
        #expect(busy([Double](repeating: share, count: 100)).relief == relief)
    }

    @Test func aBusyMomentIsNoStrain() { #expect(busy([0.3, 0.3, 0.3, 1, 1, 0.3]).relief == .nothing) }

    @Test func callsAreTakenAgainWithRoomForThem() {
        var strain = busy([Double](repeating: 0.9, count: 100))
        for _ in 0..<100 { strain.note(demand: 0.72) }
        #expect(strain.relief == .calls)
        for _ in 0..<100 { strain.note(demand: 0.6) }
        #expect(strain.relief == .nothing)
    }

    @Test func aLoopThatIsLateGetsNoCallsThoughItHasLittleToDo() {
        var strain = busy([Double](repeating: 0.1, count: 100))
        for _ in 0..<100 { strain.note(late: .milliseconds(30)) }
        #expect(strain.relief == .calls)
        for _ in 0..<100 { strain.note(demand: 0.1) }
        #expect(strain.relief == .calls)
    }

    @Test func withoutALimitOfWorkNothingIsSparedForIt() {
        #expect(busy([Double](repeating: 1, count: 100), limit: 0).relief == .nothing)
        #expect(busy([.nan, .infinity, -.infinity]).demand == 0)
    }
}
