import Dialogue
import EmbeddedEngines
import Engines
import Foundation
import HTTPStreams
import LoadTest
import Logging
import RemoteEngines
import Sessions
import Settings
import Telemetry

/// Chooses and makes the engines by the settings: what is configured, else what is there, else a clear word about what is missing.
struct EngineAssembly {
    let settings: ParleySettings
    let agents: AgentLibrary
    let client: HTTPClient
    let store: ModelStore
    let logger: Logger
    /// Base URL of the built-in responder.
    let answersURL: String

    /// What was made, and what runs beside it.
    struct Result {
        var engines: EngineSet
        /// Features that are off, with the reason and the command that mends it.
        var missing: [String]
        /// The local language model server, to be run as long as the engines are used.
        var llama: LlamaServer<ContinuousClock>?
        /// In one line, for people: which language model answers, and why.
        var languageModel: String
    }

    /// - Throws: ``StartError`` or ``EngineError`` where something that was asked for by name cannot be had.
    func make() async throws -> Result {
        var missing: [String] = []
        let cores = CoreCount.available
        let pool = InferencePool(width: settings.inference.threads == 0 ? cores : settings.inference.threads, capacity: settings.inference.queue)
        let runtime = Swift.Result { try OnnxRuntime.open(libraryPath: store.paths.runtimeLibrary()) }
        let voice = try voiceDetector(&missing)
        guard settings.engines == .auto else { return try await scripted(voice, missing) }
        let endOfTurn = try endOfTurnDetector(runtime, pool, &missing)
        let recognizer = try recognizer(runtime, pool, &missing)
        let synthesizer = try synthesizer(runtime, pool, &missing)
        let (model, llama, note) = try await languageModel(&missing)
        let engines = EngineSet(
            voice: voice, endOfTurn: endOfTurn, recognizer: recognizer, languageModel: model, synthesizer: synthesizer,
            speechLimit: settings.synthesizer.timeout)
        return Result(engines: engines, missing: missing, llama: llama, languageModel: note)
    }

    /// Engines whose latency is known, so that a load measures what lies between them. Voices are detected and the language model is asked as ever.
    private func scripted(_ voice: any VoiceDetectorMaker, _ missing: [String]) async throws -> Result {
        var missing = missing
        let (model, llama, note) = try await languageModel(&missing)
        let rate = settings.engineFailureRate
        let engines = EngineSet(
            voice: voice, endOfTurn: ScriptedEndOfTurn(failing: rate), recognizer: ScriptedRecognizer(failing: rate), languageModel: model,
            synthesizer: ScriptedSynthesizer(failing: rate), speechLimit: settings.synthesizer.timeout)
        let failing = rate > 0 ? "; of their requests a share of \(rate) fails" : ""
        return Result(
            engines: engines, missing: missing, llama: llama, languageModel: "\(note); all other engines are scripted, for load tests\(failing)")
    }

    /// Gives what was made; where it cannot be made and was not asked for by name, notes why and gives the substitute.
    private func choose<T>(_ isNamed: Bool, _ what: String, _ missing: inout [String], else substitute: @autoclosure () -> T, _ make: () throws -> T)
        throws -> T
    {
        do { return try make() } catch {
            if isNamed { throw StartError("engine.unavailable", "\(what): \(error)") }
            missing.append("\(what): \(error)")
            return substitute()
        }
    }

    private func voiceDetector(_ missing: inout [String]) throws -> any VoiceDetectorMaker {
        switch settings.voiceDetection.engine {
        case .energy: EnergyDetectorMaker()
        case .auto, .silero:
            try choose(settings.voiceDetection.engine == .silero, "vad.engine", &missing, else: EnergyDetectorMaker()) {
                try SileroDetectorMaker(modelPath: store.paths.voiceDetector())
            }
        }
    }

    private func endOfTurnDetector(_ runtime: Swift.Result<OnnxRuntime, any Error>, _ pool: InferencePool, _ missing: inout [String]) throws
        -> (any EndOfTurnDetector)?
    {
        guard settings.turnDetector != .none else { return nil }
        return try choose(settings.turnDetector == .smartTurn, "turn_detector.engine", &missing, else: nil) {
            try SmartTurnDetector(modelPath: store.paths.endOfTurn(), runtime: runtime.get(), pool: pool)
        }
    }

    private func recognizer(_ runtime: Swift.Result<OnnxRuntime, any Error>, _ pool: InferencePool, _ missing: inout [String]) throws
        -> any Recognizer
    {
        let chosen = settings.recognizer
        let isRemote = chosen.engine == .openai || (chosen.engine == .auto && chosen.url != nil)
        if isRemote {
            let service = try service("recognizer", url: chosen.url, key: chosen.key, limit: chosen.timeout)
            return OpenAITranscriber(.init(service: service, model: chosen.model ?? "whisper-1"), client: client)
        }
        guard chosen.engine != .none else { return NoRecognizer(reason: "recognizer.engine is none") }
        let substitute = NoRecognizer(reason: "no recogniser is installed; run 'parley models fetch'")
        return try choose(chosen.engine == .moonshine, "recognizer.engine", &missing, else: substitute) {
            let files = try store.paths.recognizer()
            let model = try MoonshineModel(
                runtime: runtime.get(), encoderPath: files.encoder, decoderPath: files.decoder, tokenizerPath: files.tokens)
            return MoonshineRecognizer(model: model, pool: pool)
        }
    }

    private func synthesizer(_ runtime: Swift.Result<OnnxRuntime, any Error>, _ pool: InferencePool, _ missing: inout [String]) throws
        -> any Synthesizer
    {
        let chosen = settings.synthesizer
        let isRemote = chosen.engine == .openai || (chosen.engine == .auto && chosen.url != nil)
        if isRemote {
            let service = try service("synthesizer", url: chosen.url, key: chosen.key, limit: chosen.timeout)
            return OpenAISpeech(.init(service: service, model: chosen.model ?? "tts-1", voice: chosen.voice ?? "alloy"), client: client)
        }
        guard chosen.engine != .none else { return NoSynthesizer() }
        return try choose(chosen.engine == .piper, "synthesizer.engine", &missing, else: NoSynthesizer()) {
            let files = try store.paths.voice()
            let model = try PiperModel(
                runtime: runtime.get(), encoderPath: files.encoder, decoderPath: files.decoder, voicePath: files.settings)
            return CaptionsBeyondLanguage(engine: PiperSynthesizer(model: model, phonemizer: try Phonemizers.best(), pool: pool))
        }
    }

    private func service(_ name: String, url: String?, key: Secret<String>?, limit: Duration) throws -> RemoteService {
        guard let url else { throw StartError("settings.missing", "\(name).url: an address is needed for \(name).engine openai") }
        return RemoteService(
            baseURL: url, key: key.map { ServiceKey($0.value) }, limits: .init(connect: .seconds(3), first: limit, idle: limit, total: limit * 3))
    }
}
