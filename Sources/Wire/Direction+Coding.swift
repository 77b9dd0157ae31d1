internal import Foundation

extension Direction {
    /// The `type` that stands for it in JSON.
    var type: String {
        switch self {
        case .change: "direct.change"
        case .respond: "direct.respond"
        case .stop: "direct.stop"
        case .insert: "direct.insert"
        case .remove: "direct.remove"
        case .truncate: "direct.truncate"
        case .take: "direct.take"
        case .clear: "direct.clear"
        }
    }

    /// Reads the members beside the type; nil for a type that is none of these.
    init?(type: String, _ fields: WireFields) throws(WireError) {
        switch type {
        case "direct.change": self = .change(try fields.decoded(SessionChange.self).checked())
        case "direct.respond": self = .respond(try fields.decoded(ReplyRequest.self))
        case "direct.stop": self = .stop(request: try fields.name("id"))
        case "direct.insert": self = .insert(try fields.decoded(MemoryItem.self))
        case "direct.remove": self = .remove(try fields.name("id"))
        case "direct.truncate":
            self = .truncate(epoch: try fields.epoch(), milliseconds: try fields.int("heard_ms", in: WireFields.milliseconds))
        case "direct.take": self = .take(try fields.name("id"))
        case "direct.clear": self = .clear
        default: return nil
        }
        if case .respond(let request) = self, request.id.isEmpty { throw fields.wrong("id", "must not be empty") }
        if case .insert(let item) = self {
            if item.id.isEmpty { throw fields.wrong("id", "must not be empty") }
            if item.sound != nil, item.kind != .message || item.role != .user { throw fields.wrong("sound", "belongs to a message of a user's") }
        }
        if case .respond(let request) = self, request.input?.contains(where: { $0.sound != nil }) == true {
            throw fields.wrong("input", "is without sound: what was said is inserted first")
        }
    }

    /// The event as JSON.
    var json: JSONValue {
        let members: [JSONValue.Member] =
            switch self {
            case .change(let change): Self.members(change)
            case .respond(let request): Self.members(request)
            case .insert(let item): Self.members(item)
            case .stop(let id), .remove(let id), .take(let id): [.init("id", .string(id))]
            case .truncate(let epoch, let milliseconds): [.init("epoch", .int(Int(epoch))), .init("heard_ms", .int(milliseconds))]
            case .clear: []
            }
        return .object([.init("type", .string(type))] + members)
    }

    private static func members(_ value: some Encodable) -> [JSONValue.Member] {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(value), let json = try? JSONValue(parsing: Array(data)) else { return [] }
        return json.members ?? []
    }
}

extension SessionChange {
    fileprivate func checked() throws(WireError) -> SessionChange {
        if let pace, !(0.25...2).contains(pace) { throw .field("pace", "must lie in 0.25 to 2") }
        if let replyTokens, !(1...100_000).contains(replyTokens) { throw .field("reply_tokens", "must lie in 1 to 100000") }
        for (name, format) in [("input", input), ("output", output)] {
            guard let format else { continue }
            let isG711 = format.codec == .muLaw || format.codec == .aLaw
            guard AudioFormat.sampleRates.contains(format.sampleRate), !isG711 || format.sampleRate == 8_000,
                name == "input" ? (2...60).contains(format.packetMilliseconds) : [20, 40, 60].contains(format.packetMilliseconds)
            else { throw .field(name, "must be a format of this protocol") }
        }
        if let taking = turnTaking {
            if let silence = taking.silence, !(0...60_000).contains(silence) { throw .field("turn_taking.silence", "must lie in 0 to 60000") }
            if let prefix = taking.prefix, !(0...10_000).contains(prefix) { throw .field("turn_taking.prefix", "must lie in 0 to 10000") }
            if let threshold = taking.threshold, !(0...1).contains(threshold) { throw .field("turn_taking.threshold", "must lie in 0 to 1") }
        }
        return self
    }
}

extension SoundBytes: Codable {
    package init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let bytes = Base64.bytes(text), !bytes.isEmpty else {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "base64 of something"))
        }
        self.init(bytes)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(Base64.text(bytes))
    }
}

extension ToolWish: Codable {
    private static let prefix = "tool:"

    package init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        switch text {
        case "auto": self = .auto
        case "none": self = .none
        case "required": self = .required
        default:
            guard text.hasPrefix(Self.prefix) else {
                throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "auto, none, required or tool:NAME"))
            }
            self = .named(String(text.dropFirst(Self.prefix.count)))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .auto: try container.encode("auto")
        case .none: try container.encode("none")
        case .required: try container.encode("required")
        case .named(let name): try container.encode(Self.prefix + name)
        }
    }
}

extension WireFields {
    fileprivate func name(_ field: String) throws(WireError) -> String { try string(field, in: 1...200) }

    /// The object as a value of this type.
    ///
    /// - Throws: `wire.bad_field` with the place of what does not fit.
    fileprivate func decoded<Value: Decodable>(_ type: Value.Type) throws(WireError) -> Value {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        do { return try decoder.decode(type, from: Data(object.bytes)) } catch {
            let path: [any CodingKey] =
                switch error as? DecodingError {
                case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context): context.codingPath
                case .keyNotFound(let key, let context): context.codingPath + [key]
                case .none: []
                @unknown default: []
                }
            throw wrong(path.map(\.stringValue).joined(separator: "."), "is missing or does not fit")
        }
    }
}
