package import NIOHTTP1
internal import Wire

/// `GET /v1/agents`: whom a caller may ask for.
package struct AgentsRoute: HTTPRoute {
    /// One agent as a caller sees it.
    package struct Agent: Sendable, Equatable {
        /// What `session.start` names it by.
        package var name: String
        /// What it calls itself.
        package var title: String
        /// BCP 47.
        package var language: String

        package init(name: String, title: String, language: String) { (self.name, self.title, self.language) = (name, title, language) }
    }

    package var method: HTTPMethod { .GET }
    package let path = "/v1/agents"
    package let needsKey = true
    private let body: [UInt8]

    /// - Parameters:
    ///   - standard: The agent of callers who name none.
    ///   - callPath: Where the native door is.
    package init(agents: [Agent], standard: String, callPath: String) {
        let list: [JSONValue] = agents.map {
            ["name": .string($0.name), "title": .string($0.title), "language": .string($0.language)]
        }
        let value: JSONValue = ["agents": .array(list), "default": .string(standard), "call_path": .string(callPath)]
        body = value.bytes
    }

    package func respond(to request: HTTPDoorRequest, writer: HTTPDoorWriter) async throws {
        try await writer.respond(.ok, ["Content-Type": "application/json", "Cache-Control": "no-store"], body: body)
    }
}
