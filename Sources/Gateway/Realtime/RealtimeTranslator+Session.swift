internal import Dialogue
internal import Wire

/// What the session says.
extension RealtimeTranslator {
    mutating func session(_ event: ServerEvent, at time: Duration) {
        switch event {
        case .ready: begin()
        case .speechStarted(let at): hear(from: at, at: time)
        case .state(let state, _): state == .hearing ? openSpeech(at: time) : state == .listening ? dropSpeech(at: time) : ()
        case .userFinal(let turn, let text): turnOver(turn, text, at: time)
        case .metrics(let metrics): if metrics.outcome == .ignored { turnIgnored(metrics.turn, metrics.cause, at: time) }
        case .agentText(let text): say(text)
        case .agentFinished(_, let epoch, let reason, let heard): if reason == .interrupted { note(heard: heard, of: epoch) }
        case .resume(let epoch, let position, _): goOn(epoch, from: position)
        case .report(let report): take(report, at: time)
        case .error(let error): if error.isFatal { tell(RealtimeFault(error), event: nil) }
        case .ended(let reason):
            if reason == "session_limit" {
                tell(RealtimeFault("session_expired", "Your session hit the maximum duration."), event: nil)
            }
        case .speechStopped, .userPartial, .agentStarted, .hold, .flush, .pong, .ending: break
        }
    }

    private mutating func begin() {
        guard !isReady else { return }
        isReady = true
        send("session.created", ["session": config.json(id: sessionID, expiry: identity.expiry)])
        send("conversation.created", ["conversation": ["id": .string(conversationID), "object": "realtime.conversation"]])
        apply(from: nil)
    }

    // MARK: the caller's voice

    /// Milliseconds of the caller's audio before a moment of the session's.
    private func position(of moment: Duration, at time: Duration) -> Int {
        max(0, heardMilliseconds - Int((time - moment) / .milliseconds(1)))
    }

    private mutating func hear(from onset: Duration, at time: Duration) {
        if speech?.isTold != true { self.onset = onset }
        // A voice that stops nobody is told of at once.
        if response != nil, config.turnDetection?.interruptsResponse == false { openSpeech(at: time) }
    }

    /// The caller has taken the turn: clients stop what they play when they learn of it, so nothing is told before it is certain.
    private mutating func openSpeech(at time: Duration) {
        guard speech == nil else { return }
        let item = newID("item")
        speech = Speech(item: item, isTold: true)
        idleTimer += 1
        let start = max(0, position(of: onset ?? time, at: time) - (config.turnDetection?.prefix ?? 0))
        send("input_audio_buffer.speech_started", ["audio_start_ms": .int(start), "item_id": .string(item)])
    }

    private mutating func closeSpeech(at time: Duration) -> String {
        openSpeech(at: time)
        let item = speech?.item ?? ""
        (speech, onset) = (nil, nil)
        send("input_audio_buffer.speech_stopped", ["audio_end_ms": .int(heardMilliseconds), "item_id": .string(item)])
        return item
    }

    private mutating func turnOver(_ turn: Int, _ text: String, at time: Duration) {
        let id = closeSpeech(at: time)
        commit(RealtimeItem(id: id, body: .message(role: .user, text: nil, isAudio: true), name: History.name(ofTurn: turn)))
        transcribed(id, text)
    }

    /// A voice without words is an item without words; one that could not be understood says so.
    private mutating func turnIgnored(_ turn: Int, _ cause: String?, at time: Duration) {
        guard speech != nil else { return }
        let id = closeSpeech(at: time)
        commit(RealtimeItem(id: id, body: .message(role: .user, text: nil, isAudio: true)))
        if cause == "no_words" { transcribed(id, "") } else { notTranscribed(id, cause ?? "engine.failed") }
    }

    /// The voice came to nothing and no turn was made of it.
    private mutating func dropSpeech(at time: Duration) {
        guard speech != nil else { return }
        _ = closeSpeech(at: time)
    }

