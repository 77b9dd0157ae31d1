internal import Foundation
internal import Glibc
internal import Synchronization

/// An HTTP/1.1 server on 127.0.0.1 that misbehaves on request: each connection has a thread, and one closure answers all requests.
package final class TestServer: Sendable {
    /// Answers one request on the connection's thread. A connection whose answer was not complete is closed, as is one whose closure threw.
    package typealias Answer = @Sendable (TestExchange) throws -> Void

    private struct State: Sendable {
        var requests: [TestRequest] = []
        var connections = 0
        var sockets: Set<Int32> = []
        var isStopped = false
    }

    package let port: Int
    private let listener: Int32
    private let answer: Answer
    private let state = Mutex(State())

    package init(_ answer: @escaping Answer) throws {
        (listener, port) = try Self.listen(backlog: 1024)
        self.answer = answer
        let accepting = listener
        startThread { [weak self] in
            while true {
                let socket = accept(accepting, nil, nil)
                guard socket >= 0 else { return }
                guard let self else {
                    close(socket)
                    return
                }
                self.serve(socket)
            }
        }
    }

    deinit { stop() }

    package var url: String { "http://127.0.0.1:\(port)" }
    package var requests: [TestRequest] { state.withLock { $0.requests } }
    package var connections: Int { state.withLock { $0.connections } }

    /// Closes every connection; threads that wait for the client end.
    package func stop() {
        let sockets = state.withLock { state in
            defer { (state.sockets, state.isStopped) = ([], true) }
            return state.isStopped ? nil : state.sockets
        }
        guard let sockets else { return }
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
        for socket in sockets { shutdown(socket, Int32(SHUT_RDWR)) }
    }

    /// A port of 127.0.0.1 at which nobody listens.
    package static func refusedPort() throws -> Int {
        let (socket, port) = try listen(backlog: 1)
        close(socket)
        return port
    }

    /// A port whose queue is full: connecting to it neither succeeds nor fails. The sockets stay open until the process ends.
    package static func deafPort() throws -> Int {
        let (_, port) = try listen(backlog: 0)
        for _ in 0..<4 {
            let filler = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
            _ = address(port) { connect(filler, $0, $1) }
        }
        return port
    }

    private func serve(_ socket: Int32) {
        let connection = state.withLock { state in
            state.connections += 1
            state.sockets.insert(socket)
            return state.connections
        }
        startThread { [weak self, answer] in
            let wire = TestWire(socket)
            do {
                while let parts = try wire.readRequest() {
                    guard let self else { break }
                    let request = self.state.withLock { state in
                        let request = TestRequest(
                            method: parts.method, target: parts.target, headers: parts.headers, body: parts.body, connection: connection,
                            number: state.requests.count + 1)
                        state.requests.append(request)
                        return request
                    }
                    let exchange = TestExchange(request, wire)
                    try answer(exchange)
                    guard exchange.isComplete else { break }
                }
            } catch {}
            if let self { self.state.withLock { _ = $0.sockets.remove(socket) } }
            close(socket)
        }
    }

    private static func listen(backlog: Int32) throws -> (socket: Int32, port: Int) {
        let made = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var bound = sockaddr_in()
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let works =
            made >= 0 && address(0, { bind(made, $0, $1) }) == 0 && Glibc.listen(made, backlog) == 0
            && withUnsafeMutablePointer(to: &bound) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(made, $0, &size) == 0 }
            }
        guard works else { throw TestWire.Gone() }
        return (made, Int(UInt16(bigEndian: bound.sin_port)))
    }

    private static func address<Result>(_ port: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        }
    }
}

private func startThread(_ run: @escaping @Sendable () -> Void) {
    let thread = Thread(block: run)
    thread.stackSize = 512 * 1024
    thread.start()
}
