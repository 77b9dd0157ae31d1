import ArgumentParser
import Audio
import EmbeddedEngines
import Engines
import Foundation
import NIOCore
import NIOPosix
import Settings
import Synchronization
import Telemetry
import Turns

struct Demo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Fetch what is missing, start everything, play a recorded caller through a real connection, then keep serving.")

    @OptionGroup var options: SettingsOptions
    @Flag(help: "End after the recorded call instead of serving on.") var once = false
    @Option(help: "Write both sides of the call as stereo WAV.") var record: String?
    @Option(help: "Folder with the caller's recordings.") var caller = "Fixtures/demo-caller"

    /// What the caller says, by file, and how: after the reply before, or into it.
    private static let script: [(file: String, interruptsAfter: Duration?)] = [
        ("1-lost-card.opus", nil), ("2-new-card.opus", .milliseconds(1800)), ("3-opening-hours.opus", nil), ("4-thanks.opus", nil),
    ]

    func run() async throws {
        let settings = try options.load(also: ["log.level=warning"]).settings
        let store: ModelStore
        do {
            let directory = try ModelStore.directory(setting: settings.dataDirectory, environment: ProcessInfo.processInfo.environment)
            store = ModelStore(catalog: try ModelCatalog.current(), directory: directory)
        } catch { throw Failure(error) }
        if try await store.status().contains(where: { $0.state != .present }) {
            output("fetching models once, about 300 MB, into \(store.directory)")
            do { try await ModelFetching.fetch(Set(ModelCatalog.Part.allCases), into: store, from: nil) } catch {
                output("\(error)\ngoing on without them: speech will be limited")
            }
        }
        let began = ContinuousClock.now
        let server: ParleyServer
        do {
            server = try await ParleyServer(settings, logger: settings.makeLogger(), registry: PrometheusRegistry())
        } catch { throw Failure(error) }
        output("started in \(Int((ContinuousClock.now - began) / .milliseconds(1))) ms; replies come from \(server.languageModel)")
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.runUntilSignalled() }
            group.addTask {
                try await play(on: server, settings)
                if once {
                    await server.stop()
                } else {
                    output("\nserving on at \(server.address); call it with: parley call FILE. Ctrl-C ends.")
                }
            }
            try await group.next()
            if once { group.cancelAll() }
            do { try await group.waitForAll() } catch is CancellationError {}
        }
    }

    private func play(on server: ParleyServer, _ settings: ParleySettings) async throws {
        var steps: [CallStep] = [.awaitReply]
        for (index, part) in Self.script.enumerated() {
            let audio = try AudioFiles.load("\(caller)/\(part.file)", sampleRate: CallerSide.inputRate)
            if let after = part.interruptsAfter { steps[steps.count - 1] = .awaitSpeech(after) }
            steps += [.say(audio, label: "turn \(index + 1)"), .awaitReply]
        }
        output("\na recorded caller on \(server.address):\n")
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        var callOptions = CallClient.Options(url: server.address, key: settings.server.keys.value.keys.sorted().first)
        callOptions.show = { output("  \($0)") }
        let report = try await CallClient(callOptions, group: group).run(steps)
        output("\nthe conversation:\n")
        for line in report.conversation { output("  \(line.who == "agent" ? "Agent: " : "Caller:") \(line.text)") }
        output("")
        for turn in report.turns {
            let wait = turn.heardAfter.map { "\(Int($0 / .milliseconds(1))) ms" } ?? "never"
            output("  \(turn.label): reply heard \(wait) after the caller's last sound")
        }
        if let record {
            try AudioFiles.save(left: try report.caller.resampled(to: CallerSide.outputRate), right: report.agent, to: record)
            output("\nboth sides are in \(record)")
        }
        try await group.shutdownGracefully()
    }
}
