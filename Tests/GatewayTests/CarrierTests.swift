import Testing
import Wire

@testable import Gateway

/// What each carrier says and is told, message by message.
@Suite struct CarrierTests {
    private static let muLaw = AudioFormat(codec: .muLaw, sampleRate: 8_000)

    private static let starts: [(Carrier, String, CarrierStart)] = [
        (
            .twilio,
            #"{"event":"start","sequenceNumber":"1","streamSid":"MZ1","start":{"streamSid":"MZ1","accountSid":"AC1","callSid":"CA1","tracks":["inbound"],"#
                + #""mediaFormat":{"encoding":"audio/x-mulaw","sampleRate":8000,"channels":1},"customParameters":{"agent":"desk","k":"v"}}}"#,
            CarrierStart(stream: "MZ1", call: "CA1", format: muLaw, options: ["agent": "desk", "k": "v"])
        ),
        (
            .telnyx,
            #"{"event":"start","sequence_number":"1","stream_id":"S1","start":{"user_id":"u","call_control_id":"v3:1","client_state":"","from":"+1","to":"+2","#
                + #""media_format":{"encoding":"PCMA","sample_rate":8000,"channels":1}}}"#,
            CarrierStart(stream: "S1", call: "v3:1", format: AudioFormat(codec: .aLaw, sampleRate: 8_000), options: [:])
        ),
        (
            .plivo,
            #"{"event":"start","sequenceNumber":0,"start":{"callId":"C1","streamId":"P1","accountId":"1","tracks":["inbound"],"#
                + #""mediaFormat":{"encoding":"audio/x-l16","sampleRate":16000}},"extra_headers":"agent=desk,language=en"}"#,
            CarrierStart(
                stream: "P1", call: "C1", format: AudioFormat(codec: .pcm16, sampleRate: 16_000), options: ["agent": "desk", "language": "en"])
        ),
        (
            .vonage, #"{"event":"websocket:connected","content-type":"audio/l16;rate=24000","agent":"desk","call_uuid":"V1"}"#,
            CarrierStart(
                stream: "", call: "V1", format: AudioFormat(codec: .pcm16, sampleRate: 24_000), options: ["agent": "desk", "call_uuid": "V1"])
        ),
    ]

