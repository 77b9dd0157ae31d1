import Crypto
import Foundation
import Gateway
import Sessions
import Testing
import Wire

@Suite(.timeLimit(.minutes(1))) struct PhoneDoorTests {
    private static let signature = TwilioSignature(token: "secret", publicURL: "https://voice.example.org")
    private static let start =
        #"{"event":"start","streamSid":"MZ1","start":{"streamSid":"MZ1","callSid":"CA1","customParameters":{"agent":"desk"},"#
        + #""mediaFormat":{"encoding":"audio/x-mulaw","sampleRate":8000,"channels":1}}}"#

    private static func signed(_ text: String) -> String {
        Data(HMAC<Insecure.SHA1>.authenticationCode(for: Data(text.utf8), using: SymmetricKey(data: Data("secret".utf8)))).base64EncodedString()
    }

    private static func upgrade(_ path: String, _ headers: String = "") -> String {
        "GET \(path) HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\(headers)\r\n"
    }

    private static func text(_ messages: [String]) -> [UInt8] { messages.flatMap { Bench.frame(0x81, Array($0.utf8)) } }

    private func texts(_ answer: [UInt8]) -> [String] {
        let end = Array("\r\n\r\n".utf8)
        guard let place = answer.indices.first(where: { answer[$0...].starts(with: end) }) else { return [] }
        return Bench.frames(in: Array(answer[(place + 4)...])).filter { $0.opcode == 1 }.map { String(decoding: $0.payload, as: UTF8.self) }
    }

    @Test func twiliosStreamsMustBeSigned() async throws {
        let host = ScriptedHost()
        try await Bench.with(host, signature: Self.signature) { bench in
            let right = Self.signed("wss://voice.example.org/v1/phone/twilio")
            for header in ["", "X-Twilio-Signature: x\r\n", "X-Twilio-Signature: \(Self.signed("wss://voice.example.org/v1/phone/telnyx"))\r\n"] {
                let refused = try await bench.http(Self.upgrade("/v1/phone/twilio", header))
                #expect(refused.hasPrefix("HTTP/1.1 403 ") && refused.contains("phone.bad_signature"))
            }
            let stop = Self.text([Self.start, #"{"event":"stop"}"#])
            let taken = try await bench.exchange(Array(Self.upgrade("/v1/phone/twilio", "X-Twilio-Signature: \(right)\r\n").utf8) + stop)
            #expect(String(decoding: taken.prefix(13), as: UTF8.self) == "HTTP/1.1 101 ")
            #expect(await host.next { $0 == .admitted("twilio") } != nil)
            #expect(await host.next { $0 == .event(.end) } != nil)
        }
    }

    @Test func theOthersShowAKeyOfTheHouse() async throws {
        var settings = SocketDoorSettings()
        settings.keys = KeyRing(["sesame": "acme"])
        let host = ScriptedHost()
        try await Bench.with(host, settings: settings, signature: Self.signature) { bench in
            for path in ["/v1/phone/telnyx", "/v1/phone/plivo?key=wrong", "/v1/phone/vonage?key="] {
                let refused = try await bench.http(Self.upgrade(path))
                #expect(refused.hasPrefix("HTTP/1.1 401 "))
            }
            let begin = Self.text([#"{"event":"websocket:connected","content-type":"audio/l16;rate=16000"}"#])
            let end = Bench.frame(0x88, [3, 232])
            _ = try await bench.exchange(Array(Self.upgrade("/v1/phone/vonage?key=sesame&agent=desk").utf8) + begin + end)
            #expect(await host.next { $0 == .admitted("acme") } != nil)
            let opened = await host.next { if case .opened = $0 { true } else { false } }
            guard case .opened(let start) = opened else { return }
            #expect(start.agent == "desk")
            #expect(start.input == AudioFormat(codec: .pcm16, sampleRate: 16_000))
        }
    }

    @Test func audioAndKeysReachTheSessionAndItsAudioComesBack() async throws {
        let host = ScriptedHost()
        try await Bench.with(host) { bench in
            let payload = Base64.text([UInt8](repeating: 7, count: 160))
            let messages = [
                #"{"event":"connected","protocol":"Call","version":"1.0.0"}"#, Self.start,
                #"{"event":"media","streamSid":"MZ1","media":{"track":"inbound","chunk":"1","timestamp":"20","payload":"\#(payload)"}}"#,
                "not json", #"{"event":"dtmf","streamSid":"MZ1","dtmf":{"digit":"4"}}"#,
                ##"{"event":"dtmf","streamSid":"MZ1","dtmf":{"digit":"#"}}"##,
                #"{"event":"stop","streamSid":"MZ1"}"#,
            ]
            async let answer = bench.exchange(Array(Self.upgrade("/v1/phone/twilio").utf8) + Self.text(messages))
            let audio = await host.next { if case .audio = $0 { true } else { false } }
            #expect(audio == .audio(AudioPacketHeader(flags: .start, sequence: 0, time: 0), [UInt8](repeating: 7, count: 160)))
            #expect(await host.next { $0 == .event(.text("4")) } != nil)
            #expect(await host.next { $0 == .event(.end) } != nil)
            let said = texts(try await answer)
            #expect(said.first == #"{"event":"media","streamSid":"MZ1","media":{"payload":"\#(payload)"}}"#)
            #expect(said.dropFirst().first == #"{"event":"mark","streamSid":"MZ1","mark":{"name":"e0.0:20"}}"#)
        }
    }

    @Test func aLineThatBreaksIsACallThatHasEnded() async throws {
        let host = ScriptedHost()
        try await Bench.with(host) { bench in
            // A frame that is not masked breaks the rules, so the connection is closed.
            _ = try await bench.exchange(Array(Self.upgrade("/v1/phone/twilio").utf8) + Self.text([Self.start]) + Bench.frame(0x81, [1], mask: nil))
            let note = await host.next { $0 == .event(.end) || $0 == .lost }
            #expect(note == .event(.end) || note == .lost)
        }
    }

    @Test func theAnswerTellsTwilioWhereTheStreamGoes() async throws {
        let routes = TwilioAnswerRoute.both(publicURL: "https://voice.example.org", signature: Self.signature)
        try await Bench.with(routes: routes) { bench in
            let uri = "/v1/phone/twilio/answer?agent=a%26%22b"
            let form = "From=%2B1555&CallSid=CA1"
            func post(_ signature: String) -> String {
                "POST \(uri) HTTP/1.1\r\nHost: x\r\nX-Twilio-Signature: \(signature)\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                    + "Content-Length: \(form.utf8.count)\r\n\r\n\(form)"
            }
            let answer = try await bench.http(post(Self.signed("https://voice.example.org\(uri)CallSidCA1From+1555")))
            #expect(answer.contains("Content-Type: text/xml; charset=utf-8\r\n"))
            let stream = #"<Stream url="wss://voice.example.org/v1/phone/twilio"><Parameter name="agent" value="a&amp;&quot;b"/></Stream>"#
            #expect(answer.hasSuffix("<Response><Connect>\(stream)</Connect></Response>\n"))
            #expect(try await bench.http(post(Self.signed("https://voice.example.org\(uri)"))).hasPrefix("HTTP/1.1 403 "))
            let get = "GET \(uri) HTTP/1.1\r\nHost: x\r\nX-Twilio-Signature: \(Self.signed("https://voice.example.org\(uri)"))\r\n\r\n"
            #expect(try await bench.http(get).hasPrefix("HTTP/1.1 200 "))
        }
    }
}
