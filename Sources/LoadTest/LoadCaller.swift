internal import Audio
internal import NIOCore
internal import Wire

/// One simulated caller's connection. Confined to the floor's event loop.
///
/// WebSocket is spoken by hand: what a client needs of it is little, and 500 callers are to cost half a core.
final class LoadCaller: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private enum Phase { case upgrading, starting, open, leaving, closed }

    /// Longest message taken.
    private static let longestMessage = 1 << 20
    private static let longestHead = 1 << 16
    private static let reportTicks = 10

    unowned let floor: LoadFloor
    let born: Duration
    private let generatorStream: UInt64
    private var phase = Phase.upgrading
    private var context: ChannelHandlerContext?
    private var pending = ByteBuffer()
    private var packet = ByteBuffer()
    private var dialect: any CallerDialect
    /// Times of 20 ms since the session was ready.
    private var ticks: UInt32 = 0
    private var quietPlace = 0
    private var reportIn = reportTicks
    private var pings: SeededGenerator
    private var nextPing = Duration.zero
    private var ping: (number: Int, sent: Duration)?
    private var pingNumber = 0
    private var session: String?
    var script: CallerScript?
    var check: ReplyCheck?
    var record = TurnRecord()

    var isClosed: Bool { phase == .closed }

    init(_ number: Int, floor: LoadFloor, born: Duration) {
        (self.floor, self.born) = (floor, born)
        generatorStream = UInt64(number)
        pings = SeededGenerator(floor.plan.seed, stream: ~generatorStream)
        dialect = floor.plan.door.dialect(number, agent: floor.plan.agentName, isScripted: floor.plan.agent == nil)
    }

    // MARK: sending

    /// What is due in these 20 ms.
    ///
    /// - Returns: Whether a packet went out.
    func tick(at now: Duration) -> Bool {
        guard phase == .open, let context else { return false }
        take(dialect.pass(to: now), at: now)
        guard let action = script?.next(at: now) else { return false }
        var hasSent = false
        switch action {
        case .send(let sound): hasSent = send(sound)
        case .interrupt(let sound):
            record.interrupted = now
            floor.figures.interruptions += 1
            hasSent = send(sound)
        case .leave:
            leave()
            return false
        }
        ticks &+= 1
        if hasSent, now >= nextPing, ping == nil {
            nextPing = now + .milliseconds(Int.random(in: 500...1_500, using: &pings))
            pingNumber += 1
            ping = (pingNumber, now)
            write(dialect.ask(pingNumber))
        }
        reportIn -= 1
        if reportIn <= 0 {
            reportIn = Self.reportTicks
            reportPlayout(at: now)
        }
        context.flush()
        return hasSent
    }

    private func send(_ sound: CallerScript.Sound) -> Bool {
        switch sound {
        case .voice(let utterance, let index): return send(floor.plan.utterances[utterance].packets[index])
        case .quiet:
            quietPlace = (quietPlace + 1) % floor.plan.quiet.packets.count
            return send(floor.plan.quiet.packets[quietPlace])
        case .nothing: return false
        }
    }

    private func send(_ prepared: [UInt8]) -> Bool {
        guard let context else { return false }
        guard context.channel.isWritable else {
            floor.figures.fail("load.server_does_not_read")
            return false
        }
        packet.clear()
        dialect.write(prepared, tick: ticks, into: &packet)
        context.write(Self.wrapOutboundOut(packet), promise: nil)
        floor.figures.packetsSent += 1
        return true
    }

    private func write(_ bytes: [UInt8]) { if !bytes.isEmpty { context?.write(Self.wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil) } }

    func reportPlayout(at now: Duration) {
        if let heard = check?.heard(at: now), let report = dialect.tellPlayout(heard.epoch, heard.place) { write(report) }
    }

    func reportCut(_ epoch: UInt16, heard: Duration) {
        if let report = dialect.tellCut(epoch, heard) { write(report) }
        context?.flush()
    }

    /// Hangs up.
    func leave() {
        switch phase {
        case .upgrading:
            noteNotReady()
            phase = .leaving
            context?.close(promise: nil)
        case .starting, .open:
            if phase == .starting { noteNotReady() }
            phase = .leaving
            write(dialect.hangUp())
            context?.flush()
        case .leaving, .closed: break
        }
    }

    /// A caller of churn may well be connecting when the run ends; any other had the ramp and more.
    private func noteNotReady() {
        if floor.plan.mix != .churn { floor.figures.fail("load.not_ready") }
    }

    /// Breaks the connection, and counts it as an error.
    func abandon() {
        guard !isClosed else { return }
        fail("load.did_not_end")
        context?.close(promise: nil)
    }

    /// The call is over by a fault.
    func fail(_ code: String) {
        guard !isClosed else { return }
        floor.figures.fail(code)
        close()
    }

    private func close() {
        guard !isClosed else { return }
        phase = .closed
        floor.closed(self, session: session)
    }

    // MARK: channel

    func channelActive(context: ChannelHandlerContext) {
        guard phase == .upgrading else { return context.close(promise: nil) }
        self.context = context
        let target = floor.plan.target
        var head = "GET \(floor.plan.path) HTTP/1.1\r\nHost: \(target.host):\(target.port)\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        head += "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: cGFybGV5LWxvYWQtdGVzdA==\r\n\(dialect.headers)"
        if let key = floor.plan.key { head += "Authorization: Bearer \(key)\r\n" }
        context.writeAndFlush(Self.wrapOutboundOut(ByteBuffer(string: head + "\r\n")), promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.context = nil
        if phase == .leaving { close() } else { fail("client.connection_lost") }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var buffer = Self.unwrapInboundIn(data)
        if pending.readableBytes > 0 {
            pending.writeBuffer(&buffer)
            buffer = pending
        }
        let now = floor.now
        if phase == .upgrading { upgrade(&buffer, context) }
        while phase != .upgrading, phase != .closed, let (opcode, payload) = nextFrame(&buffer) { take(opcode, payload, context, now) }
        // Only what is left is kept, so that the socket's buffer can be used again.
        pending.clear()
        pending.writeBuffer(&buffer)
        context.flush()
    }

    private func upgrade(_ buffer: inout ByteBuffer, _ context: ChannelHandlerContext) {
        let text = String(decoding: buffer.readableBytesView, as: UTF8.self)
        guard let end = text.firstRange(of: "\r\n\r\n") else {
            guard buffer.readableBytes > Self.longestHead else { return }
            fail("client.bad_answer")
            return context.close(promise: nil)
        }
        guard text.hasPrefix("HTTP/1.1 101 ") else {
            if floor.isMeasuring { floor.figures.record(.refused, floor.now - born) }
            let error = (try? JSONValue(parsing: Array(text[end.upperBound...].utf8)))?["error"]
            fail(error?["code"]?.string ?? "http.\(text.dropFirst(9).prefix(3))")
            return context.close(promise: nil)
        }
        buffer.moveReaderIndex(forwardBy: text[..<end.upperBound].utf8.count)
        phase = .starting
        write(dialect.open())
    }

    private func nextFrame(_ buffer: inout ByteBuffer) -> (opcode: UInt8, payload: ByteBuffer)? {
        switch FrameHead.read(buffer.readableBytesUInt8Span) {
        case .more: return nil
        case .malformed:
            fail("load.bad_frame")
            context?.close(promise: nil)
            return nil
        case .whole(let head):
            guard head.payload <= Self.longestMessage else {
                fail("load.message_too_large")
                context?.close(promise: nil)
                return nil
            }
            guard buffer.readableBytes - head.size >= head.payload else { return nil }
            buffer.moveReaderIndex(forwardBy: head.size)
            return buffer.readSlice(length: head.payload).map { (head.opcode, $0) }
        }
    }

    private func take(_ opcode: UInt8, _ payload: ByteBuffer, _ context: ChannelHandlerContext, _ now: Duration) {
        guard let opcode = FrameOpcode(rawValue: opcode) else { return }
        switch opcode {
        case .binary, .text, .pong:
            do { take(try dialect.read(opcode, payload, at: now), at: now) } catch { floor.figures.fail(error.code) }
        case .ping: write(ClientFrame.bytes(.pong, Array(payload.readableBytesView)))
        case .close:
            let code: UInt16? = payload.getInteger(at: payload.readerIndex)
            write(ClientFrame.bytes(.close, Array(payload.readableBytesView.prefix(2))))
            if phase != .leaving { fail("close.\(code.map(String.init) ?? "none")") }
            context.flush()
            context.close(promise: nil)
        case .continuation: break
        }
    }

    private func take(_ news: (frames: [UInt8], heard: [CallerNews]), at now: Duration) {
        write(news.frames)
        for one in news.heard {
            switch one {
            case .event(let event): take(event, at: now)
            case .packet(let header): take(header, at: now)
            }
        }
    }

    // MARK: the session

    func began(_ ready: SessionReady, at now: Duration) {
        guard phase == .starting else { return }
        phase = .open
        session = ready.session
        let plan = floor.plan
        let generator = SeededGenerator(plan.seed, stream: generatorStream)
        script = CallerScript(plan.mix, lengths: plan.utterances.map(\.packets.count), generator: generator, begin: now)
        check = ReplyCheck(lead: ready.limits.lead, packet: .milliseconds(ready.output.packetMilliseconds))
        record.firstAudio = ready.engines["synthesizer"].flatMap(ScriptedEngines.latency(ofEngine:))
        nextPing = now + .milliseconds(Int.random(in: 0...1_000, using: &pings))
        floor.ready(self, session: ready.session, after: now - born)
    }

    func ponged(_ number: Int, at now: Duration) {
        guard let sent = ping, sent.number == number else { return }
        ping = nil
        if floor.isMeasuring { floor.figures.record(.answered, now - sent.sent) }
    }

    func ended(_ reason: String) { if phase != .leaving { floor.figures.fail("ended.\(reason)") } }

    /// Adds what this caller has found at its end.
    func account(into figures: inout LoadFigures) {
        guard let check, let script else { return }
        figures.faults = figures.faults + check.faults
        figures.missedReplies += script.missedReplies
        figures.replyShare += script.replyTime / max(.milliseconds(1), floor.now - record.began)
    }
}
