internal import Wire

/// What is in force in one session of the realtime protocol.
struct RealtimeConfig: Equatable {
    enum Kind: String { case realtime, transcription }

    enum Format: String {
        case pcm = "audio/pcm"
        case muLaw = "audio/pcmu"
        case aLaw = "audio/pcma"

        var format: AudioFormat {
            switch self {
            case .pcm: AudioFormat(codec: .pcm16, sampleRate: 24_000, packetMilliseconds: 40)
            case .muLaw: AudioFormat(codec: .muLaw, sampleRate: 8_000, packetMilliseconds: 40)
            case .aLaw: AudioFormat(codec: .aLaw, sampleRate: 8_000, packetMilliseconds: 40)
            }
        }

        /// Bytes a millisecond.
        var density: Int { self == .pcm ? 48 : 8 }

        var json: JSONValue { self == .pcm ? ["type": .string(rawValue), "rate": 24_000] : ["type": .string(rawValue)] }

        init(_ fields: RealtimeFields) throws(RealtimeFault) {
            guard let format = Self(rawValue: try fields.required("type", upTo: 64)) else {
                throw .invalid(fields.name("type"), "must be audio/pcm, audio/pcmu or audio/pcma")
            }
            self = format
            guard format == .pcm, let rate = fields.object["rate"] else { return }
            guard rate.int == 24_000 else { throw .invalid(fields.name("rate"), "must be 24000") }
        }
    }

    struct TurnDetection: Equatable {
        var isSemantic = false
        var threshold = 0.5
        var prefix = 300
        var silence = 500
        var idleTimeout: Int?
        var eagerness = "auto"
        var createsResponse = true
        var interruptsResponse = true
    }

    var kind = Kind.realtime
    var model: String
    var isWritten = false
    /// Nil until the client says some: the agent's own stand.
    var instructions: String?
    var tools: [JSONValue] = []
    var toolChoice = JSONValue.string("auto")
    /// Nil is no limit of the client's.
    var maximumTokens: Int?
    var input = Format.pcm
    var output = Format.pcm
    var transcription: JSONValue?
    var noiseReduction: JSONValue?
    /// Nil where the client decides when a turn is over.
    var turnDetection: TurnDetection? = TurnDetection()
    var voice = "alloy"
    var speed = 1.0
    /// What is kept for the echo only.
    var others: [JSONValue.Member] = []

    init(model: String) { self.model = model }

    /// Members that mean nothing here and are sent back as they came.
    private static let echoed = ["tracing", "truncation", "prompt", "include", "parallel_tool_calls", "reasoning"]

    // MARK: updates

    /// Takes a session object of the client: what is in it changes, all else stays.
    ///
    /// - Parameter mayChangeVoice: Whether no voice has been heard yet.
    /// - Throws: What does not fit; then nothing has changed.
    mutating func update(_ fields: RealtimeFields, mayChangeVoice: Bool = true) throws(RealtimeFault) {
        var new = self
        if let kind = try fields.string("type", upTo: 64) {
            guard let kind = Kind(rawValue: kind) else { throw .invalid(fields.name("type"), "must be realtime or transcription") }
            new.kind = kind
        }
        if let text = try fields.string("instructions") { new.instructions = text }
        if let isWritten = try Self.isWritten(fields) { new.isWritten = isWritten }
        if fields.has("tools") { new.tools = try Self.tools(fields).map(\.object) }
        if let choice = fields.object["tool_choice"] {
            _ = try ToolWish(choice, fields.name("tool_choice"))
            new.toolChoice = choice
        }
        if fields.has("max_output_tokens") { new.maximumTokens = try Self.tokens(fields) }
        if let audio = try fields.nested("audio") {
            if let input = try audio.nested("input") { try new.update(input: input) }
            if let output = try audio.nested("output") { try new.update(output: output, mayChangeVoice: mayChangeVoice) }
        }
        for name in Self.echoed where fields.has(name) {
            new.others.removeAll { $0.name == name }
            new.others.append(.init(name, fields.object[name] ?? .null))
        }
        self = new
    }

    private mutating func update(input fields: RealtimeFields) throws(RealtimeFault) {
        if let format = try fields.nested("format") { input = try Format(format) }
        if fields.has("transcription") {
            let asked = try fields.nested("transcription")
            // Strict clients know these members only.
            transcription = asked.map { asked in
                .object(["model", "language", "prompt"].compactMap { name in asked.object[name].map { JSONValue.Member(name, $0) } })
            }
        }
        if fields.has("noise_reduction") {
            let asked = try fields.nested("noise_reduction")
            noiseReduction = asked?.object["type"].map { ["type": $0] }
        }
        guard fields.has("turn_detection") else { return }
        turnDetection = try fields.nested("turn_detection").map { fields throws(RealtimeFault) in try TurnDetection(fields) }
    }

    private mutating func update(output fields: RealtimeFields, mayChangeVoice: Bool) throws(RealtimeFault) {
        if let format = try fields.nested("format") { output = try Format(format) }
        if let speed = try fields.number("speed", in: 0.25...1.5) { self.speed = speed }
        guard let asked = fields.object["voice"] else { return }
        guard let name = asked.string ?? asked["id"]?.string, name.utf8.count <= 200 else {
            throw .invalid(fields.name("voice"), "must be a string")
        }
        guard mayChangeVoice || name == voice else {
            throw RealtimeFault(
                "cannot_update_voice", "Cannot update a conversation's voice if assistant audio is present.", param: fields.name("voice"))
        }
        voice = name
    }

