import ArgumentParser
import Audio
import Foundation
import Gateway
import NIOCore
import NIOPosix

struct Measure: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Call a server with labelled recordings; print how long replies take to be heard, and the word error rate.",
        discussion: "The folder holds manifest.tsv (columns id, file, category, transcript named in its first line) and the audio files it names.")

    @Argument(help: "Folder with manifest.tsv.") var folder: String
    @Option(help: "Category of recordings.") var category = "asr-en"
    @Option(help: "Most turns.") var turns = 20
    @Option(help: "Where the server takes calls.") var url = "ws://127.0.0.1:7350/v1/call"
    @Option(help: "API key.") var key: String?
    @Option(help: "Name of the agent.") var agent: String?
    @OptionGroup var loss: PacketLoss
    @Flag(help: "Say everything a second time by telephone, as Twilio brings a call: mu-law of 8 kHz in JSON; and compare.") var telephone = false
    @Option(help: "Where the server takes Twilio's streams; beside where it takes calls, unless given.") var telephoneURL: String?

    private struct Clip {
        var id: String
        var audio: PCMAudio
        var transcript: String
    }

    func run() async throws {
        let clips = try load()
        guard !clips.isEmpty else { throw Failure("measure.no_clips: \(folder) has no recordings of category \(category)") }
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        var summaries: [String] = []
        for line in telephone ? [CallerLine.wideBand, .telephone] : [.wideBand] {
            if telephone { output("over \(line == .telephone ? "the telephone" : "a line of \(line.rawValue)"):") }
            let lines = show(clips, try await call(clips, over: line, group))
            summaries += telephone ? lines.map { "\(line.rawValue): \($0)" } : lines
        }
        for summary in summaries { output(summary) }
        try await group.shutdownGracefully()
    }

    private func call(_ clips: [Clip], over line: CallerLine, _ group: any EventLoopGroup) async throws -> CallReport {
        var options = CallClient.Options(url: line == .telephone ? telephoneAddress : url, key: key, agent: agent)
        (options.line, options.loss) = (line, loss.percent)
        let client = CallClient(options, group: group)
        // By half a second after the beginning it is known that a greeting is being said.
        var steps: [CallStep] = [.wait(.milliseconds(500)), .cancelReply]
        for clip in clips { steps += [.wait(.milliseconds(500)), .say(clip.audio, label: clip.id), .awaitSpeech(.milliseconds(300)), .cancelReply] }
        do { return try await client.run(steps) } catch let failure as NativeClient.Failure { throw Failure("\(failure.code): \(failure.message)") }
    }

    /// A stream has its key in its address.
    private var telephoneAddress: String {
        let server = url.split(separator: "/", omittingEmptySubsequences: false).prefix(3).joined(separator: "/")
        let key = key?.addingPercentEncoding(withAllowedCharacters: .alphanumerics).map { "?key=\($0)" } ?? ""
        return telephoneURL ?? "\(server)\(PhoneDoor.path(of: .twilio))\(key)"
    }

    /// Prints what became of each clip.
    ///
    /// - Returns: What became of all of them.
    private func show(_ clips: [Clip], _ report: CallReport) -> [String] {
        var errors = WordErrors()
        var waits: [Double] = []
        for (clip, turn) in zip(clips, report.turns) {
            let wait = turn.heardAfter.map { $0 / .milliseconds(1) }
            if let wait { waits.append(wait) }
            let heard = turn.recognized.joined(separator: " ")
            if !clip.transcript.isEmpty { errors.add(said: clip.transcript, recognized: heard) }
            output("\(clip.id)\t\(wait.map { "\(Int($0)) ms" } ?? "no reply")\t\(turn.recognized.count) turns\t\(heard)")
            for line in turn.metrics { output("\t\(line)") }
        }
        waits.sort()
        var lines: [String] = []
        if let median = quantile(0.5, of: waits), let late = quantile(0.95, of: waits) {
            lines.append(
                "reply heard after the caller's last sound: median \(Int(median)) ms, p95 \(Int(late)) ms, \(waits.count) of \(clips.count) turns")
        }
        let percent = (errors.rate * 1000).rounded() / 10
        return lines + ["word error rate: \(errors.errors) of \(errors.words) words, \(percent) %"]
    }

    private func quantile(_ q: Double, of sorted: [Double]) -> Double? {
        sorted.isEmpty ? nil : sorted[min(sorted.count - 1, Int(Double(sorted.count) * q))]
    }

    private func load() throws -> [Clip] {
        guard let data = FileManager.default.contents(atPath: folder + "/manifest.tsv") else {
            throw Failure("measure.no_manifest: \(folder)/manifest.tsv cannot be read")
        }
        let rows = String(decoding: data, as: UTF8.self).split(separator: "\n").map {
            $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
        }
        guard let head = rows.first, let id = head.firstIndex(of: "id"), let file = head.firstIndex(of: "file"),
            let kind = head.firstIndex(of: "category"), let text = head.firstIndex(of: "transcript")
        else { throw Failure("measure.bad_manifest: \(folder)/manifest.tsv lacks a column id, file, category or transcript") }
        let chosen = rows.dropFirst().filter { $0.count > max(id, file, kind, text) && $0[kind] == category }.prefix(turns)
        return try chosen.map { row in
            Clip(
                id: row[id], audio: try AudioFiles.load("\(folder)/\(row[file])", sampleRate: CallerSide.inputRate), transcript: row[text])
        }
    }
}
