import Engines
import Foundation
import Testing

@testable import EmbeddedEngines

@Suite struct OnnxRuntimeTests {
    @Test func aMissingLibraryIsUnavailableAndNamed() {
        let error = #expect(throws: EngineError.self) { try OnnxRuntime.open(libraryPath: "/nowhere/libonnxruntime.so") }
        #expect(error?.code == .unavailable)
        #expect(error?.detail.contains("/nowhere/libonnxruntime.so") == true)
    }

    @Test func anotherLibraryIsRefused() {
        let error = #expect(throws: EngineError.self) { try OnnxRuntime.open(libraryPath: "libm.so.6") }
        #expect(error?.code == .unavailable)
        #expect(error?.detail.contains("not ONNX Runtime") == true)
    }

    @Test func aTensorWhoseShapeDoesNotHoldItsNumbersIsRefused() {
        for shape in [[3], [2, 2, 2], [-1, -4], [Int.max, Int.max], Array(repeating: 1, count: 9)] {
            let error = #expect(throws: EngineError.self) { try OnnxTensor([1, 2, 3, 4] as [Float], shape: shape) }
            #expect(error?.code == .badRequest)
        }
    }

    @Test func aTensorGivesItsNumbersBackOnlyAsWhatTheyAre() throws {
        let tensor = try OnnxTensor([1, -2, 3] as [Float], shape: [1, 3])
        #expect(try tensor.floats() == [1, -2, 3])
        #expect(throws: EngineError.self) { try tensor.withInt64s { $0.count } }
        #expect(try OnnxTensor([Float](), shape: [1, 8, 0, 36]).floats().isEmpty)
    }

    @Test func theLargestNumbersAreFoundWithTheirSoftmax() throws {
        var values = [Float](repeating: -3, count: 1000)
        (values[777], values[12]) = (2, 1)
        let sum = 1 + exp(Float(-1)) + 998 * exp(Float(-5))
        let best = try #require(try OnnxTensor(values, shape: [1000]).largest(3).first)
        #expect(best.map(\.index) == [777, 12, 0])
        for (found, difference) in zip(best, [0, 1, 5] as [Float]) { #expect(abs(found.logProbability + log(sum) + difference) < 1e-5) }
        #expect(try OnnxTensor([5, .nan, 5] as [Float], shape: [3]).largest(4).first?.map(\.index) == [0, 2])
        #expect(throws: EngineError.self) { try OnnxTensor([.nan, .nan] as [Float], shape: [2]).largest(1) }
        #expect(throws: EngineError.self) { try OnnxTensor([Float](), shape: [0]).largest(1) }
    }

    @Test func everyRunOfTheLastDimensionHasItsOwnLargest() throws {
        let found = try OnnxTensor([1, 2, 3, 9, 8, 7] as [Float], shape: [2, 1, 3]).largest(2)
        #expect(found.map { $0.map(\.index) } == [[2, 1], [0, 1]])
        #expect(throws: EngineError.self) { try OnnxTensor([1, 2, .nan, .nan] as [Float], shape: [2, 2]).largest(1) }
    }

    @Test func rowsAreTakenInAnyOrderAndNumber() throws {
        let tensor = try OnnxTensor([1, 2, 3, 4, 5, 6] as [Float], shape: [3, 1, 2])
        #expect(try tensor.rows([0, 1, 2]) === tensor)
        let chosen = try tensor.rows([2, 0, 0, 1])
        #expect(chosen.shape == [4, 1, 2])
        #expect(try chosen.floats() == [5, 6, 1, 2, 1, 2, 3, 4])
        #expect(try tensor.rows([]).shape == [0, 1, 2])
        #expect(throws: EngineError.self) { try tensor.rows([3]) }
        #expect(throws: EngineError.self) { try OnnxTensor([1] as [Int64], shape: [1]).rows([0, 0]) }
    }
}

@Suite(.enabled(if: ModelFiles.hasLibrary && ModelFiles.hasSilero, "needs the models (PARLEY_MODELS)"))
struct OnnxModelTests {
    let runtime: OnnxRuntime
    let model: OnnxModel

