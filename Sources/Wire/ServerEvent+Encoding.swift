extension ServerEvent {
    /// The `type` that stands for the event in JSON.
    package var type: String {
        switch self {
        case .ready: "session.ready"
        case .state: "state"
        case .speechStarted: "speech.started"
        case .speechStopped: "speech.stopped"
        case .userPartial: "user.partial"
        case .userFinal: "user.final"
        case .agentStarted: "agent.started"
        case .agentText: "agent.text"
        case .agentFinished: "agent.finished"
        case .hold: "audio.hold"
        case .resume: "audio.resume"
        case .flush: "audio.flush"
        case .metrics: "turn.metrics"
        case .error: "error"
        case .report(let report): report.type
        case .pong: "pong"
        case .ending: "session.ending"
        case .ended: "session.ended"
        }
    }

    /// The event as a text message.
    ///
    /// - Parameters:
    ///   - seq: Its number in the session; 0 for one that belongs to the connection only.
    ///   - time: Since the session began; travels in whole milliseconds, as every duration does.
    package func encoded(seq: Int, at time: Duration) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(256)
        out.append(contentsOf: "{\"type\":".utf8)
        JSONValue.string(type).write(into: &out)
        out.append(contentsOf: ",\"seq\":".utf8)
        JSONValue.int(seq).write(into: &out)
        out.append(contentsOf: ",\"t_ms\":".utf8)
        time.wireMilliseconds.write(into: &out)
        for member in body.members ?? [] {
            out.append(UInt8(ascii: ","))
            member.write(into: &out)
        }
        out.append(UInt8(ascii: "}"))
        return out
    }

    private var body: JSONValue {
        switch self {
        case .ready(let ready): ready.json
        case .state(let state, let turn): ["state": .string(state.rawValue), "turn": .int(turn)]
        case .speechStarted(let at), .speechStopped(let at): ["at_ms": at.wireMilliseconds]
        case .userPartial(let turn, let text), .userFinal(let turn, let text): ["turn": .int(turn), "text": .string(text)]
        case .agentStarted(let turn, let epoch): ["turn": .int(turn), "epoch": .int(Int(epoch))]
        case .agentText(let text): text.json
        case .agentFinished(let turn, let epoch, let reason, let heard):
            ["turn": .int(turn), "epoch": .int(Int(epoch)), "reason": .string(reason.rawValue), "heard": .string(heard)]
        case .hold(let epoch): ["epoch": .int(Int(epoch))]
        case .resume(let epoch, let position, let fromSequence):
            ["epoch": .int(Int(epoch)), "position_ms": position.wireMilliseconds, "from_sequence": .int(Int(fromSequence))]
        case .flush(let epoch, let fromSequence): ["epoch": .int(Int(epoch)), "from_sequence": .int(Int(fromSequence))]
        case .metrics(let metrics): metrics.json
        case .error(let error): ["code": .string(error.code), "message": .string(error.message), "fatal": .bool(error.isFatal)]
        case .report(let report): report.body
        case .pong(let number): ["number": .int(number)]
        case .ending(let reason, let within): ["reason": .string(reason), "within_ms": within.wireMilliseconds]
        case .ended(let reason): ["reason": .string(reason)]
        }
    }
}

extension SessionReady {
    fileprivate var json: JSONValue {
        [
            "session": .string(session), "resume_token": .string(resumeToken), "resumed": .bool(resumed), "agent": .string(agent),
            "language": .string(language), "input": input.json, "output": output.json, "limits": limits.json,
            "engines": .strings(engines),
        ]
    }
}

extension SessionLimits {
    fileprivate var json: JSONValue {
        [
            "session_ms": session.wireMilliseconds, "idle_ms": idle.wireMilliseconds, "grace_ms": grace.wireMilliseconds,
            "utterance_ms": utterance.wireMilliseconds, "message_bytes": .int(messageBytes), "lead_ms": lead.wireMilliseconds,
        ]
    }
}

extension AgentText {
    fileprivate var json: JSONValue {
        .object([
            "turn": .int(turn), "epoch": .int(Int(epoch)), "text": .string(text), "start_ms": start.wireMilliseconds,
            "duration_ms": duration?.wireMilliseconds,
            "words": words.isEmpty
                ? nil
                : .array(
                    words.map { ["text": .string($0.text), "start_ms": $0.start.wireMilliseconds, "end_ms": $0.end.wireMilliseconds] }),
        ])
    }
}

extension TurnMetrics {
    fileprivate var json: JSONValue {
        .object([
            "turn": .int(turn), "outcome": .string(outcome.rawValue), "cause": cause.map(JSONValue.string),
            "endpointing_ms": .int(endpointing), "recognition_ms": .int(recognition), "first_token_ms": .int(firstToken),
            "first_sentence_ms": .int(firstSentence), "first_audio_ms": .int(firstAudio), "playout_start_ms": .int(playoutStart),
            "total_ms": .int(total), "heard_by": .string(heardBy),
            "word_times": wordTimes.map(JSONValue.string),
        ])
    }
}
