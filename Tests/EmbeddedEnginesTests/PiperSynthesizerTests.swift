import Audio
import Dialogue
import Engines
import Foundation
import Synchronization
import Testing

@testable import EmbeddedEngines

@Suite(.enabled(if: InstalledModels.areThere && !PhonemizerTests.names.isEmpty, InstalledModels.missing))
struct PiperSynthesizerTests {
    private static let sentence = "Your order has left our warehouse, and it will arrive on Thursday morning."

    private static func speech(_ text: String, pace: Double = 1, by synthesizer: PiperSynthesizer? = nil) async throws -> [SpeechChunk] {
        let chunks = Mutex<[SpeechChunk]>([])
        try await (synthesizer ?? InstalledModels.synthesizer()).speak(SpeechRequest(text: text, language: .english, pace: pace)) { chunk in
            chunks.withLock { $0.append(chunk) }
        }
        return chunks.withLock { $0 }
    }

    private static func latent(_ model: PiperModel) throws -> (symbols: [PiperVoice.Symbol], latent: PiperModel.Latent) {
        let pronunciation = try #require(try Phonemizers.best().pronounce(sentence).first)
        let symbols = model.voice.symbols(of: pronunciation)
        return (symbols, try model.encode(symbols, pace: 1, stop: nil))
    }

    @Test(.timeLimit(.minutes(1))) func theFirstChunkComesSoonAndIsShort() async throws {
        let synthesizer = try InstalledModels.synthesizer()
        let clock = ContinuousClock()
        for text in ["Sure.", "Sure, I can help with that.", Self.sentence] {
            let start = clock.now
            let first = Mutex<Duration?>(nil)
            let chunks = Mutex<[SpeechChunk]>([])
            try await synthesizer.speak(SpeechRequest(text: text, language: .english)) { chunk in
                first.withLock { $0 = $0 ?? clock.now - start }
                chunks.withLock { $0.append(chunk) }
            }
            let all = chunks.withLock { $0 }
            let length = all.reduce(Duration.zero) { $0 + $1.audio.duration }
            print("synthesiser: \(text.count) characters: first chunk \(first.withLock { $0 } ?? .zero), all \(clock.now - start) for \(length)")
            #expect(all.allSatisfy { $0.audio.sampleRate == 22_050 })
            #expect(try #require(all.first).audio.duration <= .milliseconds(420))
        }
    }

    @Test func stretchesJoinToWhatTheWholeSounds() throws {
        let model = try InstalledModels.piper.get()
        let latent = try Self.latent(model).latent
        let whole = try model.decode(latent, frames: 0..<latent.frames, stop: nil)
        var plan = ChunkPlan(frames: latent.frames)
        var joined: [Float] = []
        while let frames = plan.next() { joined += try model.decode(latent, frames: frames, stop: nil) }
        #expect(joined.count == whole.count)
        let power = whole.reduce(Float(0)) { $0 + $1 * $1 }
        let error = zip(whole, joined).reduce(Float(0)) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        let decibels = 10 * log10(Double(power) / max(Double(error), 1e-30))
        print("synthesiser: stretches equal the whole to \(Int(decibels)) dB")
        #expect(decibels > 60)
    }

    @Test(.timeLimit(.minutes(1))) func speechIsAsLoudAsPromisedAndComesAndGoesSoftly() async throws {
        let audio = try await Self.speech(Self.sentence).flatMap(\.audio.samples)
        let sound = try #require(SpeechLevel.sound(in: audio))
        let level = (audio[sound].reduce(0) { $0 + $1 * $1 } / Float(sound.count)).squareRoot()
        let decibels = 20 * log10(level)
        print("synthesiser: \(decibels) dBFS")
        #expect((-24...(-17)).contains(decibels))
        #expect(audio.allSatisfy { abs($0) < 1 })
        let last = try #require(audio.last)
        #expect(audio.first == 0 && abs(last) < 0.001)
        #expect(sound.lowerBound < 22_050 / 20 && audio.count - sound.upperBound < 22_050 / 4)
    }

