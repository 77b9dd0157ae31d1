import EmbeddedEngines
import Engines
import Foundation
import OpusCodec
import Sessions
import Testing
import Turns

/// Real calls with synthetic callers, again in virtual time.
struct FixtureTests {
    @Test(arguments: FixtureCalls.names) func aFixtureReplaysToItsTimelineEveryTime(_ name: String) throws {
        let call = try FixtureCalls.load(name)
        let expected = FixtureCalls.timeline(name)
        #expect(!expected.isEmpty)
        let first = try FixtureCalls.replay(call)
        #expect(first == expected, "'parley replay Fixtures/calls/\(name)' shows the difference")
        #expect(try FixtureCalls.replay(call) == first)
    }

    @Test func allFixturesReplayMuchFasterThanTheyTook() throws {
        var length = 0
        let time = try ContinuousClock().measure {
            for name in FixtureCalls.names {
                let call = try FixtureCalls.load(name)
                length += (call.packets.last?.at ?? 0) / 1_000_000
                _ = try FixtureCalls.replay(call)
            }
        }
        print("fixtures: \(length) s of calls in \(time)")
        #expect(length > 60)
        #expect(time < .seconds(10))
    }

    @Test(arguments: FixtureCalls.names) func aFixtureEndsWithTheCallerHangingUp(_ name: String) {
        #expect(FixtureCalls.lines(name).suffix(2) == ["ended (caller)", "close 1000 caller"])
    }

    @Test(arguments: FixtureCalls.names) func aFixtureIsSmallAndHoldsNothingElse(_ name: String) {
        let files = ["call.json", "caller.opus", "packets.tsv", "events.jsonl", "voice.txt", "timeline.txt"]
        let sizes = files.compactMap { FixtureCalls.bytes(name, $0)?.count }
        #expect(sizes.count == files.count)
        #expect(sizes.reduce(0, +) < 150_000)
        #expect(FixtureCalls.bytes(name, "live.txt") == nil)
    }

    // MARK: what each is for

    private func users(_ name: String) -> [String] { FixtureCalls.lines(name).filter { $0.hasPrefix("user ") && $0.contains(": ") } }

    private func count(_ name: String, _ beginning: String) -> Int { FixtureCalls.lines(name).count { $0.hasPrefix(beginning) } }

