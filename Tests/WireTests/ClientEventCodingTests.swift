import Testing
import Wire

struct ClientEventCodingTests {
    static let events: [ClientEvent] = [
        .start(SessionStart()),
        .start(
            SessionStart(
                agent: "travel-desk", language: "pt-BR", variables: ["name": "Zoë \"Z\" \\ \n\u{1}", "empty": ""],
                input: AudioFormat(codec: .pcm16, sampleRate: 8_000, packetMilliseconds: 10),
                output: AudioFormat(sampleRate: 48_000, packetMilliseconds: 60),
                resume: .init(token: "t0ken", lastSeq: 41), client: "web 1.0 🎧")),
        .start(
            SessionStart(
                input: AudioFormat(codec: .muLaw, sampleRate: 8_000), output: AudioFormat(codec: .aLaw, sampleRate: 8_000, packetMilliseconds: 40))),
        .playout(epoch: 0, milliseconds: 0), .playout(epoch: 65_535, milliseconds: 86_400_000), .flushed(epoch: 7, milliseconds: 1_280),
        .text("What's the weather?\u{2028}"), .commit, .mute(true), .mute(false), .cancelReply, .ping(-3), .ping(9_007_199_254_740_991), .end,
        .start(directed), .direct(.change(SessionChange())), .direct(.change(change)), .direct(.respond(ReplyRequest(id: "r1"))),
        .direct(.respond(request)), .direct(.stop(request: "r1")),
        .direct(.insert(MemoryItem(id: "i", role: .assistant, text: "\"Zoë\"\n", after: ""))),
        .direct(.insert(MemoryItem(id: "i", kind: .call, call: "c", tool: "t", arguments: "{}", after: "x"))), .direct(.remove("turn:3")),
        .direct(.insert(spoken)), .direct(.truncate(epoch: 65_535, milliseconds: 1_500)), .direct(.take("i")), .direct(.clear),
    ]

    private static var spoken: MemoryItem {
        var item = MemoryItem(id: "i", text: "before")
        item.sound = SoundBytes([0, 255, 7])
        return item
    }

    private static var directed: SessionStart {
        var start = SessionStart()
        (start.isDirected, start.lead) = (true, .milliseconds(600))
        return start
    }

