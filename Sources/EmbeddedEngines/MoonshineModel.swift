package import Engines

/// The two networks of Moonshine and its tokens: one piece of audio in, tokens out. Shared by all threads.
package final class MoonshineModel: Sendable {
    /// What the decoder takes at one of its inputs.
    private enum Role: Sendable {
        case token, audioMask, sound, usesCache
        /// A key or value of attention; `output` is where the step before left it.
        case past(output: Int, isOfSound: Bool)
    }

    let tokenizer: MoonshineTokenizer
    private let encoder: OnnxModel
    private let decoder: OnnxModel
    private let roles: [Role]
    private let logits: Int

    /// Loads the files; takes some 100 ms and 100 MB.
    ///
    /// - Throws: ``EngineError``, naming the file: `engine.unavailable` when it cannot be read, `engine.failed` when it is another model.
    package init(runtime: OnnxRuntime, encoderPath: String, decoderPath: String, tokenizerPath: String) throws(EngineError) {
        tokenizer = try MoonshineTokenizer(path: tokenizerPath)
        encoder = try OnnxModel.load(encoderPath, runtime: runtime)
        decoder = try OnnxModel.load(decoderPath, runtime: runtime)
        guard Set(encoder.inputNames).isSubset(of: ["input_values", "attention_mask"]), encoder.outputNames.count == 1,
            encoder.inputNames.contains("input_values")
        else { throw EngineError(.failed, "\(encoderPath): is no Moonshine encoder") }
        let outputs = decoder.outputNames
        let roles = decoder.inputNames.compactMap { Self.role(of: $0, outputs: outputs) }
        let named = Set(decoder.inputNames)
        guard roles.count == decoder.inputNames.count, let logits = outputs.firstIndex(of: "logits"),
            named.isSuperset(of: ["input_ids", "encoder_hidden_states", "use_cache_branch"])
        else { throw EngineError(.failed, "\(decoderPath): is no Moonshine decoder") }
        (self.roles, self.logits) = (roles, logits)
    }

    /// Hears one piece of audio of at most some 15 s, on the calling thread.
    ///
    /// - Parameters:
    ///   - samples: 16 kHz mono.
    ///   - maximumTokens: What can be said in that time at most.
    /// - Throws: ``EngineError``; `CancellationError` once the job is cancelled, after at most one step of the decoder.
    func hear(_ samples: [Float], maximumTokens: Int, job: InferenceJob) throws -> TokenBeam {
        let audio = try OnnxTensor(samples, shape: [1, samples.count])
        // The decoder, too, takes the mask at the resolution of the audio; one at that of the encoder's output fails beyond 3 s.
        let mask = try OnnxTensor([Int64](repeating: 1, count: samples.count), shape: [1, samples.count])
        let stop = try OnnxStop(runtime: encoder.runtime)
        job.onCancel { stop.stop() }
        let sound = try encoder.run(encoder.inputNames.map { $0 == "input_values" ? audio : mask }, stop: stop)[0]

        let nothing = try OnnxTensor([Float](), shape: [1, Self.heads, 0, Self.headSize])
        var inputs = try roles.map { role in
            switch role {
            case .token: try OnnxTensor([Int64(MoonshineTokenizer.begin)], shape: [1, 1])
            case .audioMask: mask
            case .sound: sound
            case .usesCache: try OnnxTensor([false], shape: [1])
            case .past: nothing
            }
        }
        let cached = try OnnxTensor([true], shape: [1])
        var beam = TokenBeam(end: MoonshineTokenizer.end)
        for step in 0..<maximumTokens {
            try job.checkCancellation()
            let outputs = try decoder.run(inputs, stop: stop)
            let rows = try beam.extend(by: outputs[logits].largest(beam.choices).map { $0.map(TokenBeam.Choice.init) })
            if beam.isDecided { break }
            let tokens = try OnnxTensor(beam.rows.compactMap(\.tokens.last).map(Int64.init), shape: [rows.count, 1])
            for (index, role) in roles.enumerated() {
                switch role {
                case .token: inputs[index] = tokens
                case .usesCache: inputs[index] = cached
                // What the sound gave in the first step holds for all, and for every row of a step; later steps return it empty.
                case .past(let output, let isOfSound):
                    if !isOfSound { inputs[index] = try outputs[output].rows(rows) } else if step == 0 { inputs[index] = outputs[output] }
                case .audioMask, .sound: break
                }
            }
        }
        return beam
    }

    private static let heads = 8
    private static let headSize = 36

    private static func role(of input: String, outputs: [String]) -> Role? {
        switch input {
        case "input_ids": return .token
        case "encoder_attention_mask": return .audioMask
        case "encoder_hidden_states": return .sound
        case "use_cache_branch": return .usesCache
        default:
            let prefix = "past_key_values."
            guard input.hasPrefix(prefix), let output = outputs.firstIndex(of: "present." + input.dropFirst(prefix.count)) else { return nil }
            return .past(output: output, isOfSound: input.contains(".encoder."))
        }
    }
}
