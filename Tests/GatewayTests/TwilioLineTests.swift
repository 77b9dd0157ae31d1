import Testing
import Wire

@testable import Gateway

/// The carrier's end of a stream does as Twilio's documentation says.
@Suite struct TwilioLineTests {
    private static func said(_ text: [UInt8]) throws -> JSONValue { try JSONValue(parsing: text) }
    private static func media(_ count: Int, _ byte: UInt8 = 1) -> [UInt8] {
        Carrier.twilio.media([UInt8](repeating: byte, count: count), stream: "S", format: AudioFormat(codec: .muLaw, sampleRate: 8_000))
    }
    private static func mark(_ name: String) -> [UInt8] { Carrier.twilio.mark(name, stream: "S") }
    private static func marks(_ messages: [[UInt8]]) throws -> [String] {
        try messages.map(said).filter { $0["event"]?.string == "mark" }.compactMap { $0["mark"]?["name"]?.string }
    }

    @Test func aStreamBeginsAndThePiecesAreNumbered() throws {
        var line = TwilioLine(stream: "S", call: "C")
        let opening = try line.open(["agent": "desk"]).map(Self.said)
        #expect(opening.map { $0["event"]?.string } == ["connected", "start"])
        #expect(opening[1]["start"]?["customParameters"]?["agent"]?.string == "desk")
        for (number, voice) in [[UInt8](repeating: 7, count: 160), []].enumerated() {
            let media = try Self.said(try #require(line.pass(voice).messages.first))
            #expect(media["sequenceNumber"]?.string == "\(number + 2)")
            #expect(media["media"]?["chunk"]?.string == "\(number + 1)")
            #expect(media["media"]?["timestamp"]?.string == "\(20 * (number + 1))")
            #expect(media["media"]?["payload"]?.string == Base64.text(voice.isEmpty ? [UInt8](repeating: 0xFF, count: 160) : voice))
        }
    }

    @Test func soundPlaysAtThePaceOfSpeechAndAMarkComesBackBehindIt() throws {
        var line = TwilioLine(stream: "S", call: "C")
        for message in [Self.media(100, 1), Self.mark("a"), Self.media(240, 2), Self.mark("b"), Self.mark("c")] { _ = try line.take(message) }
        #expect(line.buffered == 42)
        var passed = line.pass([])
        #expect(passed.played == [UInt8](repeating: 1, count: 100) + [UInt8](repeating: 2, count: 60))
        #expect(try Self.marks(passed.messages) == ["a"])
        passed = line.pass([])
        #expect(passed.played.count == 160)
        #expect(try Self.marks(passed.messages) == [])
        passed = line.pass([])
        #expect(passed.played.count == 20)
        #expect(try Self.marks(passed.messages) == ["b", "c"])
        // Where nothing waits a mark is reached at once.
        _ = try line.take(Self.mark("d"))
        #expect(try Self.marks(line.pass([]).messages) == ["d"])
    }

    @Test func aClearDropsWhatWaitsAndGivesItsMarksBack() throws {
        var line = TwilioLine(stream: "S", call: "C")
        for message in [Self.media(1600), Self.mark("a"), Self.media(800), Self.mark("b")] { _ = try line.take(message) }
        _ = line.pass([])
        #expect(try line.take(Carrier.twilio.clear(stream: "S")) == .clear(dropped: 280))
        let passed = line.pass([])
        #expect(passed.played == [])
        #expect(try Self.marks(passed.messages) == ["a", "b"])
        #expect(line.buffered == 0)
    }

    @Test(arguments: [
        ("{}", "wire.bad_field"), ("x", "wire.bad_json"), (#"{"event":"clear","streamSid":"T"}"#, "wire.bad_field"),
        (#"{"event":"media","streamSid":"S","media":{"payload":"%"}}"#, "wire.bad_field"),
        (#"{"event":"media","streamSid":"S","media":{"payload":""}}"#, "wire.bad_field"),
        (#"{"event":"mark","streamSid":"S","mark":{}}"#, "wire.bad_field"), (#"{"event":"say","streamSid":"S"}"#, "wire.unknown_event"),
        (#"{"event":"parley","streamSid":"S","parley":{"type":"x"}}"#, "wire.unknown_event"),
    ]) func whatTwilioWouldNotTakeHasItsCode(text: String, code: String) {
        var line = TwilioLine(stream: "S", call: "C")
        #expect { try line.take(Array(text.utf8)) } throws: { ($0 as? WireError)?.code == code }
    }
}
