import Dialogue
import Turns

/// Whose turn it is.
func addTurn(to all: inout Workloads) {
    all.measure("VoiceGate on a window") {
        var gate = VoiceGate()
        var number = 0
        return {
            // Two seconds of voice, one of silence.
            let probability: Float = number % 94 < 63 ? 0.9 : 0.05
            swallow(gate.handle(probability: probability, length: .milliseconds(32), endingAt: Instant(.milliseconds(32 * number))))
            number += 1
        }
    }
    all.measure("TurnMachine, a whole turn") {
        var caller = TurnCaller()
        caller.takeTurn()
        guard caller.turns == 1 else { throw Missing(description: "the machine does not take the turn") }
        return { caller.takeTurn() }
    }
}

/// Takes turns with a machine: speaks a second, is silent, is answered.
private struct TurnCaller {
    private var machine = TurnMachine()
    private var now = Instant.zero
    private var pending: [TurnEvent] = []
    /// Turns that were committed.
    private(set) var turns = 0

    init() {
        take(.started)
        settle()
    }

    mutating func takeTurn() {
        take(.voice(.onset(at: now)))
        for length in [128, 256, 320, 512, 832] {
            now = now + .milliseconds(128)
            take(.voice(.voiced(.milliseconds(length), at: now)))
        }
        take(.voice(.silence(since: now)))
        settle()
    }

    private mutating func settle() {
        // What the machine asked for is answered, and what comes of that too.
        while !pending.isEmpty {
            now = now + .milliseconds(50)
            take(pending.removeFirst())
        }
    }

    private mutating func take(_ event: TurnEvent) {
        for action in machine.handle(event, at: now) {
            switch action {
            // Those of a pause; the longer ones are for what goes wrong.
            case .startTimer(let token, let after): if after < .seconds(2) { pending.append(.timer(token)) }
            case .askEndOfTurn(let token): pending.append(.endOfTurn(token, 0.95))
            case .recognize(let token): pending.append(.transcript(token, "my card was stolen yesterday"))
            case .commit: turns += 1
            case .startReply(let token), .releaseReply(let token), .say(let token, _): pending += [.replyAudible(token), .replyFinished(token)]
            case .close, .turnBegan, .cancelRecognition, .overhear, .ignore, .dropUtterance, .startDraft, .fill, .cancelReply, .hold,
                .resume, .interrupt:
                break
            }
        }
    }
}
