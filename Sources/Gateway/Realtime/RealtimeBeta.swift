internal import Wire

/// The older shape of the realtime protocol, as a coat over the present one: the same events under their old names.
enum RealtimeBeta {
    // MARK: from the client

    /// A client's event in the present shape.
    static func incoming(_ event: JSONValue) -> JSONValue {
        switch event["type"]?.string {
        case "session.update": event.replacing("session") { session($0, kind: "realtime") }
        case "transcription_session.update":
            event.replacing("type") { _ in "session.update" }.replacing("session") { session($0, kind: "transcription") }
        case "response.create": event.replacing("response", response)
        default: event
        }
    }

    private static func session(_ old: JSONValue, kind: String) -> JSONValue {
        var (input, output, members): ([JSONValue.Member], [JSONValue.Member], [JSONValue.Member]) = ([], [], [.init("type", .string(kind))])
        for member in old.members ?? [] {
            switch member.name {
            case "type": break
            case "modalities": members.append(.init("output_modalities", modalities(member.value)))
            case "input_audio_format": input.append(.init("format", format(member.value)))
            case "output_audio_format": output.append(.init("format", format(member.value)))
            case "input_audio_transcription": input.append(.init("transcription", member.value))
            case "input_audio_noise_reduction": input.append(.init("noise_reduction", member.value))
            case "turn_detection": input.append(.init("turn_detection", member.value))
            case "voice", "speed": output.append(member)
            case "max_response_output_tokens": members.append(.init("max_output_tokens", member.value))
            default: members.append(member)
            }
        }
        members.append(.init("audio", ["input": .object(input), "output": .object(output)]))
        return .object(members)
    }

    private static func response(_ old: JSONValue) -> JSONValue {
        guard let members = old.members else { return old }
        return .object(
            members.map { member in
                switch member.name {
                case "modalities": .init("output_modalities", modalities(member.value))
                case "max_response_output_tokens": .init("max_output_tokens", member.value)
                default: member
                }
            })
    }

    private static func modalities(_ old: JSONValue) -> JSONValue { old == ["text"] ? ["text"] : old.array == nil ? old : ["audio"] }

    private static func format(_ old: JSONValue) -> JSONValue {
        switch old.string {
        case "pcm16": ["type": "audio/pcm", "rate": 24_000]
        case "g711_ulaw": ["type": "audio/pcmu"]
        case "g711_alaw": ["type": "audio/pcma"]
        default: ["type": old]
        }
    }

    // MARK: to the client

    /// An event in the old shape; nil for one that the old shape does not have.
    static func outgoing(_ event: JSONValue) -> JSONValue? {
        guard let type = event["type"]?.string else { return event }
        switch type {
        case "conversation.item.done": return nil
        case "conversation.item.added": return event.replacing("type") { _ in "conversation.item.created" }.replacing("item", item)
        case "conversation.item.retrieved", "response.output_item.added", "response.output_item.done": return event.replacing("item", item)
        case "session.created", "session.updated":
            let isTranscription = event["session"]?["type"] == "transcription"
            return event.replacing("type") { _ in .string(isTranscription ? "transcription_" + type : type) }.replacing("session", oldSession)
        case "response.created", "response.done": return event.replacing("response", oldResponse)
        case "response.function_call_arguments.done": return event.without("name")
        default:
            for (new, old) in [("response.output_audio", "response.audio"), ("response.output_text", "response.text")] where type.hasPrefix(new) {
                return event.replacing("type") { _ in .string(old + type.dropFirst(new.count)) }
            }
            return event
        }
    }

    private static func item(_ new: JSONValue) -> JSONValue {
        new.replacing("content") { content in
            .array(
                (content.array ?? []).map { part in
                    part.replacing("type") { type in
                        switch type.string {
                        case "output_text": "text"
                        case "output_audio": "audio"
                        default: type
                        }
                    }
                })
        }
    }

    private static func oldFormat(_ new: JSONValue?) -> JSONValue {
        switch new?["type"]?.string {
        case "audio/pcmu": "g711_ulaw"
        case "audio/pcma": "g711_alaw"
        default: "pcm16"
        }
    }

    private static func oldModalities(_ new: JSONValue?) -> JSONValue { new == ["text"] ? ["text"] : ["audio", "text"] }

    private static func oldSession(_ new: JSONValue) -> JSONValue {
        let (input, output) = (new["audio"]?["input"], new["audio"]?["output"])
        var members: [JSONValue.Member] = [
            .init("object", new["object"] ?? "realtime.session"), .init("id", new["id"] ?? .null), .init("expires_at", new["expires_at"] ?? 0),
            .init("input_audio_format", oldFormat(input?["format"])), .init("input_audio_transcription", input?["transcription"] ?? .null),
            .init("input_audio_noise_reduction", input?["noise_reduction"] ?? .null), .init("turn_detection", input?["turn_detection"] ?? .null),
        ]
        guard let output else { return .object(members) }
        members += [
            .init("model", new["model"] ?? .null), .init("modalities", oldModalities(new["output_modalities"])),
            .init("instructions", new["instructions"] ?? ""), .init("voice", output["voice"] ?? .null), .init("speed", output["speed"] ?? 1),
            .init("output_audio_format", oldFormat(output["format"])), .init("tools", new["tools"] ?? []),
            .init("tool_choice", new["tool_choice"] ?? "auto"), .init("temperature", .double(0.8)),
            .init("max_response_output_tokens", new["max_output_tokens"] ?? "inf"), .init("tracing", new["tracing"] ?? .null),
            .init("include", new["include"] ?? .null),
        ]
        return .object(members)
    }

    private static func oldResponse(_ new: JSONValue) -> JSONValue {
        var members = (new.members ?? []).compactMap { member -> JSONValue.Member? in
            switch member.name {
            case "output_modalities": .init("modalities", oldModalities(member.value))
            case "output": .init("output", .array((member.value.array ?? []).map(item)))
            case "audio": nil
            default: member
            }
        }
        if let output = new["audio"]?["output"] {
            members += [.init("voice", output["voice"] ?? .null), .init("output_audio_format", oldFormat(output["format"]))]
        }
        return .object(members)
    }
}

extension JSONValue {
    /// The object with a member changed where it stands; what has no such member is the same.
    fileprivate func replacing(_ name: String, _ change: (JSONValue) -> JSONValue) -> JSONValue {
        guard let members else { return self }
        return .object(members.map { $0.name == name ? Member(name, change($0.value)) : $0 })
    }

    fileprivate func without(_ name: String) -> JSONValue { .object((members ?? []).filter { $0.name != name }) }
}
