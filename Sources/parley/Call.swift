import ArgumentParser
import Audio
import Foundation
import Gateway
import NIOCore
import NIOPosix
import Synchronization

struct Call: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Call a server with audio files, or with live audio from standard input, and show the conversation.",
        discussion: "Each file is said once the reply to the one before has ended. '-' reads 16 kHz 16-bit mono PCM from standard input as it comes.")

    @Argument(help: "Ogg Opus, WAV, or what sox reads; or '-'.") var files: [String]
    @Option(help: "Where the server takes calls.") var url = "ws://127.0.0.1:7350/v1/call"
    @Option(help: "API key.") var key: String?
    @Option(help: "Name of the agent.") var agent: String?
    @Option(help: "Language, as en or zh.") var language: String?
    @Option(help: "A template variable, as name=value.") var variable: [String] = []
    @Option(help: "Say each further file this many milliseconds into the reply instead of after it.") var interruptAfter: Int?
    @OptionGroup var loss: PacketLoss
    @Option(help: "Write what was heard as WAV.") var reply: String?
    @Option(help: "Write both sides as stereo WAV: caller left, agent right.") var record: String?
    @Flag(help: "Do not wait for the greeting to end.") var impatient = false
    @Option(help: "Break the connection this many milliseconds into the first reply, and come back.") var reconnectAfter: Int?

    func run() async throws {
        var options = CallClient.Options(url: url, key: key, agent: agent, language: language)
        for pair in variable {
            guard let index = pair.firstIndex(of: "=") else { throw ValidationError("a variable is name=value, not '\(pair)'") }
            options.variables[String(pair[..<index])] = String(pair[pair.index(after: index)...])
        }
        options.loss = loss.percent
        options.show = { output($0) }
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let client = CallClient(options, group: group)
        do {
            let report = try await files == ["-"] ? live(client) : client.run(try steps())
            try write(report)
            for turn in report.turns {
                output("\(turn.label): heard after \(turn.heardAfter.map { "\(Int($0 / .milliseconds(1))) ms" } ?? "never")")
            }
            if let code = report.closeCode, code != 1000 { output("closed by the server with \(code)") }
        } catch let failure as NativeClient.Failure { throw Failure("\(failure.code): \(failure.message)") }
        try await group.shutdownGracefully()
    }

    private func steps() throws -> [CallStep] {
        var steps: [CallStep] = impatient ? [] : [.awaitReply]
        for (index, file) in files.enumerated() {
            steps.append(.say(try AudioFiles.load(file, sampleRate: CallerSide.inputRate), label: URL(filePath: file).lastPathComponent))
            if index == 0, let reconnectAfter {
                steps += [.awaitSpeech(.milliseconds(reconnectAfter)), .reconnect(after: .seconds(1))]
            }
            let isLast = index == files.count - 1
            if let interruptAfter, !isLast { steps.append(.awaitSpeech(.milliseconds(interruptAfter))) } else { steps.append(.awaitReply) }
        }
        return steps
    }

    private func live(_ client: CallClient) async throws -> CallReport {
        let reader = Task.detached {
            while let data = try? FileHandle.standardInput.read(upToCount: 640), !data.isEmpty {
                client.side.say(PCMAudio(sampleRate: CallerSide.inputRate, samples: PCM16.floats(bytes: [UInt8](data))))
            }
        }
        defer { reader.cancel() }
        return try await withThrowingTaskGroup(of: CallReport?.self) { group in
            group.addTask { try await client.run([.wait(.seconds(24 * 3600))]) }
            group.addTask {
                await reader.value
                try await Task.sleep(for: .seconds(8))  // the last reply
                return nil
            }
            var report = try await group.next() ?? nil
            group.cancelAll()
            if report == nil { report = try await group.next() ?? nil }
            return report ?? client.progress.withLock { $0.report }
        }
    }

    private func write(_ report: CallReport) throws {
        if let reply { try AudioFiles.save(report.agent, to: reply) }
        if let record { try AudioFiles.save(left: try report.caller.resampled(to: CallerSide.outputRate), right: report.agent, to: record) }
    }
}
