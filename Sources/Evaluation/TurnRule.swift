package import Turns

/// How somebody else's orchestrator takes turns, as a value: the same voice windows and model answers give the same decisions.
package protocol TurnRule: Sendable {
    mutating func handle(_ event: RuleEvent, at now: Instant) -> [RuleAction]
    /// When it wants ``RuleEvent/deadline``, if nothing changes its mind.
    var deadline: Instant? { get }
    /// How many words it takes an interrupted caller to have heard: all that were sent, or those by the server's clock.
    var keepsAllGenerated: Bool { get }
}

package enum RuleEvent: Sendable, Equatable {
    /// One window of the voice detector, ended at `end`.
    case window(Float, end: Instant)
    case endOfTurn(Float?)
    /// Whether the recogniser heard words in the utterance so far.
    case words(Bool)
    case deadline
    /// The agent is audible from now on, or no more.
    case agent(isSpeaking: Bool)
}

package enum RuleAction: Sendable, Equatable {
    case turnBegan
    case askEndOfTurn
    case askWords
    case commit
    case hold, resume, interrupt
}

/// How much sooner or later than by its defaults a rule acts: the points of its curves.
package struct RuleScale: Sendable, Equatable {
    /// Of the silences that end a turn.
    package var silence = 1.0
    /// Of the voice that begins a turn or stops the agent.
    package var voice = 1.0

    package init(silence: Double = 1, voice: Double = 1) { (self.silence, self.voice) = (silence, voice) }
}

/// Agora's documented defaults: voice of 160 ms begins a turn and stops the agent, silence of 640 ms ends it.
package struct AgoraRule: TurnRule {
    private enum State { case quiet(voiced: Duration), speaking(last: Instant) }

    private var state = State.quiet(voiced: .zero)
    private var isAgentSpeaking = false
    package var deadline: Instant? { nil }
    package var keepsAllGenerated: Bool { true }
    private let start: Duration
    private let silence: Duration

    package init(_ scale: RuleScale = RuleScale()) {
        start = RuleClock.milliseconds(160, scale.voice)
        silence = RuleClock.milliseconds(640, scale.silence)
    }

    package mutating func handle(_ event: RuleEvent, at now: Instant) -> [RuleAction] {
        switch event {
        case .endOfTurn, .words, .deadline: return []
        case .agent(let isSpeaking):
            isAgentSpeaking = isSpeaking
            return []
        case .window(let probability, let end):
            let isVoice = probability >= 0.5
            switch state {
            case .quiet(let voiced):
                let total = isVoice ? voiced + RuleClock.window : .zero
                guard total >= start else {
                    state = .quiet(voiced: total)
                    return []
                }
                state = .speaking(last: end)
                return isAgentSpeaking ? [.turnBegan, .interrupt] : [.turnBegan]
            case .speaking(let last):
                if isVoice { state = .speaking(last: end) }
                guard !isVoice, end - last >= silence else { return [] }
                state = .quiet(voiced: .zero)
                return [.commit]
            }
        }
    }
}

/// Pipecat 1.14: Silero at 0.7 for 0.2 s on, 0.2 s off; smart-turn once at the stop, complete from 0.5, else 3 s more; any start of a turn
/// stops the agent. Its gate on loudness is left out.
package struct PipecatRule: TurnRule {
    private enum State { case quiet, speaking }

    private var state = State.quiet
    private var run = 0
    private var isInTurn = false
    private var isAgentSpeaking = false
    package private(set) var deadline: Instant?
    package var keepsAllGenerated: Bool { false }
    /// Windows of voice that begin a turn and of silence that end it: 0.2 s, rounded.
    private let starts: Int
    private let stops: Int
    private let wait: Duration

    package init(_ scale: RuleScale = RuleScale()) {
        starts = max(1, Int((6 * scale.voice).rounded()))
        stops = max(1, Int((6 * scale.silence).rounded()))
        wait = RuleClock.milliseconds(3000, scale.silence)
    }

    package mutating func handle(_ event: RuleEvent, at now: Instant) -> [RuleAction] {
        switch event {
        case .words: return []
        case .agent(let isSpeaking):
            isAgentSpeaking = isSpeaking
            return []
        case .window(let probability, _):
            let changes = (probability >= 0.7) != (state == .speaking)
            run = changes ? run + 1 : 0
            guard run >= (state == .speaking ? stops : starts) else { return [] }
            run = 0
            if state == .speaking {
                state = .quiet
                deadline = now + wait
                return [.askEndOfTurn]
            }
            (state, deadline) = (.speaking, nil)
            let began = !isInTurn
            isInTurn = true
            return (began ? [.turnBegan] : []) + (isAgentSpeaking ? [.interrupt] : [])
        case .endOfTurn(let probability):
            guard state == .quiet, isInTurn, let probability, probability >= 0.5 else { return [] }
            return commit()
        case .deadline: return isInTurn ? commit() : []
        }
    }

    private mutating func commit() -> [RuleAction] {
        (isInTurn, deadline) = (false, nil)
        return [.commit]
    }
}

/// Durations that the rules share.
enum RuleClock {
    static let window = Duration.milliseconds(32)

    static func milliseconds(_ value: Int, _ scale: Double) -> Duration { .microseconds(Int(Double(value) * 1000 * scale)) }
}
