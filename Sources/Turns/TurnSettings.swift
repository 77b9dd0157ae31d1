/// How one agent takes turns.
package struct TurnSettings: Sendable, Equatable {
    package enum BargeIn: String, Sendable, Codable {
        /// The caller's voice stops the agent.
        case interrupt
        /// The agent finishes; what was said meanwhile is the caller's next turn.
        case append
        /// The agent finishes; what was said meanwhile is dropped.
        case ignore
        /// A keyword or a command stops the agent. Anything else that was said is the caller's next turn, as with `append`.
        case keywords
    }

    package var endpointing: EndpointPolicy
    /// Whether a turn is answered without being asked.
    package var answers = true
    /// BCP 47 tag of what is spoken, for what the words say about the end of a turn.
    package var language: String
    package var bargeIn: BargeIn
    /// What stops the agent where `bargeIn` is `keywords`: words as they are spoken.
    package var keywords: [String]
    /// The agent's lines that are said to their end, and phrases that make a sentence be said to its end; what is said meanwhile waits.
    package var protectedLines: Set<Line>
    package var protectedPhrases: [String]
    /// Voiced time after which the agent's audio is held while it is decided whether this is an interruption.
    package var hold: Duration
    /// Voiced time from which a caller whose reply has not been heard yet goes on with their turn; at least `hold`.
    package var interruption: Duration
    /// Voiced times at which the words over the agent are asked for, rising; after the last they are asked for each ``askAgain``.
    package var wordAsks: [Duration]
    /// How long these words may take before voiced time alone decides.
    package var wordLimit: Duration
    /// Voiced time from which a sound whose words cannot be had is an interruption.
    package var wordless: Duration
    /// Voiced time from which words heard in the middle of a sound count, unless they are a command; at its pause the whole sound counts.
    package var contentVoiced: Duration
    /// The recogniser's confidence from which words count the first time they are heard, 0...1; less sure ones do when there are more.
    package var sureWords: Float
    /// How long the agent may be held by a sound in which no words are heard.
    package var holdLimit: Duration
    /// How often wordless sounds may hold one reply; each needs twice the voiced time of the one before.
    package var falseStarts: Int
    /// What is left to be heard of a reply from which on it is let end, and the caller's words are the next turn.
    package var ending: Duration
    /// Silence after a held sound that was no interruption, before the agent goes on.
    package var resumeAfter: Duration
    /// Silence of both sides before the agent asks whether the caller is still there.
    package var idle: Duration
    /// How often it asks before it says farewell and hangs up.
    package var idlePrompts: Int
    /// How much longer than its wait a pause lasts at most while a sound in it may be the caller going on. Longer than a gate takes to tell
    /// of either.
    package static let stirring = Duration.milliseconds(200)
    /// How long a final transcript may take before the turn is given up.
    package var recognitionLimit: Duration
    /// How long an agent may be without the first sound of a reply before it apologises.
    package var replyLimit: Duration
    /// How long an answer may be awaited in silence before a filler is said; nil: for ever.
    package var filler: Duration?
    /// A sound that falls silent sooner after the agent was held for it may be the agent's own, come back: its words have to be surer, and after two
    /// such sounds in a reply to go on for so long while the agent is held. Zero for never.
    package var echoTail: Duration
    /// How often in a row the agent says that it did not understand.
    package var reprompts: Int
    /// Voiced time of an utterance without words from which the agent asks back.
    package var repromptVoiced: Duration

    package init(
        endpointing: EndpointPolicy = .balanced, language: String = "en", bargeIn: BargeIn = .interrupt, keywords: [String] = [],
        protectedLines: Set<Line> = [], protectedPhrases: [String] = [], hold: Duration = .milliseconds(64),
        interruption: Duration = .milliseconds(320), wordAsks: [Duration] = [256, 512, 800].map { .milliseconds($0) },
        wordLimit: Duration = .milliseconds(400), wordless: Duration = .milliseconds(400), contentVoiced: Duration = .milliseconds(320),
        sureWords: Float = 0.6, holdLimit: Duration = .milliseconds(1200), falseStarts: Int = 3, ending: Duration = .milliseconds(300),
        resumeAfter: Duration = .milliseconds(300), idle: Duration = .seconds(15),
        idlePrompts: Int = 2, recognitionLimit: Duration = .seconds(8), replyLimit: Duration = .seconds(12), reprompts: Int = 1,
        repromptVoiced: Duration = .milliseconds(500), filler: Duration? = nil, echoTail: Duration = .milliseconds(400)
    ) {
        (self.endpointing, self.language) = (endpointing, language)
        (self.keywords, self.protectedLines, self.protectedPhrases) = (keywords, protectedLines, protectedPhrases)
        (self.wordAsks, self.wordLimit, self.wordless, self.contentVoiced) = (wordAsks, wordLimit, wordless, contentVoiced)
        (self.sureWords, self.holdLimit, self.falseStarts, self.ending) = (sureWords, holdLimit, falseStarts, ending)
        (self.bargeIn, self.hold, self.interruption) = (bargeIn, hold, interruption)
        (self.resumeAfter, self.idle, self.idlePrompts) = (resumeAfter, idle, idlePrompts)
        (self.recognitionLimit, self.replyLimit, self.reprompts) = (recognitionLimit, replyLimit, reprompts)
        (self.repromptVoiced, self.filler, self.echoTail) = (repromptVoiced, filler, echoTail)
    }

    /// How much further voiced time passes between two questions for words after the last of ``wordAsks``.
    package static let askAgain = Duration.milliseconds(512)

    /// The voiced times at which a gate has to tell of a voice for these rules.
    package var milestones: [Duration] { Set(wordAsks + [interruption, wordless, contentVoiced]).sorted() }

    /// Whether a sentence of the agent's is to be said to its end.
    package func protects(_ sentence: String) -> Bool { protectedPhrases.contains { Phrases.occurs($0, in: sentence) } }
}
