import Testing

@testable import Sessions

struct StrainTests {
    private func strain(_ late: [Int], limit: Int = 60) -> Strain {
        var strain = Strain(limit: .milliseconds(limit))
        for one in late { strain.note(.milliseconds(one)) }
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
            strain.note(.zero)
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
            strain.note(.zero)
            if strain.relief != seen.last { seen.append(strain.relief) }
        }
        #expect(seen == [.partials, .speculation, .nothing])
    }

    @Test func withoutALimitNothingIsSpared() { #expect(strain([Int](repeating: 10_000, count: 50), limit: 0).relief == .nothing) }

    @Test func timeThatRunsBackwardsIsNotLate() { #expect(strain([-500, -500]).lateness == .zero) }
}
