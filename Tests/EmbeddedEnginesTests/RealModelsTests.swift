import Foundation
import Subprocess
import Testing

@testable import EmbeddedEngines

/// Over the real index and the real files; each test runs only where the environment names a data directory for it.
@Suite(.serialized) struct RealModelsTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let target = environment["PARLEY_TEST_FETCH"]
    private static let data = ModelFiles.has(ModelFiles.localModel) ? ModelFiles.directory : nil

    private func store(_ directory: String?) throws -> ModelStore {
        ModelStore(catalog: try ModelCatalog.current(), directory: try #require(directory))
    }

    @Test(.enabled(if: target != nil, "on demand: PARLEY_TEST_FETCH names a directory to fetch into"), .timeLimit(.minutes(10)))
    func theIndexBringsEveryPinnedFile() async throws {
        let store = try store(Self.target)
        let start = ContinuousClock.now
        try await store.fetch(progress: { if $0.done == $0.total && $0.step != .checking { print($0.step, $0.item, $0.total) } })
        print("fetched in", ContinuousClock.now - start)
        let again = ContinuousClock.now
        try await store.verify()
        print("verified in", ContinuousClock.now - again)
    }

    /// Asks for one streamed answer and prints milliseconds to the first and last piece, and the answer.
    private static let client = """
        import json, sys, time, urllib.request
        body = {"stream": True, "max_tokens": 40, "temperature": 0, "messages": [
            {"role": "system", "content": "You are a friendly shop assistant on the telephone. Answer in one short sentence."},
            {"role": "user", "content": sys.argv[2]}]}
        request = urllib.request.Request(
            sys.argv[1] + "/v1/chat/completions", json.dumps(body).encode(), {"Content-Type": "application/json"})
        start, times, text = time.monotonic(), [], ""
        for line in urllib.request.urlopen(request):
            if line.startswith(b"data: {"):
                choices = json.loads(line[6:])["choices"]
                piece = choices and choices[0]["delta"].get("content")
                if piece:
                    times.append(round((time.monotonic() - start) * 1000))
                    text += piece
        print(len(times), times[0], times[-1], text.replace(chr(10), " "))
        """

    @Test(.enabled(if: data != nil, "no local language model: run parley models fetch"), .timeLimit(.minutes(2)))
    func theLocalModelStreamsAnAnswer() async throws {
        let files = try store(Self.data).paths.languageModel()
        let server = LlamaServer(LlamaCommand(files: files), clock: ContinuousClock(), isHealthy: { await FakeServer.isHealthy($0) })
        let start = ContinuousClock.now
        let run = Task { try await server.run() }
        let url = try await server.baseURL()
        print("healthy in", ContinuousClock.now - start)
        for question in ["Hello, when are you open?", "Hello, when are you open?", "I want to return a pair of shoes. What do I have to do?"] {
            let answer = try await Subprocess.run(
                .name("python3"), arguments: Arguments(["-c", Self.client, url, question]), output: .string(limit: 100_000),
                error: .string(limit: 10_000))
            try #require(answer.terminationStatus.isSuccess, "\(answer.standardError)")
            print("pieces, first ms, last ms:", answer.standardOutput)
            #expect(answer.standardOutput.split(separator: " ").first.flatMap { Int($0) }.map { $0 > 3 } == true)
        }
        let memory = try await Subprocess.run(
            .name("sh"), arguments: ["-c", "ps -eo rss,nlwp,cmd | grep PARLEY-LISTENIN[G] | cut -c1-40"], output: .string(limit: 10_000))
        print("memory in KB, threads:", memory.standardOutput)
        print("output:", await server.lastLines)
        run.cancel()
        try await run.value
        #expect(await server.state == .stopped)
    }
}
