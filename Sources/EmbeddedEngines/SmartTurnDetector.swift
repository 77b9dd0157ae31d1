package import Engines

/// smart-turn, version 3: hears from the last 8 s of an utterance whether its speaker has finished. One instance serves all sessions.
package final class SmartTurnDetector: EndOfTurnDetector {
    package let name = "smart-turn-v3"
    private let model: OnnxModel
    private let mel: LogMel
    private let pool: InferencePool

    /// Loads the model; takes some 100 ms, so not for an event loop.
    ///
    /// - Parameters:
    ///   - modelPath: `smart-turn-v3.2-cpu.onnx`.
    ///   - pool: Where it listens; 50 ms of one thread a call.
    /// - Throws: ``EngineError``, naming the file: `engine.unavailable` when it cannot be read, `engine.failed` when it is another model.
    package init(modelPath: String, runtime: OnnxRuntime, pool: InferencePool) throws(EngineError) {
        (model, mel, self.pool) = (try OnnxModel.load(modelPath, runtime: runtime), try LogMel(), pool)
        guard model.inputNames == ["input_features"], model.outputNames.count == 1 else {
            throw EngineError(.failed, "\(modelPath): is not smart-turn, it takes \(model.inputNames)")
        }
    }

    package func probabilityOfEnd(_ sound: HeardSound) async throws -> Float {
        try await pool.run(priority: .endOfTurn) { [model, mel] job in
            let spectrum = try OnnxTensor(try mel.spectrum(of: sound.samples), shape: LogMel.shape)
            let stop = try OnnxStop(runtime: model.runtime)
            job.onCancel { stop.stop() }
            let answer = try model.run([spectrum], stop: stop)[0].floats()
            guard let probability = answer.first, (0...1).contains(probability) else {
                throw EngineError(.badAnswer, "\(model.path): no probability")
            }
            return probability
        }
    }
}
