import ArgumentParser
import Audio
import Dialogue
import EmbeddedEngines
import Engines
import Foundation
import Settings

struct Transcribe: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write down audio files with the embedded recogniser: to check what a call sounded like.")

    @OptionGroup var options: SettingsOptions
    @Argument(help: "Ogg Opus, WAV, or what sox reads.") var files: [String]

    func run() async throws {
        do {
            let directory = try ModelStore.directory(
                setting: try options.load().settings.dataDirectory, environment: ProcessInfo.processInfo.environment)
            let paths = ModelStore(catalog: try ModelCatalog.current(), directory: directory).paths
            let model = try paths.recognizer()
            let recognizer = MoonshineRecognizer(
                model: try MoonshineModel(
                    runtime: try OnnxRuntime.open(libraryPath: paths.runtimeLibrary()), encoderPath: model.encoder, decoderPath: model.decoder,
                    tokenizerPath: model.tokens), pool: InferencePool(width: 1))
            for file in files {
                let audio = try AudioFiles.load(file, sampleRate: CallerSide.inputRate)
                let transcript = try await recognizer.transcribe(
                    RecognitionRequest(audio: audio.samples, language: .english, purpose: .final))
                output("\(file): \(transcript.text)")
            }
        } catch let failure as Failure { throw failure } catch { throw Failure(error) }
    }
}
