import CoreMetrics
import Testing

@testable import Telemetry

struct PrometheusRegistryTests {
    private func lines(_ registry: PrometheusRegistry) -> [String] { registry.text().split(separator: "\n").map(String.init) }

    @Test func aCounterIsWrittenWithHelpAndType() {
        let registry = PrometheusRegistry()
        registry.makeCounter(label: MetricName.packetsIn.text, dimensions: []).increment(by: 3)
        #expect(lines(registry).contains("# HELP parley_packets_in_total Audio packets from callers that reached a session."))
        #expect(lines(registry).contains("# TYPE parley_packets_in_total counter"))
        #expect(lines(registry).contains("parley_packets_in_total 3"))
    }

    @Test func oneNameAndLabelsIsOneSeriesWhateverTheirOrder() {
        let registry = PrometheusRegistry()
        registry.makeCounter(label: "hits", dimensions: [("a", "1"), ("b", "2")]).increment(by: 1)
        registry.makeCounter(label: "hits", dimensions: [("b", "2"), ("a", "1")]).increment(by: 1)
        #expect(lines(registry).contains(#"hits{a="1",b="2"} 2"#))
    }

    @Test func aCounterNeverFalls() {
        let registry = PrometheusRegistry()
        let counter = registry.makeCounter(label: "hits", dimensions: [])
        counter.increment(by: 5)
        counter.increment(by: -3)
        #expect(lines(registry).contains("hits 5"))
    }

    @Test func labelValuesAreEscaped() {
        let registry = PrometheusRegistry()
        registry.makeCounter(label: "hits", dimensions: [("path", "a\\b\"c\nd\r\ne")]).increment(by: 1)
        #expect(registry.text().contains("hits{path=\"a\\\\b\\\"c\\nd\r\\ne\"} 1\n"))
    }

    @Test(arguments: [("http.requests-in", "http_requests_in"), ("9lives", "_9lives"), ("", "_"), ("a:b", "a:b"), ("über", "_ber")])
    func namesAreSanitised(label: String, name: String) {
        #expect(ExpositionText.metricName(label) == name)
    }

    @Test func labelNamesAreSanitisedAndReservedOnesMoved() {
        #expect(ExpositionText.labels([("le", "x"), ("a:b", "y"), ("__c", "z")], reserved: ["le"]) == #"a_b="y",exported___c="z",exported_le="x""#)
    }

    @Test func bucketsAddUpToTheCount() {
        let registry = PrometheusRegistry()
        let timer = registry.makeTimer(label: "wait_seconds", dimensions: [("engine", "x")])
        for milliseconds: Int64 in [5, 10, 11, 250, 9_000] { timer.recordNanoseconds(milliseconds * 1_000_000) }
        let expected = [
            ("0.01", 2), ("0.02", 3), ("0.05", 3), ("0.1", 3), ("0.2", 3), ("0.3", 4), ("0.5", 4), ("0.7", 4), ("1", 4), ("2", 4), ("5", 4),
            ("+Inf", 5),
        ]
        let buckets = lines(registry).filter { $0.hasPrefix("wait_seconds_bucket") }
        #expect(buckets == expected.map { "wait_seconds_bucket{engine=\"x\",le=\"\($0.0)\"} \($0.1)" })
        #expect(lines(registry).contains(#"wait_seconds_count{engine="x"} 5"#))
        #expect(lines(registry).contains(#"wait_seconds_sum{engine="x"} 9.276"#))
    }

    @Test func aNegativeDurationCountsAsNone() {
        let registry = PrometheusRegistry()
        registry.makeTimer(label: "wait", dimensions: []).recordNanoseconds(-5)
        #expect(lines(registry).contains("wait_sum 0"))
        #expect(lines(registry).contains(#"wait_bucket{le="0.01"} 1"#))
    }

