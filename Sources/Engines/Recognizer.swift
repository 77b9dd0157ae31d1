package import Dialogue

/// What to write down.
package struct RecognitionRequest: Sendable {
    package enum Purpose: String, Sendable, Codable {
        /// A look at an utterance that still goes on; may be dropped under load.
        case partial
        /// The whole utterance; counts.
        case final
    }

    /// The utterance with its padding.
    package var sound: HeardSound
    package var language: Language
    package var purpose: Purpose
    /// Words that are likely to come: names, products. May be ignored.
    package var hints: [String]

    package init(_ sound: HeardSound, language: Language, purpose: Purpose, hints: [String] = []) {
        (self.sound, self.language, self.purpose, self.hints) = (sound, language, purpose, hints)
    }

    package init(audio: [Float], language: Language, purpose: Purpose, hints: [String] = []) {
        self.init(HeardSound(audio), language: language, purpose: purpose, hints: hints)
    }
}

/// What was said.
package struct Transcript: Sendable, Equatable, Codable {
    /// Trimmed; empty when there was no speech, which is not an error.
    package var text: String
    /// 0...1, higher is surer; nil when the engine does not tell.
    package var confidence: Float?

    package init(text: String, confidence: Float? = nil) { (self.text, self.confidence) = (text, confidence) }
}

/// Turns speech into text. One instance serves all sessions at once.
package protocol Recognizer: Sendable {
    var name: String { get }
    /// Whether a partial is cheap enough to be asked for while the caller speaks.
    var servesPartials: Bool { get }
    /// - Throws: ``EngineError``, or `CancellationError`; cancelling the task drops the work.
    func transcribe(_ request: RecognitionRequest) async throws -> Transcript
}
