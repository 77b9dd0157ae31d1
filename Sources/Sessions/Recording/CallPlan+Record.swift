internal import Dialogue
internal import Turns
internal import Wire

/// A plan as JSON, for recordings. Durations are whole milliseconds.
extension CallPlan {
    var record: JSONValue {
        .object([
            "agent": .string(agent), "language": .string(language.rawValue), "system": .string(system),
            "lines": .object(Line.allCases.compactMap { line in lines[line].map { JSONValue.Member(line.rawValue, .string($0)) } }),
            "voice": voice.map { .string($0) }, "pace": .double(pace), "turns": turns.record, "gate": gate.record,
            "fillers": fillers.isEmpty ? nil : .array(fillers.map { .string($0) }), "echo": echo.isOn ? echo.record : nil,
            "history_turns": .int(history.turns), "history_tokens": .int(history.tokens), "reply_tokens": .int(replyTokens),
            "input": input.record, "output": output.record, "session_ms": .ms(limits.session), "grace_ms": .ms(limits.grace),
            "utterance_ms": .ms(limits.utterance), "lead_ms": .ms(limits.lead), "sentence_pause_ms": .ms(sentencePause),
            "partial_ms": partialEvery.map { .ms($0) }, "prefix_ms": .ms(prefix), "hints": .array(hints.map { .string($0) }),
            "directed": isDirected ? true : nil, "memory": memory?.record,
        ])
    }

    init(record: JSONValue) throws(RecordingError) {
        let fields = RecordFields(record)
        let limits = SessionLimits(
            session: try fields.duration("session_ms"), grace: try fields.duration("grace_ms"),
            utterance: try fields.duration("utterance_ms", upTo: 3_600_000), lead: try fields.duration("lead_ms"))
        var lines: [Line: String] = [:]
        for line in Line.allCases { lines[line] = record["lines"]?[line.rawValue]?.string }
        self.init(
            agent: try fields.string("agent"), language: Language(rawValue: try fields.string("language")),
            system: try fields.string("system"), lines: lines, voice: record["voice"]?.string, pace: try fields.double("pace"),
            turns: try TurnSettings(record: try fields.value("turns")), gate: try VoiceGate.Settings(record: try fields.value("gate")),
            echo: try EchoSettings(record: record["echo"]),
            history: History.Limits(turns: try fields.int("history_turns"), tokens: try fields.int("history_tokens")),
            replyTokens: try fields.int("reply_tokens"), input: try AudioFormat(record: try fields.value("input")),
            output: try AudioFormat(record: try fields.value("output")), limits: limits,
            sentencePause: try fields.duration("sentence_pause_ms"),
            partialEvery: record["partial_ms"] == nil ? nil : try fields.duration("partial_ms"),
            prefix: try fields.duration("prefix_ms", upTo: 60_000), hints: record["hints"]?.array?.compactMap(\.string) ?? [])
        fillers = record["fillers"]?.array?.compactMap(\.string) ?? []
        isDirected = record["directed"]?.bool ?? false
        memory = try record["memory"].map { value throws(RecordingError) in try History(record: value, language: language, limits: history) }
    }
}

extension TurnSettings {
    fileprivate var record: JSONValue {
        .object([
            "minimum_ms": .ms(endpointing.minimum), "doubtful_ms": .ms(endpointing.doubtful), "maximum_ms": .ms(endpointing.maximum),
            "without_model_ms": .ms(endpointing.withoutModel), "likely": .double(Double(endpointing.likely)),
            "unlikely": .double(Double(endpointing.unlikely)), "asks_ms": .array(endpointing.asks.map { .ms($0) }),
            "speculation": .double(Double(endpointing.speculation)), "language": .string(language),
            "barge_in": .string(bargeIn.rawValue), "hold_ms": .ms(hold),
            "interruption_ms": .ms(interruption), "resume_after_ms": .ms(resumeAfter), "idle_ms": .ms(idle),
            "idle_prompts": .int(idlePrompts), "recognition_limit_ms": .ms(recognitionLimit), "reply_limit_ms": .ms(replyLimit),
            "reprompts": .int(reprompts), "reprompt_voiced_ms": .ms(repromptVoiced),
            "keywords": .array(keywords.map { .string($0) }), "protected_lines": .array(protectedLines.map(\.rawValue).sorted().map { .string($0) }),
            "protected_phrases": .array(protectedPhrases.map { .string($0) }), "word_asks_ms": .array(wordAsks.map { .ms($0) }),
            "word_limit_ms": .ms(wordLimit), "wordless_ms": .ms(wordless), "content_voiced_ms": .ms(contentVoiced),
            "sure_words": .double(Double(sureWords)), "hold_limit_ms": .ms(holdLimit), "false_starts": .int(falseStarts), "ending_ms": .ms(ending),
            "filler_ms": filler.map { .ms($0) }, "echo_tail_ms": echoTail == .zero ? nil : .ms(echoTail),
        ])
    }

