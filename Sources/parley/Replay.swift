import ArgumentParser
import Foundation
import Sessions

struct Replay: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Play a recorded call again in virtual time and print its timeline; exit code 1 where it differs from the record.")

    @Argument(help: "A folder that 'serve --record' wrote.") var folder: String
    @Flag(help: "Write the timeline into the recording as what is expected from now on.") var accept = false

    @Flag(help: "Print why each turn ended when it did and what was made of each sound over the agent; compares nothing.") var explain = false

    func run() async throws {
        if explain {
            do {
                var call = try VirtualCall(try RecordingWriter.load(folder), isExplaining: true)
                for line in call.run().lines { output(line) }
            } catch { throw Failure(error) }
            return
        }
        let timeline: CallTimeline
        do {
            var call = try VirtualCall(try RecordingWriter.load(folder))
            timeline = call.run()
        } catch { throw Failure(error) }
        let path = "\(folder)/timeline.txt"
        if accept { try Data(timeline.lines.map { $0 + "\n" }.joined().utf8).write(to: URL(filePath: path)) }
        let expected = FileManager.default.contents(atPath: path).map {
            String(decoding: $0, as: UTF8.self).split(separator: "\n").map(String.init)
        }
        guard let expected else { throw Failure("recording.missing: timeline.txt cannot be read") }
        var differs = false
        for change in Self.compare(expected, timeline.lines) {
            output(change.text)
            differs = differs || change.isDifference
        }
        if differs { throw ExitCode(1) }
    }

    /// Both timelines as one: lines of both, `-` lines that are missing now, `+` lines that are new.
    private static func compare(_ old: [String], _ new: [String]) -> [(text: String, isDifference: Bool)] {
        let difference = new.difference(from: old)
        let removed = Set(difference.removals.map { if case .remove(let offset, _, _) = $0 { offset } else { -1 } })
        let inserted = Set(difference.insertions.map { if case .insert(let offset, _, _) = $0 { offset } else { -1 } })
        var lines: [(String, Bool)] = []
        var next = 0
        for (index, line) in old.enumerated() {
            while inserted.contains(next) {
                lines.append(("+ " + new[next], true))
                next += 1
            }
            if removed.contains(index) {
                lines.append(("- " + line, true))
            } else {
                lines.append(("  " + line, false))
                next += 1
            }
        }
        while next < new.count {
            lines.append(("+ " + new[next], true))
            next += 1
        }
        return lines
    }
}
