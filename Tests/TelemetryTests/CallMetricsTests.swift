import Testing

@testable import Telemetry

struct CallMetricsTests {
    private let registry = PrometheusRegistry()

    private func value(_ series: String) -> String? {
        registry.text().split(separator: "\n").first { $0.hasPrefix(series + " ") }.map { String($0.dropFirst(series.count + 1)) }
    }

    @Test func everySeriesStandsAtZeroFromTheStart() {
        let metrics = CallMetrics(factory: registry)
        #expect(value("parley_sessions_active") == "0")
        for outcome in SessionOutcome.allCases { #expect(value(#"parley_sessions_total{outcome="\#(outcome.rawValue)"}"#) == "0") }
        for name in MetricName.all where name.text.hasPrefix("parley_") {
            #expect(registry.text().contains("# HELP \(name.text) "), "\(name.text)")
        }
        #expect(registry.refusals == 0)
        _ = metrics
    }

    @Test func sessionsOpenAndClose() {
        let metrics = CallMetrics(factory: registry)
        metrics.sessionOpened()
        metrics.sessionOpened()
        metrics.sessionClosed(.lost)
        #expect(value("parley_sessions_active") == "1")
        #expect(value(#"parley_sessions_total{outcome="lost"}"#) == "1")
    }

    @Test func twoValuesOverOneFactoryCountTogether() {
        CallMetrics(factory: registry).packetsIn(2)
        CallMetrics(factory: registry).packetsIn(3)
        #expect(value("parley_packets_in_total") == "5")
    }

    @Test func everyPartOfATurnIsMeasuredAndTheyAddUp() {
        let latency = TurnLatency(
            endpointing: .milliseconds(300), recognition: .milliseconds(100), firstToken: .milliseconds(200),
            firstSentence: .milliseconds(50), firstAudio: .milliseconds(150), playoutStart: .milliseconds(5))
        let metrics = CallMetrics(factory: registry)
        metrics.turnEnded(.completed, latency: latency)
        metrics.turnEnded(.ignored, latency: nil)
        #expect(latency.total == .milliseconds(805))
        #expect(value("parley_turn_endpointing_seconds_sum") == "0.3")
        #expect(value("parley_turn_playout_start_seconds_sum") == "0.005")
        #expect(value("parley_turn_total_seconds_sum") == "0.805")
        #expect(value("parley_turn_total_seconds_count") == "1")
        #expect(value(#"parley_turns_total{outcome="ignored"}"#) == "1")
    }

    @Test func enginesAreCountedByRoleAndOutcome() {
        let metrics = CallMetrics(factory: registry)
        metrics.engineFinished(.languageModel, EngineOutcome(code: "engine.rate_limited"), after: .milliseconds(40))
        metrics.engineFinished(.synthesizer, EngineOutcome(code: "nothing.known"), after: .seconds(Int64.max))
        #expect(value(#"parley_engine_requests_total{engine="language_model",outcome="rate_limited"}"#) == "1")
        #expect(value(#"parley_engine_requests_total{engine="synthesizer",outcome="failed"}"#) == "1")
        #expect(value(#"parley_engine_seconds_sum{engine="language_model"}"#) == "0.04")
    }

    @Test func otherCountsReachTheirSeries() {
        let metrics = CallMetrics(factory: registry)
        metrics.refused(Refusal(status: 429))
        metrics.refused(Refusal(status: 599))
        metrics.packetsOut(1)
        metrics.packetsLost(2)
        metrics.packetsConcealed(3)
        metrics.packetsLate(4)
        metrics.packetsPassedOver(5)
        metrics.interruption(.resumed)
        #expect(value(#"parley_calls_refused_total{code="too_many"}"#) == "1")
        #expect(value(#"parley_calls_refused_total{code="other"}"#) == "1")
        let packets = ["out", "lost", "concealed", "late", "passed_over"].map { value("parley_packets_\($0)_total") }
        #expect(packets == ["1", "2", "3", "4", "5"])
        #expect(value(#"parley_interruptions_total{kind="resumed"}"#) == "1")
    }

    @Test func namesAreUniqueAndFollowTheRules() {
        #expect(Set(MetricName.all.map(\.text)).count == MetricName.all.count)
        for name in MetricName.all {
            #expect(ExpositionText.metricName(name.text) == name.text)
            #expect(name.text.hasPrefix("parley_") || name.text.hasPrefix("process_"))
            #expect(name.help.hasSuffix("."))
        }
    }
}
