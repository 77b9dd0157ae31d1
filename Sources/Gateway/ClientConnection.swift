internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOWebSocket
internal import Wire

/// What a server says to a client over a WebSocket, before anybody has made sense of it.
enum ClientMessage: Sendable {
    case text([UInt8])
    case binary([UInt8])
    /// The last one. The code is nil if the connection broke without a close frame.
    case closed(code: UInt16?, reason: String)
}

/// A client's end of a WebSocket, whatever is spoken over it.
final class ClientConnection<Received: Sendable>: Sendable {
    /// Everything received, in order, for one reader.
    let received: AsyncStream<Received>
    private let channel: any Channel

    private init(_ channel: any Channel, _ received: AsyncStream<Received>) { (self.channel, self.received) = (channel, received) }

    /// Opens a connection.
    ///
    /// - Parameters:
    ///   - url: `ws://host:port/path`; TLS is not spoken.
    ///   - headers: Further request headers.
    ///   - group: Runs the connection; stays the caller's.
    ///   - buffer: Elements of ``received`` that may wait; a reader that lets more pile up loses the connection.
    ///   - read: Makes of each message what is received; nil where there is nothing to receive.
    /// - Throws: `NativeClient.Failure`.
    static func open(
        _ url: String, headers: [(String, String)], group: any EventLoopGroup, buffer: Int, timeout: Duration,
        read: @escaping @Sendable (ClientMessage) -> Received?
    ) async throws -> ClientConnection {
        guard let address = ClientAddress(url) else {
            throw NativeClient.Failure(code: "client.bad_url", message: "the URL is ws://host:port/path", status: 0)
        }
        var head = HTTPRequestHead(version: .http1_1, method: .GET, uri: address.target)
        head.headers = ["Host": "\(address.host):\(address.port)", "Content-Length": "0"]
        for (name, value) in headers { head.headers.replaceOrAdd(name: name, value: value) }
        let request = head
        let (stream, sink) = AsyncStream.makeStream(of: Received.self, bufferingPolicy: .bufferingOldest(buffer))
        let outcome: EventLoopFuture<(any Channel)>
        do {
            outcome = try await ClientBootstrap(group: group)
                .channelOption(.tcpOption(.tcp_nodelay), value: 1)
                .connectTimeout(TimeAmount(timeout))
                .connect(host: address.host, port: address.port) { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try configure(channel, request, timeout) { ClientHandler(sink, read: read) }
                    }
                }
        } catch {
            throw NativeClient.Failure(code: "client.unreachable", message: "\(address.host):\(address.port) cannot be reached", status: 0)
        }
        do {
            return ClientConnection(try await outcome.get(), stream)
        } catch let failure as NativeClient.Failure {
            throw failure
        } catch {
            throw NativeClient.Failure(code: "client.bad_answer", message: "the server ended the handshake", status: 0)
        }
    }

    /// Sends one message and waits until the network has it.
    ///
    /// - Throws: `NativeClient.Failure` `client.closed`.
    func send(isText: Bool, _ bytes: [UInt8]) async throws {
        try await write(WebSocketFrame(fin: true, opcode: isText ? .text : .binary, maskKey: .random(), data: ByteBuffer(bytes: bytes)))
    }

    /// Says goodbye with a close code; the server's answer ends ``received``.
    func close(code: UInt16, reason: String) async {
        try? await write(WebSocketFrame(fin: true, opcode: .connectionClose, maskKey: .random(), data: CloseCode.body(code, reason)))
    }

    /// Breaks the connection without a word, as a lost network does.
    func abandon() async { try? await channel.close().get() }

    private func write(_ frame: WebSocketFrame) async throws {
        do {
            try await channel.writeAndFlush(frame).get()
        } catch {
            throw NativeClient.Failure(code: "client.closed", message: "the connection is closed", status: 0)
        }
    }

    private static func configure(
        _ channel: any Channel, _ head: HTTPRequestHead, _ timeout: Duration, makeHandler: @escaping @Sendable () -> ClientHandler<Received>
    ) throws -> EventLoopFuture<any Channel> {
        let refusal = channel.eventLoop.makePromise(of: (any Channel).self)
        let upgrader = NIOTypedWebSocketClientUpgrader<Bool>(maxFrameSize: 1 << 20, enableAutomaticErrorHandling: false) { channel, _ in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandler(makeHandler())
                return true
            }
        }
        let upgrade = NIOTypedHTTPClientUpgradeConfiguration(upgradeRequestHead: head, upgraders: [upgrader]) { channel in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandler(RefusalReader(refusal))
                return false
            }
        }
        var pipeline = NIOUpgradableHTTPClientPipelineConfiguration(upgradeConfiguration: upgrade)
        pipeline.leftOverBytesStrategy = .forwardBytes
        let outcome = try channel.pipeline.syncOperations.configureUpgradableHTTPClientPipeline(configuration: pipeline)
        let guillotine = channel.eventLoop.scheduleTask(in: TimeAmount(timeout)) { channel.close(promise: nil) }
        outcome.whenComplete { result in
            switch result {
            case .success(true): refusal.succeed(channel)
            case .success(false): break
            case .failure(let error):
                refusal.fail(error)
                channel.close(promise: nil)
            }
        }
        channel.closeFuture.whenComplete { _ in
            refusal.fail(NativeClient.Failure(code: "client.bad_answer", message: "the server closed the connection", status: 0))
        }
        refusal.futureResult.whenComplete { _ in guillotine.cancel() }
        return refusal.futureResult
    }
}

/// A `ws://` URL taken apart.
struct ClientAddress: Equatable {
    let host: String
    let port: Int
    let target: String

    init?(_ url: String) {
        guard url.hasPrefix("ws://") else { return nil }
        let rest = url.dropFirst(5)
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        target = slash == rest.endIndex ? "/v1/call" : String(rest[slash...])
        var authority = rest[..<slash]
        if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") {
            host = String(authority[authority.index(after: authority.startIndex)..<end])
            authority = authority[authority.index(after: end)...]
        } else {
            host = String(authority.prefix { $0 != ":" })
            authority = authority.drop { $0 != ":" }
        }
        if authority.isEmpty {
            port = 80
        } else {
            guard authority.hasPrefix(":"), let number = UInt16(authority.dropFirst()) else { return nil }
            port = Int(number)
        }
        if host.isEmpty { return nil }
    }
}
