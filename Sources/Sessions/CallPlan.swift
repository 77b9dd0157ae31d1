package import Dialogue
package import Turns
package import Wire

/// Everything that is fixed for one call: who answers, how it takes turns, and what both sides may do.
package struct CallPlan: Sendable, Equatable {
    /// Name of the agent.
    package var agent: String
    package var language: Language
    /// The language model's instructions.
    package var system: String
    /// What the agent says without being asked. A line that is missing or empty is not said.
    package var lines: [Line: String]
    /// What may be said while an answer is slow to come, in turn.
    package var fillers: [String] = []
    /// What was said before the call; nil for nothing.
    package var memory: History?
    /// Voice by the synthesizer's own name; nil is its default.
    package var voice: String?
    /// 1 is the voice's own pace.
    package var pace: Double
    package var turns: TurnSettings
    package var gate: VoiceGate.Settings
    package var echo: EchoSettings
    package var history: History.Limits
    /// Most tokens of one answer.
    package var replyTokens: Int
    /// 0...2; nil leaves it to the service.
    package var temperature: Double?
    package var input: AudioFormat
    package var output: AudioFormat
    package var limits: SessionLimits
    /// Silence put between two sentences of a reply.
    package var sentencePause: Duration
    /// How often the caller's words are looked at while they speak; nil for never.
    package var partialEvery: Duration?
    /// Audio kept from before an onset, for the recogniser.
    package var prefix: Duration
    /// Words that are likely to come, for recognisers that take hints.
    package var hints: [String]
    /// Whether the client directs the agent, and is told of each reply's course.
    package var isDirected = false
    /// Tools that the client runs.
    package var tools: [ToolDefinition] = []
    package var toolChoice = ToolChoice.auto
    /// Whether replies are text that nobody speaks.
    package var isWritten = false
    /// Whether the session decides when the caller's turn is over; else the client takes what was heard.
    package var takesTurns = true

    package init(
        agent: String, language: Language = .english, system: String = "", lines: [Line: String] = [:], voice: String? = nil,
        pace: Double = 1, turns: TurnSettings = TurnSettings(), gate: VoiceGate.Settings = VoiceGate.Settings(), echo: EchoSettings = EchoSettings(),
        history: History.Limits = History.Limits(), replyTokens: Int = 300, temperature: Double? = nil,
        input: AudioFormat = AudioFormat(sampleRate: 16_000), output: AudioFormat = AudioFormat(sampleRate: 24_000),
        limits: SessionLimits = SessionLimits(),
        sentencePause: Duration = .milliseconds(180), partialEvery: Duration? = .milliseconds(700),
        prefix: Duration = .milliseconds(300), hints: [String] = []
    ) {
        (self.agent, self.language, self.system, self.lines) = (agent, language, system, lines)
        (self.voice, self.pace, self.turns, self.gate, self.echo) = (voice, pace, turns, gate, echo)
        (self.history, self.replyTokens, self.temperature) = (history, replyTokens, temperature)
        (self.input, self.output) = (input, output)
        (self.limits, self.sentencePause, self.partialEvery) = (limits, sentencePause, partialEvery)
        (self.prefix, self.hints) = (prefix, hints)
    }
}
