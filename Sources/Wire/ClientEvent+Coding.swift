extension ClientEvent {
    /// Most characters (Unicode scalars) of a typed turn.
    package static let textLength = 4_000

    /// The `type` that stands for the event in JSON.
    package var type: String {
        switch self {
        case .start: "session.start"
        case .playout: "playout"
        case .flushed: "playout.flushed"
        case .text: "input.text"
        case .commit: "input.commit"
        case .mute: "input.mute"
        case .cancelReply: "reply.cancel"
        case .ping: "ping"
        case .end: "session.end"
        case .direct(let direction): direction.type
        }
    }

    /// Reads a text message. Fields that are not known are ignored.
    ///
    /// - Throws: `wire.bad_json`, `wire.bad_field`, `wire.unknown_event`.
    package init(json bytes: [UInt8]) throws(WireError) {
        let fields = try WireFields(parsing: bytes)
        let type = try fields.string("type", in: 1...64)
        switch type {
        case "session.start": self = .start(try SessionStart(fields))
        case "playout": self = .playout(epoch: try fields.epoch(), milliseconds: try fields.int("heard_ms", in: WireFields.milliseconds))
        case "playout.flushed":
            self = .flushed(epoch: try fields.epoch(), milliseconds: try fields.int("heard_ms", in: WireFields.milliseconds))
        case "input.text":
            let text = try fields.string("text", in: 1...Self.textLength)
            guard text.unicodeScalars.contains(where: { !$0.properties.isWhitespace }) else { throw fields.wrong("text", "must not be blank") }
            self = .text(text)
        case "input.commit": self = .commit
        case "input.mute": self = .mute(try fields.bool("muted"))
        case "reply.cancel": self = .cancelReply
        case "ping": self = .ping(try fields.int("number", in: WireFields.exactIntegers))
        case "session.end": self = .end
        default:
            guard let direction = try Direction(type: type, fields) else {
                throw WireError(WireError.unknownEvent, "this type of event is not known")
            }
            self = .direct(direction)
        }
    }

    /// The event as a text message.
    package func encoded() -> [UInt8] {
        let type = JSONValue.string(type)
        let object: JSONValue =
            switch self {
            case .start(let start): start.json(type: type)
            case .playout(let epoch, let milliseconds), .flushed(let epoch, let milliseconds):
                ["type": type, "epoch": .int(Int(epoch)), "heard_ms": .int(milliseconds)]
            case .text(let text): ["type": type, "text": .string(text)]
            case .mute(let muted): ["type": type, "muted": .bool(muted)]
            case .ping(let number): ["type": type, "number": .int(number)]
            case .commit, .cancelReply, .end: ["type": type]
            case .direct(let direction): direction.json
            }
        return object.bytes
    }
}

extension SessionStart {
    /// Most template variables, and most characters of a name and a value.
    package static let variableLimits = (count: 32, name: 64, value: 2_000)

    init(_ fields: WireFields) throws(WireError) {
        self.init()
        agent = try fields.optionalString("agent", in: 1...64)
        if let agent, !Self.isName(agent) {
            throw fields.wrong("agent", "must have letters, digits, hyphens, underscores and inner dots only")
        }
        language = try fields.optionalString("language", in: 2...35)
        if let language, !language.utf8.allSatisfy({ Self.isAlphanumeric($0) || $0 == UInt8(ascii: "-") }) {
            throw fields.wrong("language", "must be a BCP 47 tag")
        }
        let limits = Self.variableLimits
        variables = try fields.strings("variables", count: limits.count, nameLength: limits.name, valueLength: limits.value)
        if let format = try fields.optionalNested("input") { input = try AudioFormat(format, packets: 2...60) }
        if let format = try fields.optionalNested("output") { output = try AudioFormat(format, packets: 20...60, only: [20, 40, 60]) }
        if let resume = try fields.optionalNested("resume") {
            self.resume = Resume(
                token: try resume.string("token", in: 1...256), lastSeq: try resume.int("last_seq", in: 0...WireFields.exactIntegers.upperBound))
        }
        client = try fields.optionalString("client", in: 0...200)
        lead = fields.optional("lead_ms") == nil ? nil : .milliseconds(try fields.int("lead_ms", in: 0...5_000))
        isDirected = fields.optional("directed") == nil ? false : try fields.bool("directed")
    }

    func json(type: JSONValue) -> JSONValue {
        .object([
            "type": type, "agent": agent.map(JSONValue.string), "language": language.map(JSONValue.string),
            "variables": variables.isEmpty ? nil : .strings(variables), "input": input.json, "output": output.json,
            "resume": resume.map { ["token": .string($0.token), "last_seq": .int($0.lastSeq)] }, "client": client.map(JSONValue.string),
            "directed": isDirected ? true : nil, "lead_ms": lead?.wireMilliseconds,
        ])
    }

    /// The name becomes part of a file name, so it can neither leave its folder nor hide.
    private static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, isAlphanumeric(first) else { return false }
        return text.utf8.allSatisfy { isAlphanumeric($0) || "-_.".utf8.contains($0) }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: false
        }
    }
}

extension JSONValue {
    /// An object of strings, sorted by name.
    static func strings(_ strings: [String: String]) -> JSONValue {
        .object(strings.sorted { $0.key < $1.key }.map { Member($0.key, .string($0.value)) })
    }
}
