package import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOWebSocket
package import Wire

/// A client of `parley.v1`: for `parley call`, tests and load.
package final class NativeClient: Sendable {
    /// What came from the server.
    package enum Received: Sendable, Equatable {
        case event(NumberedEvent)
        case audio(AudioPacketHeader, [UInt8])
        /// A message this client does not understand; a newer server may send one.
        case unknown(WireError)
        /// The last element. The code is nil if the connection broke without a close frame.
        case closed(code: UInt16?, reason: String)
    }

    package struct Failure: Error, Sendable, Equatable {
        /// The server's code, or `client.bad_url`, `client.unreachable`, `client.bad_answer`, `client.closed`.
        package let code: String
        package let message: String
        /// HTTP status of a refusal; 0 where there was none.
        package let status: Int
    }

    /// Everything received, in order, for one reader. At most `buffer` elements wait; a reader that lets more pile up
    /// loses the connection, and the stream ends without `closed`.
    package let received: AsyncStream<Received>
    private let channel: any Channel

    private init(_ channel: any Channel, _ received: AsyncStream<Received>) { (self.channel, self.received) = (channel, received) }

    /// Opens a connection; `session.start` is up to the caller.
    ///
    /// - Parameters:
    ///   - url: `ws://host:port/path`; TLS is not spoken.
    ///   - key: API key, sent as a bearer.
    ///   - headers: Further request headers.
    ///   - group: Runs the connection; stays the caller's.
    ///   - buffer: Elements of ``received`` that may wait.
    /// - Throws: ``Failure``.
    package static func connect(
        to url: String, key: String? = nil, headers: [(String, String)] = [], group: any EventLoopGroup, buffer: Int = 4096,
        timeout: Duration = .seconds(10)
    ) async throws -> NativeClient {
        guard let address = ClientAddress(url) else {
            throw Failure(code: "client.bad_url", message: "the URL is ws://host:port/path", status: 0)
        }
        var head = HTTPRequestHead(version: .http1_1, method: .GET, uri: address.target)
        head.headers = [
            "Host": "\(address.host):\(address.port)", "Content-Length": "0", "Sec-WebSocket-Protocol": NativeDoor.subprotocol,
        ]
        if let key { head.headers.add(name: "Authorization", value: "Bearer \(key)") }
        for (name, value) in headers { head.headers.replaceOrAdd(name: name, value: value) }
        let request = head
        let (stream, sink) = AsyncStream.makeStream(of: Received.self, bufferingPolicy: .bufferingOldest(buffer))
        let outcome: EventLoopFuture<(any Channel)>
        do {
            outcome = try await ClientBootstrap(group: group)
                .channelOption(.tcpOption(.tcp_nodelay), value: 1)
                .connectTimeout(TimeAmount(timeout))
                .connect(host: address.host, port: address.port) { channel in
                    channel.eventLoop.makeCompletedFuture { try configure(channel, request, sink, timeout) }
                }
        } catch {
            throw Failure(code: "client.unreachable", message: "\(address.host):\(address.port) cannot be reached", status: 0)
        }
        do {
            return NativeClient(try await outcome.get(), stream)
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(code: "client.bad_answer", message: "the server ended the handshake", status: 0)
        }
    }

    /// Sends an event and waits until the network has it.
    ///
    /// - Throws: ``Failure`` `client.closed`.
    package func send(_ event: ClientEvent) async throws { try await send(.text, event.encoded()) }

    /// Sends one audio packet and waits until the network has it.
    ///
    /// - Throws: ``Failure`` `client.closed`.
    package func send(_ header: AudioPacketHeader, payload: [UInt8]) async throws {
        var message: [UInt8] = []
        message.reserveCapacity(AudioPacketHeader.byteCount + payload.count)
        header.write(into: &message)
        message.append(contentsOf: payload)
        try await send(.binary, message)
    }

    /// Sends any message, well formed or not.
    package func sendMessage(isText: Bool, _ bytes: [UInt8]) async throws { try await send(isText ? .text : .binary, bytes) }

    /// Says goodbye with a close code; the server's answer ends ``received``.
    package func close(code: UInt16 = CloseCode.normal, reason: String = "") async {
        try? await write(WebSocketFrame(fin: true, opcode: .connectionClose, maskKey: .random(), data: CloseCode.body(code, reason)))
    }

    /// Breaks the connection without a word, as a lost network does.
    package func abandon() async { try? await channel.close().get() }

    private func send(_ opcode: WebSocketOpcode, _ bytes: [UInt8]) async throws {
        try await write(WebSocketFrame(fin: true, opcode: opcode, maskKey: .random(), data: ByteBuffer(bytes: bytes)))
    }

    private func write(_ frame: WebSocketFrame) async throws {
        do {
            try await channel.writeAndFlush(frame).get()
        } catch {
            throw Failure(code: "client.closed", message: "the connection is closed", status: 0)
        }
    }

    private static func configure(
        _ channel: any Channel, _ head: HTTPRequestHead, _ sink: AsyncStream<Received>.Continuation, _ timeout: Duration
    ) throws -> EventLoopFuture<any Channel> {
        let refusal = channel.eventLoop.makePromise(of: (any Channel).self)
        let upgrader = NIOTypedWebSocketClientUpgrader<Bool>(maxFrameSize: 1 << 20, enableAutomaticErrorHandling: false) { channel, _ in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandler(NativeClientHandler(sink))
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
            refusal.fail(Failure(code: "client.bad_answer", message: "the server closed the connection", status: 0))
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
