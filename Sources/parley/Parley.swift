import ArgumentParser
import Foundation
import Logging
import Settings
import Telemetry

@main
struct Parley: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "parley", abstract: "A voice agent server: Opus over WebSocket in, speech out.",
        subcommands: [
            Serve.self, Demo.self, Call.self, Measure.self, Load.self, Eval.self, Replay.self, Models.self, Transcribe.self, ShowSettings.self,
        ])

    static func main() async {
        // A client that closes its socket must not end the process.
        signal(SIGPIPE, SIG_IGN)
        await self.main(nil)
    }
}

/// Where settings come from, for every command that needs them.
struct SettingsOptions: ParsableArguments {
    @Option(help: "A JSON file with settings; else PARLEY_SETTINGS names one.") var settings: String?
    @Option(name: .customLong("set"), help: "One setting, as name=value; may be given more than once.") var overrides: [String] = []

    func load(also more: [String] = []) throws -> LoadedSettings {
        do {
            return try SettingsLoader.load(file: settings, environment: ProcessInfo.processInfo.environment, overrides: more + overrides)
        } catch {
            throw Failure(error)
        }
    }
}

/// Writes a line to standard output at once, also into a pipe.
func output(_ text: String) { try? FileHandle.standardOutput.write(contentsOf: Data((text + "\n").utf8)) }

/// An error that ends a command: printed as it is, exit code 1.
struct Failure: Error, CustomStringConvertible {
    let description: String

    init(_ error: any Error) { description = "\(error)" }
    init(_ text: String) { description = text }
}

extension ParleySettings {
    /// The process's logger.
    func makeLogger() -> Logger {
        let level = Logger.Level(rawValue: log.level.rawValue) ?? .info
        let format: Telemetry.LogFormat = log.format == .json ? .json : .text
        return Logger(label: "parley") { LineLogHandler(label: $0, format: format, level: level) }
    }
}
