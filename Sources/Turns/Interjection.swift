/// A sound of the caller's over the agent's reply, while it is open whether it is an interruption.
package struct Interjection: Equatable, Sendable {
    /// Voiced time of the sound's earlier runs of voice, and of the present one.
    package var before = Duration.zero
    package var run = Duration.zero
    /// Whether the agent's audio is held for it, and whether that ended while it still sounded.
    package var isHeld = false
    package var isGivenUp = false
    /// When the agent was held for it in the middle of what is heard of it; nil where nothing was, and where it had begun before the agent.
    package var heldAt: Instant?
    /// Whether it has lasted long enough to be speech.
    package var isSpeech = false
    /// When its last voiced window ended; nil while it sounds.
    package var silentSince: Instant?
    /// The question for its words that is out, and the timer that ends the wait for the answer.
    package var ask: Token?
    package var askLimit: Token?
    /// Whether the last question was about the whole sound.
    package var isWhole = false
    /// Voiced time from which the words are asked for next.
    package var nextAsk: Duration
    /// Voiced time when they were asked for last.
    package var askedAt = Duration.zero
    /// What the words so far mean; nil before the first answer.
    package var verdict: InterruptionCues.Verdict?
    /// The confidence in the answers with content, and the words of the longest; begun anew where a long noise is forgotten.
    package var evidence: Float = 0
    package var mostWords = 0
    /// The words cannot be had; voiced time alone decides.
    package var lacksWords = false
    /// Runs once it has ended; then the agent goes on.
    package var resume: Token?
    /// The sound is over and the agent only waits for its words.
    package var isOver = false
    /// Ends a hold without words, and whether it has but for an answer that is out.
    package var limit: Token?
    package var isLimitReached = false
    /// Voiced time at which its audio was forgotten last.
    package var forgotten = Duration.zero

    package init(nextAsk: Duration) { self.nextAsk = nextAsk }

    package var voiced: Duration { before + run }

    /// What words add that are no more than were heard before, in a sound that does not end with the agent's.
    private static let again: Float = 0.15

    /// Takes an answer with content. Speech that goes on gives more words each time; the same few once more are the same sound heard again.
    ///
    /// - Parameter isLasting: Whether it has gone on while the agent was silent for its sake.
    mutating func add(_ words: Overheard, isLasting: Bool) {
        let (count, confidence) = (words.wordCount, words.confidence ?? 1)
        guard count <= mostWords else {
            (evidence, mostWords) = (evidence + confidence, count)
            return
        }
        evidence = max(evidence, confidence)
        if isLasting, !isGivenUp, mostWords > 0 { evidence += Self.again }
    }

    /// For how long it has gone on, or did, while the agent was silent for its sake; nil where it was not.
    private func outlasts(at now: Instant) -> Duration? {
        guard isHeld, let heldAt else { return nil }
        return max(.zero, (silentSince ?? now) - heldAt)
    }

    /// Whether it has shown, by going on for so long while the agent was silent for its sake, that it is not the agent's own.
    func outlasts(_ tail: Duration, at now: Instant) -> Bool { (outlasts(at: now) ?? .zero) >= tail }

    /// Whether it was over so soon after the agent fell silent that it may have been the agent's own sound, come back.
    func endedWithAgent(within tail: Duration) -> Bool {
        guard let silentSince, let outlasts = outlasts(at: silentSince) else { return false }
        return outlasts < tail
    }

    /// The sound goes on after a pause.
    mutating func goesOn() {
        before += run
        run = .zero
        (silentSince, resume, isOver, isWhole) = (nil, nil, false, false)
    }
}
