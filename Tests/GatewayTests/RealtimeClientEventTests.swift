import Testing
import Wire

@testable import Gateway

/// Every event of the client's and every error, row by row.
struct RealtimeClientEventTests {
    /// What a client says on a fresh connection, what it is answered, and with which error.
    @Test(
        arguments: [
            (#"{"type":"session.update","session":{"type":"realtime"}}"#, ["session.updated"], nil),
            (#"{"type":"session.update","session":{}}"#, ["session.updated"], nil),
            (#"{"type":"session.update"}"#, ["error"], "missing_required_parameter"),
            (#"{"type":"session.update","session":{"type":"other"}}"#, ["error"], "invalid_value"),
            (#"{"type":"session.update","session":{"instructions":5}}"#, ["error"], "invalid_value"),
            (#"{"type":"session.update","session":{"output_modalities":["video"]}}"#, ["error"], "invalid_value"),
            (#"{"type":"session.update","session":{"tools":[{"type":"function"}]}}"#, ["error"], "missing_required_parameter"),
            (#"{"type":"session.update","session":{"tool_choice":"some"}}"#, ["error"], "invalid_value"),
            (#"{"type":"session.update","session":{"max_output_tokens":0}}"#, ["error"], "invalid_value"),
            (#"{"type":"session.update","session":{"audio":{"input":{"format":{"type":"audio/pcm","rate":16000}}}}}"#, ["error"], "invalid_value"),
            (#"{"type":"session.update","session":{"audio":{"input":{"turn_detection":{"type":"magic"}}}}}"#, ["error"], "invalid_value"),
            (#"{"type":"session.update","session":{"audio":{"input":{"turn_detection":{"threshold":2}}}}}"#, ["error"], "invalid_value"),
            (
                #"{"type":"session.update","session":{"audio":{"input":{"turn_detection":{"type":"semantic_vad","eagerness":"x"}}}}}"#, ["error"],
                "invalid_value"
            ),
            (#"{"type":"session.update","session":{"audio":{"output":{"speed":9}}}}"#, ["error"], "invalid_value"),
            (#"{"type":"session.update","session":{"unknown":{"a":1}}}"#, ["session.updated"], nil),
            (#"{"type":"input_audio_buffer.append","audio":"AAAA"}"#, [], nil),
            (#"{"type":"input_audio_buffer.append","audio":"A"}"#, ["error"], "invalid_value"),
            (#"{"type":"input_audio_buffer.append","audio":"!!!!"}"#, ["error"], "invalid_value"),
            (#"{"type":"input_audio_buffer.append"}"#, ["error"], "missing_required_parameter"),
            (#"{"type":"input_audio_buffer.commit"}"#, ["error"], "input_audio_buffer_commit_empty"),
            (#"{"type":"input_audio_buffer.clear"}"#, ["input_audio_buffer.cleared"], nil),
            (#"{"type":"conversation.item.create"}"#, ["error"], "missing_required_parameter"),
            (
                #"{"type":"conversation.item.create","item":{"type":"message","role":"user","content":[{"type":"input_text","text":"x"}]}}"#,
                ["conversation.item.added", "conversation.item.done"], nil
            ),
            (
                #"{"type":"conversation.item.create","item":{"type":"message","role":"system","content":[{"type":"input_text","text":"x"}]}}"#,
                ["conversation.item.added", "conversation.item.done"], nil
            ),
            (
                #"{"type":"conversation.item.create","item":{"type":"message","role":"assistant","content":[{"type":"output_text","text":"x"}]}}"#,
                ["conversation.item.added", "conversation.item.done"], nil
            ),
            (
                #"{"type":"conversation.item.create","item":{"type":"function_call","name":"f","call_id":"c","arguments":"{}"}}"#,
                ["conversation.item.added", "conversation.item.done"], nil
            ),
            (
                #"{"type":"conversation.item.create","item":{"type":"function_call_output","call_id":"c","output":"x"}}"#,
                ["conversation.item.added", "conversation.item.done"], nil
            ),
            (#"{"type":"conversation.item.create","item":{"type":"function_call_output","output":"x"}}"#, ["error"], "missing_required_parameter"),
            (#"{"type":"conversation.item.create","item":{"type":"message","role":"nobody"}}"#, ["error"], "invalid_value"),
            (#"{"type":"conversation.item.create","item":{"type":"thing"}}"#, ["error"], "invalid_value"),
            (
                #"{"type":"conversation.item.create","item":{"type":"message","role":"user","content":[{"type":"input_image","image_url":"x"}]}}"#,
                ["error"], "unsupported_content_type"
            ),
            (
                #"{"type":"conversation.item.create","item":{"type":"message","role":"user","content":[{"type":"input_audio","audio":"AAAA"}]}}"#,
                ["conversation.item.added", "conversation.item.done"], nil
            ),
            (
                #"{"type":"conversation.item.create","item":{"type":"message","role":"user","content":[{"type":"input_audio","audio":"%"}]}}"#,
                ["error"], "invalid_value"
            ),
            (
                #"{"type":"conversation.item.create","item":{"type":"message","role":"user","content":[{"type":"input_audio"}]}}"#,
                ["error"], "missing_required_parameter"
            ),
            (
                #"{"type":"conversation.item.create","item":{"type":"message","role":"assistant","content":[{"type":"output_audio","audio":"AAAA"}]}}"#,
                ["error"], "unsupported_content_type"
            ),
            (
                #"{"type":"response.create","response":{"input":[{"type":"message","role":"user","content":[{"type":"input_audio","audio":"AAAA"}]}]}}"#,
                ["error"], "unsupported_content_type"
            ),
            (
                #"{"type":"conversation.item.create","previous_item_id":"nope","item":{"type":"message","role":"user","content":[]}}"#,
                ["error"], "item_create_invalid_previous_item_id"
            ),
            (#"{"type":"conversation.item.retrieve","item_id":"nope"}"#, ["error"], "item_retrieve_invalid_item_id"),
            (#"{"type":"conversation.item.retrieve"}"#, ["error"], "missing_required_parameter"),
            (
                #"{"type":"conversation.item.truncate","item_id":"nope","content_index":0,"audio_end_ms":0}"#, ["error"],
                "item_truncate_invalid_item_id"
            ),
            (#"{"type":"conversation.item.delete","item_id":"nope"}"#, ["error"], "item_delete_invalid_item_id"),
            (#"{"type":"response.create"}"#, [], nil),
            (#"{"type":"response.create","response":{"instructions":null,"tools":null,"metadata":null,"conversation":null}}"#, [], nil),
            (#"{"type":"response.create","response":{"conversation":"other"}}"#, ["error"], "invalid_value"),
            (#"{"type":"response.create","response":{"metadata":{"a":1}}}"#, ["error"], "invalid_value"),
            (#"{"type":"response.create","response":{"input":[{"type":"item_reference","id":"nope"}]}}"#, ["error"], "invalid_value"),
            (#"{"type":"response.cancel"}"#, ["error"], "response_cancel_not_active"),
            (#"{"type":"response.cancel","response_id":"nope"}"#, ["error"], "response_cancel_not_active"),
            (#"{"type":"output_audio_buffer.clear"}"#, [], nil),
            (#"{"type":"no.such.event"}"#, ["error"], "invalid_value"), (#"{}"#, ["error"], "missing_required_parameter"),
            (#"[]"#, ["error"], "invalid_event"), ("7", ["error"], "invalid_event"),
        ] as [(String, [String], String?)])
    func everyEventHasItsAnswer(text: String, types: [String], error: String?) {
        var stand = RealtimeStand()
        stand.client(text)
        #expect(stand.types == types)
        #expect(stand.error == error)
    }

    @Test func anErrorNamesTheEventAndThePlace() {
        var stand = RealtimeStand()
        stand.client(#"{"type":"session.update","event_id":"e1","session":{"audio":{"input":{"turn_detection":{"silence_duration_ms":-1}}}}}"#)
        let error = stand.first("error")?["error"]
        #expect(error?["event_id"] == "e1" && error?["param"] == "session.audio.input.turn_detection.silence_duration_ms")
        #expect(error?["type"] == "invalid_request_error")
    }

    @Test func anUpdateThatDoesNotFitChangesNothing() {
        var stand = RealtimeStand()
        let before = stand.translator.config
        stand.client(#"{"type":"session.update","session":{"instructions":"x","audio":{"output":{"speed":9}}}}"#)
        #expect(stand.translator.config == before && stand.directions.isEmpty)
    }

    @Test func theEchoIsWholeAndOnlyWhatIsSaidChanges() {
        var stand = RealtimeStand()
        stand.client(
            #"{"type":"session.update","session":{"type":"realtime","model":"other","instructions":"Be kind.","output_modalities":["text"],"tools":[{"type":"function","name":"f","parameters":{"type":"object"}}],"tool_choice":"required","max_output_tokens":40,"tracing":"auto","audio":{"input":{"format":{"type":"audio/pcmu"},"transcription":{"model":"w","delay":"x"},"noise_reduction":{"type":"near_field"},"turn_detection":{"type":"semantic_vad"}},"output":{"format":{"type":"audio/pcma"},"speed":1.25}}}}"#
        )
        let session = stand.first("session.updated")?["session"]
        #expect(
            session?.members?.map(\.name) == [
                "type", "object", "id", "model", "output_modalities", "instructions", "tools", "tool_choice", "max_output_tokens", "tracing",
                "truncation", "prompt", "expires_at", "audio", "include",
            ])
        #expect(session?["model"] == "m" && session?["tracing"] == "auto" && session?["max_output_tokens"] == 40)
        let input = session?["audio"]?["input"]
        #expect(input?["format"] == ["type": "audio/pcmu"])
        #expect(input?["transcription"] == ["model": "w"], "strict clients know no more")
        #expect(
            input?["turn_detection"] == ["type": "semantic_vad", "eagerness": "auto", "create_response": true, "interrupt_response": true],
            "defaults are told")
        guard case .change(let change)? = stand.directions.first else {
            Issue.record("no change")
            return
        }
        #expect(change.instructions == "Be kind." && change.isWritten == true && change.toolChoice == .required && change.replyTokens == 40)
        #expect(change.tools == [ToolOffer(name: "f", parameters: #"{"type":"object"}"#)])
        #expect(change.input?.codec == .muLaw && change.output?.codec == .aLaw && change.pace == 1.25)
        #expect(change.turnTaking?.end == .usual)
        stand.client(#"{"type":"session.update","session":{"tools":[]}}"#)
        guard case .change(let second)? = stand.directions.first else {
            Issue.record("no change")
            return
        }
        var expected = SessionChange()
        expected.tools = []
        #expect(second == expected)
        #expect(stand.first("session.updated")?["session"]?["instructions"] == "Be kind.")
    }

    @Test(
        arguments: [
            (#"{"type":"server_vad","silence_duration_ms":200,"threshold":0.6,"prefix_padding_ms":100}"#, TurnTaking.End.silence, 200, true),
            (#"{"type":"server_vad","create_response":false}"#, .silence, 500, false),
            (#"{"type":"semantic_vad","eagerness":"low"}"#, .patient, nil, true),
            (#"{"type":"semantic_vad","eagerness":"high"}"#, .eager, nil, true),
            (#"{"type":"semantic_vad","eagerness":"medium"}"#, .usual, nil, true),
        ] as [(String, TurnTaking.End, Int?, Bool)])
    func turnDetectionMeansTurnTaking(json: String, end: TurnTaking.End, silence: Int?, answers: Bool) {
        var stand = RealtimeStand { $0.turnDetection = nil }
        stand.client(#"{"type":"session.update","session":{"audio":{"input":{"turn_detection":\#(json)}}}}"#)
        guard case .change(let change)? = stand.directions.first, let taking = change.turnTaking else {
            Issue.record("no change")
            return
        }
        #expect(taking.isAutomatic && taking.end == end && taking.silence == silence && taking.answers == answers)
        stand.client(#"{"type":"session.update","session":{"audio":{"input":{"turn_detection":null}}}}"#)
        guard case .change(let off)? = stand.directions.first else {
            Issue.record("no change")
            return
        }
        #expect(off.turnTaking?.isAutomatic == false)
        #expect(stand.first("session.updated")?["session"]?["audio"]?["input"]?["turn_detection"] == nil)
    }

    @Test func aVoiceCannotChangeOnceItWasHeard() {
        var stand = RealtimeStand()
        let epoch = stand.respond()
        stand.audio(epoch)
        stand.client(#"{"type":"session.update","session":{"audio":{"output":{"voice":"alloy"}}}}"#)
        #expect(stand.types == ["session.updated"], "the same is no change")
        stand.client(#"{"type":"session.update","session":{"audio":{"output":{"voice":"cedar"}}}}"#)
        #expect(stand.error == "cannot_update_voice")
    }

    @Test func whatIsTakenByHandIsAnItemAtOnceAndItsWordsFollow() {
        var stand = RealtimeStand {
            $0.turnDetection = nil
            $0.transcription = ["model": "w"]
        }
        let audio = String(repeating: "AAAA", count: 2_000)
        stand.client(["type": "input_audio_buffer.append", "audio": .string(audio)])
        #expect(stand.actions == [.hear([UInt8](repeating: 0, count: 6_000))])
        stand.client(#"{"type":"input_audio_buffer.commit"}"#)
        #expect(stand.types == ["input_audio_buffer.committed", "conversation.item.added", "conversation.item.done"])
        let id = stand.sent.first?["item_id"]?.string ?? ""
        #expect(stand.directions == [.take(id)])
        stand.client(#"{"type":"input_audio_buffer.commit"}"#)
        #expect(stand.error == "input_audio_buffer_commit_empty")
        stand.report(.taken(id: id, text: "hello"))
        #expect(stand.types.last == "conversation.item.input_audio_transcription.completed")
        #expect(stand.sent.last?["usage"] != nil)
        stand.client(["type": "conversation.item.retrieve", "item_id": .string(id)])
        #expect(stand.sent.first?["item"]?["content"] == [["type": "input_audio", "transcript": "hello"]])
    }

    @Test func itemsKeepTheirIDsAndTheirPlaces() {
        var stand = RealtimeStand()
        stand.item("a")
        stand.item("b")
        stand.item("a")
        #expect(stand.error == "item_create_duplicate_item_id")
        stand.client(#"{"type":"conversation.item.create","previous_item_id":"root","item":{"id":"c","type":"message","role":"user","content":[]}}"#)
        #expect(stand.first("conversation.item.added")?["previous_item_id"] == nil)
        #expect(stand.directions == [.insert(MemoryItem(id: "c", after: ""))])
        stand.client(#"{"type":"conversation.item.create","previous_item_id":"a","item":{"id":"d","type":"message","role":"user","content":[]}}"#)
        #expect(stand.first("conversation.item.added")?["previous_item_id"] == "a")
        #expect(stand.translator.items.map(\.id) == ["c", "a", "d", "b"])
        stand.client(#"{"type":"conversation.item.delete","item_id":"a"}"#)
        #expect(stand.types == ["conversation.item.deleted"] && stand.directions == [.remove("a")])
        #expect(stand.translator.items.map(\.id) == ["c", "d", "b"])
    }

    @Test func whatTheSessionSaidIsRemovedByTheSessionsOwnName() {
        var stand = RealtimeStand()
        _ = stand.turn(3, "hello")
        let epoch = stand.respond()
        stand.audio(epoch)
        stand.report(.ended(ReplyEnd(epoch: epoch, reason: .completed)))
        let ids = stand.translator.items.map(\.id)
        for (id, name) in zip(ids, ["turn:3", "reply:\(epoch)"]) {
            stand.client(["type": "conversation.item.delete", "item_id": .string(id)])
            #expect(stand.directions == [.remove(name)])
        }
    }

    @Test func aTruncationFitsOnlyAudioOfTheAgents() {
        var stand = RealtimeStand()
        stand.item("a")
        stand.client(#"{"type":"conversation.item.truncate","item_id":"a","content_index":0,"audio_end_ms":10}"#)
        #expect(stand.error == "unsupported_content_type")
        let epoch = stand.respond()
        stand.audio(epoch)
        let id = stand.translator.items.last?.id ?? ""
        stand.client(["type": "conversation.item.truncate", "item_id": .string(id), "content_index": 0, "audio_end_ms": .double(1.5)])
        #expect(stand.error == "invalid_value")
        stand.client(["type": "conversation.item.truncate", "item_id": .string(id), "content_index": 0, "audio_end_ms": 25])
        #expect(stand.sent.first?["audio_end_ms"] == 25, "also while it is being heard")
    }

    @Test func aResponseMayBeAsItIsAskedFor() {
        var stand = RealtimeStand()
        stand.item("a", "is it rude?")
        stand.client(
            #"{"type":"response.create","response":{"instructions":"Classify.","conversation":"none","output_modalities":["text"],"max_output_tokens":10,"tool_choice":"none","tools":[],"input":[{"type":"item_reference","id":"a"},{"type":"message","role":"user","content":[{"type":"input_text","text":"b"}]}]}}"#
        )
        let request = stand.requests.first
        #expect(request?.isBeside == true && request?.isWritten == true && request?.instructions == "Classify." && request?.replyTokens == 10)
        #expect(request?.input?.map(\.text) == ["is it rude?", "b"])
        #expect(request?.tools == [] && request?.toolChoice == ToolWish.none)
        stand.client(["type": "response.cancel", "response_id": .string(request?.id ?? "")])
        #expect(stand.directions == [.stop(request: request?.id ?? "")])
    }

    @Test func oneResponseAtATime() {
        var stand = RealtimeStand()
        stand.client(#"{"type":"response.create"}"#)
        stand.client(#"{"type":"response.create","event_id":"e2"}"#)
        #expect(stand.error == "conversation_already_has_active_response")
        stand.client(#"{"type":"response.cancel"}"#)
        #expect(stand.actions == [.session(.cancelReply)])
        // The session had not begun it: the client learns of it all the same.
        let id = stand.translator.asked.keys.first ?? ""
        stand.report(.refused(request: id, code: "reply.cancelled"))
        #expect(stand.types == ["response.created", "response.done"])
        #expect(stand.first("response.done")?["response"]?["status"] == "cancelled")
        _ = stand.respond()
        #expect(stand.types == ["response.created"])
    }

    @Test func aTranscriptionSessionMakesNoResponses() {
        var stand = RealtimeStand { $0.kind = .transcription }
        stand.client(#"{"type":"response.create"}"#)
        #expect(stand.error == "invalid_value")
        stand.client(#"{"type":"session.update","session":{"type":"transcription","audio":{"input":{"transcription":{"model":"w"}}}}}"#)
        #expect(stand.first("session.updated")?["session"]?["type"] == "transcription")
        let turn = stand.turn(1, "hello")
        #expect(turn.types.last == "conversation.item.input_audio_transcription.completed")
    }

    @Test func theEndOfTheLongestSessionIsToldAndMayBeFollowedByAnother() {
        var stand = RealtimeStand()
        stand.say(.ended(reason: "session_limit"))
        #expect(stand.error == "session_expired")
        let speaker = RealtimeSpeaker(stand.translator, start: SessionStart(), isBeta: false)
        #expect(speaker.closeCode(1000, because: "session_limit") == 1001 && speaker.closeCode(1000, because: "caller") == 1000)
    }
}
