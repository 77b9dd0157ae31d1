package import Audio
package import Dialogue

/// What to say.
package struct SpeechRequest: Sendable {
    /// One sentence or clause, already fit for the ear.
    package var text: String
    package var language: Language
    /// A voice by the engine's own name; nil is its default.
    package var voice: String?
    /// 1 is the voice's own pace, 2 twice as fast; 0.5...2.
    package var pace: Double
    /// Whether it is a text of the agent's own that other calls hear as well, so that its audio is worth keeping.
    package var isStock: Bool

    package init(text: String, language: Language, voice: String? = nil, pace: Double = 1, isStock: Bool = false) {
        (self.text, self.language, self.voice, self.pace, self.isStock) = (text, language, voice, pace, isStock)
    }
}

/// When one word of a request sounds.
package struct SpokenWord: Sendable, Equatable, Codable {
    /// The word as it stands in the request's text.
    package var text: String
    /// From the start of the request's audio.
    package var start: Duration
    package var end: Duration

    package init(text: String, start: Duration, end: Duration) { (self.text, self.start, self.end) = (text, start, end) }
}

/// One piece of spoken audio.
package struct SpeechChunk: Sendable {
    /// At any rate; the same for all chunks of a request.
    package var audio: PCMAudio
    /// Words whose times have become known with this chunk, in order; empty where the engine does not tell.
    package var words: [SpokenWord]

    package init(audio: PCMAudio, words: [SpokenWord] = []) { (self.audio, self.words) = (audio, words) }
}

/// Turns text into speech. One instance serves all sessions at once.
package protocol Synthesizer: Sendable {
    var name: String { get }
    /// Streams the speech of one sentence. Synthesis goes no further while `onChunk` has not returned.
    ///
    /// - Parameter onChunk: Takes the chunks in order; what it throws ends the work and is thrown on.
    /// - Throws: ``EngineError``, or `CancellationError`; cancelling the task ends the work.
    func speak(_ request: SpeechRequest, onChunk: @Sendable (SpeechChunk) async throws -> Void) async throws
}
