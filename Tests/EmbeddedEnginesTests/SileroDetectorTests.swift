import CSpeech
import Engines
import Foundation
import SharedFolder
import Testing

@testable import EmbeddedEngines

extension VoiceDetector {
    /// One probability for every whole window.
    func probabilities(of samples: [Float]) -> [Float] {
        stride(from: 0, through: samples.count - VoiceDetection.windowSamples, by: VoiceDetection.windowSamples).map {
            probability(of: samples.span.extracting($0..<$0 + VoiceDetection.windowSamples))
        }
    }
}

@Suite(.enabled(if: ModelFiles.hasSilero, "needs the models (PARLEY_MODELS)"))
struct SileroDetectorTests {
    private func noise(_ count: Int, level: Float, seed: UInt64 = 1) -> [Float] {
        var state = seed
        return (0..<count).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (Float(state >> 40) / Float(1 << 24) * 2 - 1) * level
        }
    }

    @Test func aStreamTakesLessThanTwoKilobytes() { #expect(MemoryLayout<silero_state>.size <= 2048) }

    @Test func allPathsOfThisMachineAgree() throws {
        let samples = noise(512 * 60, level: 0.3)
        let portable = try SileroDetectorMaker(modelPath: ModelFiles.silero, path: .portable).makeDetector().probabilities(of: samples)
        #expect(portable.count == 60 && portable.allSatisfy { (0...1).contains($0) })
        for path in SileroDetectorMaker.Path.allCases where path.isAvailable {
            let maker = try SileroDetectorMaker(modelPath: ModelFiles.silero, path: path)
            #expect(maker.path == path)
            let other = maker.makeDetector().probabilities(of: samples)
            #expect(zip(portable, other).allSatisfy { abs($0 - $1) < (path.isExact ? 1e-4 : 0.02) }, "\(path)")
        }
    }

    @Test func streamsDoNotTouchEachOther() throws {
        let maker = try SileroDetectorMaker(modelPath: ModelFiles.silero)
        let (loud, soft) = (noise(512 * 20, level: 0.8), noise(512 * 20, level: 0.01, seed: 2))
        let alone = maker.makeDetector().probabilities(of: loud)
        let (first, second) = (maker.makeDetector(), maker.makeDetector())
        var together: [Float] = []
        for start in stride(from: 0, to: loud.count, by: 512) {
            together.append(first.probability(of: loud.span.extracting(start..<start + 512)))
            _ = second.probability(of: soft.span.extracting(start..<start + 512))
        }
        #expect(together == alone)
    }

    @Test(arguments: 1...9) func streamsJudgedTogetherAreJudgedAsAlone(_ count: Int) throws {
        for path in SileroDetectorMaker.Path.allCases where path.isAvailable {
            let maker = try SileroDetectorMaker(modelPath: ModelFiles.silero, path: path)
            let sounds = (0..<count).map { noise(512 * 12, level: 0.9 / Float(1 + $0), seed: UInt64($0 + 1)) }
            let alone = sounds.map { maker.makeDetector().probabilities(of: $0) }
            let detectors = sounds.map { _ in maker.makeDetector() }
            var probabilities = [Float](repeating: -1, count: count)
            for window in 0..<12 {
                let windows = sounds.flatMap { $0[window * 512..<(window + 1) * 512] }
                maker.judge(windows.span, by: detectors, into: &probabilities)
                for stream in 0..<count {
                    #expect(abs(probabilities[stream] - alone[stream][window]) < 1e-5, "\(path), stream \(stream), window \(window)")
                }
            }
        }
    }

    @Test func windowsThatAreSparedCostNothingOfWhatFollows() throws {
        let maker = try SileroDetectorMaker(modelPath: ModelFiles.silero)
        let samples = noise(512 * 60, level: 0.001)
        let (sparing, hearing) = (maker.makeDetector(), maker.makeDetector())
        var spared = 0
        for start in stride(from: 0, to: samples.count, by: 512) {
            let window = samples.span.extracting(start..<start + 512)
            let known = sparing.glance(at: window)
            if known != nil { spared += 1 }
            #expect(abs((known ?? sparing.probability(of: window)) - hearing.probability(of: window)) < 0.02)
        }
        #expect(spared >= 30)
        sparing.reset()
        #expect(sparing.glance(at: samples.span.extracting(0..<512)) == nil)
    }

    @Test(.enabled(if: Recordings.areHere, "needs shared/data and flac"), .timeLimit(.minutes(5)))
    func sparingQuietWindowsMovesNoVoice() throws {
        let maker = try SileroDetectorMaker(modelPath: ModelFiles.silero)
        var (windows, spared, otherSide, missed) = (0, 0, 0, 0)
        for recording in Recordings.all {
            let samples = try Recordings.samples(recording)
            let whole = maker.makeDetector().probabilities(of: samples)
            let detector = maker.makeDetector()
            for (index, expected) in whole.enumerated() {
                let window = samples.span.extracting(index * 512..<(index + 1) * 512)
                let known = detector.glance(at: window)
                let found = known ?? detector.probability(of: window)
                windows += 1
                if known != nil { spared += 1 }
                if known != nil, expected >= 0.5 { missed += 1 }
                if (found >= 0.5) != (expected >= 0.5) { otherSide += 1 }
            }
        }
        print("silero sparing quiet windows: \(spared) of \(windows) spared, voiced among them \(missed), the other side of 0.5 in \(otherSide)")
        #expect(spared * 10 > windows)
        #expect(Double(missed) < 0.001 * Double(windows))
        #expect(Double(otherSide) < 0.003 * Double(windows))
    }

    @Test func resetForgetsTheStream() throws {
        let detector = try SileroDetectorMaker(modelPath: ModelFiles.silero).makeDetector()
        let samples = noise(512 * 10, level: 0.5)
        let first = detector.probabilities(of: samples)
        #expect(detector.probabilities(of: samples) != first)
        detector.reset()
        #expect(detector.probabilities(of: samples) == first)
    }

    @Test(arguments: [Float.nan, .infinity, -.infinity, 1e30, -.greatestFiniteMagnitude, 32768])
    func hostileSamplesLeaveTheStreamUsable(_ sample: Float) throws {
        for path in SileroDetectorMaker.Path.allCases where path.isAvailable {
            let detector = try SileroDetectorMaker(modelPath: ModelFiles.silero, path: path).makeDetector()
            let probabilities = detector.probabilities(of: Array(repeating: sample, count: 512 * 3) + noise(512 * 100, level: 0.001))
            #expect(probabilities.allSatisfy { (0...1).contains($0) })
            #expect(try #require(probabilities.last) < 0.3)
        }
    }

    @Test func aMissingOrForeignFileIsAnErrorThatNamesIt() throws {
        let missing = #expect(throws: EngineError.self) { try SileroDetectorMaker(modelPath: "/nowhere/vad.onnx") }
        #expect(missing?.code == .unavailable)
        #expect(missing?.detail.contains("/nowhere/vad.onnx") == true)
        var bytes = try Data(contentsOf: URL(fileURLWithPath: ModelFiles.silero))
        let broken = FileManager.default.temporaryDirectory.appendingPathComponent("broken-\(UUID()).onnx")
        defer { try? FileManager.default.removeItem(at: broken) }
        // The first weights belong to the transform: other ones make it another net.
        let basis = try #require(bytes.range(of: Data("forward_basis_buffer".utf8), options: .backwards))
        for offset in 0..<64 { bytes[basis.upperBound + 4000 + offset] = 0x40 }
        try bytes.write(to: broken)
        let foreign = #expect(throws: EngineError.self) { try SileroDetectorMaker(modelPath: broken.path) }
        #expect(foreign?.code == .failed)
        #expect(foreign?.detail.contains("another net") == true)
        for length in [0, 1, 7, 40, 1000, bytes.count / 2, bytes.count - 1] {
            try bytes.prefix(length).write(to: broken)
            let cut = #expect(throws: EngineError.self) { try SileroDetectorMaker(modelPath: broken.path) }
            #expect(cut?.code == .failed)
        }
    }

    @Test(.enabled(if: ModelFiles.hasLibrary && Recordings.areHere, "needs ONNX Runtime, shared/data and flac"), .timeLimit(.minutes(5)))
    func itGivesWhatONNXRuntimeGives() throws {
        let model = try OnnxModel.load(ModelFiles.silero, runtime: try OnnxRuntime.open(libraryPath: ModelFiles.library))
        let exact = SileroDetectorMaker.Path.allCases.last { $0.isExact && $0.isAvailable }
        let paths = [SileroDetectorMaker.Path.best] + (SileroDetectorMaker.Path.best.isExact ? [] : [try #require(exact)])
        let makers = try paths.map { try SileroDetectorMaker(modelPath: ModelFiles.silero, path: $0) }
        let recordings = Recordings.all
        let rate = try OnnxTensor([16_000] as [Int64], shape: [])
        var differences = paths.map { _ in Differences() }
        for recording in recordings {
            let samples = try Recordings.samples(recording)
            var (context, state) = ([Float](repeating: 0, count: 64), try OnnxTensor([Float](repeating: 0, count: 256), shape: [2, 1, 128]))
            let own = makers.map { $0.makeDetector().probabilities(of: samples) }
            for index in 0..<samples.count / 512 {
                let window = samples[index * 512..<(index + 1) * 512]
                let outputs = try model.run([OnnxTensor(context + window, shape: [1, 576]), state, rate])
                (context, state) = (Array(window.suffix(64)), outputs[1])
                let expected = try outputs[0].floats()[0]
                for path in paths.indices { differences[path].add(own[path][index], expected) }
            }
        }
        for (path, found) in zip(paths, differences) {
            print(
                "silero by \(path) against ONNX Runtime: \(recordings.count) recordings, \(found.windows) windows, largest \(found.largest),",
                "mean \(found.mean), the other side of 0.5 in \(found.otherSide)")
            #expect(found.windows > 1000)
            #expect(found.largest < (path.isExact ? 1e-4 : 0.05))
            #expect(found.mean < (path.isExact ? 1e-5 : 5e-4))
            #expect(Double(found.otherSide) < 0.001 * Double(found.windows))
        }
    }

    private struct Differences {
        var (windows, otherSide, largest, sum) = (0, 0, Float(0), Double(0))
        var mean: Double { sum / Double(windows) }

        mutating func add(_ own: Float, _ expected: Float) {
            let difference = abs(own - expected)
            (windows, largest, sum) = (windows + 1, max(largest, difference), sum + Double(difference))
            if (own > 0.5) != (expected > 0.5) { otherSide += 1 }
        }
    }
}
