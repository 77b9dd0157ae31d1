import Engines
import Foundation
import Testing

@testable import EmbeddedEngines

@Suite(.enabled(if: InstalledModels.areThere, InstalledModels.missing))
struct BrokenModelFilesTests {
    private static func moonshine(
        encoder: String = "models/asr/encoder_model.ort", decoder: String = "models/asr/decoder_model_merged.ort",
        tokenizer: String = "models/asr/tokenizer.bin"
    ) throws {
        _ = try MoonshineModel(
            runtime: InstalledModels.runtime.get(), encoderPath: InstalledModels.path(encoder), decoderPath: InstalledModels.path(decoder),
            tokenizerPath: InstalledModels.path(tokenizer))
    }

    private static func piper(encoder: String = "models/tts/split/enc.onnx", decoder: String = "models/tts/split/dec.onnx", voice: String) throws {
        _ = try PiperModel(
            runtime: InstalledModels.runtime.get(), encoderPath: InstalledModels.path(encoder), decoderPath: InstalledModels.path(decoder),
            voicePath: InstalledModels.path(voice))
    }

    private static let voice = "models/tts/en_US-joe-medium.onnx.json"

    private func expect(_ code: EngineError.Code, naming file: String, from load: () throws -> Void) {
        let error = #expect(throws: EngineError.self) { try load() }
        #expect(error?.code == code)
        #expect(error?.detail.contains(file) == true, "\(error?.detail ?? "no error")")
    }

    @Test func missingFilesAreNamed() {
        expect(.unavailable, naming: "none.ort") { try Self.moonshine(encoder: "none.ort") }
        expect(.unavailable, naming: "none.ort") { try Self.moonshine(decoder: "none.ort") }
        expect(.unavailable, naming: "none.bin") { try Self.moonshine(tokenizer: "none.bin") }
        expect(.unavailable, naming: "none.onnx") { try Self.piper(encoder: "none.onnx", voice: Self.voice) }
        expect(.unavailable, naming: "none.onnx") { try Self.piper(decoder: "none.onnx", voice: Self.voice) }
        expect(.unavailable, naming: "none.json") { try Self.piper(voice: "none.json") }
    }

    @Test func filesOfAnotherKindAreNamed() {
        expect(.failed, naming: "tokenizer.bin") { try Self.moonshine(encoder: "models/asr/tokenizer.bin") }
        expect(.failed, naming: "decoder_model_merged.ort") { try Self.moonshine(encoder: "models/asr/decoder_model_merged.ort") }
        expect(.failed, naming: "encoder_model.ort") { try Self.moonshine(decoder: "models/asr/encoder_model.ort") }
        expect(.failed, naming: "dec.onnx") { try Self.piper(encoder: "models/tts/split/dec.onnx", voice: Self.voice) }
        expect(.failed, naming: "enc.onnx") { try Self.piper(decoder: "models/tts/split/enc.onnx", voice: Self.voice) }
        expect(.failed, naming: "tokenizer.bin") { try Self.piper(voice: "models/asr/tokenizer.bin") }
    }

    @Test func aFileCutShortIsNamed() throws {
        let whole = try #require(FileManager.default.contents(atPath: InstalledModels.path("models/tts/split/dec.onnx")))
        let file = FileManager.default.temporaryDirectory.appending(path: "short-\(UUID().uuidString).onnx")
        defer { try? FileManager.default.removeItem(at: file) }
        try whole.prefix(whole.count / 2).write(to: file)
        expect(.failed, naming: file.lastPathComponent) {
            _ = try PiperModel(
                runtime: InstalledModels.runtime.get(), encoderPath: InstalledModels.path("models/tts/split/enc.onnx"), decoderPath: file.path,
                voicePath: InstalledModels.path(Self.voice))
        }
    }
}
