import Engines
import Logging
import OpusCodec
import Sessions
import Turns
import Wire

/// Writes what an operator needs to know of each call: its begin and end, each turn's latency, each failure. Never what was said.
struct CallLog: SessionObserver {
    let logger: Logger

    func began(id: String, ear: Ear, plan: CallPlan, phase: Int) {
        logger.info("call began", metadata: ["session": "\(id)", "agent": "\(plan.agent)"])
    }

    func wants(_ effect: ConversationEffect, at now: Instant, session: String) {
        guard case .send(let event) = effect else { return }
        switch event {
        case .error(let error):
            logger.warning("call error", metadata: ["session": "\(session)", "code": "\(error.code)", "detail": "\(error.message)"])
        case .metrics(let turn):
            logger.info(
                "turn ended",
                metadata: [
                    "session": "\(session)", "turn": "\(turn.turn)", "outcome": "\(turn.outcome.rawValue)", "cause": "\(turn.cause ?? "none")",
                    "total_ms": "\(turn.total)", "endpointing_ms": "\(turn.endpointing)", "recognition_ms": "\(turn.recognition)",
                    "first_token_ms": "\(turn.firstToken)", "first_sentence_ms": "\(turn.firstSentence)",
                    "first_audio_ms": "\(turn.firstAudio)", "playout_start_ms": "\(turn.playoutStart)", "heard_by": "\(turn.heardBy)",
                    "word_times": "\(turn.wordTimes ?? "none")",
                ])
        default: break
        }
    }

    func ended(session: String, reason: String, heard: OpusStreamDecoder.Counters) {
        logger.info(
            "call ended",
            metadata: [
                "session": "\(session)", "reason": "\(reason)", "packets": "\(heard.received)", "lost": "\(heard.lost)",
                "late": "\(heard.late)", "corrupt": "\(heard.corrupt)",
            ])
    }
}
