import Foundation
import Gateway
import Glibc
import NIOPosix
import Subprocess
import Testing
import Wire

/// The parley program as a process of its own.
struct ServerProcess: Sendable {
    /// What became of a process.
    struct End: Sendable {
        var status: TerminationStatus
        var output: String

        var code: Int32 { if case .exited(let code) = status { code } else { -1 } }
    }

    struct NotStarted: Error { let output: String }

    let port: Int
    let url: String
    let pid: Int32
    let log: ServerLog

    /// Settings of a server that answers typed turns without a model: voices by energy, captions without sound.
    ///
    /// A machine that is busy with other tests takes calls all the same.
    static let light = [
        "server.port=0", "server.loops=2", "vad.engine=energy", "turn_detector.engine=none", "recognizer.engine=none", "synthesizer.engine=none",
        "llm.engine=answers", "inference.threads=1", "server.overload_percent=0", "server.overload_ms=0",
    ]

    /// Starts `serve`, runs `body` once it takes calls, then ends it with SIGTERM unless it ended by itself.
    ///
    /// - Parameter agents: Folder of the agents.
    /// - Throws: ``NotStarted`` where it ended before it took calls, and what `body` throws.
    static func serve(
        _ settings: [String] = [], agents: TestFolder, arguments: [String] = [], body: @escaping @Sendable (ServerProcess) async throws -> Void
    ) async throws -> End {
        return try await run(["serve"] + overrides(settings, agents) + arguments) { log, pid, terminate in
            guard let line = await log.line(with: "calls at ws://") else { throw NotStarted(output: log.text) }
            let url = String(line.split(separator: " ")[2].dropLast())
            let port = Int(url.split(separator: ":")[2].prefix { $0.isNumber }) ?? 0
            try await body(ServerProcess(port: port, url: url, pid: pid, log: log))
            if !log.isClosed { terminate() }
        }
    }

    /// The light settings with others in their place, as arguments; one that is given twice would be an error.
    static func overrides(_ settings: [String], _ agents: TestFolder) -> [String] {
        let names = Set(settings.map { $0.prefix { $0 != "=" } })
        let base = light + ["agents.directory=\(agents.path)", "agents.default=short", "data.directory=\(agents.path)/none"]
        return (base.filter { !names.contains($0.prefix { $0 != "=" }) } + settings).flatMap { ["--set", $0] }
    }

    /// Runs the program to its end, which it is told to come to should it take calls.
    static func runUntilServing(_ arguments: [String]) async throws -> End { try await run(arguments, until: "calls at ws://") }

    /// Runs the program to its end, which it is told to come to should it say this.
    static func run(_ arguments: [String], until words: String) async throws -> End {
        try await run(arguments) { log, _, terminate in if await log.line(with: words) != nil { terminate() } }
    }

    /// Runs the program to its end.
    static func run(_ arguments: [String]) async throws -> End { try await run(arguments) { _, _, _ in } }

    private static func run(
        _ arguments: [String], body: @escaping @Sendable (ServerLog, Int32, @Sendable () -> Void) async throws -> Void
    ) async throws -> End {
        let path = try #require(ServerBinary.path)
        let log = ServerLog()
        var options = PlatformOptions()
        options.teardownSequence = [.gracefulShutDown(allowedDurationToNextStep: .seconds(2))]
        // What the tester's shell says about settings is not meant for the tests.
        let settings = ProcessInfo.processInfo.environment.keys.filter { $0.hasPrefix("PARLEY_") }
        let unset = (["OPENAI_API_KEY", "OPENAI_BASE_URL"] + settings).flatMap { ["-u", $0] }
        let result = try await Subprocess.run(
            .name("env"), arguments: Arguments(unset + [path] + arguments), platformOptions: options, input: .none, output: .sequence,
            error: .combinedWithOutput
        ) { execution in
            let pid = execution.processIdentifier.value
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    defer { log.close() }
                    for try await buffer in execution.standardOutput { log.take(buffer.withUnsafeBytes { Array($0) }) }
                }
                do {
                    try await body(log, pid) { kill(pid, SIGTERM) }
                    try await group.waitForAll()
                } catch {
                    kill(pid, SIGKILL)
                    try? await group.waitForAll()
                    throw error
                }
            }
        }
        return End(status: result.terminationStatus, output: log.text)
    }

    func terminate() { kill(pid, SIGTERM) }

    // MARK: talking to it

    func connect(key: String? = nil, headers: [(String, String)] = []) async throws -> NativeClient {
        try await NativeClient.connect(to: url, key: key, headers: headers, group: MultiThreadedEventLoopGroup.singleton)
    }

    /// Connects, says `session.start` and waits for `session.ready`.
    func call(_ start: SessionStart = SessionStart(), key: String? = nil) async throws -> Caller {
        let caller = Caller(try await connect(key: key))
        try await caller.send(.start(start))
        _ = try await caller.ready()
        return caller
    }

    /// A plain GET.
    func get(_ path: String) async throws -> (status: Int, body: String) {
        let answer = try await RawConnection.exchange("GET \(path) HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", port: port)
        return (answer.status, answer.body)
    }

    /// The processes that were started by this one and live, by their numbers.
    var children: [Int32] {
        let numbers = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return numbers.compactMap { Int32($0) }.filter { Self.parent(of: $0) == pid }
    }

    /// Nil for a process that is no more, or only waits to be buried.
    static func parent(of pid: Int32) -> Int32? {
        guard let stat = FileManager.default.contents(atPath: "/proc/\(pid)/stat") else { return nil }
        let fields = String(decoding: stat, as: UTF8.self).split(separator: ")").last?.split(separator: " ") ?? []
        guard fields.count > 1, fields[0] != "Z" else { return nil }
        return Int32(fields[1])
    }
}

extension ServerProcess {
    /// A series' value as `/metrics` tells it; nil where there is no such series.
    func metric(_ series: String) async throws -> Double? {
        let line = try await get("/metrics").body.split(separator: "\n").first { $0.hasPrefix(series + " ") }
        return line.flatMap { Double($0.dropFirst(series.count + 1)) }
    }
}
