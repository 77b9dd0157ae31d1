import Testing

@testable import Telemetry

struct ProcessSampleTests {
    private let status = "Name:\tpar) ley\nVmRSS:\t  2048 kB\nThreads:\t7\n"
    private let stat = "12 (par) ley) S 1 1 1 0 -1 4194304 10 0 0 0 150 50 0 0 20 0 7 0 100 1 1"

    @Test func fieldsAreReadWhateverTheProgramIsCalled() throws {
        let sample = try #require(ProcessSample(status: status, stat: stat, ticksPerSecond: 100, openFiles: 5))
        #expect(sample == ProcessSample(residentBytes: 2_097_152, cpuSeconds: 2, threads: 7, openFiles: 5))
    }

    @Test(arguments: ["", "12 (x", "12 (x) S 1 2", "12 (x) S 1 1 1 0 -1 1 1 0 0 0 many 50"])
    func aBrokenFileIsNoSample(stat: String) {
        #expect(ProcessSample(status: status, stat: stat, ticksPerSecond: 100, openFiles: 0) == nil)
    }

    @Test func thisProcessHasASample() throws {
        let sample = try #require(ProcessSample.current())
        #expect(sample.residentBytes > 1_000_000 && sample.threads >= 1 && sample.openFiles >= 1 && sample.cpuSeconds >= 0)
        let text = PrometheusRegistry().text(process: sample)
        #expect(text.contains("process_threads \(sample.threads)\n") && text.contains("# TYPE process_cpu_seconds_total counter\n"))
    }
}
