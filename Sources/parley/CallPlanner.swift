import Dialogue
import Sessions
import Settings
import Turns
import Wire

/// Makes the plan of a call from what the client asks for, what the agent says and what the settings allow, in this order.
struct CallPlanner: Sendable {
    let agents: AgentLibrary
    let settings: ParleySettings
    /// Whether looking at unfinished utterances is cheap.
    let servesPartials: Bool

    func plan(_ start: SessionStart) throws(CallRefusal) -> CallPlan {
        let (name, agent) = try agents.agent(start.agent, language: start.language, variables: start.variables)
        let session = settings.session
        let limits = SessionLimits(
            session: min(session.maximum, agent.limits.session), idle: session.idle, grace: session.grace,
            utterance: session.utteranceMaximum, lead: session.lead)
        var lines: [Line: String] = [
            .failure: agent.failureMessage, .farewell: agent.farewell, .idle: agent.idleMessage, .reprompt: agent.reprompt,
        ]
        lines[.greeting] = agent.greeting
        var gate = VoiceGate.Settings(
            on: Float(settings.voiceDetection.on), off: Float(settings.voiceDetection.off), minimumSpeech: settings.turns.minimumSpeech)
        let turns = turnSettings(agent)
        gate.milestones = [turns.interruption].filter { $0 > gate.minimumSpeech }
        return CallPlan(
            agent: name, language: agent.language, system: agent.instructions, lines: lines, voice: agent.voice ?? settings.synthesizer.voice,
            pace: agent.pace, turns: turns, gate: gate, history: History.Limits(turns: agent.limits.historyTurns),
            replyTokens: min(agent.limits.replyTokens, settings.languageModel.maximumTokens),
            temperature: settings.languageModel.temperature, input: start.input, output: start.output,
            limits: limits, partialEvery: servesPartials ? .milliseconds(700) : nil, prefix: settings.turns.prefix)
    }

    private func turnSettings(_ agent: Agent) -> TurnSettings {
        let chosen = settings.turns
        var endpointing: EndpointPolicy =
            switch agent.turns.profile {
            case .eager: .eager
            case .balanced:
                switch chosen.profile {
                case .eager: .eager
                case .balanced: .balanced
                case .patient: .patient
                }
            case .patient: .patient
            }
        if let silence = chosen.silence { endpointing.withoutModel = silence }
        if let minimum = agent.turns.minimumSilence ?? chosen.minimumSilence { endpointing.minimum = minimum }
        if let maximum = agent.turns.maximumSilence ?? chosen.maximumSilence { endpointing.maximum = max(maximum, endpointing.minimum) }
        endpointing.speculation = Float(chosen.endOfTurnThreshold)
        if !endpointing.asks.isEmpty {
            endpointing.asks[0] = chosen.endOfTurnFirstAsk
            endpointing.asks.sort()
        }
        let bargeIn: TurnSettings.BargeIn =
            switch agent.turns.bargeIn {
            case .interrupt, .keywords: .interrupt
            case .append: .append
            case .ignore: .ignore
            }
        return TurnSettings(
            endpointing: endpointing, language: agent.language.rawValue, bargeIn: bargeIn, hold: min(chosen.minimumSpeech, chosen.bargeIn),
            interruption: chosen.bargeIn,
            idle: agent.limits.idle, idlePrompts: chosen.idlePrompts)
    }
}
