import Testing
import Wire

@testable import Gateway

/// The older shape, row by row.
struct RealtimeBetaTests {
    @Test(
        arguments: [
            ("response.output_text.delta", "response.text.delta"), ("response.output_text.done", "response.text.done"),
            ("response.output_audio.delta", "response.audio.delta"), ("response.output_audio.done", "response.audio.done"),
            ("response.output_audio_transcript.delta", "response.audio_transcript.delta"),
            ("response.output_audio_transcript.done", "response.audio_transcript.done"), ("conversation.item.added", "conversation.item.created"),
            ("conversation.item.done", nil), ("response.output_item.added", "response.output_item.added"),
            ("response.content_part.added", "response.content_part.added"), ("input_audio_buffer.committed", "input_audio_buffer.committed"),
            ("error", "error"),
        ] as [(String, String?)])
    func eventsHaveTheirOldNames(new: String, old: String?) {
        #expect(RealtimeBeta.outgoing(["type": .string(new)])?["type"]?.string == old)
    }

    @Test func contentHasItsOldKinds() {
        let event: JSONValue = [
            "type": "conversation.item.retrieved", "item": ["content": [["type": "output_text", "text": "x"], ["type": "output_audio"]]],
        ]
        #expect(RealtimeBeta.outgoing(event)?["item"]?["content"] == [["type": "text", "text": "x"], ["type": "audio"]])
    }

    @Test func argumentsAreDoneWithoutAName() {
        let event: JSONValue = ["type": "response.function_call_arguments.done", "name": "f", "arguments": "{}"]
        #expect(RealtimeBeta.outgoing(event) == ["type": "response.function_call_arguments.done", "arguments": "{}"])
    }

    @Test func aSessionIsToldInItsOldShape() {
        var config = RealtimeConfig(model: "m")
        (config.input, config.output, config.voice, config.maximumTokens) = (.muLaw, .aLaw, "cedar", 40)
        config.transcription = ["model": "w"]
        let old = RealtimeBeta.outgoing(["type": "session.updated", "session": config.json(id: "s", expiry: 1)])?["session"]
        #expect(old?["input_audio_format"] == "g711_ulaw" && old?["output_audio_format"] == "g711_alaw" && old?["voice"] == "cedar")
        #expect(old?["modalities"] == ["audio", "text"] && old?["max_response_output_tokens"] == 40)
        #expect(old?["input_audio_transcription"] == ["model": "w"] && old?["turn_detection"]?["type"] == "server_vad")
        #expect(old?["type"] == nil && old?["audio"] == nil && old?["temperature"] == .double(0.8))
    }

    @Test func anOldUpdateMeansTheSame() throws {
        let event = RealtimeBeta.incoming([
            "type": "session.update", "event_id": "e",
            "session": [
                "modalities": ["text"], "instructions": "x", "voice": "cedar", "input_audio_format": "g711_alaw", "output_audio_format": "pcm16",
                "input_audio_transcription": ["model": "w"], "turn_detection": .null, "max_response_output_tokens": 10, "temperature": .double(0.7),
                "tools": [["type": "function", "name": "f"]],
            ],
        ])
        var config = RealtimeConfig(model: "m")
        try config.update(RealtimeFields(try #require(event["session"])))
        #expect(config.isWritten && config.instructions == "x" && config.voice == "cedar" && config.input == .aLaw && config.output == .pcm)
        #expect(config.turnDetection == nil && config.maximumTokens == 10 && config.transcription == ["model": "w"] && config.tools.count == 1)
        #expect(event["event_id"] == "e")
    }

    @Test func anOldResponseIsAskedForAndTold() {
        var stand = RealtimeStand()
        stand.client(
            RealtimeBeta.incoming([
                "type": "response.create", "response": ["modalities": ["text"], "max_response_output_tokens": 5, "metadata": ["a": "b"]],
            ]))
        #expect(stand.requests.first?.isWritten == true && stand.requests.first?.replyTokens == 5)
        let epoch = stand.begin(stand.requests.last?.id)
        let created = RealtimeBeta.outgoing(stand.sent[0])?["response"]
        #expect(created?["modalities"] == ["text"] && created?["output_modalities"] == nil && created?["metadata"] == ["a": "b"])
        stand.report(.wrote(epoch: epoch, text: "Hi"))
        #expect(stand.sent.compactMap(RealtimeBeta.outgoing).last?["type"] == "response.text.delta")
    }

    @Test func anOldTranscriptionSessionIsOne() throws {
        let event = RealtimeBeta.incoming([
            "type": "transcription_session.update", "session": ["input_audio_format": "pcm16", "input_audio_transcription": ["model": "w"]],
        ])
        var config = RealtimeConfig(model: "m")
        try config.update(RealtimeFields(try #require(event["session"])))
        #expect(config.kind == .transcription)
        let told = RealtimeBeta.outgoing(["type": "session.updated", "session": config.json(id: "s", expiry: 1)])
        #expect(told?["type"] == "transcription_session.updated" && told?["session"]?["input_audio_format"] == "pcm16")
    }
}
