package import CoreMetrics

/// The numbers of calls, turns and engines. Every series is made once, here, so that counting looks nothing up: a
/// count is one atomic addition, a duration one short lock.
///
/// Copies and further values over the same factory count into the same series.
package struct CallMetrics: Sendable {
    private let sessionsActive: any MeterHandler
    private let sessions: [SessionOutcome: any CounterHandler]
    private let callsRefused: [Refusal: any CounterHandler]
    private let packetsIn: any CounterHandler
    private let packetsOut: any CounterHandler
    private let packetsLost: any CounterHandler
    private let packetsConcealed: any CounterHandler
    private let packetsPassedOver: any CounterHandler
    private let packetsLate: any CounterHandler
    private let turns: [TurnOutcome: any CounterHandler]
    private let interruptions: [InterruptionKind: any CounterHandler]
    /// In the order of ``TurnLatency/stages``.
    private let stages: [any TimerHandler]
    private let engineRequests: [EngineRole: [EngineOutcome: any CounterHandler]]
    private let engineTime: [EngineRole: any TimerHandler]

    /// - Parameter factory: Where the series live; nil for the one the process was started with.
    package init(factory: (any MetricsFactory)? = nil) {
        let factory = factory ?? MetricsSystem.factory
        let counter = { (name: MetricName) in factory.makeCounter(label: name.text, dimensions: []) }
        let timer = { (name: MetricName) in factory.makeTimer(label: name.text, dimensions: []) }
        sessionsActive = factory.makeMeter(label: MetricName.sessionsActive.text, dimensions: [])
        sessions = Self.counters(.sessions, label: "outcome", factory)
        callsRefused = Self.counters(.callsRefused, label: "code", factory)
        (packetsIn, packetsOut, packetsLost) = (counter(.packetsIn), counter(.packetsOut), counter(.packetsLost))
        (packetsConcealed, packetsPassedOver, packetsLate) = (counter(.packetsConcealed), counter(.packetsPassedOver), counter(.packetsLate))
        turns = Self.counters(.turns, label: "outcome", factory)
        interruptions = Self.counters(.interruptions, label: "kind", factory)
        stages = [
            timer(.endpointing), timer(.recognition), timer(.firstToken), timer(.firstSentence), timer(.firstAudio), timer(.playoutStart),
            timer(.total),
        ]
        var requests: [EngineRole: [EngineOutcome: any CounterHandler]] = [:]
        var times: [EngineRole: any TimerHandler] = [:]
        for role in EngineRole.allCases {
            let engine = ("engine", role.rawValue)
            requests[role] = Self.counters(.engineRequests, label: "outcome", also: [engine], factory)
            times[role] = factory.makeTimer(label: MetricName.engineTime.text, dimensions: [engine])
        }
        (engineRequests, engineTime) = (requests, times)
    }

    package func sessionOpened() { sessionsActive.increment(by: 1) }

    /// Once for every ``sessionOpened()``.
    package func sessionClosed(_ outcome: SessionOutcome) {
        sessionsActive.decrement(by: 1)
        sessions[outcome]?.increment(by: 1)
    }

    package func refused(_ refusal: Refusal) { callsRefused[refusal]?.increment(by: 1) }

    package func packetsIn(_ count: Int) { packetsIn.increment(by: Int64(count)) }
    package func packetsOut(_ count: Int) { packetsOut.increment(by: Int64(count)) }
    package func packetsLost(_ count: Int) { packetsLost.increment(by: Int64(count)) }
    package func packetsConcealed(_ count: Int) { packetsConcealed.increment(by: Int64(count)) }
    package func packetsPassedOver(_ count: Int) { packetsPassedOver.increment(by: Int64(count)) }
    package func packetsLate(_ count: Int) { packetsLate.increment(by: Int64(count)) }

    /// - Parameter latency: Nil where the agent made no sound in this turn; then nothing is measured.
    package func turnEnded(_ outcome: TurnOutcome, latency: TurnLatency?) {
        turns[outcome]?.increment(by: 1)
        guard let latency else { return }
        for (timer, duration) in zip(stages, latency.stages) { timer.recordNanoseconds(Self.nanoseconds(duration)) }
    }

    package func interruption(_ kind: InterruptionKind) { interruptions[kind]?.increment(by: 1) }

    /// - Parameter duration: From the request to its end, however it ended.
    package func engineFinished(_ role: EngineRole, _ outcome: EngineOutcome, after duration: Duration) {
        engineRequests[role]?[outcome]?.increment(by: 1)
        engineTime[role]?.recordNanoseconds(Self.nanoseconds(duration))
    }

    private static func counters<Value: RawRepresentable & CaseIterable & Hashable>(
        _ name: MetricName, label: String, also dimensions: [(String, String)] = [], _ factory: any MetricsFactory
    ) -> [Value: any CounterHandler] where Value.RawValue == String {
        var made: [Value: any CounterHandler] = [:]
        for value in Value.allCases {
            made[value] = factory.makeCounter(label: name.text, dimensions: dimensions + [(label, value.rawValue)])
        }
        return made
    }

    /// Held at zero and at 100 years, so that no duration can overflow.
    private static func nanoseconds(_ duration: Duration) -> Int64 {
        let (seconds, attoseconds) = min(max(duration, .zero), .seconds(100 * 366 * 86_400)).components
        return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
    }
}
