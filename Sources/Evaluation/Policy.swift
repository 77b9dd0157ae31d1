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

    /// A policy by its name, or one of the house's profiles with changes: `balanced:minimum=220,sure=0.7,asks=200/600`. Times are in
    /// milliseconds: `minimum`, `maximum`, `without`, `hold`, `interruption`, `resume`, `speech`, `bridge`, `resumption`; shares are
    /// `sure`, `unsure`, `speculation`, `on`, `off`; `scale` multiplies minimum, maximum and the wait without a model.
    ///
    /// - Throws: ``EvaluationError/Code/badPolicy``.
    package init(_ text: String, partials: Duration? = nil) throws(EvaluationError) {
        let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
        let base: EndpointPolicy
        switch parts.first ?? "" {
        case "agora" where parts.count == 1:
            self.init(name: text, kind: .rule { AgoraRule() })
            return
        case "pipecat" where parts.count == 1:
            self.init(name: text, kind: .rule { PipecatRule() })
            return
        case "livekit" where parts.count == 1:
            self.init(name: text, kind: .rule { LiveKitRule() })
            return
        case "eager": base = .eager
        case "balanced": base = .balanced
        case "patient": base = .patient
        default: throw EvaluationError(.badPolicy, "no policy is called \(text)")
        }
        var plan = CallPlan(agent: "evaluation", turns: TurnSettings(endpointing: base), partialEvery: partials)
        for change in parts.dropFirst().flatMap({ $0.split(separator: ",") }) { try Self.apply(String(change), to: &plan) }
        self.init(name: text, kind: .parley(plan))
    }

    /// The points of a profile's curve of cut-ins against waits: the same rules, sooner and later.
    package static func scaled(_ profile: String, partials: Duration? = nil) throws(EvaluationError) -> [Policy] {
        var points: [Policy] = []
        for scale in ["0.5", "0.7", "1", "1.4", "2", "2.8"] {
            var point = try Policy("\(profile):scale=\(scale)", partials: partials)
            point.curve = profile
            points.append(point)
        }
        return points
    }

    private static func scaled(_ time: Duration, by factor: Double) -> Duration { .microseconds(Int(time / .microseconds(1) * factor)) }

    private static func apply(_ change: String, to plan: inout CallPlan) throws(EvaluationError) {
        let pair = change.split(separator: "=", maxSplits: 1).map(String.init)
        guard pair.count == 2 else { throw EvaluationError(.badPolicy, "\(change) is not name=value") }
        if pair[0] == "asks" {
            let asks = pair[1].split(separator: "/").compactMap { Int($0) }.filter { 0 < $0 && $0 < 60_000 }
            guard !asks.isEmpty, asks == asks.sorted() else { throw EvaluationError(.badPolicy, "\(change): rising milliseconds by / are needed") }
            plan.turns.endpointing.asks = asks.map { .milliseconds($0) }
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
        case "sure": plan.turns.endpointing.sure = Float(value)
        case "unsure": plan.turns.endpointing.unsure = Float(value)
        case "speculation": plan.turns.endpointing.speculation = Float(value)
        case "scale":
            plan.turns.endpointing.minimum = Self.scaled(plan.turns.endpointing.minimum, by: value)
            plan.turns.endpointing.maximum = Self.scaled(plan.turns.endpointing.maximum, by: value)
            plan.turns.endpointing.withoutModel = Self.scaled(plan.turns.endpointing.withoutModel, by: value)
        case "hold": plan.turns.hold = time
        case "interruption":
            plan.turns.interruption = time
            plan.gate.milestones = [time]
        case "resume": plan.turns.resumeAfter = time
        case "on": plan.gate.on = Float(value)
        case "off": plan.gate.off = Float(value)
        case "speech": plan.gate.minimumSpeech = time
        case "bridge": plan.gate.bridge = time
        case "resumption": plan.gate.resumption = time
        default: throw EvaluationError(.badPolicy, "\(change): there is no such setting")
        }
    }
}