    private mutating func transcribed(_ id: String, _ text: String) {
        guard let index = index(of: id) else { return }
        // Beside what was spoken something may have been written.
        if case .message(_, let known?, _) = items[index].body, !known.isEmpty {
            setText(History.join(known, text), of: index)
        } else {
            setText(text, of: index)
        }
        guard config.transcription != nil || config.kind == .transcription else { return }
        let type = "conversation.item.input_audio_transcription"
        if !text.isEmpty { send("\(type).delta", ["item_id": .string(id), "content_index": 0, "delta": .string(text)]) }
        send(
            "\(type).completed",
            [
                "item_id": .string(id), "content_index": 0, "transcript": .string(text),
                "usage": [
                    "type": "tokens", "total_tokens": .int(TokenEstimate.tokens(in: text)), "input_tokens": 0,
                    "output_tokens": .int(TokenEstimate.tokens(in: text)),
                ],
            ])
    }

    private mutating func notTranscribed(_ id: String, _ code: String) {
        // What the client has done wrong it is told in any case.
        if code.hasPrefix("input.") { tell(RealtimeFault(code, "The audio of the item with id '\(id)' cannot be taken.", param: "item"), event: nil) }
        guard config.transcription != nil || config.kind == .transcription else { return }
        send(
            "conversation.item.input_audio_transcription.failed",
            [
                "item_id": .string(id), "content_index": 0,
                "error": ["type": "server_error", "code": .string(code), "message": "The audio could not be written down."],
            ])
    }

    // MARK: reports

    private mutating func take(_ report: ReplyReport, at time: Duration) {
        switch report {
        case .began(let epoch, let request): begin(epoch, request)
        case .wrote(let epoch, let text): change(epoch) { $0.write(text, of: &$1) }
        case .call(let epoch, let number, let id, let name): change(epoch) { $0.beginCall(number, id, name, of: &$1) }
        case .arguments(let epoch, let number, let text): change(epoch) { $0.argue(number, text, of: &$1) }
        case .called(let epoch, let number, let arguments): change(epoch) { $0.endCall(number, arguments, of: &$1) }
        case .ended(let end): self.end(end, at: time)
        case .refused(let request, let code): refused(request, code)
        case .heard(let epoch, let text): note(heard: text, of: epoch)
        case .taken(let id, let text): transcribed(id, text)
        case .failed(let id, let code): notTranscribed(id, code)
        }
    }

    /// Works on the response of a reply, if it is not over.
    private mutating func change(_ epoch: UInt16, _ body: (inout RealtimeTranslator, inout RealtimeResponse) -> Void) {
        if var current = response, current.epoch == epoch {
            response = nil  // so that its items are not copied
            body(&self, &current)
            response = current
        } else if var current = beside.removeValue(forKey: epoch) {
            body(&self, &current)
            beside[epoch] = current
        }
    }

    private mutating func begin(_ epoch: UInt16, _ request: String?) {
        let asked = request.flatMap { self.asked.removeValue(forKey: $0) }
        let new = RealtimeResponse(
            id: asked?.request.id ?? newID("resp"), epoch: epoch, isBeside: asked?.request.isBeside ?? false,
            isWritten: asked?.isWritten ?? config.isWritten, metadata: asked?.metadata ?? .null,
            maximumTokens: asked?.request.replyTokens ?? config.maximumTokens, voice: config.voice, format: config.output)
        if new.isBeside, new.isWritten { beside[epoch] = new } else { response = new }
        idleTimer += 1
        send("response.created", ["response": new.json(conversation: conversationID, status: "in_progress")])
    }

