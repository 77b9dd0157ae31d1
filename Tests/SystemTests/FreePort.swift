import HTTPTestServer

/// A port that nobody listened on a moment ago.
enum FreePort {
    static func find() throws -> Int {
        let server = try TestServer { _ in }
        defer { server.stop() }
        return server.port
    }
}
