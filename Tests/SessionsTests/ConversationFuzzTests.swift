import Sessions
import Testing

/// What holds in any call, whatever the caller, the connection and the engines do.
///
/// A failure names its seed; `ChaoticCall(seed:)` makes that call again.
struct ConversationFuzzTests {
    private static let seedsOfPart = 6

    /// What a client keeps of a call, and what of it breaks the rules.
    private struct Client {
        private var openReplies: [String: String] = [:]
        private var lastEpoch = 0
        private var held: (epoch: String, at: Int)?
        /// Milliseconds of each reply's audio that were sent, where no lost connection made some go out twice.
        private var sent: [String: Int] = [:]
        /// The longest that a hold may last: without words, then waiting for an answer, then for the end of the sound.
        private static let longestHold = 1200 + 400 + 512 + 300 + 100
        private(set) var state = ""
        private(set) var isClosed = false
        private(set) var faults: [String] = []

        mutating func take(_ line: String, at time: Int) {
            if let held, time - held.at > Self.longestHold {
                faults.append("held for \(time - held.at) ms: \(line)")
                self.held = nil
            }
            let words = line.split(separator: " ").map { String($0) }
            guard let first = words.first else { return }
            if isClosed { faults.append("after the end: \(line)") }
            switch first {
            case "state": takeState(words, line)
            case "agent" where words[2] == "begins": begin(words, line)
            case "agent" where words[2] != "at": finish(words, line)
            case "audio":
                if Int(words[2].dropLast()) != lastEpoch { faults.append("audio of another reply: \(line)") }
                if held != nil { faults.append("audio while held: \(line)") }
                sent[String(words[2].dropLast()), default: 0] += 20 * (Int(words[3]) ?? 0)
            case "hold": held = (words[2], time)
            case "resume":
                if held?.epoch != words[2] { faults.append("nothing was held: \(line)") }
                held = nil
                let position = Int(words[4]) ?? .max
                if position > sent[words[2], default: 0] { faults.append("goes on beyond what was sent: \(line)") }
                sent[words[2]] = position
            case "flush": held = nil
            case "close":
                isClosed = true
                held = nil
            default: break
            }
        }

        private mutating func takeState(_ words: [String], _ line: String) {
            if !["listening", "hearing", "thinking", "speaking"].contains(words[1]) { faults.append("no such state: \(line)") }
            state = words[1]
        }

        private mutating func begin(_ words: [String], _ line: String) {
            let epoch = Int(words[4]) ?? 0
            if openReplies[words[1]] != nil { faults.append("begun twice: \(line)") }
            if epoch <= lastEpoch { faults.append("an epoch came again: \(line)") }
            openReplies[words[1]] = words[4]
            lastEpoch = epoch
        }

        private mutating func finish(_ words: [String], _ line: String) {
            let ends = ["completed,", "interrupted,", "cancelled,", "failed,"]
            if !ends.contains(words[2]) { faults.append("no such end: \(line)") }
            held = nil
            if openReplies.removeValue(forKey: words[1]) == nil { faults.append("ended without a beginning: \(line)") }
        }

        /// Replies that were begun and never ended.
        var open: [String] { openReplies.keys.sorted() }
    }

    /// Something was heard: an answer, as much of one as came, or an apology.
    private static func isAnswer(_ line: String) -> Bool {
        let parts = line.split(separator: ":", maxSplits: 1)
        guard line.hasPrefix("agent"), parts.count == 2, parts[1].count > 1 else { return false }
        return parts[0].hasSuffix(" completed, heard") || parts[0].hasSuffix(" failed, heard")
    }

    @Test(arguments: 0..<8) func afterAnyChaosTheCallerIsAnsweredOrTheCallHasEnded(part: Int) throws {
        for seed in part * Self.seedsOfPart..<(part + 1) * Self.seedsOfPart {
            let call = ChaoticCall(seed: seed)
            var virtual = try VirtualCall(call.script.call)
            let entries = virtual.run(limit: .milliseconds(call.script.milliseconds)).entries
            #expect(virtual.mostLooks <= 1, "seed \(seed), \(call.bargeIn)")
            var client = Client()
            for entry in entries { client.take(entry.text, at: entry.time) }
            #expect(client.faults.isEmpty, "seed \(seed), \(call.bargeIn)")
            #expect(client.open.isEmpty, "seed \(seed), \(call.bargeIn)")
            if call.isDrained {
                #expect(entries.last?.text == "close 1001 draining", "seed \(seed), \(call.bargeIn)")
                #expect((entries.last?.time ?? .max) < call.calm, "seed \(seed), \(call.bargeIn)")
            } else {
                let answers = entries.filter { $0.time > call.calm && Self.isAnswer($0.text) }
                #expect(!answers.isEmpty, "seed \(seed), \(call.bargeIn)")
                #expect(client.state == "listening", "seed \(seed), \(call.bargeIn)")
                #expect(!client.isClosed, "seed \(seed), \(call.bargeIn)")
            }
        }
    }

    @Test func aSeedMakesTheSameCallEveryTime() throws {
        let (first, again) = (ChaoticCall(seed: 7), ChaoticCall(seed: 7))
        #expect(first.script.call == again.script.call)
        #expect(try first.script.timeline() == again.script.timeline())
        #expect(ChaoticCall(seed: 8).script.call != first.script.call)
    }

    @Test func someCallsAreDrainedAndMostAreNot() {
        let drained = (0..<24).count { ChaoticCall(seed: $0).isDrained }
        #expect((2...16).contains(drained))
    }
}
