import Foundation
import Subprocess
import Testing

@testable import EmbeddedEngines

/// The start script over a stand-in for the server's Python module.
struct LlamaCommandTests {
    private static let module = """
        import http.server, os, threading, types
        class CommonParams:
            def __init__(self):
                self.model = types.SimpleNamespace(path=None)
                self.cpuparams = types.SimpleNamespace(n_threads=0)
                self.cpuparams_batch = types.SimpleNamespace(n_threads=0)
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.end_headers()
            def log_message(self, *words):
                pass
        class Server:
            def __init__(self, settings):
                print(os.getpid(), settings.model.path, settings.n_ctx, settings.n_parallel, settings.cpuparams.n_threads, flush=True)
                self.server = http.server.ThreadingHTTPServer((settings.hostnames[0], settings.port), Handler)
                threading.Thread(target=self.server.serve_forever, daemon=True).start()
                self.listening_address = "http://127.0.0.1:%d" % self.server.server_address[1]
        """

    private func withCommand<Result>(_ body: (LlamaCommand) async throws -> Result) async throws -> Result {
        let root = FileManager.default.temporaryDirectory.appending(path: "parley-llama-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: root) }
        try StoreFixture.write(Array(Self.module.utf8), to: "\(root)/xllamacpp/__init__.py")
        let files = ModelPaths.LanguageModel(weights: "/the/weights.gguf", modules: root)
        return try await body(LlamaCommand(files: files, context: 1024, slots: 3, threads: 1))
    }

    @Test(.timeLimit(.minutes(1))) func theSettingsReachTheServer() async throws {
        let server = try await withCommand { command in
            let server = LlamaServer(command, clock: ContinuousClock(), isHealthy: { await FakeServer.isHealthy($0) })
            let run = Task { try await server.run() }
            _ = try await server.baseURL()
            run.cancel()
            try await run.value
            return server
        }
        #expect(await server.lastLines.first?.hasSuffix(" /the/weights.gguf 3072 3 1") == true)
    }

    @Test(.timeLimit(.minutes(1))) func theChildEndsWhenItsParentIsGone() async throws {
        try await withCommand { command in
            let result = try await Subprocess.run(
                .name("env"), arguments: Arguments([command.program] + command.arguments), input: .inputWriter, output: .sequence,
                error: .discarded
            ) { execution in
                for try await line in execution.standardOutput.strings() where line.hasPrefix(LlamaCommand.announcement) { break }
                try await execution.standardInputWriter.finish()
            }
            #expect(result.terminationStatus == .exited(0))
        }
    }
}