    private static let messages: [(Carrier, String, CarrierMessage)] = [
        (.twilio, #"{"event":"connected","protocol":"Call","version":"1.0.0"}"#, .other),
        (
            .twilio,
            #"{"event":"media","sequenceNumber":"3","streamSid":"MZ1","media":{"track":"inbound","chunk":"2","timestamp":"20","payload":"//8="}}"#,
            .media(chunk: 2, time: 20, payload: [255, 255])
        ),
        (.twilio, #"{"event":"dtmf","streamSid":"MZ1","dtmf":{"track":"inbound_track","digit":"5"}}"#, .key("5")),
        (.twilio, #"{"event":"mark","streamSid":"MZ1","mark":{"name":"e1.0:100"}}"#, .mark("e1.0:100")),
        (.twilio, #"{"event":"stop","streamSid":"MZ1","stop":{"accountSid":"AC1","callSid":"CA1"}}"#, .stop),
        (.twilio, #"{"event":"new"}"#, .other), (.twilio, #"{"event":"dtmf","dtmf":{"digit":"55"}}"#, .other),
        (.telnyx, #"{"event":"connected","version":"1.0.0"}"#, .other),
        (
            .telnyx, #"{"event":"media","stream_id":"S1","media":{"track":"inbound","chunk":"7","timestamp":"140","payload":"1Q=="}}"#,
            .media(chunk: 7, time: 140, payload: [0xD5])
        ),
        (.telnyx, #"{"event":"media","stream_id":"S1","media":{"track":"outbound","chunk":"7","payload":"1Q=="}}"#, .other),
        (.telnyx, #"{"event":"mark","stream_id":"S1","mark":{"name":"m"}}"#, .mark("m")),
        (.telnyx, ##"{"event":"dtmf","stream_id":"S1","dtmf":{"digit":"#"}}"##, .key("#")),
        (.telnyx, #"{"event":"error","payload":{"code":1}}"#, .other), (.telnyx, #"{"event":"stop","stream_id":"S1"}"#, .stop),
        (
            .plivo, #"{"event":"media","streamId":"P1","media":{"track":"inbound","timestamp":"1700000000","chunk":1,"payload":"AAA="}}"#,
            .media(chunk: 1, time: 1_700_000_000, payload: [0, 0])
        ),
        (.plivo, #"{"event":"playedStream","streamId":"P1","name":"m"}"#, .mark("m")), (.plivo, #"{"event":"clearedAudio","streamId":"P1"}"#, .other),
        (.plivo, #"{"event":"dtmf","streamId":"P1","dtmf":{"digit":"*"}}"#, .key("*")),
        (.vonage, #"{"event":"websocket:dtmf","digit":"9","duration":260}"#, .key("9")),
        (.vonage, #"{"event":"websocket:notify","payload":{"mark":"m"}}"#, .mark("m")), (.vonage, #"{"event":"websocket:cleared"}"#, .other),
    ]

    @Test(arguments: starts) func aStreamBegins(carrier: Carrier, text: String, start: CarrierStart) throws {
        #expect(try CarrierMessage(Array(text.utf8), from: carrier) == .start(start))
    }

    @Test(arguments: messages) func aMessageIsUnderstood(carrier: Carrier, text: String, message: CarrierMessage) throws {
        #expect(try CarrierMessage(Array(text.utf8), from: carrier) == message)
    }

    @Test(arguments: [
        (Carrier.twilio, "nonsense", "wire.bad_json"), (.twilio, "[]", "wire.bad_json"), (.twilio, "{}", "wire.bad_field"),
        (.twilio, #"{"event":"start","start":{}}"#, "wire.bad_field"),
        (.twilio, #"{"event":"start","streamSid":"MZ1","start":{"mediaFormat":{"encoding":"audio/opus","sampleRate":48000}}}"#, "wire.bad_field"),
        (.twilio, #"{"event":"media","media":{"payload":"%%"}}"#, "wire.bad_field"), (.twilio, #"{"event":"media"}"#, "wire.bad_field"),
        (.vonage, #"{"event":"websocket:connected","content-type":"audio/l16;rate=44100"}"#, "wire.bad_field"),
        (.vonage, #"{"event":"websocket:connected"}"#, "wire.bad_field"),
    ]) func whatCannotBeReadHasItsCode(carrier: Carrier, text: String, code: String) {
        #expect { try CarrierMessage(Array(text.utf8), from: carrier) } throws: { ($0 as? WireError)?.code == code }
    }

    @Test(arguments: [
        (
            Carrier.twilio, #"{"event":"media","streamSid":"a\"b","media":{"payload":"AQI="}}"#,
            #"{"event":"mark","streamSid":"a\"b","mark":{"name":"m"}}"#, #"{"event":"clear","streamSid":"a\"b"}"#
        ),
        (
            .telnyx, #"{"event":"media","stream_id":"a\"b","media":{"payload":"AQI="}}"#, #"{"event":"mark","stream_id":"a\"b","mark":{"name":"m"}}"#,
            #"{"event":"clear","stream_id":"a\"b"}"#
        ),
        (
            .plivo, #"{"event":"playAudio","streamId":"a\"b","media":{"contentType":"audio/x-mulaw","sampleRate":8000,"payload":"AQI="}}"#,
            #"{"event":"checkpoint","streamId":"a\"b","name":"m"}"#, #"{"event":"clearAudio","streamId":"a\"b"}"#
        ),
        (.vonage, "", #"{"action":"notify","payload":{"mark":"m"}}"#, #"{"action":"clear"}"#),
    ]) func whatIsSaidIsInTheCarriersWords(carrier: Carrier, media: String, mark: String, clear: String) {
        if !media.isEmpty { #expect(String(decoding: carrier.media([1, 2], stream: "a\"b", format: Self.muLaw), as: UTF8.self) == media) }
        #expect(String(decoding: carrier.mark("m", stream: "a\"b"), as: UTF8.self) == mark)
        #expect(String(decoding: carrier.clear(stream: "a\"b"), as: UTF8.self) == clear)
    }
}