    private mutating func refused(_ request: String, _ code: String) {
        guard let asked = asked.removeValue(forKey: request) else { return }
        guard code == "reply.cancelled" else {
            return tell(code == "reply.active" ? .active : RealtimeFault(code, "No response is made."), event: asked.event)
        }
        let never = RealtimeResponse(
            id: request, epoch: 0, isBeside: asked.request.isBeside, isWritten: asked.isWritten, metadata: asked.metadata,
            maximumTokens: asked.request.replyTokens, voice: config.voice, format: config.output)
        send("response.created", ["response": never.json(conversation: conversationID, status: "in_progress")])
        let usage = never.usage(ReplyEnd(epoch: 0, reason: .cancelled), prompt: 0)
        send(
            "response.done",
            ["response": never.json(conversation: conversationID, status: "cancelled", details: Self.cancelled("client_cancelled"), usage: usage)])
    }

    private static func cancelled(_ reason: String) -> JSONValue { ["type": "cancelled", "reason": .string(reason)] }

    private mutating func end(_ end: ReplyEnd, at time: Duration) {
        let isMain = response?.epoch == end.epoch
        guard var ended = isMain ? response : beside.removeValue(forKey: end.epoch) else { return }
        // Who is interrupted by a voice learns of the voice first.
        let byVoice = isMain && end.reason != .completed && onset != nil && config.turnDetection != nil
        if byVoice { openSpeech(at: time) }
        if isMain { response = nil }
        let isWhole = end.reason == .completed
        for index in ended.outputs.indices where ended.outputs[index].isOpen {
            if ended.outputs[index].call == nil { endMessage(index, isWhole: isWhole, of: &ended) } else { dropCall(index, of: &ended) }
        }
        var (status, details): (String, JSONValue) = ("completed", .null)
        switch end.reason {
        case .completed:
            if let cause = end.cause {
                (status, details) = ("incomplete", ["type": "incomplete", "reason": cause == "length" ? "max_output_tokens" : "content_filter"])
            }
        case .interrupted, .cancelled: (status, details) = ("cancelled", Self.cancelled(byVoice ? "turn_detected" : "client_cancelled"))
        case .failed:
            let error: JSONValue = [
                "type": "server_error", "code": .string(end.cause ?? "server_error"), "message": .string(end.message ?? "The reply failed."),
            ]
            (status, details) = ("failed", ["type": "failed", "error": error])
        }
        let usage = ended.usage(end, prompt: promptEstimate)
        send("response.done", ["response": ended.json(conversation: conversationID, status: status, details: details, usage: usage)])
        guard isMain else { return }
        if let (json, event) = next {
            next = nil
            do { try respond(json, event: event) } catch { tell(error, event: event) }
        } else if speech == nil, let idle = config.turnDetection?.idleTimeout, !ended.isBeside {
            idleTimer += 1
            actions.append(.startTimer(idleTimer, after: .milliseconds(idle)))
        }
    }

    private var promptEstimate: Int {
        items.suffix(200).reduce(TokenEstimate.tokens(in: config.instructions ?? "")) { total, item in
            switch item.body {
            case .message(_, let text, _): total + TokenEstimate.tokens(in: text ?? "")
            case .call(_, _, let arguments): total + TokenEstimate.tokens(in: arguments)
            case .result(_, let output): total + TokenEstimate.tokens(in: output)
            }
        }
    }

    /// Nobody has said anything: the silence is the caller's turn.
    mutating func idleTimedOut() {
        guard !isBusy, speech == nil, config.turnDetection?.idleTimeout != nil else { return }
        let id = newID("item")
        let start = max(0, heardMilliseconds - (config.turnDetection?.idleTimeout ?? 0))
        send(
            "input_audio_buffer.timeout_triggered",
            ["audio_start_ms": .int(start), "audio_end_ms": .int(heardMilliseconds), "item_id": .string(id)])
        commit(RealtimeItem(id: id, body: .message(role: .user, text: nil, isAudio: true), name: id))
        direct(.take(id))
        do { try respond(["type": "response.create"], event: nil) } catch { tell(error, event: nil) }
    }
}

extension RealtimeFault {
    /// What a session or a connection says that the client is to know.
    init(_ error: WireError) {
        self.init(error.code, error.message)
        type = error.code.hasPrefix("wire.") || error.code == "gateway.timeout" ? "invalid_request_error" : "server_error"
    }
}
