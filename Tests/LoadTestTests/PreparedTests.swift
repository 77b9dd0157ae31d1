import Audio
import OpusCodec
import Testing
import Wire

@testable import LoadTest

struct ClientFrameTests {
    /// What a server reads of a frame.
    private func unmasked(_ frame: [UInt8]) -> (opcode: UInt8, payload: [UInt8])? {
        guard frame.count >= 6, frame[0] & 0x80 != 0, frame[1] & 0x80 != 0 else { return nil }
        let short = Int(frame[1] & 127)
        let head = short == 126 ? 4 : short == 127 ? 10 : 2
        let length = head == 2 ? short : frame[2..<head].reduce(0) { $0 << 8 | Int($1) }
        let key = Array(frame[head..<head + 4])
        let body = Array(frame[(head + 4)...])
        guard body.count == length else { return nil }
        return (frame[0] & 15, body.enumerated().map { $1 ^ key[$0 & 3] })
    }

    @Test(arguments: [0, 1, 125, 126, 300, 65_535, 65_536]) func framesOfEveryLengthCanBeRead(count: Int) {
        let payload = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 7) }
        let read = unmasked(ClientFrame.bytes(.text, payload))
        #expect(read?.opcode == 1)
        #expect(read?.payload == payload)
    }

    @Test(arguments: [3, 60, 114, 200]) func aPreparedPacketTakesItsNumbers(count: Int) throws {
        let payload = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 31) }
        var bytes = ClientFrame.packet(payload)
        let head = ClientFrame.head(of: bytes)
        func write(_ word: UInt32, at place: Int) {
            for index in 0..<4 { bytes[place + index] = UInt8(truncatingIfNeeded: word >> (24 - 8 * UInt32(index))) }
        }
        bytes[head + 1] = ClientFrame.masked(.start)
        write(ClientFrame.masked(0xDEAD_BEEF), at: head + 4)
        write(ClientFrame.masked(123_456_789), at: head + 8)
        let message = try #require(unmasked(bytes)).payload
        let header = try AudioPacketHeader(parsing: message.span)
        #expect(header == AudioPacketHeader(flags: .start, sequence: 0xDEAD_BEEF, time: 123_456_789))
        #expect(Array(message.dropFirst(AudioPacketHeader.byteCount)) == payload)
    }
}

struct UtteranceTests {
    private func tone(_ milliseconds: Int, level: Float = 0.3) -> [Float] {
        (0..<16 * milliseconds).map { level * (($0 / 40).isMultiple(of: 2) ? 1 : -1) }
    }

    private func silence(_ milliseconds: Int) -> [Float] { [Float](repeating: 0, count: 16 * milliseconds) }

    @Test func aRecordingIsCutAtItsPauses() {
        let sound = silence(500) + tone(1_000) + silence(300) + tone(400) + silence(100) + tone(600) + silence(1_000) + tone(200) + silence(200)
        let cut = Utterance.cut(PCMAudio(sampleRate: 16_000, samples: sound))
        // The first, the second with its short gap, and not the third, which is too short.
        #expect(cut.map { $0.samples.count / 16 } == [1_000, 1_100])
        #expect(cut.allSatisfy { $0.samples[0] != 0 })
    }

    @Test func whatIsTooLongIsCutOff() {
        #expect(Utterance.cut(PCMAudio(sampleRate: 16_000, samples: tone(10_000))).map { $0.duration } == [.seconds(8)])
    }

    @Test func silenceHoldsNoUtterance() { #expect(Utterance.cut(PCMAudio(sampleRate: 16_000, samples: silence(3_000))).isEmpty) }

    @Test(arguments: LoadDoor.allCases) func everyDoorGetsPacketsOf20Milliseconds(door: LoadDoor) throws {
        #expect(try Utterance(PCMAudio(sampleRate: 16_000, samples: tone(1_000)), for: door).packets.count == 50)
        #expect(try Utterance.quiet(seed: 1, for: door).packets.count == 50)
    }
}

struct StubAnswerTests {
    @Test func answersDifferAndKnowTheirSentences() {
        let answers = (0..<2_000).map(StubAnswer.init)
        #expect(Set(answers.map { $0.tokens.joined() }).count == answers.count)
        let sentence = answers[7].tokens.prefix(answers[7].firstSentence).joined().dropLast()
        #expect(sentence.hasSuffix("."))
        #expect(answers[7].holds(String(sentence)))
        #expect(!answers[8].holds(String(sentence)))
    }
}

struct LoadTargetTests {
    @Test func aURLIsTakenApart() throws {
        let target = try #require(LoadTarget("ws://127.0.0.1:7350/v1/call?key=a"))
        #expect(target.host == "127.0.0.1" && target.port == 7350 && target.path == "/v1/call?key=a")
        #expect(LoadTarget("ws://[::1]:80")?.host == "::1")
        #expect(LoadTarget("ws://x")?.path == "/v1/call")
        #expect(LoadTarget("ws://x", door: .twilio)?.path == "/v1/phone/twilio")
    }

    @Test(arguments: ["", "http://x:1", "wss://x", "x:7350", "ws://"]) func anythingElseIsNone(url: String) { #expect(LoadTarget(url) == nil) }
}

struct ServerSampleTests {
    @Test func everyFigureIsRead() {
        let text = """
            # HELP x y
            parley_sessions_active 12
            process_cpu_seconds_total 3.5
            process_resident_memory_bytes 1.2e7
            process_open_fds 40
            process_threads 9
            other{a="b"} 1

            """
        let sample = ServerSample(cpuSeconds: 3.5, residentBytes: 12_000_000, sessions: 12, openFiles: 40, threads: 9)
        #expect(ServerSample(prometheus: text) == sample)
        #expect(ServerSample(prometheus: "parley_sessions_active 12\n") == nil)
    }
}
