import Testing
import Wire

@testable import Gateway

/// Messages that a client creates with sound, and spoken responses out of band.
struct RealtimeSpokenItemTests {
    private static func create(_ id: String, _ content: JSONValue) -> JSONValue {
        ["type": "conversation.item.create", "item": ["id": .string(id), "type": "message", "role": "user", "content": content]]
    }

    private static func audio(_ count: Int) -> JSONValue {
        ["type": "input_audio", "audio": .string(Base64.text([UInt8](repeating: 5, count: count)))]
    }

    @Test func theSessionIsGivenTheSoundAndItsWordsFollow() {
        var stand = RealtimeStand { $0.transcription = ["model": "w"] }
        stand.client(Self.create("a", [Self.audio(960), Self.audio(40)]))
        #expect(stand.first("conversation.item.added")?["item"]?["content"] == [["type": "input_audio", "transcript": .null]])
        var item = MemoryItem(id: "a")
        item.sound = SoundBytes([UInt8](repeating: 5, count: 1_000))
        #expect(stand.directions == [.insert(item)])
        stand.report(.taken(id: "a", text: "hello"))
        let completed = stand.first("conversation.item.input_audio_transcription.completed")
        #expect(completed?["item_id"] == "a" && completed?["transcript"] == "hello" && completed?["usage"] != nil)
        stand.client(#"{"type":"conversation.item.retrieve","item_id":"a"}"#)
        #expect(stand.sent.first?["item"]?["content"] == [["type": "input_audio", "transcript": "hello"]])
    }

    @Test func whatIsWrittenStandsBeforeWhatIsSaid() {
        var stand = RealtimeStand { $0.transcription = ["model": "w"] }
        stand.client(Self.create("a", [["type": "input_text", "text": "Write down:"], Self.audio(960)]))
        guard case .insert(let item)? = stand.directions.first else {
            Issue.record("no item")
            return
        }
        #expect(item.text == "Write down:" && item.sound?.bytes.count == 960)
        stand.report(.taken(id: "a", text: "hello"))
        #expect(stand.first("conversation.item.input_audio_transcription.completed")?["transcript"] == "hello")
        stand.client(#"{"type":"conversation.item.retrieve","item_id":"a"}"#)
        #expect(stand.sent.first?["item"]?["content"] == [["type": "input_audio", "transcript": "Write down: hello"]])
    }

    @Test func soundWithItsTranscriptNeedsNoEar() {
        var stand = RealtimeStand()
        stand.client(Self.create("a", [["type": "input_audio", "audio": "AAAA", "transcript": "known"]]))
        #expect(stand.directions == [.insert(MemoryItem(id: "a", text: "known"))])
    }

    @Test func tooMuchIsAnError() {
        var stand = RealtimeStand { $0.input = .muLaw }
        stand.client(Self.create("a", [Self.audio(600_000 * 8 + 1)]))
        #expect(stand.error == "string_above_max_length" && stand.directions.isEmpty)
        stand.client(Self.create("a", [Self.audio(600_000 * 8)]))
        #expect(stand.error == nil)
        // Nobody asked for transcripts, but what was too much is told all the same.
        stand.report(.failed(id: "a", code: "input.too_many"))
        #expect(stand.types == ["error"] && stand.error == "input.too_many")
        stand.report(.failed(id: "a", code: "engine.failed"))
        #expect(stand.types.isEmpty)
    }

    @Test func whatIsSpokenOutOfBandIsLeftToTheSession() {
        var stand = RealtimeStand()
        let own = stand.respond()
        stand.audio(own)
        stand.client(#"{"type":"response.create","response":{"conversation":"none","metadata":{"a":"b"}}}"#)
        #expect(stand.error == nil && stand.requests.first?.isBeside == true)
        let request = stand.requests.first?.id
        stand.client(#"{"type":"response.create"}"#)
        #expect(stand.error == "conversation_already_has_active_response", "one of the conversation's own at a time")
        stand.report(.ended(ReplyEnd(epoch: own, reason: .completed)))
        #expect(stand.types.last == "response.done")
        let beside = stand.begin(request)
        #expect(stand.first("response.created")?["response"]?["metadata"] == ["a": "b"])
        stand.audio(beside)
        #expect(stand.types == ["response.output_item.added", "response.content_part.added", "response.output_audio.delta"])
        stand.client(#"{"type":"response.create"}"#)
        #expect(stand.error == nil && stand.requests.first?.isBeside == false, "the session lets it wait")
        stand.report(.ended(ReplyEnd(epoch: beside, reason: .completed)))
        #expect(stand.first("response.done")?["response"]?["conversation_id"] == nil)
    }

    @Test func whatWaitsOutOfBandCanBeCancelled() {
        var stand = RealtimeStand()
        _ = stand.respond()
        stand.client(#"{"type":"response.create","response":{"conversation":"none"}}"#)
        let id = stand.requests.first?.id ?? ""
        stand.client(["type": "response.cancel", "response_id": .string(id)])
        #expect(stand.directions == [.stop(request: id)])
        stand.report(.refused(request: id, code: "reply.cancelled"))
        #expect(stand.types == ["response.created", "response.done"])
        #expect(stand.first("response.done")?["response"]?["status"] == "cancelled")
    }
}
