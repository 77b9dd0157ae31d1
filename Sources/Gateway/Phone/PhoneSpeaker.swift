internal import Logging
internal import NIOCore
internal import Wire

/// Speaks with a telephone carrier: carries out on a connection what ``PhoneCall`` decides.
final class PhoneSpeaker: SocketSpeaker {
    private var call: PhoneCall
    private var slicer: RawAudioSlicer?
    private var keyTimer: Scheduled<Void>?
    private let born = NIODeadline.now()

    init(_ call: PhoneCall) { self.call = call }

    private var now: Duration { .nanoseconds((NIODeadline.now() - born).nanoseconds) }

    func begin(on connection: SocketConnection) {}

    func hear(text: [UInt8], on connection: SocketConnection) {
        do {
            carryOut(try call.take(text, at: now), on: connection)
        } catch {
            connection.tell(error)
        }
    }

    func hear(packet: Span<UInt8>, on connection: SocketConnection) {
        do {
            carryOut(try call.take(audio: packet.indices.map { packet[$0] }), on: connection)
        } catch {
            connection.refuseAudio(error)
        }
    }

    func say(_ event: ServerEvent, seq: Int, at time: Duration, on connection: SocketConnection) {
        // First, since what is answered to it may lead to further ones.
        carryOut(call.tell(event, seq: seq, at: time), on: connection)
        carryOut(call.take(event, at: now), on: connection)
    }

    func say(_ header: AudioPacketHeader, payload: [UInt8], on connection: SocketConnection) {
        carryOut(call.take(header, payload: payload, at: now), on: connection)
    }

    /// A carrier has no ear for errors; that they happen is counted by the connection.
    func say(_ error: WireError, on connection: SocketConnection) {
        connection.door.logger.debug("telephone stream", metadata: ["code": "\(error.code)"])
    }

    /// Whoever is gone from a telephone has hung up.
    func hangsUp(closing code: UInt16) -> Bool { true }

    func end() { keyTimer?.cancel() }

    private func carryOut(_ actions: [PhoneCall.Action], on connection: SocketConnection) {
        for action in actions {
            switch action {
            case .open(let start):
                slicer = RawAudioSlicer(start.input)
                connection.open(start)
            case .deliver(let event): connection.deliver(event)
            case .hear(let audio): slicer?.take(audio.span) { connection.deliver($0, $1) }
            case .send(let message): connection.sendText(message)
            case .play(let packet): play(packet, on: connection)
            case .startKeyTimer(let token): startKeyTimer(token, on: connection)
            case .hangUp: connection.close(code: CloseCode.normal, reason: "ended", overtakes: false)
            }
        }
    }

    /// Late audio is worth nothing, and must not wait until after a clear.
    private func play(_ packet: [UInt8], on connection: SocketConnection) {
        guard connection.isWritable else { return connection.status.add(.audioOutDropped) }
        connection.write(call.carrier.isBinary ? .binary : .text, packet)
    }

    private func startKeyTimer(_ token: Int, on connection: SocketConnection) {
        keyTimer?.cancel()
        keyTimer = connection.context?.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(PhoneCall.keyPause)) { [weak self, weak connection] in
            guard let self, let connection else { return }
            self.carryOut(self.call.keysRested(token), on: connection)
        }
    }
}
