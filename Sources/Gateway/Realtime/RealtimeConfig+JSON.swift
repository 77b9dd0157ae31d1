internal import Wire

extension RealtimeConfig {
    /// The effective session, with every member that strict clients look for.
    ///
    /// - Parameter expiry: Seconds since 1970.
    func json(id: String, expiry: Int) -> JSONValue {
        let input: JSONValue = [
            "format": self.input.json, "transcription": transcription ?? .null, "noise_reduction": noiseReduction ?? .null,
            "turn_detection": turnDetection?.json ?? .null,
        ]
        let include = other("include") ?? .null
        guard kind == .realtime else {
            return [
                "type": "transcription", "object": "realtime.transcription_session", "id": .string(id), "expires_at": .int(expiry),
                "audio": ["input": input], "include": include,
            ]
        }
        var members: [JSONValue.Member] = [
            .init("type", "realtime"), .init("object", "realtime.session"), .init("id", .string(id)), .init("model", .string(model)),
            .init("output_modalities", [isWritten ? "text" : "audio"]), .init("instructions", .string(instructions ?? "")),
            .init("tools", .array(tools)), .init("tool_choice", toolChoice),
            .init("max_output_tokens", maximumTokens.map(JSONValue.int) ?? "inf"), .init("tracing", other("tracing") ?? .null),
            .init("truncation", other("truncation") ?? "auto"), .init("prompt", other("prompt") ?? .null), .init("expires_at", .int(expiry)),
            .init(
                "audio",
                [
                    "input": input,
                    "output": ["format": output.json, "voice": .string(voice), "speed": speed == 1 ? .double(1) : .double(speed)],
                ]),
            .init("include", include),
        ]
        for name in ["parallel_tool_calls", "reasoning"] { if let value = other(name) { members.append(.init(name, value)) } }
        return .object(members)
    }

    private func other(_ name: String) -> JSONValue? { others.last { $0.name == name }?.value }
}
