import Testing

@testable import LoadTest

struct LoadLimitTests {
    private static let figures: LoadFigures = {
        var figures = LoadFigures()
        for value in 1...100 { figures.record(.answered, .milliseconds(value)) }
        figures.fail("server.full")
        figures.serverCPU = 42.26
        return figures
    }()

    @Test(arguments: ["answered_p50_ms=50.1", "answered_p99_ms=99.5", "answered_max_ms=100", "errors=1", "server_cpu_percent=50", "gaps=0"])
    func aLimitThatHoldsSaysNothing(text: String) throws { #expect(try LoadLimit(text).missed(by: Self.figures) == nil) }

    @Test(arguments: [
        ("answered_max_ms=99", "limit missed: answered_max_ms=99, and it was 100.0"), ("errors=0", "limit missed: errors=0, and it was 1.0"),
        ("server_cpu_percent=42", "limit missed: server_cpu_percent=42, and it was 42.26"),
    ])
    func aLimitThatIsMissedSaysByHowMuch(text: String, message: String) throws {
        #expect(try LoadLimit(text).missed(by: Self.figures) == message)
    }

    @Test(arguments: ["held_p99_ms=1000", "server_memory_mb=1000", "sessions_left=0"])
    func whatWasNotMeasuredMissesItsLimit(text: String) throws {
        #expect(try LoadLimit(text).missed(by: Self.figures) == "limit missed: \(text), and it was not measured")
    }

    @Test(arguments: [
        "answered_p99_ms", "=5", "answered_p99_ms=", "answered_p99_ms=fast", "answered_p99_ms=-1", "answered_p99_ms=inf", "answered_p98_ms=5",
        "answered_p99=5", "speed=1",
    ])
    func whatIsNoLimitIsRefused(text: String) { #expect(throws: LoadLimit.Malformed.self) { try LoadLimit(text) } }

    @Test func everyFigureMayBeLimited() throws {
        for timing in LoadFigures.Timing.allCases {
            for share in ["p50", "p90", "p99", "p999", "max"] { _ = try LoadLimit("\(timing.rawValue)_\(share)_ms=1") }
        }
        for count in LoadFigures.Count.allCases { _ = try LoadLimit("\(count.rawValue)=1") }
    }

    @Test func theTableShowsEveryDistributionThatHasValues() {
        let lines = Self.figures.lines
        #expect(lines.contains { $0.hasPrefix("send to answered") && $0.hasSuffix("100.00") })
        #expect(!lines.contains { $0.hasPrefix("onset to held") })
        #expect(lines.contains("errors: server.full 1"))
    }
}
