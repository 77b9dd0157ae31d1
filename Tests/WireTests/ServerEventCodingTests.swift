import Testing
import Wire

struct ServerEventCodingTests {
    static let events: [ServerEvent] = [
        .ready(
            SessionReady(
                session: "s1", resumeToken: "r1", resumed: true, agent: "desk", language: "en", input: AudioFormat(sampleRate: 16_000),
                output: AudioFormat(sampleRate: 24_000), limits: SessionLimits(), engines: ["recognizer": "moonshine", "synthesizer": "piper"])),
        .state(.hearing, turn: 3), .speechStarted(at: .milliseconds(1_500)), .speechStopped(at: .milliseconds(2_750)),
        .userPartial(turn: 1, text: "how do"), .userFinal(turn: 1, text: "How do you do?"), .agentStarted(turn: 1, epoch: 65_535),
        .agentText(AgentText(turn: 1, epoch: 1, text: "Hi.", start: .zero, duration: nil)),
        .agentText(
            AgentText(
                turn: 1, epoch: 1, text: "Hi you.", start: .milliseconds(5), duration: .milliseconds(900),
                words: [TimedWord(text: "Hi", start: .milliseconds(5), end: .milliseconds(300))])),
        .agentFinished(turn: 1, epoch: 1, reason: .interrupted, heard: "Hi"), .hold(epoch: 1),
        .resume(epoch: 1, position: .milliseconds(1240), fromSequence: 90),
        .flush(epoch: 1, fromSequence: 4_294_967_295),
        .metrics(
            TurnMetrics(
                turn: 2, outcome: .failed, cause: "engine.timeout", endpointing: 300, recognition: 90, firstToken: 4, heardBy: "client")),
        .metrics(TurnMetrics(turn: 3, outcome: .interrupted, wordTimes: "engine")),
        .error(WireError("engine.timeout", "late", isFatal: true)), .pong(12), .ending(reason: "drain", within: .seconds(20)),
        .ended(reason: "hangup"), .report(.began(epoch: 1, request: nil)), .report(.began(epoch: 65_535, request: "r")),
        .report(.wrote(epoch: 1, text: "Hi ")), .report(.call(epoch: 1, number: 0, id: "c", name: "weather")),
        .report(.arguments(epoch: 1, number: 0, text: "{\"a\"")), .report(.called(epoch: 1, number: 0, arguments: "{}")),
        .report(.ended(ReplyEnd(epoch: 1, reason: .completed, promptTokens: 5, completionTokens: 6))),
        .report(.ended(ReplyEnd(epoch: 1, reason: .failed, cause: "engine.timeout", message: "late"))),
        .report(.refused(request: "r", code: "reply.active")), .report(.heard(epoch: 1, text: "")), .report(.taken(id: "i", text: "yes")),
        .report(.failed(id: "i", code: "engine.timeout")),
    ]

    @Test(arguments: events) func everyEventComesBackAsItWas(event: ServerEvent) throws {
        let back = try NumberedEvent(json: event.encoded(seq: 77, at: .milliseconds(123_456)))
        #expect(back == NumberedEvent(seq: 77, time: .milliseconds(123_456), event: event))
    }

    @Test func everyEventBeginsWithTypeNumberAndTime() {
        for event in Self.events {
            let text = String(decoding: event.encoded(seq: 5, at: .microseconds(1_999)), as: UTF8.self)
            #expect(text.hasPrefix(#"{"type":"\#(event.type)","seq":5,"t_ms":1"#))
        }
    }

    @Test func everyTypeOfTheProtocolIsCovered() {
        #expect(Set(Self.events.map(\.type)).count == 27)
    }

    @Test func durationsBelowZeroAndBeyondADayAreCut() throws {
        #expect(try NumberedEvent(json: ServerEvent.pong(1).encoded(seq: 0, at: .seconds(-5))).time == .zero)
        #expect(try NumberedEvent(json: ServerEvent.pong(1).encoded(seq: 0, at: .seconds(Int64.max))).time == .seconds(86_400))
    }

    @Test func anEventWithoutNumberIsRefused() {
        let error = #expect(throws: WireError.self) { try NumberedEvent(json: Array(#"{"type":"pong","number":1,"t_ms":0}"#.utf8)) }
        #expect(error?.message == "seq is missing")
    }
}
