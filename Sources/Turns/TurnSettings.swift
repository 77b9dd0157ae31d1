/// How one agent takes turns.
package struct TurnSettings: Sendable, Equatable {
    package enum BargeIn: String, Sendable, Codable {
        /// The caller's voice stops the agent.
        case interrupt
        /// The agent finishes; what was said meanwhile is the caller's next turn.
        case append
        /// The agent finishes; what was said meanwhile is dropped.
        case ignore
    }

    package var endpointing: EndpointPolicy
    /// BCP 47 tag of what is spoken, for what the words say about the end of a turn.
    package var language: String
    package var bargeIn: BargeIn
    /// Voiced time after which the agent's audio is held while it is decided whether this is an interruption.
    package var hold: Duration
    /// Voiced time from which it is an interruption; at least `hold`.
    package var interruption: Duration
    /// Silence after a held sound that was no interruption, before the agent goes on.
    package var resumeAfter: Duration
    /// Silence of both sides before the agent asks whether the caller is still there.
    package var idle: Duration
    /// How often it asks before it says farewell and hangs up.
    package var idlePrompts: Int
    /// How long a final transcript may take before the turn is given up.
    package var recognitionLimit: Duration
    /// How long an agent may be without the first sound of a reply before it apologises.
    package var replyLimit: Duration
    /// How often in a row the agent says that it did not understand.
    package var reprompts: Int
    /// Voiced time of an utterance without words from which the agent asks back.
    package var repromptVoiced: Duration

    package init(
        endpointing: EndpointPolicy = .balanced, language: String = "en", bargeIn: BargeIn = .interrupt, hold: Duration = .milliseconds(128),
        interruption: Duration = .milliseconds(320), resumeAfter: Duration = .milliseconds(300), idle: Duration = .seconds(15),
        idlePrompts: Int = 2, recognitionLimit: Duration = .seconds(8), replyLimit: Duration = .seconds(12), reprompts: Int = 1,
        repromptVoiced: Duration = .milliseconds(500)
    ) {
        (self.endpointing, self.language) = (endpointing, language)
        (self.bargeIn, self.hold, self.interruption) = (bargeIn, hold, interruption)
        (self.resumeAfter, self.idle, self.idlePrompts) = (resumeAfter, idle, idlePrompts)
        (self.recognitionLimit, self.replyLimit, self.reprompts) = (recognitionLimit, replyLimit, reprompts)
        self.repromptVoiced = repromptVoiced
    }
}
