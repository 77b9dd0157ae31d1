import Sessions
import Telemetry
import Turns
import Wire

/// Counts what happens in sessions.
final class CallMetricsObserver: SessionObserver {
    private let metrics: CallMetrics

    init(_ metrics: CallMetrics) { self.metrics = metrics }

    func began(id: String, ear: Ear, plan: CallPlan, phase: Int) { metrics.sessionOpened() }

    func received(_ header: AudioPacketHeader, _ payload: Span<UInt8>, at now: Instant, session: String) { metrics.packetsIn(1) }

    func wants(_ effect: ConversationEffect, at now: Instant, session: String) {
        switch effect {
        case .sendAudio: metrics.packetsOut(1)
        case .send(.metrics(let turn)): ended(turn)
        case .send(.resume): metrics.interruption(.resumed)
        case .send(.flush): metrics.interruption(.confirmed)
        default: break
        }
    }

    func ended(session: String, reason: String) {
        let outcome: SessionOutcome =
            switch reason {
            case "caller": .completed
            case "farewell": .idle
            case "connection_lost": .lost
            case "session_limit": .limit
            case "draining": .drained
            default: .completed
            }
        metrics.sessionClosed(outcome)
    }

    private func ended(_ turn: TurnMetrics) {
        let outcome: TurnOutcome =
            switch turn.outcome {
            case .completed: .completed
            case .interrupted: .interrupted
            case .ignored: .ignored
            case .failed: .failed
            }
        guard turn.total > 0, turn.outcome != .ignored else { return metrics.turnEnded(outcome, latency: nil) }
        metrics.turnEnded(
            outcome,
            latency: TurnLatency(
                endpointing: .milliseconds(turn.endpointing), recognition: .milliseconds(turn.recognition),
                firstToken: .milliseconds(turn.firstToken), firstSentence: .milliseconds(turn.firstSentence),
                firstAudio: .milliseconds(turn.firstAudio), playoutStart: .milliseconds(turn.playoutStart)))
    }
}
