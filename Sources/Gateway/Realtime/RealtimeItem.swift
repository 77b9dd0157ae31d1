internal import Wire

/// One item of a conversation of the realtime protocol.
struct RealtimeItem: Equatable {
    enum Status: String { case completed, incomplete, inProgress = "in_progress" }

    enum Body: Equatable {
        /// Somebody's words; `audio` where they were or will be heard.
        case message(role: MemoryItem.Role, text: String?, isAudio: Bool)
        case call(name: String, call: String, arguments: String)
        case result(call: String, output: String)
    }

    var id: String
    var status = Status.completed
    var body: Body
    /// What the session knows it by; nil while it knows nothing of it.
    var name: String?
    /// The reply it belongs to.
    var epoch: UInt16?
    /// Milliseconds of its audio that were sent.
    var produced = 0
    /// What the client says aloud in it, in the input's format; empty where there is nothing, and once the session has it.
    var sound: [UInt8] = []

    init(id: String, status: Status = .completed, body: Body, name: String? = nil) {
        (self.id, self.status, self.body, self.name) = (id, status, body, name)
    }

    var json: JSONValue {
        let head: [JSONValue.Member] = [.init("id", .string(id)), .init("object", "realtime.item")]
        let state = JSONValue.Member("status", .string(status.rawValue))
        switch body {
        case .message(let role, let text, let isAudio):
            return .object(
                head + [
                    .init("type", "message"), state, .init("role", .string(role.rawValue)),
                    .init("content", .array(Self.content(role, text, isAudio: isAudio))),
                ])
        case .call(let name, let call, let arguments):
            return .object(
                head + [
                    .init("type", "function_call"), state, .init("name", .string(name)), .init("call_id", .string(call)),
                    .init("arguments", .string(arguments)),
                ])
        case .result(let call, let output):
            return .object(
                head + [.init("type", "function_call_output"), state, .init("call_id", .string(call)), .init("output", .string(output))])
        }
    }

    /// - Parameter text: Nil while nothing is known.
    private static func content(_ role: MemoryItem.Role, _ text: String?, isAudio: Bool) -> [JSONValue] {
        switch (role, isAudio) {
        // A caller's words have the member also as null; an agent's have it or have it not.
        case (.user, true): [["type": "input_audio", "transcript": text.map(JSONValue.string) ?? .null]]
        case (.assistant, true): [.object(["type": "output_audio", "transcript": text.map(JSONValue.string)])]
        case (.assistant, false): text.map { [["type": "output_text", "text": .string($0)]] } ?? []
        case (.user, false), (.system, _): text.map { [["type": "input_text", "text": .string($0)]] } ?? []
        }
    }

    /// The item while nothing of it has come, as it is announced.
    var announced: JSONValue {
        guard case .message(let role, _, _) = body, status == .inProgress else { return json }
        return [
            "id": .string(id), "object": "realtime.item", "type": "message", "status": .string(status.rawValue), "role": .string(role.rawValue),
            "content": .array([]),
        ]
    }

    /// What the session is to remember of it.
    ///
    /// - Parameter after: As ``MemoryItem/after``.
    func memory(after: String? = nil) -> MemoryItem {
        switch body {
        case .message(let role, let text, _):
            var item = MemoryItem(id: id, role: role, text: text ?? "", after: after)
            item.sound = sound.isEmpty ? nil : SoundBytes(sound)
            return item
        case .call(let name, let call, let arguments):
            return MemoryItem(id: id, kind: .call, role: .assistant, call: call, tool: name, arguments: arguments, after: after)
        case .result(let call, let output): return MemoryItem(id: id, kind: .result, text: output, call: call, after: after)
        }
    }
}

extension RealtimeItem {
    /// Reads an item of the client's.
    ///
    /// - Parameter newID: For an item without one.
    init(_ fields: RealtimeFields, newID: String) throws(RealtimeFault) {
        let id = try fields.string("id", upTo: 128) ?? newID
        guard !id.isEmpty else { throw .invalid(fields.name("id"), "must not be empty") }
        switch try fields.required("type", upTo: 64) {
        case "message":
            guard let role = MemoryItem.Role(rawValue: try fields.required("role", upTo: 64)) else {
                throw .invalid(fields.name("role"), "must be user, assistant or system")
            }
            let content = try Self.content(fields, of: role)
            self.init(id: id, body: .message(role: role, text: content.text, isAudio: content.isAudio), name: id)
            sound = content.sound
        case "function_call":
            let call = try fields.string("call_id", upTo: 200) ?? id
            self.init(
                id: id,
                body: .call(name: try fields.required("name", upTo: 200), call: call, arguments: try fields.string("arguments") ?? "{}"), name: id)
        case "function_call_output":
            let output: String
            if let value = fields.object["output"], value.string == nil { output = value.text } else { output = try fields.string("output") ?? "" }
            self.init(id: id, body: .result(call: try fields.required("call_id", upTo: 200), output: output), name: id)
        default: throw .invalid(fields.name("type"), "must be message, function_call or function_call_output")
        }
    }

    /// What is said in a message. Words that are not known yet are nil.
    private static func content(
        _ fields: RealtimeFields, of role: MemoryItem.Role
    ) throws(RealtimeFault) -> (text: String?, isAudio: Bool, sound: [UInt8]) {
        var texts: [String] = []
        var isAudio = false
        var sound: [UInt8] = []
        for part in try fields.list("content", upTo: 256) ?? [] {
            let type = try part.required("type", upTo: 64)
            switch type {
            case "input_text", "output_text", "text": texts.append(try part.required("text"))
            case "input_audio", "output_audio", "audio":
                isAudio = true
                if let transcript = try part.string("transcript") { texts.append(transcript) } else { sound += try Self.sound(part, type, role) }
            case "input_image":
                throw RealtimeFault("unsupported_content_type", "Nobody here looks at images.", param: part.name("type"))
            default: throw RealtimeFault("unsupported_content_type", "This type of content is not understood here.", param: part.name("type"))
            }
        }
        return (texts.isEmpty && !sound.isEmpty ? nil : texts.joined(separator: "\n"), isAudio, sound)
    }

    private static func sound(_ part: RealtimeFields, _ type: String, _ role: MemoryItem.Role) throws(RealtimeFault) -> [UInt8] {
        guard role == .user, type == "input_audio" else {
            throw RealtimeFault("unsupported_content_type", "Audio that is not the user's needs its transcript here.", param: part.name("type"))
        }
        guard let bytes = Base64.bytes(try part.required("audio", upTo: .max)), !bytes.isEmpty else {
            throw .invalid(part.name("audio"), "must be base64")
        }
        return bytes
    }
}
