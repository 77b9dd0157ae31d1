internal import NIOCore
internal import Sessions
internal import Wire

extension SocketConnection {
    /// Takes the whole frames of what was read; the beginning of another may be left.
    func hear(_ bytes: inout ByteBuffer) {
        while !isBroken {
            switch FrameHead.read(bytes.readableBytesUInt8Span) {
            case .more: return
            case .malformed(let rule):
                isBroken = true
                breach(rule)
            case .whole(let head):
                guard head.payload <= settings.messageBytes else {
                    isBroken = true
                    status.add(.protocolErrors)
                    close(code: CloseCode.tooLarge, reason: "a frame is too large", overtakes: true)
                    break
                }
                guard bytes.readableBytes - head.size >= head.payload else { return }
                bytes.moveReaderIndex(forwardBy: head.size)
                hear(head, bytes.readableBytesUInt8Span.extracting(0..<head.payload))
                bytes.moveReaderIndex(forwardBy: head.payload)
            }
        }
        // The close frame must still reach the client.
        bytes.clear()
    }

    /// Takes one frame of the client.
    private func hear(_ head: FrameHead, _ payload: Span<UInt8>) {
        if case .closing = phase {
            guard head.opcode == FrameOpcode.close.rawValue else { return }
            // What was said in this turn of the loop still goes out.
            context?.flush()
            context?.close(promise: nil)
            return
        }
        guard let key = head.key else { return breach("client frames are masked") }
        guard !head.hasReserved else { return breach("no extension was agreed on") }
        unansweredPings = 0
        switch FrameOpcode(rawValue: head.opcode) {
        case .binary where head.isLast && !joiner.isJoining: hearPacket(payload, key)
        case .binary: join(payload, key, begins: false, isLast: head.isLast)
        case .text where head.isLast && !joiner.isJoining: hearText(Self.unmasked(payload, key))
        case .text: join(payload, key, begins: true, isLast: head.isLast)
        case .continuation: join(payload, key, begins: nil, isLast: head.isLast)
        case .ping: hearPing(Self.unmasked(payload, key))
        case .pong: break
        case .close: hearClose(Self.unmasked(payload, key))
        case nil: breach("an unknown opcode")
        }
    }

    // MARK: audio

    /// The hot path: unmasks into the scratch and hands a view of it on.
    private func hearPacket(_ masked: Span<UInt8>, _ key: SIMD4<UInt8>) {
        let count = masked.count
        guard mayTakePacket(of: count) else { return }
        // The scratch is taken out while it is read, so that nothing the session does can touch it.
        var scratch = self.scratch
        self.scratch = []
        if scratch.count < count { scratch = [UInt8](repeating: 0, count: count) }
        Self.unmask(masked, key, into: &scratch)
        speaker.hear(packet: scratch.span.extracting(0..<count), on: self)
        self.scratch = scratch
    }

    private func mayTakePacket(of count: Int) -> Bool {
        let now = NIODeadline.now()
        lastMessage = now
        let nanoseconds = now.uptimeNanoseconds
        guard count <= settings.packetBytes else {
            refuseAudio(WireError(WireError.packetTooLarge, "a packet has at most \(settings.packetBytes) bytes"))
            return false
        }
        guard packets.take(at: nanoseconds), bytes.take(Double(count), at: nanoseconds) else {
            status.add(.audioInDropped)
            tellTooFast(at: now)
            return false
        }
        return true
    }

    /// Hands a packet to the session, or keeps it while that is being opened.
    func deliver(_ header: AudioPacketHeader, _ payload: Span<UInt8>) {
        switch phase {
        case .open(let session):
            status.add(.audioIn)
            session.receive(header, payload: payload)
        case .opening: keep(.audio(header, payload.indices.map { payload[$0] }))
        case .waiting: refuseAudio(WireError(WireError.notStarted, "session.start comes first"))
        case .closing: break
        }
    }

    func refuseAudio(_ error: WireError) {
        status.add(.audioInDropped)
        tell(error)
    }

    private func tellTooFast(at now: NIODeadline) {
        if let lastLimitError, now - lastLimitError < .seconds(1) { return }
        lastLimitError = now
        speaker.say(WireError(WireError.rateLimited, "faster than the limits allow; what is above them is dropped"), on: self)
    }

    // MARK: text

