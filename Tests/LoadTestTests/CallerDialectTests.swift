import NIOCore
import Testing
import Wire

@testable import LoadTest

/// What goes out and what comes in at each door, without a connection.
struct CallerDialectTests {
    /// The payloads of masked frames, with their opcodes.
    private func frames(_ bytes: [UInt8]) throws -> [(opcode: UInt8, payload: [UInt8])] {
        var rest = bytes[...]
        var frames: [(UInt8, [UInt8])] = []
        while !rest.isEmpty {
            guard case .whole(let head) = FrameHead.read(Array(rest).span) else { throw Broken() }
            let key = try #require(head.key)
            rest = rest.dropFirst(head.size)
            frames.append((head.opcode, rest.prefix(head.payload).enumerated().map { $1 ^ key[$0 & 3] }))
            rest = rest.dropFirst(head.payload)
        }
        return frames
    }

    private func messages(_ bytes: [UInt8]) throws -> [JSONValue] { try frames(bytes).map { try JSONValue(parsing: $0.payload) } }

    private struct Broken: Error {}

    /// One caller, whose frames are taken apart.
    private final class Caller {
        var dialect: any CallerDialect

        init(_ dialect: any CallerDialect) { self.dialect = dialect }

        func open() -> [UInt8] { dialect.open() }
        func ask(_ number: Int) -> [UInt8] { dialect.ask(number) }
        func tellCut(_ epoch: UInt16, _ heard: Duration) -> [UInt8] { dialect.tellCut(epoch, heard) ?? [] }
        func pass(to now: Duration) -> (frames: [UInt8], heard: [CallerNews]) { dialect.pass(to: now) }

        func frame(_ packet: [UInt8], tick: UInt32) -> [UInt8] {
            var frame = ByteBuffer()
            dialect.write(packet, tick: tick, into: &frame)
            return Array(frame.readableBytesView)
        }

        func read(_ message: JSONValue, at now: Duration = .zero) throws -> (frames: [UInt8], heard: [CallerNews]) {
            try dialect.read(.text, ByteBuffer(bytes: message.bytes), at: now)
        }

        func pong(_ payload: [UInt8]) throws -> [CallerNews] { try dialect.read(.pong, ByteBuffer(bytes: payload), at: .zero).heard }
    }

    // MARK: parley.v1

    @Test func aNativePacketIsNumberedAndBeginsAnewBehindAPause() throws {
        let caller = Caller(NativeDialect(agent: "a"))
        let packet = ClientFrame.packet([1, 2, 3])
        let headers = try ([0, 1, 5] as [UInt32]).map { tick throws -> AudioPacketHeader in
            let payload = try #require(try frames(caller.frame(packet, tick: tick)).first).payload
            return try AudioPacketHeader(parsing: payload.span)
        }
        #expect(headers.map(\.sequence) == [0, 1, 2])
        #expect(headers.map(\.time) == [0, 960, 4_800])
        #expect(headers.map { $0.flags.contains(.start) } == [true, false, true])
    }

    // MARK: OpenAI Realtime

    @Test func aRealtimeSessionIsReadyOnceItIsAsTheCallerWantsIt() throws {
        let caller = Caller(RealtimeDialect(name: "caller-7", format: .muLaw, isScripted: true))
        #expect(caller.open().isEmpty)
        let created = try caller.read(["type": "session.created"])
        let update = try #require(try messages(created.frames).first)
        #expect(update["type"] == "session.update")
        #expect(update["session"]?["instructions"]?.string?.contains("caller-7") == true)
        #expect(update["session"]?["audio"]?["input"]?["format"]?["type"] == "audio/pcmu")
        let updated = try caller.read(["type": "session.updated"])
        guard case .event(.ready(let ready)) = updated.heard.first else { throw Broken() }
        #expect(ready.session == "caller-7")
        #expect(ready.engines["synthesizer"].flatMap(ScriptedEngines.latency(ofEngine:)) == ScriptedEngines.firstAudioTime)
        // From now on an update is a question, and its answer is told once.
        #expect(try messages(caller.ask(3)).first?["type"] == "session.update")
        #expect(try caller.read(["type": "session.updated"]).heard == [.event(.pong(3))])
        #expect(try caller.read(["type": "session.updated"]).heard.isEmpty)
    }

