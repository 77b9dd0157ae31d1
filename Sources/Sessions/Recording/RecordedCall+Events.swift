internal import Dialogue
internal import Engines
internal import Wire

extension RecordedCall.Moment {
    var record: JSONValue {
        let at = JSONValue.int(at)
        return switch kind {
        case .client(let event): ["at_us": at, "client": (try? JSONValue(parsing: event.encoded())) ?? .null]
        case .transportLost: ["at_us": at, "event": "transport_lost"]
        case .transportBack: ["at_us": at, "event": "transport_back"]
        case .drain(let within): ["at_us": at, "event": "drain", "within_ms": .ms(within)]
        case .hangUp(let reason): ["at_us": at, "event": "hang_up", "reason": .string(reason)]
        }
    }

    init(_ fields: RecordFields) throws(RecordingError) {
        at = try fields.int("at_us")
        if let client = fields.object["client"] {
            do { kind = .client(try ClientEvent(json: client.bytes)) } catch {
                throw .malformed(fields.file, line: fields.line, "not a client event")
            }
            return
        }
        switch try fields.string("event") {
        case "transport_lost": kind = .transportLost
        case "transport_back": kind = .transportBack
        case "drain": kind = .drain(within: try fields.duration("within_ms"))
        case "hang_up": kind = .hangUp(try fields.string("reason"))
        default: throw .malformed(fields.file, line: fields.line, "unknown event")
        }
    }
}

extension RecordedCall.Answer {
    var record: JSONValue {
        var members = [
            JSONValue.Member("request", .string(request.rawValue)), .init("number", .int(number)), .init("after_us", .int(after)),
        ]
        switch body {
        case .probability(let probability): members.append(.init("probability", .int(Int((probability * 1_000_000).rounded()))))
        case .transcript(let transcript):
            members.append(.init("transcript", .string(transcript.text)))
            if let confidence = transcript.confidence { members.append(.init("confidence", .int(Int((confidence * 1_000_000).rounded())))) }
        case .text(let text): members.append(.init("text", .string(text)))
        case .toolCall(let number, let id, let name):
            members += [.init("call", .int(number)), .init("id", .string(id)), .init("tool", .string(name))]
        case .toolArguments(let number, let text): members += [.init("call", .int(number)), .init("arguments", .string(text))]
        case .textEnd(let finish): members.append(.init("finish", .string(finish)))
        case .speech(let packets, let words):
            members.append(.init("packets", .int(packets)))
            let times = words.map { word -> JSONValue in [.string(word.text), .ms(word.start), .ms(word.end)] }
            members.append(.init("words", .array(times)))
        case .speechEnd(let duration): members.append(.init("spoken_us", .int(Int(duration / .microseconds(1)))))
        case .failure(let error):
            members.append(.init("failure", .string(error.code.rawValue)))
            members.append(.init("detail", .string(error.detail)))
        }
        return .object(members)
    }

    init(_ fields: RecordFields) throws(RecordingError) {
        guard let request = RecordedCall.Request(rawValue: try fields.string("request")) else {
            throw .malformed(fields.file, line: fields.line, "unknown request")
        }
        self.init(request: request, number: try fields.int("number"), after: try fields.int("after_us"), body: try Self.body(fields))
    }

    private static func body(_ fields: RecordFields) throws(RecordingError) -> Body {
        let object = fields.object
        if let probability = object["probability"]?.int { return .probability(Float(probability) / 1_000_000) }
        if let text = object["transcript"]?.string {
            return .transcript(Transcript(text: text, confidence: object["confidence"]?.int.map { Float($0) / 1_000_000 }))
        }
        if let text = object["text"]?.string { return .text(text) }
        if object["call"] != nil {
            let call = try fields.int("call", in: 0...1000)
            if let text = object["arguments"]?.string { return .toolArguments(call, text) }
            return .toolCall(call, id: try fields.string("id"), name: try fields.string("tool"))
        }
        if let finish = object["finish"]?.string { return .textEnd(finish) }
        if let spoken = object["spoken_us"]?.int { return .speechEnd(.microseconds(spoken)) }
        if let code = object["failure"]?.string {
            return .failure(EngineError(EngineError.Code(rawValue: code), object["detail"]?.string ?? ""))
        }
        guard object["packets"] != nil else { throw .malformed(fields.file, line: fields.line, "an answer without a body") }
        let packets = try fields.int("packets", in: 0...100_000)
        let words = (object["words"]?.array ?? []).compactMap { word -> SpokenWord? in
            guard let parts = word.array, parts.count == 3, let text = parts[0].string, let start = parts[1].int, let end = parts[2].int else {
                return nil
            }
            return SpokenWord(text: text, start: .milliseconds(start), end: .milliseconds(end))
        }
        return .speech(packets: packets, words: words)
    }
}

extension RecordedCall.Answer.Body {
    /// What a language model calls; nil for what it says.
    init?(_ piece: ChatPiece) {
        switch piece {
        case .text: return nil
        case .call(let number, let id, let name): self = .toolCall(number, id: id, name: name)
        case .arguments(let number, let text): self = .toolArguments(number, text)
        }
    }
}
