import Dialogue
import Engines
import Sessions
import Testing
import Turns
import Wire

/// Recordings as files.
struct RecordedCallTests {
    private func read(_ files: [String: [UInt8]]) throws -> RecordedCall { try RecordedCall { files[$0] } }

    /// A call with one of everything that can be recorded.
    private func fullCall() throws -> RecordedCall {
        var script = CallScript(
            turns: TurnSettings(
                bargeIn: .keywords, keywords: ["agent"], protectedLines: [.greeting, .farewell], protectedPhrases: ["recorded"],
                wordAsks: [.milliseconds(300)], wordLimit: .milliseconds(390), wordless: .milliseconds(500), contentVoiced: .milliseconds(310),
                sureWords: 0.5, holdLimit: .milliseconds(900), falseStarts: 2, ending: .milliseconds(250), idlePrompts: 0)
        ) { plan in
            (plan.voice, plan.pace, plan.partialEvery, plan.hints) = ("joe", 1.25, .milliseconds(700), ["IBAN", "Zürich"])
        }
        script.silence(200)
        script.endOfTurn(0.375)
        script.words("  naïve, 你好 \"quoted\"\n")
        script.recognitionFails(.overloaded)
        script.reply(["One ", "", "two."], failure: .brokenOff)
        script.speech(400)
        script.speech(20, failure: .timeout)
        let moments: [RecordedCall.Moment.Kind] = [
            .client(.text("typed")), .client(.commit), .client(.mute(true)), .client(.cancelReply), .client(.ping(7)),
            .client(.playout(epoch: 3, milliseconds: 40)), .client(.flushed(epoch: 65_535, milliseconds: 0)), .client(.end), .transportLost,
            .transportBack, .drain(within: .seconds(3)), .hangUp("caller"),
        ]
        for kind in moments { script.moment(kind) }
        var call = script.call
        let words = [SpokenWord(text: "One", start: .zero, end: .milliseconds(310)), SpokenWord(text: "two.", start: .milliseconds(310), end: .zero)]
        call.answers.append(.init(request: .speak, number: 3, after: 0, body: .speech(packets: 7, words: words)))
        call.answers.append(.init(request: .partial, number: 1, after: 9, body: .transcript(Transcript(text: ""))))
        call.answers.append(.init(request: .partial, number: 2, after: 9, body: .transcript(Transcript(text: "hm", confidence: 0.625))))
        // What is no Opus packet is kept all the same.
        for (index, payload) in ([[], [0], [0x4B, 0], [UInt8](repeating: 255, count: 4000)] as [[UInt8]]).enumerated() {
            let header = AudioPacketHeader(flags: .start, sequence: .max - UInt32(index), time: .max)
            call.packets.append(RecordedCall.Packet(at: 200_000 + index, header: header, payload: payload))
        }
        call.engines = ["voice_detector": "none"]
        call.phase = 511
        return call
    }

    @Test func aCallWithEverythingComesBackFromItsFiles() throws {
        let call = try fullCall()
        let files = try call.files(timeline: nil)
        #expect(files.keys.sorted() == ["call.json", "caller.opus", "events.jsonl", "packets.tsv", "voice.txt"])
        let again = try read(files)
        #expect(again.plan == call.plan)
        #expect(again.packets == call.packets)
        #expect(again.moments == call.moments)
        #expect(again.answers == call.answers)
        #expect(again == call)
        #expect(try again.files(timeline: nil) == files)
    }

    @Test func whatWasWrittenBeforeTheCallIsRememberedWhenItIsPlayedAgain() throws {
        let call = try FixtureCalls.load("plain-question")
        var memory = History(language: call.plan.language, limits: call.plan.history)
        memory.beginReply(turn: -1_000_000_000)
        memory.setHeard(turn: -1_000_000_000, text: "Hello.", interrupted: false)
        memory.addUser(turn: -999_999_999, text: "my name is \"Zoë\"")
        memory.beginReply(turn: -999_999_999)
        memory.setHeard(turn: -999_999_999, text: "Hello", interrupted: true)
        memory.fail(turn: -999_999_999, code: "engine.broken_off")
        memory.addUser(turn: -999_999_998, text: "are you there")
        var remembering = call
        remembering.plan.memory = memory
        let again = try read(try remembering.files(timeline: nil))
        #expect(again.plan.memory == memory)
        var (with, without) = (try VirtualCall(again), try VirtualCall(call))
        let messages = { (timeline: CallTimeline) in timeline.lines.filter { $0.contains("answer after") } }
        let (long, short) = (messages(with.run()), messages(without.run()))
        #expect(!long.isEmpty && long.count == short.count && long != short)
    }