    static func isWritten(_ fields: RealtimeFields) throws(RealtimeFault) -> Bool? {
        guard let asked = fields.object["output_modalities"] else { return nil }
        switch asked.array?.compactMap(\.string) {
        case ["text"]: return true
        case ["audio"], ["audio", "text"], ["text", "audio"]: return false
        default: throw .invalid(fields.name("output_modalities"), "must be [\"audio\"] or [\"text\"]")
        }
    }

    /// - Returns: Nil for no limit.
    static func tokens(_ fields: RealtimeFields) throws(RealtimeFault) -> Int? {
        if fields.object["max_output_tokens"]?.string == "inf" { return nil }
        return try fields.int("max_output_tokens", in: 1...4096)
    }

    /// The tools that are functions; others are not run here.
    static func tools(_ fields: RealtimeFields) throws(RealtimeFault) -> [RealtimeFields] {
        guard let all = try fields.list("tools", upTo: 128) else { return [] }
        var tools: [RealtimeFields] = []
        for tool in all where try tool.required("type", upTo: 64) == "function" {
            guard try !tool.required("name", upTo: 128).isEmpty else { throw .invalid(tool.name("name"), "must not be empty") }
            _ = try tool.nested("parameters")
            tools.append(tool)
        }
        return tools
    }

    // MARK: what it means to the session

    /// What has to be told to the session so that `self` is in force after `old`; nil for all of it.
    func change(from old: RealtimeConfig?, passesVoice: Bool) -> SessionChange {
        var change = SessionChange()
        if instructions != old?.instructions { change.instructions = instructions }
        if tools != old?.tools ?? [] { change.tools = tools.map(ToolOffer.init) }
        if toolChoice != old?.toolChoice ?? "auto" { change.toolChoice = (try? ToolWish(toolChoice, "tool_choice")) ?? .auto }
        if maximumTokens != old?.maximumTokens { change.replyTokens = maximumTokens ?? 4096 }
        if isWritten != old?.isWritten ?? false { change.isWritten = isWritten }
        if speed != old?.speed ?? 1 { change.pace = speed }
        if passesVoice, let old, voice != old.voice { change.voice = voice }
        if let old, input != old.input { change.input = input.format }
        if let old, output != old.output { change.output = output.format }
        if old == nil || turnDetection != old?.turnDetection || kind != old?.kind { change.turnTaking = turnTaking }
        return change
    }

    private var turnTaking: TurnTaking {
        var taking = TurnTaking()
        guard let detection = turnDetection else {
            taking.isAutomatic = false
            taking.answers = false
            return taking
        }
        if detection.isSemantic {
            taking.end = detection.eagerness == "high" ? .eager : detection.eagerness == "low" ? .patient : .usual
        } else {
            (taking.end, taking.silence) = (.silence, detection.silence)
            (taking.threshold, taking.prefix) = (detection.threshold, detection.prefix)
        }
        taking.answers = detection.createsResponse && kind == .realtime
        taking.interrupts = detection.interruptsResponse
        return taking
    }
}

extension RealtimeConfig.TurnDetection {
    init(_ fields: RealtimeFields) throws(RealtimeFault) {
        self.init()
        switch try fields.string("type", upTo: 64) ?? "server_vad" {
        case "server_vad":
            threshold = try fields.number("threshold", in: 0...1) ?? threshold
            prefix = try fields.int("prefix_padding_ms", in: 0...10_000) ?? prefix
            silence = try fields.int("silence_duration_ms", in: 0...60_000) ?? silence
            idleTimeout = try fields.int("idle_timeout_ms", in: 1...3_600_000)
        case "semantic_vad":
            isSemantic = true
            eagerness = try fields.string("eagerness", upTo: 64) ?? eagerness
            guard ["low", "medium", "high", "auto"].contains(eagerness) else {
                throw .invalid(fields.name("eagerness"), "must be low, medium, high or auto")
            }
        default: throw .invalid(fields.name("type"), "must be server_vad or semantic_vad")
        }
        createsResponse = try fields.bool("create_response") ?? true
        interruptsResponse = try fields.bool("interrupt_response") ?? true
    }

    var json: JSONValue {
        let both: [JSONValue.Member] = [
            .init("create_response", .bool(createsResponse)), .init("interrupt_response", .bool(interruptsResponse)),
        ]
        guard !isSemantic else { return .object([.init("type", "semantic_vad"), .init("eagerness", .string(eagerness))] + both) }
        return .object(
            [
                .init("type", "server_vad"), .init("threshold", .double(threshold)), .init("prefix_padding_ms", .int(prefix)),
                .init("silence_duration_ms", .int(silence)), .init("idle_timeout_ms", idleTimeout.map(JSONValue.int) ?? .null),
            ] + both)
    }
}

extension ToolWish {
    init(_ json: JSONValue, _ param: String) throws(RealtimeFault) {
        switch json.string {
        case "auto": self = .auto
        case "none": self = .none
        case "required": self = .required
        default:
            guard json["type"]?.string == "function", let name = json["name"]?.string ?? json["function"]?["name"]?.string, !name.isEmpty else {
                throw .invalid(param, "must be auto, none, required or a function by its name")
            }
            self = .named(name)
        }
    }
}

extension ToolOffer {
    /// - Parameter json: A tool that was looked at before.
    init(_ json: JSONValue) {
        self.init(name: json["name"]?.string ?? "", description: json["description"]?.string, parameters: json["parameters"]?.text)
    }
}
