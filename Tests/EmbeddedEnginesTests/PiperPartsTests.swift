import Engines
import Foundation
import Testing

@testable import EmbeddedEngines

/// The parts around the networks of the synthesiser.
struct PiperPartsTests {
    private static func voiceFile(_ text: String) throws -> String {
        let file = FileManager.default.temporaryDirectory.appending(path: "voice-\(UUID().uuidString).json")
        try Data(text.utf8).write(to: file)
        return file.path
    }

    @Test func aSentenceBecomesStartSoundsWithBlanksAndEnd() throws {
        let map = ##"{"^":[1],"$":[2],"_":[0],"a":[14],"b":[15]," ":[3],".":[10],"\##u{327}":[140]}"##
        let path = try Self.voiceFile(#"{"audio":{"sample_rate":22050},"phoneme_id_map":"# + map + "}")
        defer { try? FileManager.default.removeItem(atPath: path) }
        let voice = try PiperVoice(path: path)
        let sounds = [("a", 0), ("x", 0), ("\u{327}", 0), (" ", nil), ("b", 1), (".", nil)] as [(Unicode.Scalar, Int?)]
        let symbols = voice.symbols(of: Pronunciation(words: ["a", "b."], sounds: sounds.map { .init($0.0, word: $0.1) }))
        #expect(symbols.map(\.id) == [1, 0, 14, 0, 140, 0, 3, 0, 15, 0, 10, 0, 2])
        #expect(symbols.map(\.word) == [nil, nil, 0, 0, 0, 0, nil, nil, 1, 1, nil, nil, nil])
        #expect(voice.sampleRate == 22_050)
    }

    @Test(arguments: [
        "", "{}", "[1]", #"{"audio":{"sample_rate":0},"phoneme_id_map":{"^":[1],"$":[2],"_":[0]}}"#,
        #"{"audio":{"sample_rate":22050},"phoneme_id_map":{}}"#,
    ])
    func aFileThatDescribesNoVoiceIsNamed(text: String) throws {
        let path = try Self.voiceFile(text)
        defer { try? FileManager.default.removeItem(atPath: path) }
        #expect(throws: EngineError(.failed, "\(path): describes no Piper voice")) { try PiperVoice(path: path) }
    }

    @Test func chunksGrowAndLeaveNoCrumbs() {
        func chunks(_ frames: Int) -> [Int] {
            var plan = ChunkPlan(frames: frames)
            var sizes: [Int] = []
            while let next = plan.next() { sizes.append(next.count) }
            #expect(plan.isDone)
            return sizes
        }
        #expect(chunks(0) == [])
        #expect(chunks(5) == [5])
        #expect(chunks(35) == [35])
        #expect(chunks(36) == [24, 12])
        #expect(chunks(300) == [24, 48, 96, 96, 36])
        #expect(chunks(275) == [24, 48, 96, 107])
    }

    @Test func wordsTakeTheFramesOfTheirSounds() {
        let symbols = [(nil, 1), (0, 1), (0, 2), (nil, 3), (2, 2), (nil, 1)].map { PiperVoice.Symbol(id: 0, word: $0.0, weight: $0.1) }
        let exact = WordTimes.frames(words: 4, symbols: symbols, durations: [2, 3, 4, 5, 6, 7], frames: 27)
        #expect(exact.map(\.start) == [2, 9, 14, 20])
        #expect(exact.map(\.end) == [9, 9, 20, 20])
        let guessed = WordTimes.frames(words: 4, symbols: symbols, durations: nil, frames: 100)
        #expect(guessed.map(\.start) == [10, 40, 70, 90])
        #expect(WordTimes.frames(words: 2, symbols: [], durations: nil, frames: 10).map(\.end) == [0, 0])
    }

    @Test func speechIsBroughtToTheSameLevelWhateverItsPauses() {
        let tone = (0..<22_050).map { 0.02 * sin(Float($0) * 0.3) }
        let pauses = [Float](repeating: 0, count: 22_000)
        let gain = SpeechLevel.gain(for: tone + pauses)
        #expect(abs(gain * 0.02 / Float(2).squareRoot() - 0.1) < 0.002)
        #expect(SpeechLevel.gain(for: pauses) == 1)
        #expect(SpeechLevel.gain(for: []) == 1)
    }

    @Test func soundIsFoundBetweenSilences() throws {
        let silence = [Float](repeating: 0.001, count: 1100)
        let samples = silence + [Float](repeating: 0.1, count: 550) + silence
        #expect(SpeechLevel.sound(in: samples) == 1100..<1650)
        #expect(SpeechLevel.sound(in: silence) == nil)
    }
}
