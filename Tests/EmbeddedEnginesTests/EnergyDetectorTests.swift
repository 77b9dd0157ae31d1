import Engines
import Foundation
import SharedFolder
import Testing

@testable import EmbeddedEngines

@Suite struct EnergyDetectorTests {
    private func noise(_ windows: Int, level: Float) -> [Float] {
        var state: UInt64 = 7
        return (0..<windows * 512).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (Float(state >> 40) / Float(1 << 24) * 2 - 1) * level
        }
    }

    /// Harmonics of a gliding pitch in syllables of 200 ms with gaps of 60 ms.
    private func voice(_ windows: Int, level: Float) -> [Float] {
        var phase: Float = 0
        return (0..<windows * 512).map { n in
            let time = Float(n) / 16_000
            phase += (140 + 30 * sin(time * 5)) / 16_000
            phase -= phase.rounded(.down)
            let syllable = time.truncatingRemainder(dividingBy: 0.26)
            let envelope = syllable < 0.2 ? sin(.pi * syllable / 0.2) : 0
            let wave = (1...6).reduce(Float(0)) { $0 + sin(2 * .pi * phase * Float($1)) / Float($1) }
            return level * envelope * wave
        }
    }

    private func share(above threshold: Float, of probabilities: some Collection<Float>) -> Double {
        Double(probabilities.count { $0 > threshold }) / Double(probabilities.count)
    }

    @Test func silenceIsNoSpeech() {
        let detector = EnergyDetectorMaker().makeDetector()
        #expect(detector.probabilities(of: [Float](repeating: 0, count: 512 * 50)).allSatisfy { $0 < 0.3 })
    }

    @Test(arguments: [Float(0.001), 0.01, 0.1, 0.5]) func steadyNoiseIsNoSpeechOnceItIsKnown(_ level: Float) {
        let probabilities = EnergyDetectorMaker().makeDetector().probabilities(of: noise(100, level: level))
        #expect(share(above: 0.5, of: probabilities.dropFirst(25)) == 0)
    }

    @Test(arguments: [Float(0), 0.002, 0.01]) func aVoiceStandsOutOfSteadyNoise(_ level: Float) {
        let detector = EnergyDetectorMaker().makeDetector()
        _ = detector.probabilities(of: noise(40, level: level))
        let voiced = zip(voice(50, level: 0.2), noise(50, level: level)).map { $0 + $1 }
        #expect(share(above: 0.5, of: detector.probabilities(of: voiced)) > 0.9)
        let after = detector.probabilities(of: noise(40, level: level))
        #expect(share(above: 0.5, of: after.dropFirst(15)) == 0)
    }

    @Test func aVoiceFromTheFirstSampleOnIsHeard() {
        #expect(share(above: 0.5, of: EnergyDetectorMaker().makeDetector().probabilities(of: voice(40, level: 0.2))) > 0.9)
    }

    @Test func resetForgetsTheStream() {
        let detector = EnergyDetectorMaker().makeDetector()
        let first = detector.probabilities(of: voice(40, level: 0.2))
        _ = detector.probabilities(of: noise(100, level: 0.3))
        detector.reset()
        #expect(detector.probabilities(of: voice(40, level: 0.2)) == first)
    }

    @Test func hostileSamplesLeaveTheStreamUsable() {
        let detector = EnergyDetectorMaker().makeDetector()
        for sample in [Float.nan, .infinity, -1e38, 32768] {
            #expect(detector.probabilities(of: [Float](repeating: sample, count: 512 * 4)).allSatisfy { (0...1).contains($0) })
        }
        let after = detector.probabilities(of: [Float](repeating: 0, count: 512 * 200))
        #expect(after.allSatisfy { (0...1).contains($0) } && (after.last ?? 1) < 0.3)
    }
}

@Suite(.enabled(if: Recordings.areHere, "needs shared/data and flac")) struct VoiceDetectorQualityTests {
    /// Windows by what the labels and the detector say of their middle.
    private struct Score {
        var (hits, falseAlarms, misses) = (0.0, 0.0, 0.0)
        var precision: Double { hits / max(hits + falseAlarms, 1) }
        var recall: Double { hits / max(hits + misses, 1) }
    }

    private func score(_ maker: some VoiceDetectorMaker) throws -> Score {
        var score = Score()
        for recording in Recordings.category("vad") {
            let speech = try Recordings.labels(recording).filter { $0.label == "speech" }
            for (index, probability) in maker.makeDetector().probabilities(of: try Recordings.samples(recording)).enumerated() {
                let middle = (Double(index) + 0.5) * 0.032
                switch (speech.contains { $0.start <= middle && middle < $0.end }, probability > 0.5) {
                case (true, true): score.hits += 1
                case (false, true): score.falseAlarms += 1
                case (true, false): score.misses += 1
                case (false, false): break
                }
            }
        }
        print("\(maker.name) against hand labels: precision \(score.precision), recall \(score.recall)")
        return score
    }

    @Test func theEnergyDetectorFindsMostOfNoisySpeech() throws {
        let score = try score(EnergyDetectorMaker())
        #expect(score.precision > 0.8 && score.recall > 0.75)
    }

    @Test(.enabled(if: ModelFiles.hasSilero, "needs the models (PARLEY_MODELS)")) func sileroFindsNoisySpeech() throws {
        let score = try score(try SileroDetectorMaker(modelPath: ModelFiles.silero))
        #expect(score.precision > 0.9 && score.recall > 0.85)
    }
}