    fileprivate init(record: JSONValue) throws(RecordingError) {
        let fields = RecordFields(record)
        guard let bargeIn = BargeIn(rawValue: try fields.string("barge_in")) else { throw .malformed("call.json", "barge_in") }
        self.init(
            endpointing: EndpointPolicy(
                minimum: try fields.duration("minimum_ms"), doubtful: try fields.duration("doubtful_ms"),
                maximum: try fields.duration("maximum_ms"), withoutModel: try fields.duration("without_model_ms"),
                likely: Float(try fields.double("likely")), unlikely: Float(try fields.double("unlikely")),
                asks: try fields.durations("asks_ms"), speculation: Float(try fields.double("speculation"))),
            language: record["language"]?.string ?? "en", bargeIn: bargeIn,
            hold: try fields.duration("hold_ms"), interruption: try fields.duration("interruption_ms"),
            resumeAfter: try fields.duration("resume_after_ms"), idle: try fields.duration("idle_ms"),
            idlePrompts: try fields.int("idle_prompts"), recognitionLimit: try fields.duration("recognition_limit_ms"),
            replyLimit: try fields.duration("reply_limit_ms"), reprompts: try fields.int("reprompts"),
            repromptVoiced: try fields.duration("reprompt_voiced_ms"))
        // What a recording does not name is as usual.
        filler = record["filler_ms"] == nil ? nil : try fields.duration("filler_ms")
        keywords = record["keywords"]?.array?.compactMap(\.string) ?? keywords
        protectedLines = Set((record["protected_lines"]?.array ?? []).compactMap { $0.string.flatMap { Line(rawValue: $0) } })
        protectedPhrases = record["protected_phrases"]?.array?.compactMap(\.string) ?? protectedPhrases
        if record["word_asks_ms"] != nil { wordAsks = try fields.durations("word_asks_ms") }
        if record["word_limit_ms"] != nil { wordLimit = try fields.duration("word_limit_ms") }
        if record["wordless_ms"] != nil { wordless = try fields.duration("wordless_ms") }
        if record["content_voiced_ms"] != nil { contentVoiced = try fields.duration("content_voiced_ms") }
        if record["sure_words"] != nil { sureWords = Float(try fields.double("sure_words")) }
        if record["hold_limit_ms"] != nil { holdLimit = try fields.duration("hold_limit_ms") }
        if record["false_starts"] != nil { falseStarts = try fields.int("false_starts", in: 0...100) }
        if record["ending_ms"] != nil { ending = try fields.duration("ending_ms") }
        // A call that was recorded without it was decided without it.
        echoTail = record["echo_tail_ms"] == nil ? .zero : try fields.duration("echo_tail_ms")
    }
}

extension VoiceGate.Settings {
    fileprivate var record: JSONValue {
        .object([
            "on": .double(Double(on)), "off": .double(Double(off)), "minimum_speech_ms": .ms(minimumSpeech), "bridge_ms": .ms(bridge),
            "resumption_ms": .ms(resumption), "milestones_ms": .array(milestones.map { .ms($0) }), "reminder_ms": .ms(reminder),
            "likely_ms": .ms(likely), "strong": .double(Double(strong)),
        ])
    }

