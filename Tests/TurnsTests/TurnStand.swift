import Turns

/// Drives a machine with events at rising times and keeps what it asked for.
struct TurnStand {
    var machine: TurnMachine
    var now = Instant.zero
    var actions: [TurnAction] = []
    /// Timers asked for and when they are due.
    var timers: [(token: Token, due: Instant)] = []

    init(_ settings: TurnSettings = TurnSettings()) { machine = TurnMachine(settings) }

    @discardableResult mutating func take(_ event: TurnEvent) -> [TurnAction] {
        let new = machine.handle(event, at: now)
        for case .startTimer(let token, let after) in new { timers.append((token, now + after)) }
        actions += new
        return new
    }

    mutating func wait(_ milliseconds: Int) { now = now + .milliseconds(milliseconds) }

    /// Lets the next due timer fire; nothing when there is none.
    @discardableResult mutating func nextTimer() -> [TurnAction] {
        guard let next = timers.min(by: { ($0.due, $0.token) < ($1.due, $1.token) }) else { return [] }
        timers.removeAll { $0.token == next.token }
        now = max(now, next.due)
        return take(.timer(next.token))
    }

    /// Fires every timer due within the time, in order, and lets the rest of it pass.
    mutating func pass(_ duration: Duration) {
        let end = now + duration
        while let due = timers.map(\.due).min(), due <= end { nextTimer() }
        now = end
    }

    var isInterrupted: Bool { actions.contains { if case .interrupt = $0 { true } else { false } } }
    var isHeld: Bool { if case .answering(let answering) = machine.state { answering.isHeld } else { false } }

    /// The last action of a kind.
    func last<T>(_ pick: (TurnAction) -> T?) -> T? { actions.reversed().lazy.compactMap(pick).first }

    var line: Line? { last { if case .say(_, let line) = $0 { line } else { nil } } }
    var recognition: Token? { last { if case .recognize(let token) = $0 { token } else { nil } } }
    var overhearing: Token? { last { if case .overhear(let token) = $0 { token } else { nil } } }
    var ask: Token? { last { if case .askEndOfTurn(let token) = $0 { token } else { nil } } }
    var reply: Token? {
        last {
            switch $0 {
            case .startReply(let token), .say(let token, _), .releaseReply(let token): token
            default: nil
            }
        }
    }

    // MARK: ways into a state

    static func listening(_ settings: TurnSettings = TurnSettings()) -> TurnStand {
        var stand = TurnStand(settings)
        stand.take(.started)
        stand.finishReply()
        return stand
    }

    mutating func finishReply() {
        guard let reply else { return }
        take(.replyAudible(reply))
        take(.replyFinished(reply))
    }

    mutating func speak(_ milliseconds: Int = 600) {
        take(.voice(.onset(at: now)))
        for step in [128, 256, 320, 512, 832] where step <= milliseconds {
            take(.voice(.voiced(.milliseconds(step), at: now)))
        }
        wait(milliseconds)
    }

    mutating func pause() { take(.voice(.silence(since: now))) }

    static func hearing(_ settings: TurnSettings = TurnSettings()) -> TurnStand {
        var stand = TurnStand.listening(settings)
        stand.speak()
        return stand
    }

    static func pausing(_ settings: TurnSettings = TurnSettings()) -> TurnStand {
        var stand = TurnStand.hearing(settings)
        stand.pause()
        stand.pass(.milliseconds(200))
        return stand
    }

    static func recognizing(_ settings: TurnSettings = TurnSettings()) -> TurnStand {
        var stand = TurnStand.pausing(settings)
        stand.take(.commit(.hand))
        return stand
    }

    static func preparing(_ settings: TurnSettings = TurnSettings()) -> TurnStand {
        var stand = TurnStand.recognizing(settings)
        if let recognition = stand.recognition { stand.take(.transcript(recognition, "where is my card")) }
        return stand
    }

    static func speaking(_ settings: TurnSettings = TurnSettings()) -> TurnStand {
        var stand = TurnStand.preparing(settings)
        if let reply = stand.reply { stand.take(.replyAudible(reply)) }
        return stand
    }

    static func held(_ settings: TurnSettings = TurnSettings()) -> TurnStand {
        var stand = TurnStand.speaking(settings)
        stand.take(.voice(.voiced(.milliseconds(128), at: stand.now)))
        return stand
    }

    /// Held by a sound of which the words so far are awaited.
    static func overhearing(_ settings: TurnSettings = TurnSettings()) -> TurnStand {
        var stand = TurnStand.held(settings)
        stand.take(.voice(.voiced(.milliseconds(256), at: stand.now)))
        return stand
    }

    /// Held by a sound that is over and of which the words are awaited.
    static func heldSilent(_ settings: TurnSettings = TurnSettings()) -> TurnStand {
        var stand = TurnStand.held(settings)
        stand.pause()
        return stand
    }

    /// The words that are awaited are these.
    @discardableResult mutating func hears(_ text: String, confidence: Float? = 0.9, agent: String = "") -> [TurnAction] {
        take(.overheard(overhearing ?? Token(0), Overheard(text: text, confidence: confidence, agent: agent)))
    }

    /// The sound goes on and has been voiced for so long.
    @discardableResult mutating func voiced(_ milliseconds: Int) -> [TurnAction] {
        take(.voice(.voiced(.milliseconds(milliseconds), at: now)))
    }
}
