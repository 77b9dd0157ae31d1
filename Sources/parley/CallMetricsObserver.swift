import Engines
import OpusCodec
import Sessions
import Synchronization
import Telemetry
import Turns
import Wire

/// Counts what happens in sessions.
final class CallMetricsObserver: SessionObserver {
    /// A request to an engine that is out.
    private struct Request: Hashable {
        var session: String
        var role: EngineRole
        var number: UInt64
    }

    private let metrics: CallMetrics
    private let requests = Mutex<[Request: Instant]>([:])

    init(_ metrics: CallMetrics) { self.metrics = metrics }

    func began(id: String, ear: Ear, plan: CallPlan, phase: Int) { metrics.sessionOpened() }

    var seesPackets: Bool { true }
    func received(_ header: AudioPacketHeader, _ payload: Span<UInt8>, at now: Instant, session: String) { metrics.packetsIn(1) }

    func handles(_ event: ConversationEvent, at now: Instant, session: String) {
        switch event {
        case .endOfTurn(let token, let result): finished(.endOfTurn, token.number, result.outcome, now, session)
        case .transcript(let token, let result): finished(.recognizer, token.number, result.outcome, now, session)
        case .replyEnded(let token, let result): finished(.languageModel, token.number, result.outcome, now, session)
        case .speechEnded(let token, let sentence, let result):
            finished(.synthesizer, token.number << 16 | UInt64(sentence), result.outcome, now, session)
        default: break
        }
    }

    func wants(_ effect: ConversationEffect, at now: Instant, session: String) {
        switch effect {
        case .sendAudio: metrics.packetsOut(1)
        case .send(.metrics(let turn)): ended(turn)
        case .send(.resume): metrics.interruption(.resumed)
        case .send(.flush): metrics.interruption(.confirmed)
        case .askEndOfTurn(let token): asked(.endOfTurn, token.number, now, session)
        case .recognize(let token), .transcribe(let token, _): asked(.recognizer, token.number, now, session)
        case .cancelRecognition(let token): finished(.recognizer, token.number, .cancelled, now, session)
        case .answer(let token, _): asked(.languageModel, token.number, now, session)
        case .speak(let token, let sentence, _): asked(.synthesizer, token.number << 16 | UInt64(sentence), now, session)
        case .cancelReply(let token): finished(.languageModel, token.number, .cancelled, now, session)
        default: break
        }
    }

    func ended(session: String, reason: String, heard: OpusStreamDecoder.Counters) {
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
        metrics.packetsLost(heard.lost)
        metrics.packetsConcealed(heard.concealed + heard.recoveredByFEC)
        metrics.packetsPassedOver(heard.passedOver)
        metrics.packetsLate(heard.late + heard.duplicate)
        requests.withLock { requests in requests = requests.filter { $0.key.session != session } }
    }

    private func asked(_ role: EngineRole, _ number: UInt64, _ now: Instant, _ session: String) {
        requests.withLock { $0[Request(session: session, role: role, number: number)] = now }
    }

    private func finished(_ role: EngineRole, _ number: UInt64, _ outcome: EngineOutcome, _ now: Instant, _ session: String) {
        let asked = requests.withLock { $0.removeValue(forKey: Request(session: session, role: role, number: number)) }
        if let asked { metrics.engineFinished(role, outcome, after: now - asked) }
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

extension Result where Failure == EngineError {
    fileprivate var outcome: EngineOutcome {
        switch self {
        case .success: .ok
        case .failure(let error): EngineOutcome(code: error.code.rawValue)
        }
    }
}
