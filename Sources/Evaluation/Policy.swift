package import Sessions
internal import Turns

/// One way to take turns, by name.
package struct Policy: Sendable {
    package enum Kind: Sendable {
        /// The house's own ear, turn machine and conversation, under these settings.
        case parley(CallPlan)
        case rule(@Sendable () -> any TurnRule)
    }

    package let name: String
    package let kind: Kind
    /// Which curve of a plot it is a point of; nil for none.
    package var curve: String?

    package init(name: String, kind: Kind, curve: String? = nil) { (self.name, self.kind, self.curve) = (name, kind, curve) }

    /// What a run without other wishes compares.
    package static let standard = ["agora", "pipecat", "livekit", "eager", "balanced", "patient"]

    /// A policy by its name; a peer's rule sooner or later than it is, `livekit:scale=0.5,voice=2`; or one of the house's profiles with
    /// changes: `balanced:minimum=220,likely=0.7,asks=200/600`. Times are in milliseconds: `minimum`, `doubtful`, `maximum`, `without`,
    /// `resume`, `speech`, `bridge`, `resumption`; shares are `likely`, `unlikely`, `speculation`, `on`, `off`; `scale` multiplies minimum,
    /// doubtful, maximum and the wait without a model, `voice` the voiced times and the confidence that stop the agent. Of interruptions: `hold`, `strong` (a probability), `interruption`, `words` (times by
    /// `/`), `wordlimit`, `wordless`, `content`, `surewords` (a probability), `holdlimit`, `starts` (a number), `ending`; `echo` switches the echo guard,
    /// `doubletalk` sets its evidence.
    ///
    /// - Throws: ``EvaluationError/Code/badPolicy``.
    package init(_ text: String, partials: Duration? = nil) throws(EvaluationError) {
        let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
        let base: EndpointPolicy
        switch parts.first ?? "" {
        case "agora", "pipecat", "livekit":
            let scale = try Self.scale(parts.count == 2 ? parts[1] : "")
            let rule: @Sendable () -> any TurnRule =
                switch parts[0] {
                case "agora": { AgoraRule(scale) }
                case "pipecat": { PipecatRule(scale) }
                default: { LiveKitRule(scale) }
                }
            self.init(name: text, kind: .rule(rule))
            return
        case "eager": base = .eager
        case "balanced": base = .balanced
        case "patient": base = .patient
        default: throw EvaluationError(.badPolicy, "no policy is called \(text)")
        }
        var plan = CallPlan(agent: "evaluation", turns: TurnSettings(endpointing: base), partialEvery: partials)
        for change in parts.dropFirst().flatMap({ $0.split(separator: ",") }) { try Self.apply(String(change), to: &plan) }
        plan.gate.milestones = plan.turns.milestones.filter { $0 > plan.gate.minimumSpeech }
        self.init(name: text, kind: .parley(plan))
    }

    /// What a curve's points differ in.
    package enum Sweep: String, Sendable, CaseIterable {
        /// The silences that end a turn.
        case silence = "scale"
        /// The voice that stops the agent.
        case voice
    }

    /// The points of a curve: the same rules, sooner and later.
    package static func swept(_ name: String, _ sweep: Sweep, partials: Duration? = nil) throws(EvaluationError) -> [Policy] {
        var points: [Policy] = []
        for factor in ["0.5", "0.7", "1", "1.4", "2", "2.8"] {
            var point = try Policy("\(name):\(sweep.rawValue)=\(factor)", partials: partials)
            point.curve = name
            points.append(point)
        }
        return points
    }

    /// What a peer's rule is multiplied by: `scale` its silences, `voice` its voiced times.
    private static func scale(_ changes: String) throws(EvaluationError) -> RuleScale {
        var scale = RuleScale()
        for change in changes.split(separator: ",") {
            let pair = change.split(separator: "=", maxSplits: 1).map(String.init)
            guard pair.count == 2, let value = Double(pair[1]), (0.01...100).contains(value) else {
                throw EvaluationError(.badPolicy, "\(change): a factor of 0.01 to 100 is needed")
            }
            switch pair[0] {
            case "scale": scale.silence = value
            case "voice": scale.voice = value
            default: throw EvaluationError(.badPolicy, "\(change): a peer's rule has scale and voice only")
            }
        }
        return scale
    }

    private static func scaled(_ time: Duration, by factor: Double) -> Duration { .microseconds(Int(time / .microseconds(1) * factor)) }

    private static func apply(_ change: String, to plan: inout CallPlan) throws(EvaluationError) {
        let pair = change.split(separator: "=", maxSplits: 1).map(String.init)
        guard pair.count == 2 else { throw EvaluationError(.badPolicy, "\(change) is not name=value") }
        if pair[0] == "asks" || pair[0] == "words" {
            let asks = pair[1].split(separator: "/").compactMap { Int($0) }.filter { 0 < $0 && $0 < 60_000 }
            guard !asks.isEmpty, asks == asks.sorted() else { throw EvaluationError(.badPolicy, "\(change): rising milliseconds by / are needed") }
            let times = asks.map { Duration.milliseconds($0) }
            if pair[0] == "asks" { plan.turns.endpointing.asks = times } else { plan.turns.wordAsks = times }
            return
        }
        guard let value = Double(pair[1]), value.isFinite, (0...60_000).contains(value) else {
            throw EvaluationError(.badPolicy, "\(change): a number of 0 to 60000 is needed")
        }
        let time = Duration.microseconds(Int(value * 1000))
        switch pair[0] {
        case "minimum": plan.turns.endpointing.minimum = time
        case "maximum": plan.turns.endpointing.maximum = time
        case "without": plan.turns.endpointing.withoutModel = time
        case "doubtful": plan.turns.endpointing.doubtful = time
        case "likely": plan.turns.endpointing.likely = Float(value)
        case "unlikely": plan.turns.endpointing.unlikely = Float(value)
        case "speculation": plan.turns.endpointing.speculation = Float(value)
        case "scale":
            plan.turns.endpointing.minimum = Self.scaled(plan.turns.endpointing.minimum, by: value)
            plan.turns.endpointing.doubtful = Self.scaled(plan.turns.endpointing.doubtful, by: value)
            plan.turns.endpointing.maximum = Self.scaled(plan.turns.endpointing.maximum, by: value)
            plan.turns.endpointing.withoutModel = Self.scaled(plan.turns.endpointing.withoutModel, by: value)
        case "voice":
            plan.turns.hold = Self.scaled(plan.turns.hold, by: value)
            plan.gate.likely = plan.turns.hold
            plan.turns.contentVoiced = Self.scaled(plan.turns.contentVoiced, by: value)
            plan.turns.wordless = Self.scaled(plan.turns.wordless, by: value)
            plan.turns.sureWords *= Float(value)
        case "hold":
            plan.turns.hold = time
            plan.gate.likely = time
        case "strong": plan.gate.strong = Float(value)
        case "interruption": plan.turns.interruption = time
        case "wordlimit": plan.turns.wordLimit = time
        case "surewords": plan.turns.sureWords = Float(value)
        case "wordless": plan.turns.wordless = time
        case "content": plan.turns.contentVoiced = time
        case "holdlimit": plan.turns.holdLimit = time
        case "starts": plan.turns.falseStarts = Int(value)
        case "tail": plan.turns.echoTail = time
        case "ending": plan.turns.ending = time
        case "resume": plan.turns.resumeAfter = time
        case "echo": plan.echo.isOn = value > 0
        case "doubletalk": plan.echo.doubleTalk = Float(value)
        case "on": plan.gate.on = Float(value)
        case "off": plan.gate.off = Float(value)
        case "speech": plan.gate.minimumSpeech = time
        case "bridge": plan.gate.bridge = time
        case "resumption": plan.gate.resumption = time
        default: throw EvaluationError(.badPolicy, "\(change): there is no such setting")
        }
    }
}
