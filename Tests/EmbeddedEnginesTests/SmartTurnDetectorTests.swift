import Engines
import Foundation
import SharedFolder
import Testing

@testable import EmbeddedEngines

@Suite(.enabled(if: ModelFiles.hasSmartTurn, "needs the models (PARLEY_MODELS)"))
struct SmartTurnDetectorTests {
    let runtime: OnnxRuntime
    let pool = InferencePool(width: 2, capacity: 64)

    init() throws { runtime = try OnnxRuntime.open(libraryPath: ModelFiles.library) }

    @Test(.timeLimit(.minutes(1))) func anythingGetsAProbability() async throws {
        let detector = try SmartTurnDetector(modelPath: ModelFiles.smartTurn, runtime: runtime, pool: pool)
        for audio in [[], [Float](repeating: 0, count: 16_000), [Float](repeating: .nan, count: 200_000)] {
            #expect((0...1).contains(try await detector.probabilityOfEnd(audio)))
        }
    }

    @Test func anotherModelIsRefusedByName() {
        let error = #expect(throws: EngineError.self) { try SmartTurnDetector(modelPath: ModelFiles.silero, runtime: runtime, pool: pool) }
        #expect(error?.code == .failed)
        #expect(error?.detail.contains("silero_vad_16k_op15.onnx") == true)
    }

    @Test(.timeLimit(.minutes(1))) func aCancelledQuestionIsDropped() async throws {
        let detector = try SmartTurnDetector(modelPath: ModelFiles.smartTurn, runtime: runtime, pool: pool)
        let question = Task { try await detector.probabilityOfEnd([Float](repeating: 0.1, count: 16_000)) }
        question.cancel()
        await #expect(throws: CancellationError.self) { try await question.value }
    }

    @Test(.enabled(if: Recordings.areHere, "needs shared/data and flac"), .timeLimit(.minutes(1)))
    func aWholeSentenceSoundsMoreFinishedThanHalfOfIt() async throws {
        let detector = try SmartTurnDetector(modelPath: ModelFiles.smartTurn, runtime: runtime, pool: pool)
        // As recorded: an abrupt end in digital silence would sound finished by itself.
        var (whole, half): ([Float], [Float]) = ([], [])
        for recording in Recordings.category("asr-en") {
            let samples = try Recordings.samples(recording)
            async let complete = detector.probabilityOfEnd(samples)
            async let cut = detector.probabilityOfEnd(Array(samples.prefix(samples.count / 2)))
            whole.append(try await complete)
            half.append(try await cut)
        }
        let (mean, meanOfHalf) = (whole.reduce(0, +) / Float(whole.count), half.reduce(0, +) / Float(half.count))
        print("smart-turn over \(whole.count) sentences: whole \(mean), cut in the middle \(meanOfHalf)")
        print("  whole above 0.5: \(whole.count { $0 > 0.5 }), cut below 0.5: \(half.count { $0 < 0.5 })")
        #expect(mean > meanOfHalf + 0.2)
    }
}
