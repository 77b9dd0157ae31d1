internal import NIOCore
internal import Wire

/// Speaks `parley.v1`: an event is a text message, a packet a binary one.
final class NativeSpeaker: SocketSpeaker {
    private let born = NIODeadline.now()
    /// The session's time of its last event, and when that was sent.
    private var sessionTime: (time: Duration, at: NIODeadline)?

    func begin(on connection: SocketConnection) {}

    func hear(packet: Span<UInt8>, on connection: SocketConnection) {
        let header: AudioPacketHeader
        do {
            header = try AudioPacketHeader(parsing: packet)
        } catch {
            return connection.refuseAudio(error)
        }
        guard packet.count > AudioPacketHeader.byteCount else {
            return connection.refuseAudio(WireError(WireError.shortPacket, "a packet has a payload"))
        }
        connection.deliver(header, packet.extracting(AudioPacketHeader.byteCount..<packet.count))
    }

    func hear(text: [UInt8], on connection: SocketConnection) {
        do {
            take(try ClientEvent(json: text), on: connection)
        } catch {
            connection.tell(error)
        }
    }

    private func take(_ event: ClientEvent, on connection: SocketConnection) {
        switch (connection.phase, event) {
        case (.waiting, .start(let start)): connection.open(start)
        case (.opening, .start), (.open, .start): connection.tell(WireError(WireError.alreadyStarted, "the session has started already"))
        case (.waiting, .ping(let number)), (.opening, .ping(let number)): sayOwn(.pong(number), on: connection)
        case (.waiting, .end): connection.close(code: CloseCode.normal, reason: "ended", overtakes: false)
        case (.waiting, _), (.opening, _), (.open, _), (.closing, _): connection.deliver(event)
        }
    }

    func say(_ event: ServerEvent, seq: Int, at time: Duration, on connection: SocketConnection) {
        sessionTime = (time, .now())
        connection.sendText(event.encoded(seq: seq, at: time))
    }

    /// Late audio is worth nothing: what the network does not take is dropped.
    func say(_ header: AudioPacketHeader, payload: [UInt8], on connection: SocketConnection) {
        guard connection.isWritable else { return connection.status.add(.audioOutDropped) }
        connection.write(.binary, count: AudioPacketHeader.byteCount + payload.count) { buffer in
            header.write(into: &buffer)
            buffer.writeBytes(payload)
        }
    }

    func say(_ error: WireError, on connection: SocketConnection) { sayOwn(.error(error), on: connection) }

    /// Sends an event of the connection itself. It has no place in the session's numbers: `seq` is 0.
    private func sayOwn(_ event: ServerEvent, on connection: SocketConnection) {
        let now = NIODeadline.now()
        let (time, since) = sessionTime ?? (.zero, born)
        connection.sendText(event.encoded(seq: 0, at: time + .nanoseconds((now - since).nanoseconds)))
    }

    func hangsUp(closing code: UInt16) -> Bool { code == CloseCode.normal }

    func end() {}
}

extension AudioPacketHeader {
    fileprivate func write(into buffer: inout ByteBuffer) {
        buffer.writeMultipleIntegers(Self.audioKind, flags.rawValue, epoch, sequence, time)
    }
}