    @Test func aNameOfTwoKindsKeepsTheFirstAndIsCounted() {
        let registry = PrometheusRegistry()
        registry.makeCounter(label: "mixed", dimensions: []).increment(by: 1)
        registry.makeTimer(label: "mixed", dimensions: []).recordNanoseconds(1)
        registry.makeMeter(label: "mixed", dimensions: [("a", "b")]).set(7.0)
        #expect(registry.refusals == 2)
        #expect(lines(registry).filter { $0.hasPrefix("mixed") } == ["mixed 1"])
        #expect(lines(registry).contains("parley_metrics_refused_total 2"))
    }

    @Test func aNameThatAHistogramWritesIsTaken() {
        let registry = PrometheusRegistry()
        registry.makeTimer(label: "wait", dimensions: []).recordNanoseconds(1)
        registry.makeCounter(label: "wait_count", dimensions: []).increment(by: 9)
        registry.makeCounter(label: "other_sum", dimensions: []).increment(by: 9)
        registry.makeTimer(label: "other", dimensions: []).recordNanoseconds(1)
        #expect(registry.refusals == 2)
        #expect(lines(registry).filter { $0.hasPrefix("wait_count") } == ["wait_count 1"])
        #expect(lines(registry).filter { $0.hasPrefix("other") } == ["other_sum 9"])
    }

    @Test func aNameOfTheRegistryItselfIsTaken() {
        let registry = PrometheusRegistry()
        registry.makeMeter(label: "process_threads", dimensions: []).set(99.0)
        #expect(registry.refusals == 1)
        #expect(!registry.text().contains("99"))
    }

    @Test func seriesAreBounded() {
        let registry = PrometheusRegistry(maximumSeries: 3)
        for index in 0..<10 { registry.makeCounter(label: "hits", dimensions: [("id", "\(index)")]).increment(by: 1) }
        #expect(lines(registry).filter { $0.hasPrefix("hits{") }.count == 3)
        #expect(registry.refusals == 7)
        registry.makeCounter(label: "hits", dimensions: [("id", "0")]).increment(by: 1)
        #expect(lines(registry).contains(#"hits{id="0"} 2"#))
    }

    @Test func gaugesRiseAndFallAndSummariesAdd() {
        let registry = PrometheusRegistry()
        let gauge = registry.makeMeter(label: "open", dimensions: [])
        gauge.increment(by: 3)
        gauge.decrement(by: 1)
        let recorder = registry.makeRecorder(label: "size", dimensions: [], aggregate: true)
        recorder.record(Int64(4))
        recorder.record(Double.nan)
        recorder.record(2.5)
        #expect(lines(registry).filter { !$0.hasPrefix("#") }.prefix(3) == ["open 2", "size_sum 6.5", "size_count 2"])
        #expect(lines(registry).contains("# TYPE size summary"))
    }

    @Test func familiesStandTogetherWithOneTypeLine() {
        let registry = PrometheusRegistry()
        for outcome in ["b", "a"] { registry.makeCounter(label: "x", dimensions: [("o", outcome)]).increment(by: 1) }
        registry.makeCounter(label: "x_more", dimensions: []).increment(by: 1)
        let mine = lines(registry).filter { $0.contains("x") && !$0.contains("parley") }
        #expect(mine == ["# TYPE x counter", #"x{o="a"} 1"#, #"x{o="b"} 1"#, "# TYPE x_more counter", "x_more 1"])
    }

    @Test(.timeLimit(.minutes(1))) func countingFromManyTasksLosesNothing() async {
        let registry = PrometheusRegistry()
        await withDiscardingTaskGroup { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<500 {
                        registry.makeCounter(label: "hits", dimensions: []).increment(by: 1)
                        registry.makeTimer(label: "wait", dimensions: []).recordNanoseconds(1)
                        registry.makeMeter(label: "level", dimensions: []).increment(by: 1)
                    }
                }
            }
        }
        let all = lines(registry)
        #expect(all.contains("hits 4000") && all.contains("wait_count 4000") && all.contains("level 4000"))
    }
}
