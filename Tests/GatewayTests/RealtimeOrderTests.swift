import Testing
import Wire

@testable import Gateway

/// The order of events, as clients rely on it.
struct RealtimeOrderTests {
    private static let opening = ["response.output_item.added", "conversation.item.added", "response.content_part.added"]
    private static let spoken = [
        "response.output_audio.done", "response.output_audio_transcript.done", "response.content_part.done", "conversation.item.done",
        "response.output_item.done", "response.done",
    ]

    @Test func aSessionBeginsWithItselfAndTellsTheSessionWhatIsInForce() {
        var stand = RealtimeStand(isReady: false)
        stand.say(.ready(RealtimeStand.ready))
        #expect(stand.types == ["session.created", "conversation.created"])
        guard case .change(let change)? = stand.directions.first else {
            Issue.record("no change")
            return
        }
        #expect(change.turnTaking?.isAutomatic == true && change.turnTaking?.answers == true)
        #expect(change.instructions == nil, "the agent's own stand")
        stand.say(.ready(RealtimeStand.ready))
        #expect(stand.actions.isEmpty)
    }

    @Test func aTextTurn() {
        var stand = RealtimeStand()
        stand.item("i")
        #expect(stand.types == ["conversation.item.added", "conversation.item.done"])
        #expect(stand.directions == [.insert(MemoryItem(id: "i", text: "hello"))])
        let epoch = stand.respond([.init("output_modalities", ["text"]), .init("metadata", ["k": "v"])])
        #expect(stand.types == ["response.created"])
        #expect(stand.first("response.created")?["response"]?["metadata"] == ["k": "v"])
        stand.report(.wrote(epoch: epoch, text: "Hi "))
        #expect(stand.types == Self.opening + ["response.output_text.delta"])
        #expect(stand.first("response.content_part.added")?["part"] == ["type": "text", "text": ""])
        stand.report(.wrote(epoch: epoch, text: "you"))
        #expect(stand.types == ["response.output_text.delta"])
        stand.report(.ended(ReplyEnd(epoch: epoch, reason: .completed, promptTokens: 3, completionTokens: 2)))
        #expect(
            stand.types == [
                "response.output_text.done", "response.content_part.done", "conversation.item.done", "response.output_item.done", "response.done",
            ])
        let done = stand.first("response.done")?["response"]
        #expect(done?["status"] == "completed" && done?["usage"]?["total_tokens"] == 5)
        #expect(done?["output"]?.array?.first?["content"] == [["type": "output_text", "text": "Hi you"]])
        stand.report(.wrote(epoch: epoch, text: "late"))
        stand.report(.ended(ReplyEnd(epoch: epoch, reason: .failed)))
        #expect(stand.actions.isEmpty, "nothing more for an id that is done")
    }

    @Test func anAudioTurn() {
        var stand = RealtimeStand { $0.transcription = ["model": "whisper-1"] }
        let turn = stand.turn(1, "what time is it")
        let audio = "conversation.item.input_audio_transcription"
        #expect(
            turn.types == [
                "input_audio_buffer.speech_started", "input_audio_buffer.speech_stopped", "input_audio_buffer.committed",
                "conversation.item.added", "conversation.item.done", "\(audio).delta", "\(audio).completed",
            ])
        let ids = turn.sent.compactMap { $0["item_id"]?.string ?? $0["item"]?["id"]?.string }
        #expect(Set(ids).count == 1, "one id for all of it")
        #expect(turn.sent.first { $0["type"] == "conversation.item.added" }?["item"]?["content"] == [["type": "input_audio", "transcript": .null]])
        let epoch = stand.begin(nil)
        #expect(stand.types == ["response.created"])
        stand.audio(epoch)
        #expect(stand.types == Self.opening + ["response.output_audio.delta"])
        #expect(stand.first("response.content_part.added")?["part"] == ["type": "audio", "transcript": ""])
        let sentence = AgentText(turn: 1, epoch: epoch, text: "It is late.", start: .zero, duration: nil)
        stand.say(.agentText(sentence))
        #expect(stand.types == ["response.output_audio_transcript.delta"])
        stand.say(.agentText(sentence))
        #expect(stand.actions.isEmpty, "told once")
        stand.say(.agentText(AgentText(turn: 1, epoch: epoch, text: "Go home.", start: .seconds(1), duration: nil)))
        #expect(stand.sent.first?["delta"] == " Go home.")
        stand.report(.ended(ReplyEnd(epoch: epoch, reason: .completed)))
        #expect(stand.types == Self.spoken)
        #expect(stand.first("response.output_audio_transcript.done")?["transcript"] == "It is late. Go home.")
        #expect(stand.first("response.done")?["response"]?["output"]?.array?.first?["status"] == "completed")
    }

    @Test func aCall() {
        var stand = RealtimeStand()
        let epoch = stand.respond()
        stand.report(.call(epoch: epoch, number: 0, id: "c1", name: "weather"))
        #expect(stand.types == ["response.output_item.added", "conversation.item.added"])
        for event in stand.sent {
            let item = event["item"]
            #expect(item?["name"] == "weather" && item?["call_id"] == "c1" && item?["status"] == "in_progress" && item?["arguments"] == "")
        }
        stand.report(.arguments(epoch: epoch, number: 0, text: "{\"a\":"))
        #expect(stand.types == ["response.function_call_arguments.delta"])
        stand.report(.arguments(epoch: epoch, number: 0, text: "1}"))
        stand.report(.called(epoch: epoch, number: 0, arguments: "{\"a\":1}"))
        #expect(stand.types == ["response.function_call_arguments.done", "conversation.item.done", "response.output_item.done"])
        let done = stand.first("response.function_call_arguments.done")
        #expect(done?["name"] == "weather" && done?["call_id"] == "c1" && done?["arguments"] == "{\"a\":1}")
        #expect(stand.first("response.output_item.done")?["item"]?["status"] == "completed")
        stand.report(.ended(ReplyEnd(epoch: epoch, reason: .completed)))
        #expect(stand.types == ["response.done"])
        stand.client(["type": "conversation.item.create", "item": ["type": "function_call_output", "call_id": "c1", "output": "7"]])
        guard case .insert(let item)? = stand.directions.first else {
            Issue.record("no result")
            return
        }
        #expect(item.kind == .result && item.call == "c1" && item.text == "7")
    }

    @Test func aCallWithoutArgumentsIsAnEmptyObjectAllTheSame() {
        var stand = RealtimeStand()
        let epoch = stand.respond()
        stand.report(.call(epoch: epoch, number: 0, id: "c1", name: "time"))
        stand.report(.called(epoch: epoch, number: 0, arguments: ""))
        #expect(
            stand.types == [
                "response.function_call_arguments.delta", "response.function_call_arguments.done", "conversation.item.done",
                "response.output_item.done",
            ])
        #expect(stand.first("response.function_call_arguments.done")?["arguments"] == "{}")
    }

    @Test func wordsAndCallsShareAResponse() {
        var stand = RealtimeStand()
        let epoch = stand.respond()
        stand.audio(epoch)
        stand.report(.call(epoch: epoch, number: 0, id: "c1", name: "weather"))
        #expect(stand.sent.first?["output_index"] == 1)
        stand.report(.called(epoch: epoch, number: 0, arguments: "{}"))
        // The tool has answered while the words are still being heard.
        stand.client(["type": "response.create"])
        #expect(stand.actions.isEmpty)
        stand.client(["type": "response.create"])
        #expect(stand.error == "conversation_already_has_active_response")
        stand.report(.ended(ReplyEnd(epoch: epoch, reason: .completed)))
        #expect(stand.types == Self.spoken)
        #expect(stand.requests.count == 1, "asked for once the first is done")
    }

    @Test func aVoiceOverTheAgent() {
        var stand = RealtimeStand()
        let epoch = stand.respond()
        for _ in 0..<25 { stand.audio(epoch) }
        stand.say(.agentText(AgentText(turn: 0, epoch: epoch, text: "One two three.", start: .zero, duration: nil)))
        stand.say(.speechStarted(at: stand.now))
        #expect(stand.actions.isEmpty, "nobody is told before it is certain")
        stand.say(.hold(epoch: epoch))
        stand.say(.flush(epoch: epoch, fromSequence: 3))
        #expect(stand.actions.isEmpty)
        stand.report(.ended(ReplyEnd(epoch: epoch, reason: .interrupted)))
        #expect(stand.types == ["input_audio_buffer.speech_started"] + Self.spoken)
        let done = stand.first("response.done")?["response"]
        #expect(done?["status"] == "cancelled" && done?["status_details"] == ["type": "cancelled", "reason": "turn_detected"])
        #expect(done?["output"]?.array?.first?["status"] == "incomplete")
        #expect(done?["usage"] != nil)
        stand.say(.state(.hearing, turn: 1))
        #expect(stand.actions.isEmpty, "told already")
        let item = done?["output"]?.array?.first?["id"]?.string ?? ""
        stand.client(["type": "conversation.item.truncate", "item_id": .string(item), "content_index": 0, "audio_end_ms": 5_000])
        #expect(stand.types == ["conversation.item.truncated"])
        #expect(stand.sent.first?["audio_end_ms"] == 1_000, "no more than was sent")
        #expect(stand.directions == [.truncate(epoch: epoch, milliseconds: 1_000)])
        stand.client(["type": "conversation.item.retrieve", "item_id": .string(item)])
        #expect(stand.first("conversation.item.retrieved")?["item"]?["content"] == [["type": "output_audio"]])
        stand.report(.heard(epoch: epoch, text: "One two"))
        stand.client(["type": "conversation.item.retrieve", "item_id": .string(item)])
        #expect(stand.first("conversation.item.retrieved")?["item"]?["content"] == [["type": "output_audio", "transcript": "One two"]])
    }

    @Test func aFalseAlarmIsNotToldAndNothingIsSentTwice() {
        var stand = RealtimeStand()
        let epoch = stand.respond()
        for _ in 0..<10 { stand.audio(epoch) }
        stand.say(.speechStarted(at: stand.now))
        stand.say(.hold(epoch: epoch))
        stand.say(.resume(epoch: epoch, position: .milliseconds(320), fromSequence: 10))
        #expect(stand.actions.isEmpty)
        for count in [0, 0, 1, 1] {
            stand.audio(epoch)
            #expect(stand.types.count == count, "80 ms were sent before")
        }
    }

    @Test func aVoiceThatStopsNobodyIsToldOfAtOnce() {
        var stand = RealtimeStand { $0.turnDetection?.interruptsResponse = false }
        let epoch = stand.respond()
        stand.audio(epoch)
        stand.say(.speechStarted(at: stand.now))
        #expect(stand.types == ["input_audio_buffer.speech_started"])
        stand.report(.ended(ReplyEnd(epoch: epoch, reason: .completed)))
        #expect(stand.types == Self.spoken)
    }

    @Test(arguments: [(ServerEvent.FinishReason.cancelled, "cancelled"), (.failed, "failed")])
    func aResponseWithoutItemsEndsAllTheSame(reason: ServerEvent.FinishReason, status: String) {
        var stand = RealtimeStand()
        let epoch = stand.respond()
        stand.report(.ended(ReplyEnd(epoch: epoch, reason: reason, cause: "engine.timeout", message: "late")))
        #expect(stand.types == ["response.done"])
        let done = stand.first("response.done")?["response"]
        #expect(done?["status"]?.string == status)
        if reason == .failed {
            #expect(done?["status_details"]?["error"]?["code"] == "engine.timeout")
        } else {
            #expect(done?["status_details"]?["reason"] == "client_cancelled")
        }
    }

    @Test func anEnginesErrorIsPartOfItsResponseOnly() {
        var stand = RealtimeStand()
        stand.say(.error(WireError("engine.timeout", "late")))
        #expect(stand.actions.isEmpty, "strict clients end at any error")
        stand.say(.error(WireError("gateway.internal", "no", isFatal: true)))
        #expect(stand.error == "gateway.internal")
    }

    @Test(arguments: [("length", "max_output_tokens"), ("filtered", "content_filter")])
    func aStoppedModelLeavesAnIncompleteResponse(cause: String, reason: String) {
        var stand = RealtimeStand()
        let epoch = stand.respond([.init("output_modalities", ["text"])])
        stand.report(.wrote(epoch: epoch, text: "Hi"))
        stand.report(.ended(ReplyEnd(epoch: epoch, reason: .completed, cause: cause)))
        let done = stand.first("response.done")?["response"]
        #expect(done?["status"] == "incomplete" && done?["status_details"] == ["type": "incomplete", "reason": .string(reason)])
    }

    @Test func aCallThatWasBrokenOffIsNotRun() {
        var stand = RealtimeStand()
        let epoch = stand.respond()
        stand.report(.call(epoch: epoch, number: 0, id: "c1", name: "weather"))
        stand.report(.ended(ReplyEnd(epoch: epoch, reason: .cancelled)))
        #expect(stand.types == ["conversation.item.done", "response.output_item.done", "response.done"])
        #expect(stand.first("response.output_item.done")?["item"]?["status"] == "incomplete")
    }

    @Test func aResponseBesideTheConversationHasNoItemsInIt() {
        var stand = RealtimeStand()
        let main = stand.respond()
        let side = stand.respond([.init("conversation", "none"), .init("output_modalities", ["text"]), .init("metadata", ["topic": "x"])])
        #expect(stand.types == ["response.created"])
        #expect(stand.first("response.created")?["response"]?["conversation_id"] == nil)
        stand.report(.wrote(epoch: side, text: "no"))
        #expect(stand.types == ["response.output_item.added", "response.content_part.added", "response.output_text.delta"])
        stand.audio(main)
        #expect(stand.types.last == "response.output_audio.delta", "the other goes on")
        stand.report(.ended(ReplyEnd(epoch: side, reason: .completed)))
        #expect(stand.types == ["response.output_text.done", "response.content_part.done", "response.output_item.done", "response.done"])
        #expect(stand.first("response.done")?["response"]?["metadata"] == ["topic": "x"])
    }

    @Test func silenceForTooLongIsACallersTurn() {
        var stand = RealtimeStand { $0.turnDetection?.idleTimeout = 6_000 }
        let epoch = stand.respond()
        stand.audio(epoch)
        stand.report(.ended(ReplyEnd(epoch: epoch, reason: .completed)))
        guard case .startTimer(let number, .milliseconds(6_000))? = stand.actions.last else {
            Issue.record("no timer")
            return
        }
        stand.translator.heardMilliseconds = 9_000
        var actions = stand.translator.timer(number)
        #expect(
            actions.types == [
                "input_audio_buffer.timeout_triggered", "input_audio_buffer.committed", "conversation.item.added", "conversation.item.done",
            ])
        #expect(actions.sent.first?["audio_start_ms"] == 3_000 && actions.sent.first?["audio_end_ms"] == 9_000)
        #expect(actions.directions.count == 2, "taken, and answered")
        actions = stand.translator.timer(number)
        #expect(actions.isEmpty)
    }

    @Test func aVoiceEndsTheWaitForTheTimeout() {
        var stand = RealtimeStand { $0.turnDetection?.idleTimeout = 6_000 }
        let epoch = stand.respond()
        stand.report(.ended(ReplyEnd(epoch: epoch, reason: .completed)))
        guard case .startTimer(let number, _)? = stand.actions.last else {
            Issue.record("no timer")
            return
        }
        stand.say(.state(.hearing, turn: 1))
        let actions = stand.translator.timer(number)
        #expect(actions.isEmpty)
    }

    @Test(arguments: [("no_words", "completed"), ("recognition_failed", "failed")])
    func aVoiceWithoutWordsIsClosed(cause: String, end: String) {
        var stand = RealtimeStand { $0.transcription = ["model": "m"] }
        stand.say(.speechStarted(at: stand.now))
        stand.say(.state(.hearing, turn: 1))
        stand.say(.metrics(TurnMetrics(turn: 1, outcome: .ignored, cause: cause)))
        #expect(
            stand.types == [
                "input_audio_buffer.speech_stopped", "input_audio_buffer.committed", "conversation.item.added", "conversation.item.done",
                "conversation.item.input_audio_transcription.\(end)",
            ])
    }

    @Test func placesInTheAudioAreMillisecondsOfAllThatCame() {
        var stand = RealtimeStand()
        stand.translator.heardMilliseconds = 5_000
        stand.now = .milliseconds(20_000)
        stand.say(.speechStarted(at: .milliseconds(19_800)))
        stand.say(.state(.hearing, turn: 1))
        // Begun 220 ms before the last sample, and 300 ms are kept from before.
        #expect(stand.first("input_audio_buffer.speech_started")?["audio_start_ms"] == 4_480)
        stand.translator.heardMilliseconds = 7_000
        stand.say(.userFinal(turn: 1, text: "x"))
        #expect(stand.first("input_audio_buffer.speech_stopped")?["audio_end_ms"] == 7_000)
    }
}
