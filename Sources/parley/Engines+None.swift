import Audio
import Dialogue
import Engines
import RemoteEngines

/// Stands where no recogniser can be had: typed turns work, spoken ones get its error.
struct NoRecognizer: Recognizer {
    let name = "none"
    let servesPartials = false
    let reason: String

    func transcribe(_ request: RecognitionRequest) async throws -> Transcript { throw EngineError(.unavailable, reason) }
}

/// Stands where no synthesizer can be had: captions come at the pace of speech, without sound.
struct NoSynthesizer: Synthesizer {
    let name = "none"

    func speak(_ request: SpeechRequest, onChunk: @Sendable (SpeechChunk) async throws -> Void) async throws {
        let rate = 16_000
        let length = request.text.unicodeScalars.reduce(0) { $0 + ($1.value >= 0x2E80 ? 200 : 65) }
        try await onChunk(SpeechChunk(audio: PCMAudio(sampleRate: rate, samples: [Float](repeating: 0, count: length * rate / 1000))))
    }
}

/// Gives captions without sound for languages that an engine does not speak.
struct CaptionsBeyondLanguage<Engine: Synthesizer>: Synthesizer {
    let engine: Engine
    var name: String { engine.name }

    func speak(_ request: SpeechRequest, onChunk: @Sendable (SpeechChunk) async throws -> Void) async throws {
        do { try await engine.speak(request, onChunk: onChunk) } catch let error as EngineError where error.code == .unsupportedLanguage {
            try await NoSynthesizer().speak(request, onChunk: onChunk)
        }
    }
}

/// Asks one language model for agents with facts of their own and another for all others.
struct AgentLanguageModels: ToolCallingModel {
    let name: String
    let factual: any LanguageModel
    let free: any LanguageModel
    let hasFacts: @Sendable (String) -> Bool

    func compose(_ request: ChatRequest, onPiece: @Sendable (ChatPiece) async throws -> Void) async throws -> ChatOutcome {
        try await (hasFacts(request.agent) && !concernsTools(request) ? factual : free).compose(request, onPiece: onPiece)
    }

    /// Whether a tool has to be called, or has just answered: facts know nothing of either.
    private func concernsTools(_ request: ChatRequest) -> Bool { request.mandatoryTool != nil || request.messages.last?.role == .tool }
}
