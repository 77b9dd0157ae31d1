import CSpeech
package import Engines

/// A Piper voice in two networks: sounds to a latent, and any stretch of the latent to audio. Shared by all threads.
package final class PiperModel: Sendable {
    /// What the first network makes of a sentence.
    struct Latent: Sendable {
        /// [1, channels, frames].
        var values: OnnxTensor
        var frames: Int { values.shape[2] }
        /// Frames of each symbol; nil when this copy of the network does not tell.
        var durations: [Float]?
    }

    /// Samples a frame of the latent becomes.
    static let samplesPerFrame = 256
    /// Frames of neighbourhood either side that make a stretch sound exactly as in the whole: 8 give 61 dB, 10 give 120.
    static let context = 10
    /// What `enc.onnx` must have appended for it to tell the duration of each symbol, and with it exact word times: one more output of its graph.
    ///
    /// A model file is one protobuf message, and of two such messages put end to end a reader takes the union.
    package static let durationOutput: [UInt8] =
        [0x3A, 0x18, 0x62, 0x16, 0x0A, 0x0E] + Array("/Ceil_output_0".utf8) + [0x12, 0x04, 0x0A, 0x02, 0x08, 0x01]

    package let voice: PiperVoice
    /// What brings this voice to -20 dBFS.
    let gain: Float
    var runtime: OnnxRuntime { encoder.runtime }
    private let encoder: OnnxModel
    private let decoder: OnnxModel

    /// Loads the files and says one sentence to nobody, to learn how loud the voice is; takes some 0.5 s and 120 MB.
    ///
    /// - Parameters:
    ///   - encoderPath: Sounds to latent; with ``durationOutput`` appended, word times are exact.
    ///   - decoderPath: Latent to audio.
    ///   - voicePath: The voice's `.onnx.json`.
    /// - Throws: ``EngineError``, naming the file: `engine.unavailable` when it cannot be read, `engine.failed` when it is another model.
    package init(runtime: OnnxRuntime, encoderPath: String, decoderPath: String, voicePath: String) throws(EngineError) {
        voice = try PiperVoice(path: voicePath)
        decoder = try OnnxModel.load(decoderPath, runtime: runtime)
        guard decoder.inputNames.count == 1, decoder.outputNames.count == 1 else {
            throw EngineError(.failed, "\(decoderPath): is no second half of a Piper voice")
        }
        encoder = try OnnxModel.load(encoderPath, runtime: runtime)
        guard encoder.inputNames == ["input", "input_lengths", "scales"], 1...2 ~= encoder.outputNames.count else {
            throw EngineError(.failed, "\(encoderPath): is no first half of a Piper voice of one speaker")
        }
        gain = try Self.gain(encoder, decoder, voice)
    }

    /// The latent of a sentence; about a quarter of the whole work. The network draws noise by itself: no two calls give the same.
    ///
    /// - Parameter pace: 1 is the voice's own.
    func encode(_ symbols: [PiperVoice.Symbol], pace: Double, stop: OnnxStop?) throws -> Latent {
        try Self.encode(encoder, voice, symbols, pace: pace, stop: stop)
    }

    /// The audio of a stretch of frames, ``samplesPerFrame`` samples each, just as it sounds within the whole.
    func decode(_ latent: Latent, frames: Range<Int>, stop: OnnxStop?) throws -> [Float] {
        try Self.decode(decoder, latent, frames: frames, stop: stop)
    }

    private static func encode(
        _ encoder: OnnxModel, _ voice: PiperVoice, _ symbols: [PiperVoice.Symbol], pace: Double, stop: OnnxStop?
    ) throws -> Latent {
        let input = try OnnxTensor(symbols.map(\.id), shape: [1, symbols.count])
        let lengths = try OnnxTensor([Int64(symbols.count)], shape: [1])
        let scales = voice.scales
        let scaling = try OnnxTensor([scales.noise, scales.length / Float(pace), scales.lengthNoise], shape: [3])
        let outputs = try encoder.run([input, lengths, scaling], stop: stop)
        let values = outputs[0]
        guard values.element == .float, values.shape.count == 3, values.shape[0] == 1, values.shape[2] > 0 else {
            throw EngineError(.badAnswer, "\(encoder.path): a latent of shape \(values.shape)")
        }
        let durations = outputs.count > 1 && outputs[1].count == symbols.count ? try outputs[1].floats() : nil
        return Latent(values: values, durations: durations)
    }

    private static func decode(_ decoder: OnnxModel, _ latent: Latent, frames: Range<Int>, stop: OnnxStop?) throws -> [Float] {
        let start = max(0, frames.lowerBound - context)
        let width = min(latent.frames, frames.upperBound + context) - start
        let channels = latent.values.shape[1]
        let stretch = try latent.values.withFloats { values in
            try [Float](unsafeUninitializedCapacity: channels * width) { buffer, count in
                guard let from = values.baseAddress, let to = buffer.baseAddress else { throw EngineError(.badAnswer, "an empty latent") }
                pcm_columns(from, channels, latent.frames, start, width, to)
                count = channels * width
            }
        }
        let audio = try decoder.run([OnnxTensor(stretch, shape: [1, channels, width])], stop: stop)[0]
        guard audio.count == width * samplesPerFrame else {
            throw EngineError(.badAnswer, "\(decoder.path): \(audio.count) samples for \(width) frames")
        }
        return try audio.withFloats { samples in
            Array(samples[(frames.lowerBound - start) * samplesPerFrame..<(frames.upperBound - start) * samplesPerFrame])
        }
    }

    private static func gain(_ encoder: OnnxModel, _ decoder: OnnxModel, _ voice: PiperVoice) throws(EngineError) -> Float {
        let sentence = "həlˈoʊ, ðɪs ɪz ðə vˈɔɪs ðæt wɪl ˈænsɚ juː."
        let symbols = voice.symbols(of: Pronunciation(sounds: sentence.unicodeScalars.map { .init($0, word: 0) }))
        do {
            let latent = try encode(encoder, voice, symbols, pace: 1, stop: nil)
            return SpeechLevel.gain(for: try decode(decoder, latent, frames: 0..<latent.frames, stop: nil))
        } catch let error as EngineError {
            throw error
        } catch {
            throw EngineError(.failed, "\(encoder.path): \(error)")
        }
    }
}
