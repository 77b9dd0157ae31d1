import Turns
import Wire

/// When each stage of one turn was reached. Stages that ran beside others count only what they added, so the parts add up to the whole.
struct TurnClock {
    /// When the caller's last voiced sound ended.
    var lastVoice: Instant
    var committed: Instant?
    var transcript: Instant?
    var firstText: Instant?
    var firstSentence: Instant?
    var firstAudio: Instant?
    var firstPacket: Instant?

    init(lastVoice: Instant) { self.lastVoice = lastVoice }

    func metrics(turn: Int, outcome: TurnMetrics.Outcome, cause: String?, heardBy: String) -> TurnMetrics {
        // Recognition that ended before the commit added nothing; what it took beyond it did.
        let marks = [committed, committed.map { max($0, transcript ?? $0) }, firstText, firstSentence, firstAudio, firstPacket]
        var last = lastVoice
        let parts = marks.map { mark -> Int in
            guard let mark, mark > last else { return 0 }
            defer { last = mark }
            return Int((mark - lastVoice) / .milliseconds(1)) - Int((last - lastVoice) / .milliseconds(1))
        }
        return TurnMetrics(
            turn: turn, outcome: outcome, cause: cause, endpointing: parts[0], recognition: parts[1], firstToken: parts[2],
            firstSentence: parts[3], firstAudio: parts[4], playoutStart: parts[5], heardBy: heardBy)
    }
}
