import Engines
import Foundation
import Testing

@testable import EmbeddedEngines

/// Prints what things cost; run on one core of a release build.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["PARLEY_BENCHMARK"] != nil, "figures on demand: set PARLEY_BENCHMARK"), .serialized)
struct SpeedTests {
    /// Median and 99th percentile in microseconds.
    private func measure(_ count: Int, _ body: (Int) throws -> Void) rethrows -> (median: Double, p99: Double) {
        var times: [Double] = []
        for number in 0..<count {
            let time = try ContinuousClock().measure { try body(number) }
            times.append(time / .microseconds(1))
        }
        times.sort()
        return (times[count / 2], times[count * 99 / 100])
    }

    @Test(.enabled(if: ModelFiles.hasSilero, "needs the models (PARLEY_MODELS)")) func aWindowThroughADetectorTakesMicroseconds() throws {
        let samples = (0..<512 * 200).map { Float(sin(Double($0) * 0.05)) * 0.3 }
        var makers: [(String, any VoiceDetectorMaker)] = [("energy", EnergyDetectorMaker())]
        for path in SileroDetectorMaker.Path.allCases where path.isAvailable {
            makers.append(("silero \(path)", try SileroDetectorMaker(modelPath: ModelFiles.silero, path: path)))
        }
        var fastest = Double.infinity
        for (name, maker) in makers {
            let detector = maker.makeDetector()
            let time = measure(4000) { number in
                let start = number % 200 * 512
                _ = detector.probability(of: samples.span.extracting(start..<start + 512))
            }
            print("\(name): median \(time.median) us, p99 \(time.p99) us a window")
            if name != "energy" { fastest = min(fastest, time.median) }
        }
        #expect(fastest < 25)
    }

    @Test(.enabled(if: ModelFiles.hasSmartTurn, "needs the models (PARLEY_MODELS)")) func aQuestionToSmartTurnTakesMilliseconds() throws {
        let model = try OnnxModel.load(ModelFiles.smartTurn, runtime: try OnnxRuntime.open(libraryPath: ModelFiles.library))
        let audio = (0..<128_000).map { Float(sin(Double($0) * 0.05)) * 0.3 }
        let mel = try LogMel()
        let listening = try measure(20) { _ in _ = try mel.spectrum(of: audio) }
        let spectrum = try OnnxTensor(try mel.spectrum(of: audio), shape: LogMel.shape)
        let judging = try measure(20) { _ in _ = try model.run([spectrum]) }
        print("smart-turn: log-mel \(listening.median / 1000) ms, model \(judging.median / 1000) ms")
        #expect(judging.median < 1_000_000)
    }
}
