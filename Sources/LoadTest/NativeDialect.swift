internal import NIOCore
internal import Wire

/// A caller of `parley.v1`.
struct NativeDialect: CallerDialect {
    private static let packetTime: UInt32 = 960

    private let agent: String
    private var sequence: UInt32 = 0
    private var lastTick: UInt32?

    init(agent: String) { self.agent = agent }

    var headers: String { "Sec-WebSocket-Protocol: parley.v1\r\n" }

    mutating func open() -> [UInt8] { ClientFrame.event(.start(SessionStart(agent: agent, client: "parley-load/1"))) }

    mutating func write(_ packet: [UInt8], tick: UInt32, into frame: inout ByteBuffer) {
        let header = frame.writerIndex + ClientFrame.head(of: packet)
        frame.writeBytes(packet)
        // Behind a pause the stream begins anew.
        let isGoingOn = lastTick.map { $0 &+ 1 == tick } ?? false
        frame.setInteger(ClientFrame.masked(isGoingOn ? [] : .start), at: header + 1)
        frame.setInteger(ClientFrame.masked(sequence), at: header + 4)
        frame.setInteger(ClientFrame.masked(tick &* Self.packetTime), at: header + 8)
        sequence &+= 1
        lastTick = tick
    }

    mutating func ask(_ number: Int) -> [UInt8] { ClientFrame.event(.ping(number)) }

    func tellPlayout(_ epoch: UInt16, _ heard: Duration) -> [UInt8]? {
        ClientFrame.event(.playout(epoch: epoch, milliseconds: Int(heard / .milliseconds(1))))
    }

    func tellCut(_ epoch: UInt16, _ heard: Duration) -> [UInt8]? {
        ClientFrame.event(.flushed(epoch: epoch, milliseconds: Int(heard / .milliseconds(1))))
    }

    func hangUp() -> [UInt8] { ClientFrame.event(.end) }

    mutating func read(_ opcode: FrameOpcode, _ payload: ByteBuffer, at now: Duration) throws(WireError) -> (frames: [UInt8], heard: [CallerNews]) {
        switch opcode {
        case .binary: ([], [.packet(try Self.header(payload))])
        case .text: ([], [.event(try NumberedEvent(json: Array(payload.readableBytesView)).event)])
        case .continuation, .close, .ping, .pong: ([], [])
        }
    }

    private static func header(_ payload: ByteBuffer) throws(WireError) -> AudioPacketHeader {
        let start = payload.readerIndex
        guard payload.getInteger(at: start) == AudioPacketHeader.audioKind else {
            throw WireError(WireError.unknownKind, "a binary message that is no audio")
        }
        guard let flags: UInt8 = payload.getInteger(at: start + 1), let epoch: UInt16 = payload.getInteger(at: start + 2),
            let sequence: UInt32 = payload.getInteger(at: start + 4), let time: UInt32 = payload.getInteger(at: start + 8)
        else { throw WireError("wire.short_packet", "an audio message without a whole header") }
        return AudioPacketHeader(flags: .init(rawValue: flags), epoch: epoch, sequence: sequence, time: time)
    }
}
