import Dialogue
import Engines
import Foundation
import Testing

@testable import EmbeddedEngines

@Suite(.enabled(if: InstalledModels.areThere, InstalledModels.missing))
struct MoonshineRecognizerTests {
    private static func request(_ audio: [Float], _ purpose: RecognitionRequest.Purpose = .final) -> RecognitionRequest {
        RecognitionRequest(audio: audio, language: .english, purpose: purpose)
    }

    /// White, and the same each time.
    private static func noise(_ count: Int, level: Float) -> [Float] {
        var state: UInt32 = 1
        return (0..<count).map { _ in
            state = state &* 1_664_525 &+ 1_013_904_223
            return (Float(state >> 8) / Float(1 << 23) - 1) * level
        }
    }

    private static func clip(_ id: String) throws -> [Float] {
        try SharedClips.samples(of: try #require(try SharedClips.clips(of: "asr-en").first { $0.id == id }))
    }

    @Test(.enabled(if: SharedClips.areThere, SharedClips.missing), .timeLimit(.minutes(1)))
    func recordedEnglishIsUnderstood() async throws {
        let recognizer = try InstalledModels.recognizer()
        var errors = WordErrors()
        var seconds = 0.0
        let clock = ContinuousClock()
        var spent = Duration.zero
        for clip in try SharedClips.clips(of: "asr-en") {
            let audio = try SharedClips.samples(of: clip)
            let start = clock.now
            let transcript = try await recognizer.transcribe(Self.request(audio))
            spent += clock.now - start
            seconds += Double(audio.count) / 16_000
            errors.add(said: clip.transcript, heard: transcript.text)
            let confidence = try #require(transcript.confidence)
            #expect(confidence > 0.4 && confidence <= 1, "\(clip.id)")
        }
        print("recogniser on asr-en: \(errors); real-time factor \(spent / .seconds(seconds))")
        #expect(errors.words > 250)
        #expect(errors.rate < 0.15)
    }

    /// A mask at the resolution of the encoder's output fails beyond 3 s; keys of the sound taken from a later step are empty.
    @Test(.enabled(if: SharedClips.areThere, SharedClips.missing), .timeLimit(.minutes(1)))
    func utterancesOfManySecondsAndTokensAreHeard() async throws {
        let transcript = try await InstalledModels.recognizer().transcribe(Self.request(Self.clip("jfk"), .partial))
        #expect(transcript.text.contains("ask what you can do for your country"))
    }

    @Test(.enabled(if: SharedClips.areThere, SharedClips.missing), .timeLimit(.minutes(1)))
    func callersAtOnceGetWhatTheyGetOneByOne() async throws {
        let recognizer = try InstalledModels.recognizer()
        let clips = try SharedClips.clips(of: "asr-en").map { try SharedClips.samples(of: $0) }.filter { $0.count < 96_000 }.prefix(8)
        var serial: [Transcript] = []
        for audio in clips { serial.append(try await recognizer.transcribe(Self.request(audio))) }
        let pool = InferencePool(width: 8)
        let shared = MoonshineRecognizer(model: try InstalledModels.moonshine.get(), pool: pool)
        let parallel = try await withThrowingTaskGroup(of: (Int, Transcript).self) { group in
            for (index, audio) in clips.enumerated() { group.addTask { (index, try await shared.transcribe(Self.request(audio))) } }
            return try await group.reduce(into: [Int: Transcript]()) { $0[$1.0] = $1.1 }
        }
        #expect(clips.count == 8)
        for (index, transcript) in serial.enumerated() { #expect(parallel[index]?.text == transcript.text) }
    }

    @Test(.timeLimit(.minutes(1))) func silenceShortSoundsAndBrokenSamplesAreEmpty() async throws {
        let recognizer = try InstalledModels.recognizer()
        let noise = Self.noise(48_000, level: 0.02)
        let audios: [[Float]] = [
            [], [0.5], [Float](repeating: 0.3, count: 1599), [Float](repeating: 0, count: 32_000), [Float](repeating: .nan, count: 16_000), noise,
        ]
        for audio in audios {
            let transcript = try await recognizer.transcribe(Self.request(audio))
            #expect(transcript == Transcript(text: ""), "\(audio.count) samples")
        }
        // Whatever it hears in this, it ends.
        let square = (0..<16_000).map { $0 / 40 % 2 == 0 ? Float.infinity : -1e30 }
        _ = try await recognizer.transcribe(Self.request(square))
    }

    @Test(.enabled(if: SharedClips.areThere, SharedClips.missing), .timeLimit(.minutes(1)))
    func mostNoiseIsNoWords() async throws {
        let recognizer = try InstalledModels.recognizer()
        let clips = try SharedClips.clips(of: "noise").enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
        var heard = 0
        for clip in clips {
            let audio = try SharedClips.samples(of: clip, effects: ["trim", "0", "2"])
            heard += try await recognizer.transcribe(Self.request(audio)).text.isEmpty ? 0 : 1
        }
        print("recogniser on noise: words in \(heard) of \(clips.count) clips")
        #expect(heard * 3 < clips.count)
    }

    @Test(.timeLimit(.minutes(1))) func otherLanguagesAndEndlessAudioAreRefused() async throws {
        let recognizer = try InstalledModels.recognizer()
        let chinese = RecognitionRequest(audio: [], language: .chinese, purpose: .final)
        await #expect(throws: EngineError(.unsupportedLanguage, "moonshine-tiny-en hears English only, not zh")) {
            try await recognizer.transcribe(chinese)
        }
        let endless = [Float](repeating: 0.1, count: 601 * 16_000)
        let error = await #expect(throws: EngineError.self) { try await recognizer.transcribe(Self.request(endless)) }
        #expect(error?.code == .badRequest)
    }

    @Test(.timeLimit(.minutes(1))) func cancelledWorkThatWaitsIsDropped() async throws {
        let pool = InferencePool(width: 1)
        let recognizer = MoonshineRecognizer(model: try InstalledModels.moonshine.get(), pool: pool)
        let gate = DispatchSemaphore(value: 0)
        async let blocker: Void = pool.run(priority: .final) { gate.wait() }
        while pool.load.running == 0 { await Task.yield() }
        let noise = Self.noise(48_000, level: 0.2)
        let task = Task { try await recognizer.transcribe(Self.request(noise)) }
        while pool.load.waiting == 0 { await Task.yield() }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(pool.load == InferencePool.Load(running: 1, waiting: 0))
        gate.signal()
        try await blocker
    }

    @Test(.timeLimit(.minutes(1))) func cancelledWorkThatRunsEnds() async throws {
        let pool = InferencePool(width: 1)
        let model = try InstalledModels.moonshine.get()
        let noise = Self.noise(240_000, level: 0.2)
        let task = Task {
            try await pool.run(priority: .final) { job in
                let cancelled = DispatchSemaphore(value: 0)
                job.onCancel { cancelled.signal() }
                cancelled.wait()
                return try model.hear(noise, maximumTokens: 100, job: job)
            }
        }
        while pool.load.running == 0 { await Task.yield() }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}
