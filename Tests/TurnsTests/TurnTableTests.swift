import Testing
import Turns

/// Every pair of state and event, as one table.
struct TurnTableTests {
    static let states: [(name: String, make: @Sendable () -> TurnStand)] = [
        ("fresh", { TurnStand() }), ("listening", { .listening() }), ("hearing", { .hearing() }), ("pausing", { .pausing() }),
        ("recognizing", { .recognizing() }), ("preparing", { .preparing() }), ("speaking", { .speaking() }), ("held", { .held() }),
        ("overhearing", { .overhearing() }), ("held silent", { .heldSilent() }),
        (
            "ended",
            {
                var stand = TurnStand.listening()
                stand.take(.hangUp("bye"))
                return stand
            }
        ),
    ]

    static let events: [(name: String, make: @Sendable (TurnStand) -> TurnEvent)] = [
        ("started", { _ in .started }),
        ("onset", { .voice(.onset(at: $0.now)) }),
        ("strong onset", { .voice(.onset(at: $0.now, isStrong: true)) }),
        ("likely", { .voice(.likely(.milliseconds(64), at: $0.now)) }),
        ("voiced 128", { .voice(.voiced(.milliseconds(128), at: $0.now)) }),
        ("voiced 320", { .voice(.voiced(.milliseconds(320), at: $0.now)) }),
        ("false onset", { .voice(.falseOnset(at: $0.now)) }),
        ("silence", { .voice(.silence(since: $0.now)) }),
        ("stirred", { .voice(.stirred(at: $0.now)) }),
        ("stilled", { .voice(.stilled(at: $0.now)) }),
        ("resumed", { .voice(.resumed(at: $0.now)) }),
        ("next timer", { stand in .timer(stand.timers.min { ($0.due, $0.token) < ($1.due, $1.token) }?.token ?? Token(0)) }),
        ("last timer", { .timer($0.timers.last?.token ?? Token(0)) }),
        ("stale timer", { _ in .timer(Token(1)) }),
        ("end likely", { .endOfTurn($0.ask ?? Token(0), 0.9) }),
        ("end unknown", { .endOfTurn($0.ask ?? Token(0), nil) }),
        ("stale end", { _ in .endOfTurn(Token(0), 0.9) }),
        ("words", { .transcript($0.recognition ?? Token(0), "hello") }),
        ("no words", { .transcript($0.recognition ?? Token(0), "") }),
        ("stale words", { _ in .transcript(Token(0), "hello") }),
        ("recognition failed", { .recognitionFailed($0.recognition ?? Token(0)) }),
        ("overheard command", { .overheard($0.overhearing ?? Token(0), Overheard(text: "stop")) }),
        ("overheard content", { .overheard($0.overhearing ?? Token(0), Overheard(text: "where is it")) }),
        ("overheard backchannel", { .overheard($0.overhearing ?? Token(0), Overheard(text: "mm-hmm")) }),
        ("overheard nothing", { .overheard($0.overhearing ?? Token(0), Overheard(text: "")) }),
        ("no words to be had", { .overheard($0.overhearing ?? Token(0), nil) }),
        ("protected", { .replyProtected($0.reply ?? Token(0), true) }),
        ("no longer protected", { .replyProtected($0.reply ?? Token(0), false) }),
        ("ending", { .replyEnding($0.reply ?? Token(0)) }),
        ("reply audible", { .replyAudible($0.reply ?? Token(0)) }),
        ("reply finished", { .replyFinished($0.reply ?? Token(0)) }),
        ("reply failed", { .replyFailed($0.reply ?? Token(0)) }),
        ("agent said", { _ in .agentSaid("What is your phone number?") }),
        ("stale reply", { _ in .replyFailed(Token(0)) }),
        ("typed", { _ in .typed("hello") }),
        ("respond", { _ in .respond }),
        ("commit", { _ in .commit(.hand) }),
        ("cancel", { _ in .cancelReply }),
        ("drain", { _ in .drain }),
        ("hang up", { _ in .hangUp("bye") }),
    ]

    static func describe(_ state: TurnMachine.State) -> String {
        switch state {
        case .fresh: return "fresh"
        case .listening: return "listening"
        case .hearing(let hearing): return hearing.pause == nil ? "hearing" : "pausing"
        case .recognizing: return "recognizing"
        case .answering(let answering):
            let line = answering.line.map { " \($0.rawValue)" } ?? ""
            var held = answering.isHeld ? " held" : ""
            if answering.interjection?.ask != nil { held += " overhearing" }
            if answering.aside != nil { held += " aside" }
            if answering.isProtected { held += " protected" }
            if answering.isEnding { held += " ending" }
            switch answering.phase {
            case .preparing: return "preparing\(line)\(held)"
            case .speaking: return "speaking\(line)\(held)"
            }
        case .ended: return "ended"
        }
    }

    static func describe(_ action: TurnAction) -> String {
        switch action {
        case .startTimer(_, let after): "timer \(after / .milliseconds(1))"
        case .turnBegan(let turn): "turn \(turn)"
        case .askEndOfTurn: "ask"
        case .recognize: "recognize"
        case .cancelRecognition: "cancel recognition"
        case .overhear: "overhear"
        case .commit(let turn, let text): "commit \(turn) \(text)"
        case .ignore(let turn, let reason): "ignore \(turn) \(reason)"
        case .dropUtterance: "drop utterance"
        case .startDraft: "draft"
        case .releaseReply: "release"
        case .startReply: "reply"
        case .fill: "fill"
        case .say(_, let line): "say \(line.rawValue)"
        case .cancelReply: "cancel reply"
        case .hold: "hold"
        case .resume: "resume"
        case .interrupt: "interrupt"
        case .close(let reason): "close \(reason)"
        }
    }

    static func table() -> [String] {
        states.flatMap { state in
            events.map { event in
                var stand = state.make()
                let actions = stand.take(event.make(stand)).map(describe)
                return "\(state.name) + \(event.name) -> \(describe(stand.machine.state)): \(actions.joined(separator: ", "))"
            }
        }
    }

    @Test func everyPairOfStateAndEventIsDecidedAsTheTableSays() {
        let rows = Self.table()
        #expect(rows.count == Self.states.count * Self.events.count)
        for (row, expected) in zip(rows, turnTable.split(separator: "\n")) { #expect(row == expected) }
        #expect(turnTable.split(separator: "\n").count == rows.count)
    }
}
