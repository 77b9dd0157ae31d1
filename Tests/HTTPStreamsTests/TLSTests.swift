import Foundation
import HTTPStreams
import Testing

private let openssl = "/usr/bin/openssl"

@Suite(.timeLimit(.minutes(1)), .enabled(if: FileManager.default.isExecutableFile(atPath: openssl), "needs the openssl command"))
struct TLSTests {
    /// A TLS server of OpenSSL's own for 127.0.0.1 alone; `body` gets its port and the path of its certificate.
    private func withServer(_ body: (Int, String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (key, certificate) = (folder.appending(path: "key.pem").path, folder.appending(path: "cert.pem").path)
        let making = try start([
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=test",
            "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate,
        ])
        making.process.waitUntilExit()
        let server = try start(["s_server", "-accept", "127.0.0.1:0", "-cert", certificate, "-key", key, "-www"])
        defer { server.process.terminate() }
        var line = ""
        while !line.contains("ACCEPT") || !line.hasSuffix("\n") {
            let more = server.output.fileHandleForReading.availableData
            try #require(!more.isEmpty, "the server ended: \(line)")
            line += String(decoding: more, as: UTF8.self)
        }
        let port = try #require(line.split(separator: "\n").last { $0.hasPrefix("ACCEPT") }?.split(separator: ":").last.flatMap { Int($0) })
        try await body(port, certificate)
    }

    private func start(_ arguments: [String]) throws -> (process: Process, output: Pipe) {
        let (process, output) = (Process(), Pipe())
        process.executableURL = URL(fileURLWithPath: openssl)
        process.arguments = arguments
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        try process.run()
        return (process, output)
    }

    @Test func aCertificateIsTrustedOnlyWithItsAuthorityAndForItsName() async throws {
        try await withServer { port, certificate in
            let strict = try HTTPClient.forTests()
            #expect(await code { _ = try await strict.text("https://127.0.0.1:\(port)/") } == .tls)
            await strict.shutdown()
            let trusting = try HTTPClient.forTests { $0.certificateAuthorities = certificate }
            #expect(try await trusting.text("https://127.0.0.1:\(port)/").contains("TLS"))
            #expect(await code { _ = try await trusting.text("https://localhost:\(port)/") } == .tls)
            await trusting.shutdown()
        }
    }
}