    private func hearText(_ text: [UInt8]) {
        let now = NIODeadline.now()
        lastMessage = now
        guard messages.take(at: now.uptimeNanoseconds), bytes.take(Double(text.count), at: now.uptimeNanoseconds) else {
            return tell(WireError(WireError.rateLimited, "too many messages; this one is dropped"))
        }
        guard (try? UTF8Span(validating: text.span)) != nil else {
            status.add(.protocolErrors)
            return close(code: CloseCode.badText, reason: "text is not UTF-8", overtakes: true)
        }
        speaker.hear(text: text, on: self)
    }

    /// Hands an event to the session, or keeps it while that is being opened.
    func deliver(_ event: ClientEvent) {
        switch phase {
        case .open(let session): session.receive(event)
        case .opening: keep(.event(event))
        case .waiting: tell(WireError(WireError.notStarted, "session.start comes first"))
        case .closing: break
        }
    }

    /// Keeps what came while the session is being opened; what does not fit is dropped.
    private func keep(_ early: Early) {
        guard case .opening(var kept) = phase else { return }
        phase = .opening([])
        if kept.count < settings.openingMessages {
            kept.append(early)
        } else if case .audio = early {
            status.add(.audioInDropped)
        } else {
            tell(WireError(WireError.notStarted, "too much before session.ready; this is dropped"))
        }
        if case .opening = phase { phase = .opening(kept) }
    }

    /// Whether the client may be told of one more error; who causes too many loses the connection.
    func mayErr() -> Bool {
        status.add(.clientErrors)
        guard errors.take(at: NIODeadline.now().uptimeNanoseconds) else {
            close(code: CloseCode.policy, reason: "too many errors", overtakes: true)
            return false
        }
        return true
    }

    /// Says what was wrong with a message.
    func tell(_ error: WireError) {
        guard mayErr() else { return }
        speaker.say(error, on: self)
    }

    // MARK: fragments and control frames

    private func join(_ masked: Span<UInt8>, _ key: SIMD4<UInt8>, begins: Bool?, isLast: Bool) {
        switch joiner.take(Self.unmasked(masked, key), begins: begins, isLast: isLast) {
        case .more: break
        case .whole(isText: true, let text): hearText(text)
        case .whole(isText: false, let packet): if mayTakePacket(of: packet.count) { speaker.hear(packet: packet.span, on: self) }
        case .refused(let code):
            status.add(.protocolErrors)
            close(code: code, reason: "a message in pieces breaks the rules", overtakes: true)
        }
    }

    private func hearPing(_ body: [UInt8]) {
        // A flood of pings costs nothing but reading them.
        guard messages.take(at: NIODeadline.now().uptimeNanoseconds) else { return }
        write(.pong, body)
    }

    private func hearClose(_ body: [UInt8]) {
        guard !body.isEmpty else { return answerClose(code: CloseCode.normal, body: []) }
        let code = body.count < 2 ? 0 : UInt16(body[0]) << 8 | UInt16(body[1])
        guard CloseCode.isValid(code) else { return breach("a close frame without a valid code") }
        guard (try? UTF8Span(validating: body.span.extracting(2..<body.count))) != nil else { return breach("a close reason that is not UTF-8") }
        answerClose(code: code, body: [body[0], body[1]])
    }

    /// A client that hangs up ends its session; one that is merely gone may come back to it.
    private func answerClose(code: UInt16, body: [UInt8]) {
        if speaker.hangsUp(closing: body.isEmpty ? CloseCode.none : code) {
            hasHungUp = true
            if case .open(let session) = phase { session.receive(.end) }
        }
        guard let context else { return }
        if case .closing = phase {
            // The session said its own close in answer to the end.
            drainQueue()
        } else {
            leaveSession()
            write(.close, body)
        }
        context.flush()
        context.close(promise: nil)
    }

    func breach(_ rule: String) {
        status.add(.protocolErrors)
        close(code: CloseCode.protocolError, reason: rule, overtakes: true)
    }

    // MARK: masks

    private static func unmasked(_ masked: Span<UInt8>, _ key: SIMD4<UInt8>) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: masked.count)
        unmask(masked, key, into: &bytes)
        return bytes
    }

    /// Four bytes at a time; `bytes` is at least as long as the data.
    private static func unmask(_ masked: Span<UInt8>, _ key: SIMD4<UInt8>, into bytes: inout [UInt8]) {
        var plain = bytes.mutableSpan
        var place = 0
        while place + 4 <= masked.count {
            plain[place] = masked[place] ^ key[0]
            plain[place + 1] = masked[place + 1] ^ key[1]
            plain[place + 2] = masked[place + 2] ^ key[2]
            plain[place + 3] = masked[place + 3] ^ key[3]
            place += 4
        }
        while place < masked.count {
            plain[place] = masked[place] ^ key[place & 3]
            place += 1
        }
    }
}
