package import Logging
package import NIOHTTP1
package import Sessions
internal import Wire

/// `POST /v1/chat`: a written turn, answered by server-sent events while the answer is being written.
package struct ChatRoute: HTTPRoute {
    package var method: HTTPMethod { .POST }
    package let path = "/v1/chat"
    package let needsKey = true
    private let host: any ChatHost
    private let door: SocketDoorSettings
    private let logger: Logger

    /// - Parameter door: Whose pages may chat: those that may call.
    package init(host: any ChatHost, door: SocketDoorSettings, logger: Logger) { (self.host, self.door, self.logger) = (host, door, logger) }

    /// What a body asks for.
    struct Ask {
        /// Nil begins a chat.
        var token: String?
        var start: SessionStart
        /// Nil only greets.
        var text: String?

        /// - Throws: `wire.bad_json`, `wire.bad_field`.
        init(_ body: [UInt8]) throws(WireError) {
            let value = try JSONValue(parsing: body)
            guard let members = value.members else { throw WireError(WireError.badJSON, "a JSON object is asked for") }
            // The fields are those of the native protocol, so its reader judges them.
            let own = ["type", "text", "resume", "resume_token", "input", "output"]
            let start = JSONValue.object([.init("type", "session.start")] + members.filter { !own.contains($0.name) })
            guard case .start(let wish) = try ClientEvent(json: start.bytes) else { throw WireError(WireError.badJSON, "a JSON object is asked for") }
            self.start = wish
            if let given = value["resume_token"] {
                guard let token = given.string, (1...256).contains(token.utf8.count) else {
                    throw WireError(WireError.badField, "resume_token must be a string of 1 to 256 characters")
                }
                self.token = token
            }
            if let given = value["text"] {
                guard case .text(let text) = try ClientEvent(json: JSONValue.object(["type": "input.text", "text": given]).bytes) else { return }
                self.text = text
            }
            if token != nil, text == nil { throw WireError(WireError.badField, "text is missing") }
        }
    }

    package func respond(to request: HTTPDoorRequest, writer: HTTPDoorWriter) async throws {
        guard door.admits(request.headers) else { throw CallRefusal.originRefused }
        let ask: Ask
        do { ask = try Ask(request.body) } catch { throw CallRefusal(status: 400, code: error.code, message: error.message) }
        let tenant = request.tenant ?? ""
        var opening: ChatOpening?
        if ask.token == nil { opening = try await host.begin(ask.start, tenant: tenant) }
        let stream = EventWriter(writer)
        if let opening {
            try await stream.send([
                "type": "session.ready", "resume_token": .string(opening.token), "agent": .string(opening.agent),
                "language": .string(opening.language), "greeting": .string(opening.greeting),
            ])
        }
        guard let text = ask.text, let token = ask.token ?? opening?.token else { return }
        do {
            let answer = try await host.answer(text, token: token, tenant: tenant) {
                try await stream.send(["type": "agent.delta", "text": .string($0)])
            }
            try await stream.send([
                "type": "agent.finished", "reason": "completed", "text": .string(answer.text), "first_text_ms": answer.firstText.milliseconds,
                "total_ms": answer.total.milliseconds,
            ])
        } catch let refusal as CallRefusal {
            guard await !stream.hasBegun else { return try await stream.send(error: refusal.code, refusal.message) }
            throw refusal
        } catch let error as WireError {
            logger.info("chat failed", metadata: ["code": "\(error.code)"])
            try await stream.send(error: error.code, error.message)
        }
    }

    /// Writes events; the first opens the stream, so that what is refused before it is still told by an HTTP status.
    private actor EventWriter {
        private let writer: HTTPDoorWriter
        private(set) var hasBegun = false

        init(_ writer: HTTPDoorWriter) { self.writer = writer }

        func send(_ event: JSONValue) async throws {
            if !hasBegun {
                hasBegun = true
                // Proxies that buffer would hold the answer back to its end.
                try await writer.begin(.ok, ["Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Accel-Buffering": "no"])
            }
            try await writer.write(Array("event: \(event["type"]?.string ?? "message")\ndata: ".utf8) + event.bytes + [10, 10])
        }

        func send(error code: String, _ message: String) async throws {
            try await send(["type": "error", "code": .string(code), "message": .string(message)])
        }
    }
}

extension Duration {
    fileprivate var milliseconds: JSONValue { .int(Int(self / .milliseconds(1))) }
}