    @Test func aRealtimeReplyIsToldInPacketsAndItsEnd() throws {
        let caller = Caller(RealtimeDialect(name: "caller-7", format: .pcm, isScripted: true))
        #expect(try caller.read(["type": "input_audio_buffer.committed"]).heard == [.event(.userFinal(turn: 1, text: ""))])
        #expect(try caller.read(["type": "response.created"]).heard == [.event(.agentStarted(turn: 1, epoch: 1))])
        let delta: JSONValue = [
            "type": "response.output_audio.delta", "item_id": "i", "delta": .string(Base64.text([UInt8](repeating: 0, count: 1_920))),
        ]
        let headers = try (0..<2).flatMap { _ in try caller.read(delta).heard }
        #expect(
            headers == [
                .packet(AudioPacketHeader(flags: .start, epoch: 1, sequence: 0, time: 0)),
                .packet(AudioPacketHeader(flags: [], epoch: 1, sequence: 1, time: 1_920)),
            ])
        let done: JSONValue = ["type": "response.done", "response": ["status": "cancelled"]]
        #expect(try caller.read(done).heard == [.event(.flush(epoch: 1, fromSequence: 2))])
        let truncation = try #require(try messages(caller.tellCut(1, .milliseconds(60))).first)
        #expect(truncation["item_id"] == "i" && truncation["audio_end_ms"]?.int == 60)
    }

    @Test func anAppendIsOneEvent() throws {
        let event = try #require(try messages(RealtimeDialect.append([1, 2, 3])).first)
        #expect(event["type"] == "input_audio_buffer.append")
        #expect(event["audio"]?.string.flatMap(Base64.bytes) == [1, 2, 3])
    }

    // MARK: Twilio

    @Test func aTelephoneCallIsReadyWhenItsStartWasRead() throws {
        let caller = Caller(TwilioDialect(name: "caller-7", agent: "load-talker", isScripted: true))
        let opening = try frames(caller.open())
        #expect(opening.map(\.opcode) == [1, 1, 9])
        let start = try JSONValue(parsing: opening[1].payload)
        #expect(start["start"]?["customParameters"]?["agent"] == "load-talker")
        #expect(start["start"]?["customParameters"]?["variables.caller"] == "caller-7")
        guard case .event(.ready) = try caller.pong(opening[2].payload).first else { throw Broken() }
        #expect(try caller.pong(Array("4".utf8)) == [.event(.pong(4))])
        let media = try #require(try messages(caller.frame(Array("//8=".utf8), tick: 3)).first)
        #expect(media["media"]?["timestamp"] == "60" && media["media"]?["chunk"] == "1" && media["media"]?["payload"] == "//8=")
    }

    @Test func marksComeBackWhenTheyArePlayedAndAReplyEndsInQuiet() throws {
        let caller = Caller(TwilioDialect(name: "caller-7", agent: "a", isScripted: true))
        let media: JSONValue = ["event": "media", "media": ["payload": .string(Base64.text([UInt8](repeating: 0xFF, count: 160)))]]
        let first = try caller.read(media, at: .zero).heard
        #expect(
            first == [.event(.agentStarted(turn: 0, epoch: 1)), .packet(AudioPacketHeader(flags: .start, epoch: 1, sequence: 0, time: 0))])
        #expect(
            try caller.read(media, at: .milliseconds(1)).heard == [.packet(AudioPacketHeader(flags: [], epoch: 1, sequence: 1, time: 960))])
        _ = try caller.read(["event": "mark", "mark": ["name": "m"]], at: .milliseconds(1))
        #expect(caller.pass(to: .milliseconds(39)).frames.isEmpty)
        let mark = try #require(try messages(caller.pass(to: .milliseconds(40)).frames).first)
        #expect(mark["event"] == "mark" && mark["mark"]?["name"] == "m")
        #expect(caller.pass(to: .milliseconds(40) + TwilioDialect.pause - .milliseconds(1)).heard.isEmpty)
        let end = caller.pass(to: .milliseconds(40) + TwilioDialect.pause)
        #expect(end.heard == [.event(.agentFinished(turn: 0, epoch: 1, reason: .completed, heard: ""))])
        #expect(caller.pass(to: .seconds(9)).heard.isEmpty)
    }

    @Test func aClearGivesBackEveryMarkAndEndsTheReply() throws {
        let caller = Caller(TwilioDialect(name: "caller-7", agent: "a", isScripted: true))
        let media: JSONValue = ["event": "media", "media": ["payload": .string(Base64.text([UInt8](repeating: 0xFF, count: 1_600)))]]
        _ = try caller.read(media)
        for name in ["a", "b"] { _ = try caller.read(["event": "mark", "mark": ["name": .string(name)]]) }
        let cleared = try caller.read(["event": "clear"], at: .milliseconds(50))
        #expect(try messages(cleared.frames).map { $0["mark"]?["name"] } == ["a", "b"])
        #expect(cleared.heard == [.event(.flush(epoch: 1, fromSequence: 1))])
        #expect(try caller.read(media, at: .milliseconds(60)).heard.first == .event(.agentStarted(turn: 0, epoch: 2)))
    }

    // MARK: names

    @Test(arguments: [
        ("You answer caller-17 in a", "caller-17"), ("caller-5", "caller-5"), ("caller-x caller-9.", "caller-9"), ("caller-", nil), ("", nil),
    ])
    func aNameIsFoundInAText(text: String, name: String?) { #expect(CallerName.find(in: text.utf8) == name) }
}
