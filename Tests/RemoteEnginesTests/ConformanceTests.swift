import Audio
import EngineConformance
import Engines
import Foundation
import HTTPStreams
import RemoteEngines
import Testing

@Suite(.timeLimit(.minutes(1)))
struct ConformanceTests {
    private static func json(_ text: String) -> String {
        (try? JSONEncoder().encode(text)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    private static let openAI = ServiceFormat<String>(
        contentType: "text/event-stream",
        opening: ": hello\n\ndata: {\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":null,\"reasoning\":\"hm\"}}]}\n\n",
        piece: { Array("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\(json($0))},\"finish_reason\":null}],\"usage\":null}\n\n".utf8) },
        closing: "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n",
        babble: "data: {nonsense SECRET\n\n")

    private static let ollama = ServiceFormat<String>(
        contentType: "application/x-ndjson",
        piece: { Array("{\"model\":\"m\",\"message\":{\"role\":\"assistant\",\"content\":\(json($0))},\"done\":false}\n".utf8) },
        closing: "{\"message\":{\"content\":\"\"},\"done\":true,\"done_reason\":\"stop\"}", babble: "nonsense SECRET\n")

    private static let anthropic = ServiceFormat<String>(
        contentType: "text/event-stream",
        opening: """
            event: message_start\ndata: {"type":"message_start","message":{"usage":{"input_tokens":3}}}\n
            event: ping\ndata: {"type":"ping"}\n\n
            """,
        piece: {
            Array("data: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\(json($0))}}\n\n".utf8)
        },
        closing: """
            data: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":7}}\n
            data: {"type":"message_stop"}\n\n
            """, babble: "data: SECRET\n\n")

    private static let transcription = ServiceFormat<String>(
        contentType: "application/json", opening: "{\"text\":", piece: { Array((json($0) + "}").utf8) }, babble: "SECRET")

    private static let speech = ServiceFormat<[Float]>(
        contentType: "application/octet-stream", piece: { PCM16.bytes($0) }, babble: "")

    @Test func theOpenAIModelConforms() async throws {
        try await LanguageModelConformance { script in
            try ScriptedService.stand(script, Self.openAI) { OpenAIChatModel(.init(service: $0, model: "m"), client: $1) }
        }.all()
    }

    @Test func theOllamaModelConforms() async throws {
        try await LanguageModelConformance { script in
            try ScriptedService.stand(script, Self.ollama) { OllamaChatModel(.init(service: $0, model: "m"), client: $1) }
        }.all()
    }

    @Test func theAnthropicModelConforms() async throws {
        try await LanguageModelConformance { script in
            try ScriptedService.stand(script, Self.anthropic) { AnthropicChatModel(.init(service: $0, model: "m"), client: $1) }
        }.all()
    }

    @Test func aFallbackOfModelsConforms() async throws {
        try await LanguageModelConformance { script in
            try ScriptedService.stand(script, Self.openAI) {
                FallbackLanguageModel([OpenAIChatModel(.init(service: $0, model: "m"), client: $1)], clock: ContinuousClock())
            }
        }.all()
    }

    @Test func theTranscriberConforms() async throws {
        try await RecognizerConformance { script in
            try ScriptedService.stand(script, Self.transcription) { OpenAITranscriber(.init(service: $0, model: "m"), client: $1) }
        }.all()
    }

    @Test func theSpeechConforms() async throws {
        try await SynthesizerConformance { script in
            try ScriptedService.stand(script, Self.speech) { OpenAISpeech(.init(service: $0, model: "m", voice: "v"), client: $1) }
        }.all()
    }

    @Test func fallbacksOfSpeechEnginesConform() async throws {
        try await RecognizerConformance { script in
            try ScriptedService.stand(script, Self.transcription) {
                FallbackRecognizer([OpenAITranscriber(.init(service: $0, model: "m"), client: $1)], clock: ContinuousClock())
            }
        }.all()
        try await SynthesizerConformance { script in
            try ScriptedService.stand(script, Self.speech) {
                FallbackSynthesizer([OpenAISpeech(.init(service: $0, model: "m", voice: "v"), client: $1)], clock: ContinuousClock())
            }
        }.all()
    }
}
