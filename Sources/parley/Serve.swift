import ArgumentParser
import Foundation
import ServiceLifecycle
import Settings
import Telemetry
import UnixSignals

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Take calls until told to stop.")

    @OptionGroup var options: SettingsOptions
    @Option(help: "Record every call into a folder below this one.") var record: String?

    @Option(help: "'scripted' is for load tests: engines of fixed latency and ready-made answers (engines.mode).") var engines: String?

    func run() async throws {
        let named = [record.map { "record.directory=\($0)" }, engines.map { "engines.mode=\($0)" }]
        let loaded = try options.load(also: named.compactMap(\.self))
        let server: ParleyServer
        do {
            server = try await ParleyServer(loaded.settings, logger: loaded.settings.makeLogger(), registry: PrometheusRegistry())
        } catch { throw Failure(error) }
        // From the moment that the address is known the server can be told to end.
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
        output("calls at \(server.address), answered by \(server.languageModel)")
        try await server.run(until: signals)
    }
}

extension ParleyServer {
    /// Serves until SIGTERM or SIGINT, then drains.
    func runUntilSignalled() async throws { try await run(until: await UnixSignalsSequence(trapping: .sigterm, .sigint)) }

    /// Serves until a signal comes, then drains.
    func run(until signals: UnixSignalsSequence) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for await _ in signals {
                    await stop()
                    return
                }
            }
            group.addTask { try await run() }
            try await group.waitForAll()
        }
    }
}
