/// A server event as a client receives it.
package struct NumberedEvent: Sendable, Equatable {
    /// Its number in the session; 0 for one that belongs to the connection only and is never repeated.
    package var seq: Int
    /// Since the session began, in whole milliseconds.
    package var time: Duration
    package var event: ServerEvent

    package init(seq: Int, time: Duration, event: ServerEvent) { (self.seq, self.time, self.event) = (seq, time, event) }

    /// Reads a text message of a server. Fields that are not known are ignored.
    ///
    /// - Throws: `wire.bad_json`, `wire.bad_field`, `wire.unknown_event`.
    package init(json bytes: [UInt8]) throws(WireError) {
        let fields = try WireFields(parsing: bytes)
        event = try ServerEvent(try fields.string("type", in: 1...64), fields)
        seq = try fields.int("seq", in: 0...WireFields.exactIntegers.upperBound)
        time = try fields.duration("t_ms")
    }
}

private enum StateName: String, CaseIterable { case listening, hearing, thinking, speaking }
private enum ReasonName: String, CaseIterable { case completed, interrupted, failed, cancelled }
private enum OutcomeName: String, CaseIterable { case completed, interrupted, ignored, failed }

extension WireFields {
    fileprivate func turn() throws(WireError) -> Int { try int("turn", in: 0...Self.exactIntegers.upperBound) }
    fileprivate func part(_ name: String) throws(WireError) -> Int { try int(name, in: Self.exactIntegers) }
}

extension ServerEvent {
    fileprivate init(_ type: String, _ fields: WireFields) throws(WireError) {
        switch type {
        case "session.ready": self = .ready(try SessionReady(fields))
        case "state":
            let name = try fields.choice("state", of: StateName.self)
            self = .state(State(rawValue: name.rawValue) ?? .listening, turn: try fields.turn())
        case "speech.started": self = .speechStarted(at: try fields.duration("at_ms"))
        case "speech.stopped": self = .speechStopped(at: try fields.duration("at_ms"))
        case "user.partial": self = .userPartial(turn: try fields.turn(), text: try fields.string("text"))
        case "user.final": self = .userFinal(turn: try fields.turn(), text: try fields.string("text"))
        case "agent.started": self = .agentStarted(turn: try fields.turn(), epoch: try fields.epoch())
        case "agent.text": self = .agentText(try AgentText(fields))
        case "agent.finished":
            let name = try fields.choice("reason", of: ReasonName.self)
            self = .agentFinished(
                turn: try fields.turn(), epoch: try fields.epoch(), reason: FinishReason(rawValue: name.rawValue) ?? .failed,
                heard: try fields.string("heard"))
        case "audio.hold": self = .hold(epoch: try fields.epoch())
        case "audio.resume":
            self = .resume(epoch: try fields.epoch(), position: try fields.duration("position_ms"), fromSequence: try fields.sequence())
        case "audio.flush": self = .flush(epoch: try fields.epoch(), fromSequence: try fields.sequence())
        case "turn.metrics": self = .metrics(try TurnMetrics(fields))
        case "error":
            self = .error(
                WireError(try fields.string("code"), try fields.string("message"), isFatal: try fields.bool("fatal")))
        case "pong": self = .pong(try fields.int("number", in: WireFields.exactIntegers))
        case "session.ending": self = .ending(reason: try fields.string("reason"), within: try fields.duration("within_ms"))
        case "session.ended": self = .ended(reason: try fields.string("reason"))
        default:
            guard let report = try ReplyReport(type: type, fields) else {
                throw WireError(WireError.unknownEvent, "this type of event is not known")
            }
            self = .report(report)
        }
    }
}

extension SessionReady {
    fileprivate init(_ fields: WireFields) throws(WireError) {
        let limits = try fields.nested("limits")
        self.init(
            session: try fields.string("session"), resumeToken: try fields.string("resume_token"), resumed: try fields.bool("resumed"),
            agent: try fields.string("agent"), language: try fields.string("language"),
            input: try AudioFormat(try fields.nested("input"), packets: 2...60),
            output: try AudioFormat(try fields.nested("output"), packets: 20...60),
            limits: SessionLimits(
                session: try limits.duration("session_ms"), idle: try limits.duration("idle_ms"), grace: try limits.duration("grace_ms"),
                utterance: try limits.duration("utterance_ms"), messageBytes: try limits.int("message_bytes", in: 0...Int(Int32.max)),
                lead: try limits.duration("lead_ms")),
            engines: try fields.strings("engines", count: 32, nameLength: 64, valueLength: 200))
    }
}

extension AgentText {
    fileprivate init(_ fields: WireFields) throws(WireError) {
        var words: [TimedWord] = []
        for word in try fields.list("words") {
            words.append(
                TimedWord(text: try word.string("text"), start: try word.duration("start_ms"), end: try word.duration("end_ms")))
        }
        self.init(
            turn: try fields.turn(), epoch: try fields.epoch(), text: try fields.string("text"), start: try fields.duration("start_ms"),
            duration: fields.optional("duration_ms") == nil ? nil : try fields.duration("duration_ms"), words: words)
    }
}

extension TurnMetrics {
    fileprivate init(_ fields: WireFields) throws(WireError) {
        let name = try fields.choice("outcome", of: OutcomeName.self)
        self.init(
            turn: try fields.turn(), outcome: Outcome(rawValue: name.rawValue) ?? .failed, cause: try fields.optionalString("cause"),
            endpointing: try fields.part("endpointing_ms"), recognition: try fields.part("recognition_ms"),
            firstToken: try fields.part("first_token_ms"), firstSentence: try fields.part("first_sentence_ms"),
            firstAudio: try fields.part("first_audio_ms"), playoutStart: try fields.part("playout_start_ms"),
            heardBy: try fields.string("heard_by"), wordTimes: try fields.optionalString("word_times"))
        total = try fields.part("total_ms")
    }
}
