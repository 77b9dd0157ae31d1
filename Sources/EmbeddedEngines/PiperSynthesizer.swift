import Audio
import Dialogue
package import Engines

/// English text to speech in this process, by a Piper voice that is streamed inside the sentence.
///
/// Any number of callers share one instance; each step runs on the inference pool and holds no thread while a consumer takes its time. The network
/// draws noise by itself, so the same text never gives the same samples twice, nor quite the same length.
package final class PiperSynthesizer: Synthesizer {
    package let name: String
    private let model: PiperModel
    private let phonemizer: any Phonemizer
    private let pool: InferencePool

    package init(name: String = "piper", model: PiperModel, phonemizer: any Phonemizer, pool: InferencePool) {
        (self.name, self.model, self.phonemizer, self.pool) = (name, model, phonemizer, pool)
    }

    /// Speaks English; other languages are refused, and of the voices it has only its own, whatever `voice` names.
    ///
    /// Audio is mono at the voice's rate, near -20 dBFS, never beyond full scale. The first chunk of each sentence is some 0.25 s and brings the
    /// times of all its words. Text in which nothing can be said gives no chunk. The next chunk is made once `onChunk` has returned.
    /// - Throws: ``EngineError``: `engine.unsupported_language`, `engine.bad_request` beyond 5000 characters, `engine.overloaded`, `engine.failed`;
    ///   `CancellationError`: cancelling the task ends the work at the network's next operator; what `onChunk` throws.
    package func speak(_ request: SpeechRequest, onChunk: @Sendable (SpeechChunk) async throws -> Void) async throws {
        guard request.language == .english else {
            throw EngineError(.unsupportedLanguage, "\(name) speaks English only, not \(request.language.rawValue)")
        }
        guard request.text.unicodeScalars.count <= Self.longestText else {
            throw EngineError(.badRequest, "a text of more than \(Self.longestText) characters")
        }
        let pace = request.pace.isFinite ? min(2, max(0.5, request.pace)) : 1
        let (phonemizer, text) = (phonemizer, request.text)
        let sentences = try await pool.run(priority: .speech) { phonemizer.pronounce(text, maximumSounds: Self.longestSentence) }
        var spoken = 0
        for sentence in sentences where !sentence.isSilent {
            let offset = spoken
            var (rendering, chunk) = try await step { [model] stop in
                var rendering = try SentenceRendering(sentence, pace: pace, model: model, stop: stop)
                let chunk = try rendering.next(offset: offset, stop: stop)
                return (rendering, chunk)
            }
            while let audio = chunk {
                try await onChunk(audio)
                guard !rendering.isDone else { break }
                (rendering, chunk) = try await step { [rendering] stop in
                    var next = rendering
                    let chunk = try next.next(offset: offset, stop: stop)
                    return (next, chunk)
                }
            }
            spoken += rendering.samples
        }
    }

    private typealias Step = (rendering: SentenceRendering, chunk: SpeechChunk?)

    private func step(_ work: @escaping @Sendable (OnnxStop) throws -> Step) async throws -> Step {
        try Task.checkCancellation()
        return try await pool.run(priority: .speech) { [runtime = model.runtime] job in
            let stop = try OnnxStop(runtime: runtime)
            job.onCancel { stop.stop() }
            return try work(stop)
        }
    }

    private static let longestText = 5000
    /// Code points, some 10 s: the latent of a sentence is made as a whole, before the first sound.
    private static let longestSentence = 200
}
