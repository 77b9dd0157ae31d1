import Foundation
import Glibc
import Synchronization

@testable import EmbeddedEngines

/// Stands in for the model server: a small HTTP server in Python that behaves as told.
enum FakeServer {
    enum Behaviour: String {
        case serve
        /// Speaks and exits with status 3.
        case die
        /// Never says where it serves.
        case mute
        /// Serves, but its health is bad from the third look on.
        case sicken
        /// Serves, and does not end at SIGTERM.
        case stay
    }

    private static let script = """
        import http.server, os, signal, sys, threading
        behaviour = sys.argv[1]
        if behaviour == "stay":
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
        looks = 0
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                global looks
                looks += 1
                self.send_response(503 if behaviour == "sicken" and looks > 2 else 200)
                self.end_headers()
            def log_message(self, *words):
                pass
        print("pid", os.getpid(), flush=True)
        if behaviour == "die":
            print("the model is unreadable", flush=True)
            sys.exit(3)
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        if behaviour != "mute":
            print("PARLEY-LISTENING http://127.0.0.1:%d" % server.server_address[1], flush=True)
        server.serve_forever()
        """

    static func command(_ behaviour: Behaviour) -> LlamaCommand {
        LlamaCommand(program: "python3", arguments: ["-I", "-c", script, behaviour.rawValue])
    }

    /// The child's process number, which it says first.
    static func pid(_ lines: [String]) -> pid_t? { lines.first { $0.hasPrefix("pid ") }.flatMap { pid_t($0.dropFirst(4)) } }

    static func isAlive(_ pid: pid_t) -> Bool { kill(pid, 0) == 0 }

    /// Whether GET of a URL on this machine is answered with 200 within a second or so.
    @concurrent static func isHealthy(_ url: String) async -> Bool {
        guard let parts = URLComponents(string: url), let port = parts.port.flatMap({ UInt16(exactly: $0) }) else { return false }
        let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(socket) }
        var limit = timeval(tv_sec: 2, tv_usec: 0)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let connected = withUnsafeBytes(of: &address) {
            guard let start = $0.baseAddress else { return false }
            return connect(socket, start.assumingMemoryBound(to: sockaddr.self), socklen_t($0.count)) == 0
        }
        guard connected else { return false }
        let request = Array("GET \(parts.path) HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n".utf8)
        guard send(socket, request, request.count, Int32(MSG_NOSIGNAL)) == request.count else { return false }
        var answer = [UInt8](repeating: 0, count: 64)
        let count = recv(socket, &answer, answer.count, 0)
        return count > 0 && String(decoding: answer[..<count], as: UTF8.self).split(separator: " ").dropFirst().first == "200"
    }
}

/// The states a server went through, in order.
final class StateLog: Sendable {
    private let entries = Mutex<[LlamaServerState]>([])
    private let stream: AsyncStream<LlamaServerState>
    private let continuation: AsyncStream<LlamaServerState>.Continuation

    init() { (stream, continuation) = AsyncStream.makeStream() }

    func note(_ state: LlamaServerState) {
        entries.withLock { $0.append(state) }
        continuation.yield(state)
    }

    var all: [LlamaServerState] { entries.withLock { $0 } }

    /// Returns the first state from here on that yields something.
    func next<Found>(_ find: (LlamaServerState) -> Found?) async -> Found? {
        for await state in stream { if let found = find(state) { return found } }
        return nil
    }
}

extension LlamaServerState {
    var url: String? { if case .healthy(let url) = self { url } else { nil } }
    var reason: String? { if case .restarting(after: _, let reason) = self { reason } else { nil } }
}
