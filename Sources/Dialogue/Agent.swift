/// What an agent is and how it speaks, with its template variables filled in.
package struct Agent: Sendable, Equatable {
    /// How it takes turns; nil leaves a value to the profile.
    package struct Turns: Sendable, Equatable {
        package enum Profile: String, Sendable, CaseIterable { case eager, balanced, patient }
        /// What the agent says without being asked, by the key of its text.
        package enum Part: String, Sendable, CaseIterable {
            case greeting, farewell
            case failureMessage = "failure_message"
            case idleMessage = "idle_message"
            case reprompt
        }
        package enum BargeIn: String, Sendable, CaseIterable { case interrupt, append, ignore, keywords }

        package var profile = Profile.balanced
        /// 50...5000 ms.
        package var minimumSilence: Duration?
        /// 200...20000 ms, not less than the minimum.
        package var maximumSilence: Duration?
        package var bargeIn = BargeIn.interrupt
        /// What interrupts where `bargeIn` is `keywords`; lower case.
        package var keywords: [String] = []
        /// What is said to its end, whatever the caller says.
        package var protect: [Part] = []
        /// Phrases that make a sentence be said to its end.
        package var protectPhrases: [String] = []

        package init() {}
    }

    package struct Limits: Sendable, Equatable {
        /// 16...4096.
        package var replyTokens = 400
        /// 1...200.
        package var historyTurns = 40
        /// 1...240 minutes.
        package var session = Duration.seconds(3600)
        /// Silence after which the idle message is said: 3...3600 s.
        package var idle = Duration.seconds(20)

        package init() {}
    }

    /// Stable name for settings and clients: the file's name up to its first dot.
    package var id: String
    /// What it calls itself.
    package var name: String
    package var language: Language
    /// Said first; nil: the caller begins.
    package var greeting: String?
    /// Said when a reply failed.
    package var failureMessage: String
    package var farewell: String
    package var idleMessage: String
    /// Said in turn while an answer is slow to come; empty for none.
    package var fillers: [String]
    /// Said when nothing was understood.
    package var reprompt: String
    /// By the speech engine's own name; nil is its default.
    package var voice: String?
    /// 0.5...2; 1 is the voice's own.
    package var pace: Double
    package var turns: Turns
    package var limits: Limits
    /// The system prompt, facts included.
    package var instructions: String
    package var facts: [Fact]
}
