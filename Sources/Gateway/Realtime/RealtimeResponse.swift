internal import Dialogue
internal import Wire

/// One response on its way: which of its items are open, and what of them has been told.
struct RealtimeResponse {
    /// An item of the response, by its place in it.
    struct Output {
        var item: RealtimeItem
        var isOpen = true
        /// The transcript, text or arguments told so far.
        var told = ""
        /// The number of the call in its reply; nil for a message.
        var call: Int?
        /// Milliseconds of audio told so far, and how much of what comes was told before.
        var audio = 0
        var skip = 0
        /// Where the last sentence that was told begins.
        var lastSentence: Duration?
    }

    let id: String
    let epoch: UInt16
    let isBeside: Bool
    let isWritten: Bool
    let metadata: JSONValue
    let maximumTokens: Int?
    let voice: String
    let format: RealtimeConfig.Format
    var outputs: [Output] = []

    /// Whether everything that it calls may be run while it is still being heard.
    var hasCalled: Bool { outputs.contains { $0.call != nil && !$0.isOpen } }
    var hasAudio: Bool { outputs.contains { $0.audio > 0 } }
    var message: Int? { outputs.lastIndex { $0.call == nil } }
    func index(ofCall number: Int) -> Int? { outputs.firstIndex { $0.call == number } }

    /// - Parameters:
    ///   - details: Why it ended so; null where there is nothing to say.
    func json(conversation: String, status: String, details: JSONValue = .null, usage: JSONValue = .null) -> JSONValue {
        let output: JSONValue = isWritten ? .null : ["output": ["format": format.json, "voice": .string(voice)]]
        var members: [JSONValue.Member] = [
            .init("object", "realtime.response"), .init("id", .string(id)), .init("status", .string(status)), .init("status_details", details),
            .init("output", .array(status == "in_progress" ? [] : outputs.map(\.item.json))),
            .init("conversation_id", isBeside ? .null : .string(conversation)), .init("output_modalities", [isWritten ? "text" : "audio"]),
            .init("max_output_tokens", maximumTokens.map(JSONValue.int) ?? "inf"),
        ]
        if !isWritten { members.append(.init("audio", output)) }
        return .object(members + [.init("usage", usage), .init("metadata", metadata)])
    }

    /// What it cost, by the model's own count or an estimate.
    func usage(_ end: ReplyEnd, prompt: Int) -> JSONValue {
        let said = outputs.reduce(0) { $0 + TokenEstimate.tokens(in: $1.told) }
        let (input, output) = (end.promptTokens ?? prompt, end.completionTokens ?? said)
        let none: JSONValue = ["text_tokens": 0, "audio_tokens": 0, "image_tokens": 0]
        return [
            "total_tokens": .int(input + output), "input_tokens": .int(input), "output_tokens": .int(output),
            "input_token_details": [
                "text_tokens": .int(input), "audio_tokens": 0, "image_tokens": 0, "cached_tokens": 0, "cached_tokens_details": none,
            ],
            "output_token_details": ["text_tokens": .int(output), "audio_tokens": 0],
        ]
    }
}