    fileprivate init(record: JSONValue) throws(RecordingError) {
        let fields = RecordFields(record)
        self.init(
            on: Float(try fields.double("on")), off: Float(try fields.double("off")),
            minimumSpeech: try fields.duration("minimum_speech_ms"), bridge: try fields.duration("bridge_ms"),
            resumption: try fields.duration("resumption_ms"),
            milestones: try fields.durations("milestones_ms"), reminder: try fields.duration("reminder_ms"))
        // In recordings of before it, no sound was likely before it was speech.
        likely = record["likely_ms"] == nil ? minimumSpeech : try fields.duration("likely_ms")
        strong = record["strong"] == nil ? 2 : Float(try fields.double("strong"))
    }
}

extension EchoSettings {
    fileprivate var record: JSONValue {
        ["guard": .bool(isOn), "longest_delay_ms": .ms(longestDelay), "double_talk": .double(Double(doubleTalk))]
    }

    /// A call without the guard has none.
    fileprivate init(record: JSONValue?) throws(RecordingError) {
        self.init()
        guard let record else {
            isOn = false
            return
        }
        let fields = RecordFields(record)
        guard case .bool(let isOn) = try fields.value("guard") else { throw .malformed("call.json", "guard") }
        self.init(
            isOn: isOn, longestDelay: try fields.duration("longest_delay_ms", upTo: 10_000), doubleTalk: Float(try fields.double("double_talk")))
    }
}

extension AudioFormat {
    fileprivate var record: JSONValue {
        ["codec": .string(codec.rawValue), "sample_rate": .int(sampleRate), "packet_ms": .int(packetMilliseconds)]
    }

    fileprivate init(record: JSONValue) throws(RecordingError) {
        let fields = RecordFields(record)
        guard let codec = Codec(rawValue: try fields.string("codec")) else { throw .malformed("call.json", "codec") }
        self.init(
            codec: codec, sampleRate: try fields.int("sample_rate", in: 1...192_000),
            packetMilliseconds: try fields.int("packet_ms", in: 1...120))
    }
}

extension JSONValue {
    static func ms(_ duration: Duration) -> JSONValue { .int(Int(duration / .milliseconds(1))) }
}

/// The members of a recorded object, each of which must be there and of its type.
struct RecordFields {
    /// Largest number and longest time that is believed: eleven days, in microseconds and in milliseconds.
    static let largest = 1_000_000_000_000
    static let longest = 1_000_000_000

    let object: JSONValue
    let file: String
    let line: Int?

    init(_ object: JSONValue, file: String = "call.json", line: Int? = nil) { (self.object, self.file, self.line) = (object, file, line) }

    func value(_ name: String) throws(RecordingError) -> JSONValue {
        guard let value = object[name] else { throw .malformed(file, line: line, "\(name) is missing") }
        return value
    }

    func string(_ name: String) throws(RecordingError) -> String {
        guard let text = try value(name).string else { throw .malformed(file, line: line, "\(name) must be a string") }
        return text
    }

    func int(_ name: String, in range: ClosedRange<Int> = 0...RecordFields.largest) throws(RecordingError) -> Int {
        guard let number = try value(name).int else { throw .malformed(file, line: line, "\(name) must be an integer") }
        guard range.contains(number) else { throw .malformed(file, line: line, "\(name) must be \(range.lowerBound)...\(range.upperBound)") }
        return number
    }

    func double(_ name: String) throws(RecordingError) -> Double {
        switch try value(name) {
        case .int(let number): return Double(number)
        case .double(let number): return number
        case .null, .bool, .string, .array, .object: throw .malformed(file, line: line, "\(name) must be a number")
        }
    }

    func duration(_ name: String, upTo longest: Int = RecordFields.longest) throws(RecordingError) -> Duration {
        .milliseconds(try int(name, in: 0...longest))
    }

    func durations(_ name: String) throws(RecordingError) -> [Duration] {
        guard let items = try value(name).array else { throw .malformed(file, line: line, "\(name) must be an array") }
        var durations: [Duration] = []
        for item in items {
            guard let number = item.int, (0...Self.longest).contains(number) else {
                throw .malformed(file, line: line, "\(name) must hold 0...\(Self.longest)")
            }
            durations.append(.milliseconds(number))
        }
        return durations
    }
}
