import Dialogue
import EmbeddedEngines
import Engines
import HTTPStreams
import Logging
import RemoteEngines
import Sessions
import Settings

extension EngineAssembly {
    private static let ollama = "http://127.0.0.1:11434"

    /// The configured language model; else the one an OpenAI key stands for; else an Ollama on this machine; else what is built in.
    func languageModel(_ missing: inout [String]) async throws -> (any LanguageModel, LlamaServer<ContinuousClock>?, String) {
        let chosen = settings.languageModel
        switch chosen.engine {
        case .openai:
            return (openAI(url: chosen.url ?? "https://api.openai.com/v1"), nil, "llm.engine openai at \(chosen.url ?? "the vendor's address")")
        case .anthropic:
            guard let model = chosen.model else { throw StartError("settings.missing", "llm.model: a name is needed for llm.engine anthropic") }
            let remote = remote(chosen.url ?? "https://api.anthropic.com/v1")
            return (AnthropicChatModel(.init(service: remote, model: model), client: client), nil, "llm.engine anthropic")
        case .ollama:
            let url = chosen.url ?? Self.ollama
            guard let model = await named(chosen.model, at: url) else {
                throw StartError("engine.unavailable", "llm.engine: no Ollama with a model answers at \(url)")
            }
            return (OllamaChatModel(.init(service: remote(url), model: model), client: client), nil, "Ollama's \(model)")
        case .llama:
            do {
                let (model, server) = try llama()
                return (model, server, "the local model server")
            } catch { throw StartError("engine.unavailable", "llm.engine: \(error)") }
        case .answers: return (answers(), nil, "the built-in responder, which answers from the agent's own facts")
        case .auto: break
        }
        if let url = chosen.url { return (openAI(url: url), nil, "the service at llm.url") }
        if chosen.key != nil { return (openAI(url: "https://api.openai.com/v1"), nil, "OpenAI, because a key is set") }
        if let model = await named(chosen.model, at: Self.ollama) {
            return (OllamaChatModel(.init(service: remote(Self.ollama), model: model), client: client), nil, "Ollama on this machine: \(model)")
        }
        let note = "the built-in responder for agents with facts"
        do {
            let (free, server) = try llama()
            let agents = agents
            let both = AgentLanguageModels(name: "answers+\(free.name)", factual: answers(), free: free) { agents.hasFacts($0) }
            return (both, server, "\(note), the local model for all others")
        } catch {
            missing.append("llm.engine: no local model for agents without facts: \(error)")
            return (answers(), nil, note)
        }
    }

    private func openAI(url: String) -> any LanguageModel {
        OpenAIChatModel(.init(service: remote(url), model: settings.languageModel.model ?? "gpt-4o-mini"), client: client)
    }

    private func answers() -> any LanguageModel {
        OpenAIChatModel(.init(service: RemoteService(baseURL: answersURL, limits: limits), model: "answers"), client: client)
    }

    private func llama() throws -> (any LanguageModel, LlamaServer<ContinuousClock>) {
        let command = LlamaCommand(files: try store.paths.languageModel())
        let client = client
        let logger = logger
        let server = LlamaServer(command, clock: ContinuousClock()) { url in
            await Self.answersOK(url, client)
        } onChange: { state in
            logger.info("local model server", metadata: ["state": "\(state)"])
        }
        let (name, limits) = ("smollm2", limits)
        let model = LlamaChatModel(name: name, server: server, clock: ContinuousClock()) { url in
            WordsOnlyChatModel(.init(service: RemoteService(baseURL: url + "/v1", limits: limits, retry: .none), model: name), client: client)
        }
        return (model, server)
    }

    private var limits: RemoteService.Limits {
        let chosen = settings.languageModel
        return .init(connect: chosen.connect, first: chosen.firstToken, idle: chosen.idle, total: chosen.total)
    }

    private func remote(_ url: String) -> RemoteService {
        RemoteService(
            baseURL: url, key: settings.languageModel.key.map { ServiceKey($0.value) }, limits: limits,
            retry: RetryPolicy(attempts: settings.languageModel.retries))
    }

    private static func answersOK(_ url: String, _ client: HTTPClient) async -> Bool {
        let limits = TimeLimits(connect: .seconds(1), firstByte: .seconds(2), idle: .seconds(2), total: .seconds(2))
        return (try? await client.send(HTTPRequest(url: url, limits: limits)).status) == 200
    }

    /// The model to ask an Ollama for: the one named, else its first. Nil where no Ollama answers.
    private func named(_ model: String?, at url: String) async -> String? {
        let limits = TimeLimits(connect: .milliseconds(300), firstByte: .seconds(1), idle: .seconds(1), total: .seconds(2))
        guard let response = try? await client.send(HTTPRequest(url: url + "/api/tags", limits: limits)), response.status == 200,
            let body = try? await response.body.collect(upTo: 1 << 20)
        else { return nil }
        return model ?? OllamaTags(body)?.models.first?.name
    }
}