    @Test func plainQuestionIsAnsweredWithoutAnythingElse() {
        let name = "plain-question"
        #expect(users(name) == ["user 1: I want to change my address."])
        #expect(FixtureCalls.lines(name).contains { $0.hasPrefix("agent 1 completed, heard: You can change your address in the app") })
        for line in ["hold", "flush", "resume", "error", "cancel"] { #expect(count(name, line) == 0, "\(line)") }
    }

    @Test func pauseInTurnIsOneTurnOverAPauseOfMoreThanASecond() throws {
        let name = "pause-in-turn"
        #expect(users(name) == ["user 1: I think I need to change my address. I moved to another city."])
        #expect(count(name, "answer after") == 1)
        let stop = try #require(FixtureCalls.times(name, "speech stopped").first)
        let start = try #require(FixtureCalls.times(name, "speech started").first { $0 > stop })
        let commit = try #require(FixtureCalls.times(name, "user 1: ").first)
        #expect(start - stop > 1000)
        #expect(start < commit)
    }

    @Test func bargeInIsHeldThenFlushedAndOnlyWhatWasHeardCounts() throws {
        let name = "barge-in"
        let lines = FixtureCalls.lines(name)
        #expect(users(name).count == 2)
        let hold = try #require(FixtureCalls.times(name, "hold epoch").first)
        let flush = try #require(FixtureCalls.times(name, "flush epoch").first)
        #expect(hold < flush)
        // The words decide, and "And what" may still become anything.
        #expect(flush - hold < 700)
        #expect(lines.filter { $0 == "recognize partial" }.count >= 4)
        #expect(count(name, "resume") == 0)
        let marker = "agent 1 interrupted, heard: "
        let heard = try #require(lines.first { $0.hasPrefix(marker) }).dropFirst(marker.count)
        let call = try FixtureCalls.load(name)
        // A draft on a likely end may have been written before the answer that was heard.
        let answers = Dictionary(grouping: call.answers.filter { $0.request == .answer }, by: \.number).values.map { pieces in
            pieces.map { if case .text(let piece) = $0.body { piece } else { "" } }.joined()
        }
        let generated = try #require(answers.first { $0.hasPrefix(heard) })
        #expect(!heard.isEmpty)
        #expect(heard.count < generated.count / 2)
        #expect(lines.contains { $0.hasPrefix("agent 2 completed, heard: Our branches are open") })
    }

    @Test func aCoughHoldsTheReplyAndMakesNoTurn() throws {
        let name = "false-start-cough"
        #expect(users(name).count == 1)
        let hold = try #require(FixtureCalls.times(name, "hold epoch 2").first)
        let resume = try #require(FixtureCalls.times(name, "resume epoch 2").first)
        #expect((1...1000).contains(resume - hold))
        let stop = try #require(FixtureCalls.times(name, "speech stopped").last)
        #expect((1...500).contains(resume - stop))
        #expect(count(name, "flush") == 0)
        #expect(count(name, "answer after") == 1)
        let end = "agent 1 completed, heard: You can change your address in the app under Profile, or at any branch with a photo ID. "
        #expect(FixtureCalls.lines(name).contains { $0.hasPrefix(end) })
    }

    @Test func anEngineThatBreaksOffIsReportedAndApologisedFor() throws {
        let name = "engine-failure"
        let lines = FixtureCalls.lines(name)
        let error = try #require(lines.firstIndex(of: "error engine.broken_off"))
        let failed = try #require(lines.firstIndex { $0.hasPrefix("agent 1 failed, heard: You can change your address in the app.") })
        let apology = try #require(lines.firstIndex { $0.hasPrefix("agent 1 completed, heard: Sorry, something went wrong") })
        #expect(error < apology)
        #expect(failed < apology)
        #expect(count(name, "turn 1 failed (engine.broken_off)") == 1)
    }

    @Test func lostLateRepeatedAndSpoiltPacketsAreCountedAndTheTurnIsUnderstood() throws {
        let name = "lost-late-packets"
        let call = try FixtureCalls.load(name)
        let ear = try Ear(plan: call.plan, detector: DeafDetector(), phase: call.phase)
        for packet in call.packets { _ = ear.hear(packet.header, payload: packet.payload.span, at: Instant(.microseconds(packet.at))) }
        let counters = ear.counters
        #expect(counters.received == call.packets.count)
        #expect(counters.lost >= 20)
        #expect(counters.late >= 10)
        #expect(counters.duplicate >= 10)
        #expect(counters.corrupt >= 5)
        #expect(ear.corruptPackets == counters.corrupt)
        #expect(users(name) == ["user 1: What are your opening hours?"])
    }

    // MARK: the record against the engine

    @Test(
        .enabled(if: InstalledSilero.path != nil, "needs the voice detector's model: PARLEY_MODELS, or 'parley models fetch'"),
        arguments: FixtureCalls.names)
    func recordedVoiceIsWhatTheDetectorHears(_ name: String) throws {
        let call = try FixtureCalls.load(name)
        let maker = try SileroDetectorMaker(modelPath: try #require(InstalledSilero.path))
        // It hears each window, as in the calls: this ear does not know when the agent spoke.
        let ear = try Ear(plan: call.plan, detector: UnsparingDetector(maker.makeDetector()), phase: call.phase)
        var heard: [Float] = []
        ear.onWindow = { heard.append($0) }
        for packet in call.packets { _ = ear.hear(packet.header, payload: packet.payload.span, at: Instant(.microseconds(packet.at))) }
        #expect(heard.count == call.voice.count)
        let close = zip(heard, call.voice).count { abs($0 - Float($1) / 1000) <= 0.02 }
        #expect(close * 100 >= call.voice.count * 99, "\(close) of \(call.voice.count)")
    }
}

private final class DeafDetector: VoiceDetector {
    func probability(of window: Span<Float>) -> Float { 0 }
    func reset() {}
}

/// Hears every window, however quiet.
final class UnsparingDetector: VoiceDetector {
    private let detector: any VoiceDetector

    init(_ detector: any VoiceDetector) { self.detector = detector }

    func probability(of window: Span<Float>) -> Float { detector.probability(of: window) }
    func reset() { detector.reset() }
}

enum InstalledSilero {
    static let path: String? = {
        let environment = ProcessInfo.processInfo.environment
        let home = environment["XDG_DATA_HOME"] ?? NSHomeDirectory() + "/.local/share"
        let path = (environment["PARLEY_MODELS"] ?? home + "/parley") + "/models/vad/silero_vad_16k_op15.onnx"
        return FileManager.default.fileExists(atPath: path) ? path : nil
    }()
}
