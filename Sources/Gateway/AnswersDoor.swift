package import Dialogue
package import Logging
internal import NIOHTTP1
internal import Sessions
internal import Wire

/// An OpenAI-compatible door over a closure that answers: `POST /v1/chat/completions` and `GET /v1/models`.
package struct AnswersDoor: Sendable {
    /// Answers a conversation; the agent is what the header `x-parley-agent` says, or empty. A thrown `CallRefusal` gives its status.
    package typealias Answer = @Sendable (_ model: String, _ agent: String, _ messages: [ChatMessage]) async throws -> String

    package let models: [String]
    private let answer: Answer
    private let now: @Sendable () -> Int

    /// - Parameters:
    ///   - models: Names that are listed; none means that every name is taken.
    ///   - now: Seconds since 1970, for `created`.
    package init(models: [String], now: @escaping @Sendable () -> Int, answer: @escaping Answer) {
        (self.models, self.now, self.answer) = (models, now, answer)
    }

    package var routes: [any HTTPRoute] {
        [ChatCompletionsRoute(models: models, now: now, answer: answer), ModelsRoute(models: models, now: now)]
    }

    /// A port of its own on this machine only; the system chooses the number.
    package func listener(status: GatewayStatus, logger: Logger) -> Listener {
        Listener(name: "answers", host: "127.0.0.1", port: 0, http: HTTPDoor(routes: routes, status: status, logger: logger))
    }
}

/// `GET /v1/models`.
private struct ModelsRoute: HTTPRoute {
    let method = HTTPMethod.GET
    let path = "/v1/models"
    let models: [String]
    let now: @Sendable () -> Int

    func respond(to request: HTTPDoorRequest, writer: HTTPDoorWriter) async throws {
        let list: [JSONValue] = models.map { ["id": .string($0), "object": "model", "created": .int(now()), "owned_by": "parley"] }
        let body: JSONValue = ["object": "list", "data": .array(list)]
        try await writer.respond(.ok, ["Content-Type": "application/json"], body: body.bytes)
    }
}