    private static var change: SessionChange {
        var change = SessionChange()
        (change.instructions, change.voice, change.pace, change.replyTokens, change.isWritten) = ("Be brief.", "", 1.5, 40, true)
        change.tools = [ToolOffer(name: "t", description: "d", parameters: #"{"type":"object"}"#), ToolOffer(name: "u")]
        change.toolChoice = .named("t")
        (change.input, change.output) = (AudioFormat(codec: .muLaw, sampleRate: 8_000), AudioFormat(codec: .pcm16, sampleRate: 24_000))
        var taking = TurnTaking()
        (taking.isAutomatic, taking.end, taking.silence, taking.threshold, taking.prefix) = (false, .silence, 500, 0.25, 300)
        (taking.answers, taking.interrupts) = (false, false)
        change.turnTaking = taking
        return change
    }

    private static var request: ReplyRequest {
        var request = ReplyRequest(id: "r2")
        (request.instructions, request.isBeside, request.isWritten, request.replyTokens) = ("x", true, true, 5)
        (request.input, request.tools, request.toolChoice) = ([MemoryItem(id: "a", text: "b")], [], ToolWish.none)
        return request
    }

    @Test(arguments: events) func everyEventComesBackAsItWas(event: ClientEvent) throws {
        #expect(try ClientEvent(json: event.encoded()) == event)
    }

    @Test(arguments: [
        #"{"type":"direct.insert","id":"i","kind":"message","role":"user","text":"","sound":"%"}"#,
        #"{"type":"direct.insert","id":"i","kind":"message","role":"user","text":"","sound":""}"#,
        #"{"type":"direct.insert","id":"i","kind":"message","role":"assistant","text":"","sound":"AAAA"}"#,
        #"{"type":"direct.insert","id":"i","kind":"result","role":"user","text":"","sound":"AAAA"}"#,
        #"{"type":"direct.respond","id":"r","is_beside":true,"input":[{"id":"i","kind":"message","role":"user","text":"","sound":"AAAA"}]}"#,
    ]) func soundIsTheUsersAndIsInsertedFirst(json: String) {
        #expect { try ClientEvent(json: Array(json.utf8)) } throws: { ($0 as? WireError)?.code == WireError.badField }
    }

    @Test func typeAndNamesAreThoseOfTheSpecification() {
        let playout = String(decoding: ClientEvent.playout(epoch: 3, milliseconds: 40).encoded(), as: UTF8.self)
        #expect(playout == #"{"type":"playout","epoch":3,"heard_ms":40}"#)
        #expect(String(decoding: ClientEvent.cancelReply.encoded(), as: UTF8.self) == #"{"type":"reply.cancel"}"#)
    }

    @Test func unknownFieldsAndNullsAreIgnored() throws {
        let json = #" {"type":"session.start","agent":null,"future":{"a":[1,2.5e3,true]},"input":{"codec":"opus","sample_rate":16000,"x":1}} "#
        #expect(try ClientEvent(json: Array(json.utf8)) == .start(SessionStart()))
    }

    @Test(arguments: [
        ("", "wire.bad_json", ""), ("[]", "wire.bad_json", ""), ("{", "wire.bad_json", ""),
        (#"{"type":"ping","number":01}"#, "wire.bad_json", ""),
        (#"{"type":"ping"} x"#, "wire.bad_json", ""), (#"{"type":"\ud800"}"#, "wire.bad_json", ""),
        (#"{"type":"ping","number":1e999}"#, "wire.bad_json", ""),
        (#"{"type":"session.go"}"#, "wire.unknown_event", ""),
        ("{}", "wire.bad_field", "type"), (#"{"type":5}"#, "wire.bad_field", "type"), (#"{"type":"ping"}"#, "wire.bad_field", "number"),
        (#"{"type":"ping","number":1.5}"#, "wire.bad_field", "number"),
        (#"{"type":"ping","number":99999999999999999999}"#, "wire.bad_field", "number"),
        (#"{"type":"playout","epoch":65536,"heard_ms":1}"#, "wire.bad_field", "epoch"),
        (#"{"type":"playout","epoch":1,"heard_ms":-1}"#, "wire.bad_field", "heard_ms"),
        (#"{"type":"input.mute","muted":1}"#, "wire.bad_field", "muted"), (#"{"type":"input.text","text":" \n"}"#, "wire.bad_field", "text"),
        (#"{"type":"session.start","agent":"../etc"}"#, "wire.bad_field", "agent"),
        (#"{"type":"session.start","agent":".env"}"#, "wire.bad_field", "agent"),
        (#"{"type":"session.start","language":"en_US"}"#, "wire.bad_field", "language"),
        (#"{"type":"session.start","input":{"codec":"mp3","sample_rate":16000}}"#, "wire.bad_field", "input.codec"),
        (#"{"type":"session.start","input":{"codec":"opus","sample_rate":44100}}"#, "wire.bad_field", "input.sample_rate"),
        (#"{"type":"session.start","input":{"codec":"pcmu","sample_rate":16000}}"#, "wire.bad_field", "input.sample_rate"),
        (#"{"type":"session.start","output":{"codec":"opus","sample_rate":24000,"packet_ms":30}}"#, "wire.bad_field", "output.packet_ms"),
        (#"{"type":"direct.respond","is_beside":false}"#, "wire.bad_field", "id"),
        (#"{"type":"direct.respond","id":"","is_beside":false}"#, "wire.bad_field", "id"),
        (#"{"type":"direct.change","pace":9.0}"#, "wire.bad_field", "pace"),
        (#"{"type":"direct.change","tool_choice":"some"}"#, "wire.bad_field", "tool"),
        (#"{"type":"direct.change","tools":[{"description":"x"}]}"#, "wire.bad_field", "tools.Index 0.name"),
        (#"{"type":"direct.truncate","epoch":1}"#, "wire.bad_field", "heard_ms"), (#"{"type":"direct.take"}"#, "wire.bad_field", "id"),
        (#"{"type":"session.start","resume":{"token":"a"}}"#, "wire.bad_field", "resume.last_seq"),
        (#"{"type":"session.start","variables":{"a":1}}"#, "wire.bad_field", "variables"),
    ])
    func badMessagesAreRefusedWithACodeThatNamesTheField(json: String, code: String, field: String) {
        let error = #expect(throws: WireError.self) { try ClientEvent(json: Array(json.utf8)) }
        #expect(error?.code == code)
        #expect(error?.message.hasPrefix(field) == true)
        #expect(error?.isFatal == false)
    }

    @Test func deepNestingIsRefusedBeforeItCostsTheStack() {
        let error = #expect(throws: WireError.self) { try ClientEvent(json: [UInt8](repeating: UInt8(ascii: "["), count: 100_000)) }
        #expect(error?.code == "wire.bad_json")
    }

    @Test func sizesAreBounded() throws {
        let text = String(repeating: "é", count: ClientEvent.textLength)
        #expect(try ClientEvent(json: ClientEvent.text(text).encoded()) == .text(text))
        #expect(throws: WireError.self) { try ClientEvent(json: ClientEvent.text(text + "e").encoded()) }
        let limits = SessionStart.variableLimits
        var start = SessionStart(variables: Dictionary(uniqueKeysWithValues: (0..<limits.count).map { ("v\($0)", "") }))
        #expect(try ClientEvent(json: ClientEvent.start(start).encoded()) == .start(start))
        start.variables["one more"] = ""
        #expect(throws: WireError.self) { try ClientEvent(json: ClientEvent.start(start).encoded()) }
        start.variables = ["v": String(repeating: "x", count: limits.value + 1)]
        #expect(throws: WireError.self) { try ClientEvent(json: ClientEvent.start(start).encoded()) }
    }
}