    init() throws {
        runtime = try OnnxRuntime.open(libraryPath: ModelFiles.library)
        model = try OnnxModel.load(ModelFiles.silero, runtime: runtime)
    }

    private func run(_ sample: Float, stop: OnnxStop? = nil) throws -> [OnnxTensor] {
        try model.run(
            [
                OnnxTensor([Float](repeating: sample, count: 576), shape: [1, 576]),
                OnnxTensor([Float](repeating: 0, count: 256), shape: [2, 1, 128]), OnnxTensor([16_000] as [Int64], shape: []),
            ], stop: stop)
    }

    @Test func itNamesWhatItTakesAndGives() {
        #expect(model.inputNames == ["input", "state", "sr"])
        #expect(model.outputNames == ["output", "stateN"])
    }

    @Test func itGivesTensorsInItsOwnOrder() throws {
        let outputs = try run(0)
        #expect(outputs.map(\.shape) == [[1, 1], [2, 1, 128]])
        let probability = try #require(try outputs[0].floats().first)
        #expect((0...0.2).contains(probability))
    }

    @Test func anOutputMayBeAnInputAndOutlivesItsModel() throws {
        var state: OnnxTensor?
        do {
            let other = try OnnxModel.load(ModelFiles.silero, runtime: try OnnxRuntime.open(libraryPath: ModelFiles.library))
            let input = try OnnxTensor([Float](repeating: 0.1, count: 576), shape: [1, 576])
            let rate = try OnnxTensor([16_000] as [Int64], shape: [])
            let first = try other.run([input, OnnxTensor([Float](repeating: 0, count: 256), shape: [2, 1, 128]), rate])
            state = try other.run([input, first[1], rate])[1]
        }
        let values = try #require(try state?.floats())
        #expect(values.count == 256 && values.contains { $0 != 0 } && values.allSatisfy { $0.isFinite })
    }

    @Test(.timeLimit(.minutes(1))) func manyThreadsGetTheSameAnswers() async throws {
        let expected = try (0..<8).map { try run(Float($0) / 8)[0].floats() }
        let answers = try await withThrowingTaskGroup { group in
            for task in 0..<64 { group.addTask { (task % 8, try run(Float(task % 8) / 8)[0].floats()) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers.count == 64)
        for (task, answer) in answers { #expect(answer == expected[task]) }
    }

    @Test func wrongInputsAreErrorsThatNameTheFile() throws {
        let tooFew = #expect(throws: EngineError.self) { try model.run([]) }
        #expect(tooFew?.code == .badRequest)
        let wrongShape = #expect(throws: EngineError.self) {
            try model.run(
                [
                    OnnxTensor([1, 2] as [Float], shape: [2]), OnnxTensor([1] as [Float], shape: [1]),
                    OnnxTensor([16_000] as [Int64], shape: []),
                ])
        }
        #expect(wrongShape?.code == .failed)
        #expect(wrongShape?.detail.contains("silero_vad_16k_op15.onnx") == true)
    }

    @Test func aStoppedRunIsCancelled() throws {
        let stop = try OnnxStop(runtime: runtime)
        #expect(try run(0, stop: stop).count == 2)
        stop.stop()
        #expect(throws: CancellationError.self) { try run(0, stop: stop) }
    }

    @Test func aMissingOrBrokenModelIsAnErrorThatNamesTheFile() throws {
        let missing = #expect(throws: EngineError.self) { try OnnxModel.load("/nowhere/model.onnx", runtime: runtime) }
        #expect(missing?.code == .unavailable)
        let broken = FileManager.default.temporaryDirectory.appendingPathComponent("broken-\(UUID()).onnx")
        defer { try? FileManager.default.removeItem(at: broken) }
        try Data("not a model".utf8).write(to: broken)
        let error = #expect(throws: EngineError.self) { try OnnxModel.load(broken.path, runtime: runtime) }
        #expect(error?.code == .failed)
        #expect(error?.detail.contains(broken.path) == true)
    }
}
