import Testing

@testable import LoadTest

struct LoadLimitTests {
    private static let figures: LoadFigures = {
        var figures = LoadFigures()
        for value in 1...100 { figures.record(.answered, .milliseconds(value)) }
        figures.fail("server.full")
        figures.serverCPU = 42.26
        figures.engineErrors = ["engine.failed": 2, "engine.timeout": 1]
        figures.failedTurns = 2
        (figures.stubAnswers, figures.stubFailures) = (40, 3)
        figures.comparesServer = true
        figures.server = (
            ServerSample(cpuSeconds: 1, residentBytes: 80_000_000, sessions: 0, openFiles: 14, threads: 9),
            ServerSample(cpuSeconds: 2, residentBytes: 90_000_000, sessions: 0, openFiles: 17, threads: 8)
        )
        return figures
    }()

    @Test(arguments: [
        "answered_p50_ms=50.1", "answered_p99_ms=99.5", "answered_max_ms=100", "errors=1", "server_cpu_percent=50", "gaps=0",
        "engine_errors=3", "failed_turns=2", "fds_left=3", "threads_left=0",
    ])
    func aLimitThatHoldsSaysNothing(text: String) throws { #expect(try LoadLimit(text).missed(by: Self.figures) == nil) }

    @Test(arguments: [
        ("answered_max_ms=99", "limit missed: answered_max_ms=99, and it was 100.0"), ("errors=0", "limit missed: errors=0, and it was 1.0"),
        ("fds_left=2", "limit missed: fds_left=2, and it was 3.0"), ("engine_errors=0", "limit missed: engine_errors=0, and it was 3.0"),
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
        #expect(lines.contains("engine errors that were told: engine.failed 2, engine.timeout 1; turns failed 2"))
        #expect(lines.contains("stub: failed on purpose in 3 of 40 answers"))
        #expect(lines.contains("server before and after: open files 14, 17; threads 9, 8; sessions 0, 0; memory 80, 90 MB"))
    }

    @Test func aShareOfNextToNoTimeIsNotTold() {
        var figures = LoadFigures()
        #expect(figures.value(.toolCPU) == nil && figures.value(.serverCPU) == nil)
        #expect(figures.lines.contains("server: CPU not known, memory not known, sessions left not known; this tool: CPU not known"))
        (figures.toolCPU, figures.serverCPU) = (12.5, 70)
        #expect(figures.lines.contains { $0.hasPrefix("server: CPU 70.0 % of a core") && $0.hasSuffix("this tool: CPU 12.5 % of a core") })
    }
}
