import Foundation
import Testing

@testable import EmbeddedEngines

/// What is done to audio and tokens around the networks of the recogniser.
struct UtteranceTests {
    private static func tone(_ seconds: Double, rate: Double = 16_000) -> [Float] {
        (0..<Int(seconds * rate)).map { 0.3 * sin(Float($0) * 0.2) }
    }

    private static func silence(_ seconds: Double) -> [Float] { [Float](repeating: 0, count: Int(seconds * 16_000)) }

    private static let cutter = UtteranceCutter(longest: 15 * 16_000, shortest: 7 * 16_000)

    @Test func aShortUtteranceStaysWhole() { #expect(Self.cutter.pieces(of: Self.tone(15)) == [0..<15 * 16_000]) }

    @Test func aLongUtteranceIsCutInItsPauses() {
        let audio = Self.tone(10) + Self.silence(0.5) + Self.tone(11) + Self.silence(0.5) + Self.tone(6)
        let pieces = Self.cutter.pieces(of: audio)
        #expect(pieces.count == 3)
        #expect((10 * 16_000...Int(10.5 * 16_000)).contains(pieces[0].upperBound))
        #expect((Int(21.5 * 16_000)...22 * 16_000).contains(pieces[1].upperBound))
    }

    @Test(arguments: [15.01, 16, 22, 29.9, 45, 61.3]) func piecesCoverAllAndNoneIsTooLong(seconds: Double) {
        for audio in [Self.tone(seconds), Self.silence(seconds)] {
            let pieces = Self.cutter.pieces(of: audio)
            #expect(pieces.first?.lowerBound == 0 && pieces.last?.upperBound == audio.count)
            for (left, right) in zip(pieces, pieces.dropFirst()) { #expect(left.upperBound == right.lowerBound) }
            #expect(pieces.allSatisfy { $0.count <= 15 * 16_000 && $0.count > 16_000 })
        }
    }

    @Test func silenceIsAddedOnlyWhereItIsMissing() {
        let padding = SpeechPadding()
        let tight = padding.padded(Self.tone(1))
        #expect(tight.count == 16_000 + 1600 + 3200)
        #expect(tight.prefix(1600).allSatisfy { $0 == 0 } && tight.suffix(3200).allSatisfy { $0 == 0 })
        let loose = Self.silence(0.3) + Self.tone(1) + Self.silence(0.3)
        #expect(padding.padded(loose) == loose)
        #expect(padding.padded(Self.tone(0.1)).count == 8000)
        #expect(padding.padded([]).count == 8000)
    }

    @Test func loopsAreFoundAndRepetitionIsNot() {
        #expect(TokenLoop(in: [1, 2, 3, 4]) == nil)
        #expect(TokenLoop(in: [9, 5, 5, 5, 5]) == nil)
        #expect(TokenLoop(in: [9] + [Int](repeating: 5, count: 8))?.kept == 2)
        #expect(TokenLoop(in: [9, 8] + [1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3])?.kept == 5)
        #expect(TokenLoop(in: [1, 2, 3, 1, 2, 3, 1, 2, 3]) == nil)
        #expect(TokenLoop(in: []) == nil)
    }

    @Test func textThatIsNoEnglishSpeechIsDropped() {
        #expect(!MoonshineRecognizer.isEnglish("♪ la la ♪"))
        #expect(!MoonshineRecognizer.isEnglish("2-3ตวบนลาง"))
        #expect(!MoonshineRecognizer.isEnglish("..."))
        #expect(MoonshineRecognizer.isEnglish("A café, 24 hours."))
        #expect(!MoonshineRecognizer.isCredible("You", logProbability: -0.05))
        #expect(!MoonshineRecognizer.isCredible("2-3...", logProbability: -0.7))
        #expect(!MoonshineRecognizer.isCredible("I think I said that", logProbability: -1.3))
        #expect(!MoonshineRecognizer.isCredible("", logProbability: 0))
        #expect(MoonshineRecognizer.isCredible("You did it.", logProbability: -0.3))
    }

    @Test func tokensAreBoundedByTime() {
        #expect(MoonshineRecognizer.maximumTokens(samples: 16_000) == 11)
        #expect(MoonshineRecognizer.maximumTokens(samples: 160_000) == 69)
    }
}
