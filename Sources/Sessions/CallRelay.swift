import NIOCore
import Synchronization
import Wire

/// Joins a session with a later connection, where its caller has come back. The connection may be on another event loop; each
/// packet is then copied and hops.
final class CallRelay: CallSession, CallTransport, Sendable {
    private let session: Session
    private let transport: any CallTransport & Sendable
    private let doorLoop: any EventLoop
    /// Which of the session's connections this is.
    let attachment = Atomic<Int>(0)

    init(session: Session, transport: any CallTransport & Sendable, doorLoop: any EventLoop) {
        (self.session, self.transport, self.doorLoop) = (session, transport, doorLoop)
    }

    // MARK: called by the door, on its loop

    func receive(_ header: AudioPacketHeader, payload: Span<UInt8>) {
        guard !session.loop.inEventLoop else { return session.receive(header, payload: payload) }
        var copy: [UInt8] = []
        copy.reserveCapacity(payload.count)
        for index in payload.indices { copy.append(payload[index]) }
        let (session, bytes) = (session, copy)
        session.loop.execute { session.receive(header, payload: bytes.span) }
    }

    func receive(_ event: ClientEvent) {
        guard !session.loop.inEventLoop else { return session.receive(event) }
        let session = session
        session.loop.execute { session.receive(event) }
    }

    func transportLost() {
        let session = session
        let attachment = attachment.load(ordering: .relaxed)
        guard !session.loop.inEventLoop else { return session.transportLost(attachment) }
        session.loop.execute { session.transportLost(attachment) }
    }

    // MARK: called by the session, on its loop

    var isWritable: Bool { true }

    func send(_ event: ServerEvent, seq: Int, at time: Duration) {
        guard !doorLoop.inEventLoop else { return transport.send(event, seq: seq, at: time) }
        let transport = transport
        doorLoop.execute { transport.send(event, seq: seq, at: time) }
    }

    func send(_ header: AudioPacketHeader, payload: [UInt8]) {
        guard !doorLoop.inEventLoop else { return transport.send(header, payload: payload) }
        let transport = transport
        doorLoop.execute { transport.send(header, payload: payload) }
    }

    func flush() {
        guard !doorLoop.inEventLoop else { return transport.flush() }
        let transport = transport
        doorLoop.execute { transport.flush() }
    }

    func close(code: UInt16, reason: String) {
        guard !doorLoop.inEventLoop else { return transport.close(code: code, reason: reason) }
        let transport = transport
        doorLoop.execute { transport.close(code: code, reason: reason) }
    }
}
