import CSpeech
import Dialogue
package import Engines
import Foundation

/// English speech to text in this process, by Moonshine tiny.
///
/// Any number of callers share one instance. Work runs on the inference pool: finals before partials. Utterances over 15 s are cut at pauses and
/// heard piece by piece, so that no piece holds a thread for more than some 400 ms.
package final class MoonshineRecognizer: Recognizer {
    package let name = "moonshine-tiny-en"
    package let servesPartials = true
    /// How words are looked for, in short; another where the same sound may give other words.
    package static let search = "beam-\(TokenBeam.width)"

    private let model: MoonshineModel
    private let pool: InferencePool

    package init(model: MoonshineModel, pool: InferencePool) { (self.model, self.pool) = (model, pool) }

    /// Hears English; other languages are refused. Hints are ignored.
    ///
    /// The transcript is empty for silence, noise, music, anything under 0.1 s, and words the model itself does not believe.
    /// - Throws: ``EngineError``: `engine.unsupported_language`, `engine.bad_request` beyond 10 minutes, `engine.overloaded`, `engine.failed`;
    ///   `CancellationError`: cancelling the task drops waiting work, and ends running work within one step of the decoder.
    package func transcribe(_ request: RecognitionRequest) async throws -> Transcript {
        guard request.language == .english else {
            throw EngineError(.unsupportedLanguage, "\(name) hears English only, not \(request.language.rawValue)")
        }
        let sound = request.sound
        guard sound.count >= Self.leastSamples else { return Transcript(text: "") }
        guard sound.count <= Self.mostSamples else { throw EngineError(.badRequest, "an utterance of more than 10 minutes") }
        let priority: InferencePool.Priority =
            switch request.purpose {
            case .partial: .partial
            case .final: .final
            }
        var texts: [String] = []
        // Whether there was speech at all is told by the text that followed the likeliest token each time.
        var greedyTexts: [String] = []
        var sum: (logProbability: Float, decisions: Int) = (0, 0)
        var pieces: [[Float]]?
        repeat {
            let (model, waiting) = (model, pieces)
            let (hearing, rest) = try await pool.run(priority: priority) { job in
                // What waits in the pool is not put together yet.
                let pieces = waiting ?? Self.pieces(of: sound.samples)
                guard let samples = pieces.first else { return (TokenBeam?.none, [[Float]]()) }
                let limit = Self.maximumTokens(samples: samples.count)
                return (try model.hear(SpeechPadding().padded(samples), maximumTokens: limit, job: job), Array(pieces.dropFirst()))
            }
            pieces = rest
            guard let hearing, let text = english(hearing.best), let greedyText = english(hearing.greedy) else { continue }
            texts.append(text)
            greedyTexts.append(greedyText)
            sum = (sum.logProbability + hearing.greedy.logProbability, sum.decisions + hearing.greedy.decisions)
        } while pieces?.isEmpty == false
        let text = texts.joined(separator: " ")
        let logProbability = sum.logProbability / Float(max(1, sum.decisions))
        guard Self.isCredible(greedyTexts.joined(separator: " "), logProbability: logProbability), !Self.isPhantom(text) else {
            return Transcript(text: "")
        }
        return Transcript(text: text, confidence: min(1, max(0, exp(logProbability))))
    }

    private func english(_ hypothesis: TokenBeam.Hypothesis) -> String? {
        model.tokenizer.text(of: hypothesis.tokens).flatMap { Self.isEnglish($0) ? $0 : nil }
    }

    /// The sound in pieces that the model can take at once; none where it is too quiet for speech.
    private static func pieces(of samples: [Float]) -> [[Float]] {
        var audio = samples
        guard pcm_clean(&audio, audio.count) >= quietestPeak else { return [] }
        return cutter.pieces(of: audio).map { Array(audio[$0]) }
    }

    /// Whether the text can be English speech: Latin letters or digits, and no note, which stands for music.
    static func isEnglish(_ text: String) -> Bool {
        let letters = text.unicodeScalars.filter { $0.properties.isAlphabetic || $0.properties.numericType != nil }
        return !letters.isEmpty && letters.allSatisfy { $0.value < 0x250 } && !text.unicodeScalars.contains { 0x2669...0x266F ~= $0.value }
    }

    /// Whether the model believes its own words. Clear speech has a mean of -0.02...-0.25, a learner's down to -0.8, noise -0.5...-1.8; the fewer the
    /// words, the surer it must be. What it says to silence it believes firmly, but that is always the same.
    static func isCredible(_ text: String, logProbability: Float) -> Bool {
        let words = text.split(separator: " ")
        return !words.isEmpty && logProbability >= (words.count < 3 ? -0.65 : -0.85) && !isPhantom(text)
    }

    private static func isPhantom(_ text: String) -> Bool { phantoms.contains(text.lowercased().filter { $0.isLetter || $0 == " " }) }

    /// Nobody says more than 6.5 tokens a second.
    static func maximumTokens(samples: Int) -> Int { Int((Double(samples) / 16_000 * 6.5).rounded(.up)) + 4 }

    /// 0.1 s.
    private static let leastSamples = 1600
    private static let mostSamples = 600 * 16_000
    /// Some -66 dB of full scale: no telephone is as quiet with somebody talking.
    private static let quietestPeak: Float = 0.0005
    private static let phantoms: Set<String> = ["you", "thank you for watching", "thanks for watching"]
    private static let cutter = UtteranceCutter(longest: 15 * 16_000, shortest: 7 * 16_000)
}
