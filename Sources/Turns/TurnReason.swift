/// Why the machine did what it did, for people who ask afterwards. Made with each decision, kept by nobody unless somebody wants it.
package enum TurnReason: Sendable, Equatable {
    /// The silence since `since` ends the turn after `wait`, by what is known now.
    case waits(turn: Int, since: Instant, wait: Duration, evidence: EndEvidence)
    /// The caller went on after a pause that did not end the turn.
    case wentOn(turn: Int, after: Duration)
    /// The end of the turn is due, but a sound has begun that may be the caller going on.
    case stirs(turn: Int)
    /// The turn ended after this silence, by this evidence; nil where nothing was asked.
    case ended(turn: Int, by: Ending, silence: Duration?, evidence: EndEvidence?)
    /// What was taken for a turn was none.
    case ignored(turn: Int, why: String)
    /// The caller sounds over the agent's reply: what was made of it, and on what.
    case sound(Sound, voiced: Duration, SoundGrounds)
    /// A filler is said, because the answer is awaited so long.
    case filler(after: Duration)
    /// The agent says a line of its own accord.
    case line(Line, why: String)

    package enum Sound: String, Sendable {
        case holds, listens, interrupts
        case goesOn = "goes on"
        /// It sounds on without words: the agent goes on all the same.
        case givesUp = "goes on into the noise"
        /// What was said waits for the reply's end.
        case keepsAside = "keeps it for later"
    }

    /// What a verdict on a sound rests on.
    package struct SoundGrounds: Sendable, Equatable {
        /// Nil before the first answer.
        package var verdict: InterruptionCues.Verdict?
        /// Sum of the recogniser's confidence in words with content.
        package var evidence: Float
        /// No words can be had: voiced time decides.
        package var lacksWords: Bool
    }

    package enum Ending: String, Sendable {
        /// The wait was over.
        case silence
        /// The client said so.
        case hand = "client"
        /// The utterance had become as long as one may be.
        case length
    }
}
