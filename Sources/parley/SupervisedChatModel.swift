import EmbeddedEngines
import Engines
import Foundation
import HTTPStreams
import RemoteEngines

/// The local model server as a language model: asks for its address with each answer, since a restart changes it.
struct SupervisedChatModel: ToolCallingModel {
    let name = "smollm2"
    let server: LlamaServer<ContinuousClock>
    let service: RemoteService
    let client: HTTPClient

    func compose(_ request: ChatRequest, onPiece: @Sendable (ChatPiece) async throws -> Void) async throws -> ChatOutcome {
        var service = service
        do { service.baseURL = try await server.baseURL() + "/v1" } catch let error as ModelError {
            throw EngineError(.unavailable, "\(error)", isRetryable: true)
        }
        return try await WordsOnlyChatModel(.init(service: service, model: name), client: client).compose(request, onPiece: onPiece)
    }
}

/// What an Ollama says about its models.
struct OllamaTags: Decodable {
    struct Model: Decodable { var name: String }

    var models: [Model]

    init?(_ bytes: [UInt8]) {
        guard let tags = try? JSONDecoder().decode(Self.self, from: Data(bytes)) else { return nil }
        self = tags
    }
}