    @Test(.timeLimit(.minutes(1))) func allWordsAreTimedWithTheFirstChunkOfTheirSentence() async throws {
        let text = "🎉 Hello, caller. " + Self.sentence
        let chunks = try await Self.speech(text)
        let words = chunks.flatMap(\.words)
        #expect(words.map(\.text) == text.split(separator: " ").map(String.init))
        #expect(chunks.filter { !$0.words.isEmpty }.count == 2)
        for (word, next) in zip(words, words.dropFirst()) { #expect(word.start <= word.end && word.end <= next.start) }
        let length = chunks.reduce(Duration.zero) { $0 + $1.audio.duration }
        #expect(try #require(words.last).end <= length)
        #expect(try #require(words.last).end >= length - .milliseconds(900))
    }

    @Test func aNetworkThatTellsDurationsGivesExactWordTimes() throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "encoder-\(UUID().uuidString).onnx")
        defer { try? FileManager.default.removeItem(at: file) }
        let original = try #require(FileManager.default.contents(atPath: InstalledModels.path("models/tts/split/enc.onnx")))
        let hasOutput = original.suffix(PiperModel.durationOutput.count) == Data(PiperModel.durationOutput)
        try (hasOutput ? original : original + PiperModel.durationOutput).write(to: file)
        let model = try PiperModel(
            runtime: InstalledModels.runtime.get(), encoderPath: file.path, decoderPath: InstalledModels.path("models/tts/split/dec.onnx"),
            voicePath: InstalledModels.path("models/tts/en_US-joe-medium.onnx.json"))
        let (symbols, latent) = try Self.latent(model)
        let durations = try #require(latent.durations)
        #expect(durations.reduce(0, +) == Float(latent.frames))
        let words = Self.sentence.split(separator: " ").count
        let exact = WordTimes.frames(words: words, symbols: symbols, durations: durations, frames: latent.frames)
        let guessed = WordTimes.frames(words: words, symbols: symbols, durations: nil, frames: latent.frames)
        let furthest = zip(exact, guessed).map { abs($0.start - $1.start) * 256 / 22_050 }.max() ?? 0
        print("synthesiser: guessed word starts are off by at most \(furthest) s")
        #expect(furthest < 0.4)
    }

    @Test(.timeLimit(.minutes(1))) func paceChangesTheLength() async throws {
        let slow = try await Self.speech("Sure, I can help with that.", pace: 0.5).reduce(0) { $0 + $1.audio.samples.count }
        let fast = try await Self.speech("Sure, I can help with that.", pace: 2).reduce(0) { $0 + $1.audio.samples.count }
        let absurd = try await Self.speech("Yes.", pace: .nan).reduce(0) { $0 + $1.audio.samples.count }
        #expect(Double(slow) > 2 * Double(fast))
        #expect(absurd > 0)
    }

    /// With one thread in the pool, a slot kept while the consumer waits would wait for itself.
    @Test(.timeLimit(.minutes(1))) func aConsumerThatTakesItsTimeHoldsNothing() async throws {
        let pool = InferencePool(width: 1)
        let synthesizer = PiperSynthesizer(model: try InstalledModels.piper.get(), phonemizer: try Phonemizers.best(), pool: pool)
        let inside = Mutex(0)
        try await synthesizer.speak(SpeechRequest(text: Self.sentence, language: .english)) { _ in
            inside.withLock { $0 += 1 }
            #expect(inside.withLock { $0 } == 1)
            #expect(pool.load == InferencePool.Load(running: 0, waiting: 0))
            try await pool.run(priority: .partial) {}
            inside.withLock { $0 -= 1 }
        }
    }

    @Test(.timeLimit(.minutes(1))) func aConsumerEndsTheWorkByThrowing() async throws {
        struct Enough: Error {}
        let calls = Mutex(0)
        await #expect(throws: Enough.self) {
            try await InstalledModels.synthesizer().speak(SpeechRequest(text: Self.sentence, language: .english)) { _ in
                calls.withLock { $0 += 1 }
                throw Enough()
            }
        }
        #expect(calls.withLock { $0 } == 1)
    }

    @Test(.timeLimit(.minutes(1))) func cancellingEndsTheWork() async throws {
        let synthesizer = try InstalledModels.synthesizer()
        let calls = Mutex(0)
        let task = Task {
            try await synthesizer.speak(SpeechRequest(text: Self.sentence, language: .english)) { _ in
                calls.withLock { $0 += 1 }
                withUnsafeCurrentTask { $0?.cancel() }
            }
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(calls.withLock { $0 } == 1)
    }

    @Test(.timeLimit(.minutes(1)), arguments: PhonemizerTests.names) func nothingSaidGivesNothingAndNothingBreaks(name: String) async throws {
        let phonemizer = try #require(PhonemizerTests.installed.first { $0.name == name })
        let synthesizer = try InstalledModels.synthesizer(phonemizer)
        for text in ["", "   ", "🎉🎊", "你好，世界。", "\u{0}\u{1}\u{7F}", "?!"] {
            #expect(try await Self.speech(text, by: synthesizer).isEmpty, "\(text)")
        }
        for text in ["🎉 hm 你好", "[[x]] <b>", "brrrrrrrrrrrr"] {
            #expect(try await !Self.speech(text, by: synthesizer).isEmpty, "\(text)")
        }
    }

    @Test(.timeLimit(.minutes(1))) func otherLanguagesAndEndlessTextsAreRefused() async throws {
        let synthesizer = try InstalledModels.synthesizer()
        await #expect(throws: EngineError(.unsupportedLanguage, "piper speaks English only, not zh")) {
            try await synthesizer.speak(SpeechRequest(text: "你好", language: .chinese)) { _ in }
        }
        let error = await #expect(throws: EngineError.self) { _ = try await Self.speech(String(repeating: "a", count: 5001)) }
        #expect(error?.code == .badRequest)
    }
}
