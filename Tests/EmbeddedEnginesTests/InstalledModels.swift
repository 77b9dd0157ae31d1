import Foundation
import Testing

@testable import EmbeddedEngines

/// The models of this machine, loaded once for all tests that need them.
enum InstalledModels {
    static let missing: Comment = "no models: set PARLEY_MODELS to a data directory of Parley"

    static let folder: String? = ModelFiles.hasLibrary ? ModelFiles.directory : nil

    static let areThere = folder != nil
    /// As wide as the machine has cores.
    static let pool = InferencePool(width: ProcessInfo.processInfo.activeProcessorCount)

    static func path(_ file: String) throws -> String { try #require(folder) + "/" + file }

    static let runtime = Result { try OnnxRuntime.open(libraryPath: path("lib/libonnxruntime.so")) }

    static let moonshine = Result {
        try MoonshineModel(
            runtime: runtime.get(), encoderPath: path("models/asr/encoder_model.ort"), decoderPath: path("models/asr/decoder_model_merged.ort"),
            tokenizerPath: path("models/asr/tokenizer.bin"))
    }

    static let piper = Result {
        try PiperModel(
            runtime: runtime.get(), encoderPath: path("models/tts/split/enc.onnx"), decoderPath: path("models/tts/split/dec.onnx"),
            voicePath: path("models/tts/en_US-joe-medium.onnx.json"))
    }

    static func recognizer() throws -> MoonshineRecognizer { MoonshineRecognizer(model: try moonshine.get(), pool: pool) }

    static func synthesizer(_ phonemizer: (any Phonemizer)? = nil) throws -> PiperSynthesizer {
        PiperSynthesizer(model: try piper.get(), phonemizer: try phonemizer ?? Phonemizers.best(), pool: pool)
    }
}
