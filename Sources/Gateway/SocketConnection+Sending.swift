internal import NIOCore
internal import Sessions
internal import Wire

extension SocketConnection {
    /// Bytes of the largest head of a server's frame.
    private static let longestHead = 10

    var isWritable: Bool {
        guard case .closing = phase else { return queue.isEmpty && context?.channel.isWritable == true }
        return false
    }

    /// Takes an event of the session.
    func send(_ event: ServerEvent, seq: Int, at time: Duration) {
        if case .closing = phase { return }
        speaker.say(event, seq: seq, at: time, on: self)
    }

    /// Takes a packet of the session.
    func send(_ header: AudioPacketHeader, payload: [UInt8]) {
        if case .closing = phase { return }
        speaker.say(header, payload: payload, on: self)
    }

    /// Sends a text message. They keep their order; a client that lets too many pile up is closed.
    func sendText(_ text: [UInt8]) {
        if case .closing = phase { return }
        if isWritable { return write(.text, text) }
        guard queuedBytes + text.count <= settings.eventBacklog else {
            status.add(.slowClients)
            return close(code: CloseCode.slowClient, reason: "the client does not read", overtakes: true)
        }
        queue.append(text)
        queuedBytes += text.count
    }

    /// Closes because the session says so: after the events that wait. The session is not told of the loss afterwards.
    func closeBySession(code: UInt16, reason: String) {
        isClosedBySession = true
        close(code: speaker.closeCode(code, because: reason), reason: reason, overtakes: false)
    }

    /// Begins the closing handshake; done once. The connection ends when the client answers, or at the limit.
    ///
    /// - Parameter overtakes: Whether events that wait are dropped instead of sent before.
    func close(code: UInt16, reason: String, overtakes: Bool) {
        if case .closing = phase { return }
        leaveSession()
        guard let context else { return }
        if overtakes { (queue, queueHead, queuedBytes) = ([], 0, 0) }
        pendingClose = (code, reason)
        drainQueue()
        closeTimer = context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(settings.close)) { [weak self] in
            self?.context?.close(promise: nil)
        }
    }

    /// Writes what waits, as far as the network takes it; the close frame comes last.
    func drainQueue() {
        guard let context else { return }
        while queueHead < queue.count, context.channel.isWritable {
            queuedBytes -= queue[queueHead].count
            write(.text, queue[queueHead])
            queueHead += 1
        }
        guard queueHead == queue.count else { return }
        queue.removeAll(keepingCapacity: true)
        queueHead = 0
        if let pendingClose {
            self.pendingClose = nil
            write(.close, Array(CloseCode.body(pendingClose.code, pendingClose.reason).readableBytesView))
        }
    }

    func write(_ opcode: FrameOpcode, _ payload: [UInt8]) { write(opcode, count: payload.count) { $0.writeBytes(payload) } }

    /// Writes one frame whatever the network takes.
    ///
    /// - Parameters:
    ///   - count: Bytes of the payload.
    ///   - fill: Writes them.
    func write(_ opcode: FrameOpcode, count: Int, fill: (inout ByteBuffer) -> Void) {
        guard let context else { return }
        var buffer = context.channel.allocator.buffer(capacity: Self.longestHead + count)
        buffer.writeInteger(0x80 | opcode.rawValue)
        switch count {
        case ..<126: buffer.writeInteger(UInt8(count))
        case ...0xFFFF: buffer.writeMultipleIntegers(UInt8(126), UInt16(count))
        default: buffer.writeMultipleIntegers(UInt8(127), UInt64(count))
        }
        fill(&buffer)
        context.write(Self.wrapOutboundOut(buffer), promise: nil)
        scheduleFlush()
    }

    /// One flush for all that is written in this turn of the loop; the end of a read comes first if one is going on.
    private func scheduleFlush() {
        guard !isFlushScheduled, let context else { return }
        isFlushScheduled = true
        context.eventLoop.assumeIsolated().execute { [weak self] in
            self?.flush()
        }
    }

    /// Lets out what was written in this turn of the loop.
    func flush() {
        guard isFlushScheduled else { return }
        isFlushScheduled = false
        context?.flush()
    }
}
