import Audio
import Engines
import Evaluation

/// Recordings whose truth is known, and engines that answer as they are told.
enum SyntheticCalls {
    /// Loud noise where something is said, faint noise elsewhere.
    static func clip(_ id: String = "clip", category: String = "asr-en", loud: [Range<Int>], length: Int) -> Clip {
        var generator = SeededGenerator(7, id)
        let samples = (0..<length * 16).map { index in
            let level: Float = loud.contains { $0.contains(index / 16) } ? 0.3 : 0.0005
            return Float.random(in: -level...level, using: &generator)
        }
        let labels = loud.map { Clip.Label(.milliseconds($0.lowerBound)..<(.milliseconds($0.upperBound)), "speech") }
        return Clip(id: id, category: category, audio: PCMAudio(sampleRate: 16_000, samples: samples), labels: labels)
    }

    static func evaluation(endOfTurn probability: Float = 0.95, words: String = "hello there") -> Evaluation {
        Evaluation(engines: EvaluationEngines(voice: LoudVoice(), endOfTurn: FixedEnd(probability: probability), recognizer: FixedWords(text: words)))
    }

    static func trace(_ scene: Scene?, _ policy: String, _ evaluation: Evaluation = evaluation()) async throws -> TurnTrace {
        let scenes = [scene].compactMap { $0 }
        return try await evaluation.run(scenes, policies: [try Policy(policy)]).first?.first ?? TurnTrace()
    }
}

/// Takes whatever is loud for a voice.
private struct LoudVoice: VoiceDetectorMaker {
    final class Detector: VoiceDetector {
        func probability(of window: Span<Float>) -> Float { Loudness.rms(window) > -30 ? 0.95 : 0.02 }
        func reset() {}
    }

    let name = "loud"
    func makeDetector() -> any VoiceDetector { Detector() }
}

private struct FixedEnd: EndOfTurnDetector {
    let name = "fixed"
    let probability: Float
    func probabilityOfEnd(_ sound: HeardSound) async throws -> Float { probability }
}

private struct FixedWords: Recognizer {
    let name = "fixed"
    let servesPartials = true
    let text: String
    func transcribe(_ request: RecognitionRequest) async throws -> Transcript { Transcript(text: text) }
}
