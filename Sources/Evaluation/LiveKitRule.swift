package import Turns

/// LiveKit Agents 1.8, self-hosted: Silero on at 0.5, off at 0.35, 50 ms of voice, 0.25 s of silence; the end-of-turn model is asked at 0.2 s,
/// and the turn ends 0.5 s after the voice from a probability of 0.5, else after 3 s. Voice of 0.5 s pauses the agent; words make that an
/// interruption, and without any it goes on 2 s after the voice. A short turn with words interrupts when it is committed.
package struct LiveKitRule: TurnRule {
    private enum Voice: Equatable {
        case quiet(voiced: Duration)
        case speaking(voiced: Duration, last: Instant)
    }

    private var voice = Voice.quiet(voiced: .zero)
    private var isInTurn = false
    private var hasAsked = false
    private var hasWords = false
    private var last = Instant.zero
    private var probability: Float?
    private var isAgentSpeaking = false
    private var isHeld = false
    private var end: Instant?
    private var resumption: Instant?
    package var keepsAllGenerated: Bool { false }

    /// Silence after which a likely and an unlikely end are taken for one, and voice that pauses the agent.
    private let likely: Duration
    private let unlikely: Duration
    private let bargeIn: Duration

    package init(_ scale: RuleScale = RuleScale()) {
        likely = RuleClock.milliseconds(500, scale.silence)
        unlikely = RuleClock.milliseconds(3000, scale.silence)
        bargeIn = RuleClock.milliseconds(500, scale.voice)
    }

    package var deadline: Instant? { [end, resumption].compactMap { $0 }.min() }

    package mutating func handle(_ event: RuleEvent, at now: Instant) -> [RuleAction] {
        switch event {
        case .agent(let isSpeaking):
            isAgentSpeaking = isSpeaking
            if !isSpeaking { (isHeld, resumption) = (false, nil) }
            return []
        case .window(let probability, let end): return window(probability, end)
        case .endOfTurn(let probability):
            guard isInTurn, hasAsked else { return [] }
            self.probability = probability
            if case .quiet = voice { schedule() }
            return []
        case .words(let some):
            hasWords = hasWords || some
            return hasWords ? confirm() : []
        case .deadline: return due(at: now)
        }
    }

    private mutating func window(_ probability: Float, _ end: Instant) -> [RuleAction] {
        switch voice {
        case .quiet(let voiced):
            let total = probability >= 0.5 ? voiced + RuleClock.window : .zero
            guard total >= .milliseconds(50) else {
                voice = .quiet(voiced: total)
                return []
            }
            voice = .speaking(voiced: total, last: end)
            (last, self.probability, hasAsked, self.end, resumption) = (end, nil, false, nil, nil)
            defer { isInTurn = true }
            return isInTurn ? [] : [.turnBegan]
        case .speaking(let voiced, let last):
            if probability >= 0.35 {
                voice = .speaking(voiced: voiced + RuleClock.window, last: end)
                (self.last, hasAsked) = (end, false)
                guard voiced + RuleClock.window >= bargeIn, isAgentSpeaking, !isHeld else { return [] }
                isHeld = true
                return [.hold, .askWords]
            }
            var actions: [RuleAction] = []
            if end - last >= .milliseconds(200), !hasAsked {
                hasAsked = true
                actions = [.askEndOfTurn, .askWords]
            }
            if end - last >= .milliseconds(250) {
                voice = .quiet(voiced: .zero)
                if isHeld { resumption = end + .seconds(2) }
                schedule()
            }
            return actions
        }
    }

    private mutating func schedule() {
        guard let probability else { return }
        end = last + (probability >= 0.5 ? likely : unlikely)
    }

    /// Words were heard while the agent was paused: it gives way.
    private mutating func confirm() -> [RuleAction] {
        guard isHeld else { return [] }
        (isHeld, resumption) = (false, nil)
        return [.interrupt]
    }

    private mutating func due(at now: Instant) -> [RuleAction] {
        var actions: [RuleAction] = []
        if let resumption, resumption <= now {
            self.resumption = nil
            if isHeld { actions.append(.resume) }
            isHeld = false
        }
        if let end, end <= now {
            self.end = nil
            if hasWords {
                if isAgentSpeaking { actions.append(.interrupt) }
                actions.append(.commit)
            }
            (isInTurn, hasWords, hasAsked, probability) = (false, false, false, nil)
        }
        return actions
    }
}
