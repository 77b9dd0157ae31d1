package import NIOCore
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

    private let connection: ClientConnection<Received>

    private init(_ connection: ClientConnection<Received>) { self.connection = connection }

    /// Everything received, in order, for one reader. At most `buffer` elements wait; a reader that lets more pile up
    /// loses the connection, and the stream ends without `closed`.
    package var received: AsyncStream<Received> { connection.received }

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
        let own = [("Sec-WebSocket-Protocol", NativeDoor.subprotocol)] + (key.map { [("Authorization", "Bearer \($0)")] } ?? [])
        return NativeClient(
            try await .open(url, headers: own + headers, group: group, buffer: buffer, timeout: timeout) { Received($0) })
    }

    /// Sends an event and waits until the network has it.
    ///
    /// - Throws: ``Failure`` `client.closed`.
    package func send(_ event: ClientEvent) async throws { try await connection.send(isText: true, event.encoded()) }

    /// Sends one audio packet and waits until the network has it.
    ///
    /// - Throws: ``Failure`` `client.closed`.
    package func send(_ header: AudioPacketHeader, payload: [UInt8]) async throws {
        var message: [UInt8] = []
        message.reserveCapacity(AudioPacketHeader.byteCount + payload.count)
        header.write(into: &message)
        message.append(contentsOf: payload)
        try await connection.send(isText: false, message)
    }

    /// Sends any message, well formed or not.
    package func sendMessage(isText: Bool, _ bytes: [UInt8]) async throws { try await connection.send(isText: isText, bytes) }

    /// Says goodbye with a close code; the server's answer ends ``received``.
    package func close(code: UInt16 = CloseCode.normal, reason: String = "") async { await connection.close(code: code, reason: reason) }

    /// Breaks the connection without a word, as a lost network does.
    package func abandon() async { await connection.abandon() }
}

extension NativeClient.Received {
    init(_ message: ClientMessage) {
        do {
            switch message {
            case .text(let bytes): self = .event(try NumberedEvent(json: bytes))
            case .binary(let bytes): self = .audio(try AudioPacketHeader(parsing: bytes.span), Array(bytes[AudioPacketHeader.byteCount...]))
            case .closed(let code, let reason): self = .closed(code: code, reason: reason)
            }
        } catch {
            self = .unknown(error)
        }
    }
}