    @Test func aMemoryThatCannotBeReadIsNamed() throws {
        var files = try FixtureCalls.load("plain-question").files(timeline: nil)
        let text = String(decoding: try #require(files["call.json"]), as: UTF8.self)
        for (memory, why) in [("7", "memory must be an array"), (#"[{"user":"x"}]"#, "turn is missing")] {
            files["call.json"] = Array(text.replacing(#""plan":{"#, with: #""plan":{"memory":\#(memory),"#).utf8)
            #expect(throws: RecordingError.self) { try read(files) }
            do { _ = try read(files) } catch let error as RecordingError { #expect(error.detail == "call.json: \(why)") }
        }
    }

    @Test(arguments: FixtureCalls.names) func aFixtureWrittenAgainGivesTheSameFiles(_ name: String) throws {
        var virtual = try VirtualCall(try FixtureCalls.load(name))
        let files = try FixtureCalls.load(name).files(timeline: virtual.run())
        #expect(files.count == 6)
        for (file, bytes) in files { #expect(FixtureCalls.bytes(name, file) == bytes, "\(file)") }
    }

    @Test(arguments: ["call.json", "caller.opus", "packets.tsv", "events.jsonl", "voice.txt"]) func aMissingFileIsNamed(_ name: String) throws {
        var files = try fullCall().files(timeline: nil)
        files[name] = nil
        let error = #expect(throws: RecordingError.self) { try read(files) }
        #expect(error?.code == "recording.missing")
        #expect(error?.detail == "\(name) cannot be read")
    }

    // MARK: malformed

    /// One file spoilt in one place, and how the error's detail begins.
    struct Spoilt: Sendable, CustomTestStringConvertible {
        let file: String
        /// Lines count from 1; nil replaces the first place in the whole file.
        var line: Int?
        let old: String
        let new: String
        let error: String

        init(_ file: String, _ line: Int? = nil, _ old: String, _ new: String, _ error: String) {
            (self.file, self.line, self.old, self.new, self.error) = (file, line, old, new, error)
        }

        var testDescription: String { "\(file)\(line.map { ":\($0)" } ?? "") \(old) -> \(new)" }

        func apply(to text: String) -> String {
            var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            let index = line.map { $0 - 1 } ?? lines.firstIndex { $0.contains(old) } ?? 0
            guard lines.indices.contains(index), let place = lines[index].firstRange(of: old) else { return text }
            lines[index].replaceSubrange(place, with: new)
            return lines.joined(separator: "\n")
        }
    }

    static let spoilt: [Spoilt] = [
        Spoilt("call.json", nil, "{", "", "call.json: not JSON"),
        Spoilt("call.json", nil, #""format":1"#, #""format":2"#, "call.json: unknown format"),
        Spoilt("call.json", nil, #""phase":"#, #""phases":"#, "call.json: phase is missing"),
        Spoilt("call.json", nil, #""phase":"#, #""phase":512,"was":"#, "call.json: phase must be 0...511"),
        Spoilt("call.json", nil, #""phase":"#, #""phase":-1,"was":"#, "call.json: phase must be 0...511"),
        Spoilt("call.json", nil, #""hold_ms":64"#, #""hold_ms":"160""#, "call.json: hold_ms must be an integer"),
        Spoilt("call.json", nil, #""hold_ms":64"#, #""hold_ms":9000000000000000000"#, "call.json: hold_ms must be 0..."),
        Spoilt("call.json", nil, #""asks_ms":[130"#, #""asks_ms":[-130"#, "call.json: asks_ms must hold 0..."),
        Spoilt("call.json", nil, #""prefix_ms":300"#, #""prefix_ms":1000000000"#, "call.json: prefix_ms must be 0..."),
        Spoilt("call.json", nil, #""packet_ms":20"#, #""packet_ms":0"#, "call.json: packet_ms must be 1...120"),
        Spoilt("call.json", nil, #""codec":"opus""#, #""codec":"mp3""#, "call.json: codec"),
        Spoilt("packets.tsv", 5, "\t", " ", "packets.tsv:5: not a packet"),
        Spoilt("packets.tsv", 5, "opus", "opu", "packets.tsv:5: its payload is not there"),
        Spoilt("packets.tsv", 5, "opus", "abc", "packets.tsv:5: its payload is not there"),
        Spoilt("packets.tsv", 3, "\t", "9999999999999\t", "packets.tsv:3: not a packet"),
        Spoilt("packets.tsv", 4, "\t", "\t-", "packets.tsv:4: not a packet"),
        Spoilt("events.jsonl", 2, "}", "", "events.jsonl:2: not JSON"),
        Spoilt("events.jsonl", 2, "playout", "playback", "events.jsonl:2: not a client event"),
        Spoilt("events.jsonl", 2, #""at_us":"#, #""at_us":-"#, "events.jsonl:2: at_us must be 0..."),
        Spoilt("voice.txt", 7, "", "x", "voice.txt:7: not a number"),
        Spoilt("voice.txt", 7, "", "9999", "voice.txt:7: not a number"),
    ]

    @Test(arguments: spoilt) func aMalformedRecordingIsAnErrorThatNamesFileAndLine(_ spoilt: Spoilt) throws {
        var files = try FixtureCalls.load("plain-question").files(timeline: nil)
        let text = String(decoding: try #require(files[spoilt.file]), as: UTF8.self)
        let broken = spoilt.apply(to: text)
        #expect(broken != text)
        files[spoilt.file] = Array(broken.utf8)
        let error = #expect(throws: RecordingError.self) { try read(files) }
        #expect(error?.code == "recording.malformed")
        #expect(error?.detail.hasPrefix(spoilt.error) == true, "\(error?.detail ?? "no error")")
    }

    /// Answers stand behind the moments; which line that is depends on the call.
    @Test(arguments: [
        (#""request":"speak""#, #""request":"sing""#, "unknown request"), (#""packets":"#, #""packets":-"#, "packets must be 0..."),
        (#""packets":"#, #""packet":"#, "an answer without a body"), (#""after_us":"#, #""after_us":-1"#, "after_us must be 0..."),
        (#""after_us":"#, #""after_us":9999999999999"#, "after_us must be 0..."),
    ])
    func aMalformedAnswerIsAnErrorThatNamesItsLine(_ old: String, _ new: String, _ why: String) throws {
        var files = try FixtureCalls.load("plain-question").files(timeline: nil)
        let lines = String(decoding: try #require(files["events.jsonl"]), as: UTF8.self).split(separator: "\n")
        let isSpeech = { (line: Substring) in line.contains(#""packets":"#) && !line.contains(#""packets":0"#) && !line.contains(#""after_us":0,"#) }
        let line = 1 + (try #require(lines.firstIndex(where: isSpeech)))
        let spoilt = Spoilt("events.jsonl", line, old, new, "")
        files["events.jsonl"] = Array(spoilt.apply(to: lines.joined(separator: "\n")).utf8)
        let error = #expect(throws: RecordingError.self) { try read(files) }
        #expect(error?.detail.hasPrefix("events.jsonl:\(line): \(why)") == true, "\(error?.detail ?? "no error")")
    }

    @Test func aCutOggFileIsAnErrorThatNamesThePacketsLine() throws {
        var files = try FixtureCalls.load("plain-question").files(timeline: nil)
        let opus = try #require(files["caller.opus"])
        for length in [0, 27, opus.count / 2] {
            files["caller.opus"] = Array(opus.prefix(length))
            let error = #expect(throws: RecordingError.self) { try read(files) }
            #expect(error?.detail.hasPrefix("packets.tsv:") == true)
            #expect(error?.detail.hasSuffix("its payload is not there") == true)
        }
    }
}
