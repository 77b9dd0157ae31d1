import ArgumentParser
import Audio
import Foundation
import HTTPStreams
import LoadTest
import Synchronization
import Telemetry
import UnixSignals

struct Load: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Call a server with many simulated callers at once; print how it keeps up. Exit code 1 where a limit is missed.",
        discussion: """
            The folder holds recordings of speech (Ogg Opus, FLAC, WAV), at any depth. The server is meant to run with 'serve --engines scripted', \
            and for mixes with replies with llm.engine=openai and llm.url=http://127.0.0.1:PORT/v1, where PORT is that of --stub-llm. \
            Limits are the most that a figure may be, as answered_p99_ms=5 or errors=0.
            """)

    @Argument(help: "Folder with recordings of speech.") var folder: String
    @Option(help: "Where the server takes calls; the path is that of the door unless given.") var url = "ws://127.0.0.1:7350"
    @Option(help: "The protocol that callers speak: native, realtime, realtime-pcmu or twilio.") var door = LoadDoor.native
    @Option(help: "Where the server's metrics are; its own port unless server.admin_port is set.") var metrics: String?
    @Option(help: "API key.") var key: String?
    @Option(help: "Name of the agent; a scripted one unless given.") var agent: String?
    @Option(help: "Callers at once.") var callers = 100
    @Option(help: "listening, conversation, idle or churn.") var mix = LoadMix.listening
    @Option(help: "How long to measure, in seconds.") var seconds = 10.0
    @Option(help: "Seconds over which the callers connect.") var ramp = 1.0
    @Option(help: "Calls begun a second, for churn.") var rate = 5.0
    @Option(help: "Draws what callers say and when.") var seed: UInt64 = 1
    @Option(help: "Stand in for the server's language model on this port of 127.0.0.1.") var stubLLM: Int?
    @Option(help: "Share of the stub's answers that fail: HTTP 500, broken off, or stalled; 0 to 1.") var stubFailures = 0.0
    @Option(help: "The most that a figure may be, as NAME=VALUE; may be given more than once.") var limit: [String] = []

    func validate() throws {
        func check(_ isFine: Bool, _ message: String) throws { if !isFine { throw ValidationError(message) } }
        try check((1...20_000).contains(callers), "--callers is 1 to 20000")
        try check(seconds.isFinite && (1...86_400).contains(seconds), "--seconds is 1 to 86400")
        try check(ramp.isFinite && (0...3_600).contains(ramp), "--ramp is 0 to 3600")
        try check(rate.isFinite && (0.01...1_000).contains(rate), "--rate is 0.01 to 1000")
        try check(stubLLM.map { (1...65_535).contains($0) } ?? true, "--stub-llm is a port, 1 to 65535")
        try check(stubFailures.isFinite && (0...1).contains(stubFailures), "--stub-failures is 0 to 1")
        try check(stubFailures == 0 || stubLLM != nil, "--stub-failures needs --stub-llm")
        try check(LoadTarget(url) != nil, "--url is ws://host:port/path")
        do { for text in limit { _ = try LoadLimit(text) } } catch { throw ValidationError("--limit: \(error)") }
    }

    func run() async throws {
        let limits = try limit.map { try LoadLimit($0) }
        let utterances = try load()
        guard let target = LoadTarget(url, door: door) else { return }
        let plan = LoadPlan(
            target: target, door: door, mix: mix, callers: callers, duration: .seconds(seconds), ramp: .seconds(ramp), rate: rate, seed: seed,
            key: key, agent: agent, stubPort: stubLLM, stubFailures: stubFailures, utterances: utterances,
            quiet: try Utterance.quiet(seed: seed, for: door))
        let client = try HTTPClient()
        let address = metrics ?? "http://\(target.host.contains(":") ? "[\(target.host)]" : target.host):\(target.port)/metrics"
        let line = ProgressLine()
        let interruption = Interruption()
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
        let watch = Task { for await _ in signals { interruption.note() } }
        defer { watch.cancel() }
        let figures: LoadFigures
        do {
            figures = try await LoadRun(plan).run {
                await Self.sample(address, client)
            } ownCPU: {
                ProcessSample.current()?.cpuSeconds ?? 0
            } isWanted: {
                !interruption.isNoted
            } progress: {
                line.show($0.line)
            }
            line.end()
        } catch {
            line.end()
            throw Failure(error)
        }
        await client.shutdown()
        let count = mix == .churn ? "\(rate) calls/s" : "\(callers) callers"
        output("\(door.rawValue), \(mix.rawValue), \(count), \(seconds) s, ramp \(ramp) s, seed \(seed), \(utterances.count) utterances")
        if interruption.isNoted { output("stopped after \((figures.measured * 10).rounded() / 10) s") }
        for line in figures.lines { output(line) }
        let missed = limits.compactMap { $0.missed(by: figures) }
        for line in missed { output(line) }
        if !missed.isEmpty { throw ExitCode(1) }
        if interruption.isNoted { throw ExitCode(130) }
    }

    private static func sample(_ address: String, _ client: HTTPClient) async -> ServerSample? {
        let limits = TimeLimits(connect: .seconds(1), firstByte: .seconds(2), idle: .seconds(2), total: .seconds(2))
        guard let response = try? await client.send(HTTPRequest(url: address, limits: limits)), response.status == 200,
            let body = try? await response.body.collect(upTo: 1 << 20)
        else { return nil }
        return ServerSample(prometheus: String(decoding: body, as: UTF8.self))
    }

    private func load() throws -> [Utterance] {
        let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
        let files = names.filter { ["opus", "ogg", "flac", "wav"].contains(($0.split(separator: ".").last ?? "").lowercased()) }.sorted()
        guard !files.isEmpty else { throw Failure("load.no_recordings: \(folder) holds no Ogg Opus, FLAC or WAV files") }
        var utterances: [Utterance] = []
        for file in files {
            let recording = try AudioFiles.load("\(folder)/\(file)", sampleRate: Utterance.sampleRate)
            for sound in Utterance.cut(recording) { utterances.append(try Utterance(sound, for: door)) }
        }
        guard !utterances.isEmpty else { throw Failure("load.no_speech: no recording in \(folder) holds 0.8 s of sound without a pause") }
        return utterances
    }
}

/// That somebody wants the run to end: after the first time with its figures, after the second at once.
private final class Interruption: Sendable {
    private let count = Atomic(0)

    var isNoted: Bool { count.load(ordering: .relaxed) > 0 }

    func note() { if count.add(1, ordering: .relaxed).newValue > 1 { exit(130) } }
}

extension LoadMix: ExpressibleByArgument {}
extension LoadDoor: ExpressibleByArgument {}
