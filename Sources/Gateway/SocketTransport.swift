internal import NIOCore
internal import Sessions
internal import Wire

/// What a session holds of its connection. Every call must come from the connection's event loop; others trap.
final class SocketTransport: CallTransport, Sendable {
    private let connection: NIOLoopBound<SocketConnection>

    init(_ connection: SocketConnection, on loop: any EventLoop) { self.connection = NIOLoopBound(connection, eventLoop: loop) }

    var isWritable: Bool { connection.value.isWritable }

    func send(_ event: ServerEvent, seq: Int, at time: Duration) { connection.value.send(event, seq: seq, at: time) }

    func send(_ header: AudioPacketHeader, payload: [UInt8]) { connection.value.send(header, payload: payload) }

    func flush() { connection.value.flush() }

    func close(code: UInt16, reason: String) { connection.value.closeBySession(code: code, reason: reason) }
}
