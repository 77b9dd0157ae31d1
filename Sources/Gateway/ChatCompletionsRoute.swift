internal import Dialogue
internal import NIOHTTP1
internal import Sessions
internal import Wire

/// `POST /v1/chat/completions`, streamed word by word or whole.
struct ChatCompletionsRoute: HTTPRoute {
    /// An error in the shape of OpenAI's API.
    private struct Failure: Error {
        var status = 400
        var type = "invalid_request_error"
        let message: String
        var param: String?
        var code: String?

        var json: JSONValue {
            [
                "error": [
                    "message": .string(message), "type": .string(type), "param": param.map(JSONValue.string) ?? .null,
                    "code": code.map(JSONValue.string) ?? .null,
                ]
            ]
        }
    }

    private struct Request {
        let model: String
        let messages: [ChatMessage]
        let isStreamed: Bool
        let wantsUsage: Bool
    }

    let method = HTTPMethod.POST
    let path = "/v1/chat/completions"
    let bodyLimit = 1 << 20
    let models: [String]
    let now: @Sendable () -> Int
    let answer: AnswersDoor.Answer

    func respond(to request: HTTPDoorRequest, writer: HTTPDoorWriter) async throws {
        do {
            let asked = try parse(request.body)
            let agent = request.headers.first(name: "x-parley-agent") ?? ""
            let text = try await answer(asked.model, agent, asked.messages)
            if asked.isStreamed {
                try await stream(text, asked, writer)
            } else {
                try await writer.respond(.ok, Self.json, body: whole(text, asked).bytes)
            }
        } catch {
            guard writer.isFresh, !(error is CancellationError) else { throw error }
            let failure = Self.failure(error)
            try await writer.respond(HTTPResponseStatus(statusCode: failure.status), Self.json, body: failure.json.bytes)
        }
    }

    // MARK: request

    private func parse(_ body: [UInt8]) throws -> Request {
        guard let json = try? JSONValue(parsing: body, depth: 64), json.members != nil else { throw Failure(message: "the body is no JSON object") }
        guard let model = json["model"]?.string else { throw Failure(message: "model must be a string", param: "model") }
        guard models.isEmpty || models.contains(model) else {
            throw Failure(status: 404, message: "this model does not exist", param: "model", code: "model_not_found")
        }
        guard let list = json["messages"]?.array, (1...512).contains(list.count) else {
            throw Failure(message: "messages must be an array of 1 to 512 messages", param: "messages")
        }
        let messages = try list.enumerated().map { try Self.message($1, "messages[\($0)]") }
        if let stream = json["stream"], stream.bool == nil { throw Failure(message: "stream must be true or false", param: "stream") }
        return Request(
            model: model, messages: messages, isStreamed: json["stream"]?.bool ?? false,
            wantsUsage: json["stream_options"]?["include_usage"]?.bool ?? false)
    }

    private static func message(_ json: JSONValue, _ place: String) throws -> ChatMessage {
        let role: ChatMessage.Role
        switch json["role"]?.string {
        case "system", "developer": role = .system
        case "user": role = .user
        case "assistant": role = .assistant
        case "tool": role = .tool
        default: throw Failure(message: "\(place).role must be system, developer, user, assistant or tool", param: "\(place).role")
        }
        // An agent's message that only calls tools has no content. What it called is of no use to who answers in words.
        if role == .assistant, json["tool_calls"]?.array != nil, json["content"] == nil { return ChatMessage(role, "") }
        if let text = json["content"]?.string { return ChatMessage(role, text) }
        guard let parts = json["content"]?.array else { throw Failure(message: "\(place).content must be text", param: "\(place).content") }
        let texts = try parts.map { part in
            guard part["type"]?.string == "text", let text = part["text"]?.string else {
                throw Failure(message: "\(place).content may hold text only", param: "\(place).content")
            }
            return text
        }
        return ChatMessage(role, texts.joined(separator: "\n"))
    }

    // MARK: answer

    private func whole(_ text: String, _ asked: Request) -> JSONValue {
        let choice: JSONValue = [
            "index": 0, "message": ["role": "assistant", "content": .string(text), "refusal": .null], "finish_reason": "stop",
            "logprobs": .null,
        ]
        return .object(envelope("chat.completion", asked).appending(choices: [choice], usage: usage(text, asked)))
    }

    private func stream(_ text: String, _ asked: Request, _ writer: HTTPDoorWriter) async throws {
        try await writer.begin(.ok, ["Content-Type": "text/event-stream", "Cache-Control": "no-store"])
        let head = envelope("chat.completion.chunk", asked)
        // With usage asked for, every chunk has the member and only the last one a value.
        let none: JSONValue? = asked.wantsUsage ? .null : nil
        func chunk(_ delta: JSONValue, _ reason: JSONValue = .null) -> [UInt8] {
            let choice: JSONValue = ["index": 0, "delta": delta, "finish_reason": reason, "logprobs": .null]
            return Self.event(.object(head.appending(choices: [choice], usage: none)))
        }
        try await writer.write(chunk(["role": "assistant", "content": ""]))
        for word in Self.words(text) { try await writer.write(chunk(["content": .string(word)])) }
        try await writer.write(chunk(.object([JSONValue.Member]()), "stop"))
        if asked.wantsUsage { try await writer.write(Self.event(.object(head.appending(choices: [], usage: usage(text, asked))))) }
        try await writer.write(Array("data: [DONE]\n\n".utf8))
    }

    private func envelope(_ object: String, _ asked: Request) -> [JSONValue.Member] {
        let id = "chatcmpl-\(String(UInt64.random(in: .min ... .max), radix: 36))"
        return [
            .init("id", .string(id)), .init("object", .string(object)), .init("created", .int(now())), .init("model", .string(asked.model)),
        ]
    }

    /// An estimate, four bytes a token: whoever answers may have no tokenizer.
    private func usage(_ text: String, _ asked: Request) -> JSONValue {
        let prompt = asked.messages.reduce(0) { $0 + ($1.content.utf8.count + 3) / 4 }
        let completion = (text.utf8.count + 3) / 4
        return ["prompt_tokens": .int(prompt), "completion_tokens": .int(completion), "total_tokens": .int(prompt + completion)]
    }

    /// The words with the white space before them: joined they are the text again.
    static func words(_ text: String) -> [String] {
        var words: [String] = []
        var word = ""
        for character in text {
            if character.isWhitespace, let last = word.last, !last.isWhitespace {
                words.append(word)
                word = ""
            }
            word.append(character)
        }
        if !word.isEmpty { words.append(word) }
        return words
    }

    private static let json: HTTPHeaders = ["Content-Type": "application/json"]

    private static func event(_ json: JSONValue) -> [UInt8] { Array("data: ".utf8) + json.bytes + Array("\n\n".utf8) }

    private static func failure(_ error: any Error) -> Failure {
        switch error {
        case let failure as Failure: failure
        case let refusal as CallRefusal:
            Failure(
                status: refusal.status, type: refusal.status < 500 ? "invalid_request_error" : "server_error", message: refusal.message,
                code: refusal.code)
        default: Failure(status: 500, type: "server_error", message: "the answer failed", code: "gateway.internal")
        }
    }
}

extension [JSONValue.Member] {
    fileprivate func appending(choices: [JSONValue], usage: JSONValue?) -> Self {
        self + [.init("choices", .array(choices))] + (usage.map { [.init("usage", $0)] } ?? [])
    }
}
