import Dialogue
import LoadTest
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
            utterance: session.utteranceMaximum, lead: start.lead ?? session.lead)
        var lines: [Line: String] = [
            .failure: agent.failureMessage, .farewell: agent.farewell, .idle: agent.idleMessage, .reprompt: agent.reprompt,
        ]
        lines[.greeting] = agent.greeting
        var gate = VoiceGate.Settings(
            on: Float(settings.voiceDetection.on), off: Float(settings.voiceDetection.off), minimumSpeech: settings.turns.minimumSpeech,
            likely: settings.turns.hold, strong: Float(settings.turns.holdSure))
        let turns = turnSettings(agent)
        gate.milestones = turns.milestones.filter { $0 > gate.minimumSpeech }
        var plan = CallPlan(
            agent: name, language: agent.language, system: agent.instructions, lines: lines, voice: agent.voice ?? settings.synthesizer.voice,
            pace: agent.pace, turns: turns, gate: gate,
            echo: EchoSettings(
                isOn: settings.echo.isGuarded, longestDelay: settings.echo.longestDelay, doubleTalk: Float(settings.echo.doubleTalk)),
            history: History.Limits(turns: agent.limits.historyTurns),
            replyTokens: min(agent.limits.replyTokens, settings.languageModel.maximumTokens),
            temperature: settings.languageModel.temperature, input: start.input, output: start.output,
            limits: limits, partialEvery: servesPartials ? .milliseconds(700) : nil, prefix: settings.turns.prefix)
        plan.fillers = agent.fillers
        if settings.engines == .scripted, let caller = ScriptedEngines.Caller(rawValue: name) { adapt(&plan, to: caller) }
        if start.isDirected { leave(&plan) }
        return plan
    }

    /// The agents of a load test say nothing of their own accord, so that every reply is one that was asked for.
    private func adapt(_ plan: inout CallPlan, to caller: ScriptedEngines.Caller) {
        (plan.lines, plan.fillers, plan.turns.filler) = ([:], [], nil)
        if caller == .listener { plan.hints = [ScriptedEngines.wordless] }
    }

    /// Leaves it to the client what is said: nothing is said of its own accord, nobody is asked whether they are still there.
    private func leave(_ plan: inout CallPlan) {
        plan.isDirected = true
        (plan.lines, plan.fillers) = ([:], [])
        (plan.turns.filler, plan.turns.protectedLines, plan.turns.protectedPhrases) = (nil, [], [])
        (plan.turns.idle, plan.turns.reprompts, plan.turns.bargeIn) = (plan.limits.session, 0, .interrupt)
        // Every message and every reply has a place of its own.
        plan.history.turns *= 4
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
        if let doubtful = chosen.doubtfulSilence { endpointing.doubtful = doubtful }
        endpointing.doubtful = min(max(endpointing.doubtful, endpointing.minimum), endpointing.maximum)
        if let likely = chosen.likely { endpointing.likely = Float(likely) }
        if let unlikely = chosen.unlikely { endpointing.unlikely = min(Float(unlikely), endpointing.likely) }
        endpointing.speculation = Float(chosen.endOfTurnThreshold)
        endpointing.asks = chosen.endOfTurnAsks
        let bargeIn: TurnSettings.BargeIn =
            switch agent.turns.bargeIn {
            case .interrupt: .interrupt
            case .keywords: .keywords
            case .append: .append
            case .ignore: .ignore
            }
        return TurnSettings(
            endpointing: endpointing, language: agent.language.rawValue, bargeIn: bargeIn, keywords: agent.turns.keywords,
            protectedLines: Set(agent.turns.protect.map(\.line)), protectedPhrases: agent.turns.protectPhrases,
            hold: min(chosen.hold, chosen.bargeIn, chosen.goingOn), interruption: chosen.goingOn, wordAsks: chosen.wordAsks,
            wordLimit: chosen.wordLimit, wordless: chosen.bargeIn, contentVoiced: chosen.contentVoiced,
            sureWords: Float(chosen.sureWords), holdLimit: chosen.holdLimit, falseStarts: chosen.falseStarts, ending: chosen.ending,
            resumeAfter: chosen.resumeAfter, idle: agent.limits.idle, idlePrompts: chosen.idlePrompts,
            filler: chosen.filler == .zero || agent.fillers.isEmpty ? nil : chosen.filler, echoTail: chosen.echoTail)
    }
}

extension Agent.Turns.Part {
    fileprivate var line: Line {
        switch self {
        case .greeting: .greeting
        case .farewell: .farewell
        case .failureMessage: .failure
        case .idleMessage: .idle
        case .reprompt: .reprompt
        }
    }
}
