internal import Logging
internal import NIOCore
internal import Sessions
internal import Wire

/// One client's WebSocket: frames in, frames out, and the rules that hold at every door: limits, keep-alive, close, back-pressure. What the
/// messages mean is the speaker's.
///
/// Confined to its event loop. Audio goes from what was read to the session in one synchronous call, without an allocation; of what was read only a
/// frame's beginning is kept.
final class SocketConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    enum Phase {
        /// No session yet.
        case waiting
        /// The host is opening; what came meanwhile is kept, in order.
        case opening([Early])
        case open(any CallSession)
        /// A close frame is sent or waits behind events; nothing is heard any more.
        case closing
    }

    enum Early {
        case event(ClientEvent)
        case audio(AudioPacketHeader, [UInt8])

        var isEnd: Bool { if case .event(.end) = self { true } else { false } }
    }

    let door: any SocketDoor
    let speaker: any SocketSpeaker
    let admission: Admission
    let settings: SocketDoorSettings
    var status: GatewayStatus { door.status }

    var phase = Phase.waiting
    var context: ChannelHandlerContext?
    /// Whether the session asked for the close; then it is not told of the loss.
    var isClosedBySession = false
    /// Whether the session is being opened although the connection closes already.
    var isOpening = false
    /// Whether the client hung up before the session was there: it then has no call to come back to.
    var hasHungUp = false

    // Inbound
    /// The beginning of a frame whose rest has not come.
    var partial: ByteBuffer?
    /// What comes cannot be told apart into frames any more.
    var isBroken = false
    var scratch: [UInt8]
    var joiner: MessageJoiner
    var packets: TokenBucket
    var bytes: TokenBucket
    var messages: TokenBucket
    var errors: TokenBucket
    /// When the client was last told that it is too fast.
    var lastLimitError: NIODeadline?

    // Outbound
    /// Events that wait for the network, oldest first from `queueHead` on.
    var queue: [[UInt8]] = []
    var queueHead = 0
    var queuedBytes = 0
    var pendingClose: (code: UInt16, reason: String)?
    var isFlushScheduled = false

    // Time
    var lastMessage = NIODeadline.now()
    var unansweredPings = 0
    var startTimer: Scheduled<Void>?
    var idleTimer: Scheduled<Void>?
    var pingTimer: Scheduled<Void>?
    var closeTimer: Scheduled<Void>?

    init(door: any SocketDoor, speaker: any SocketSpeaker, admission: Admission) {
        (self.door, self.speaker, self.admission) = (door, speaker, admission)
        settings = door.settings
        scratch = [UInt8](repeating: 0, count: min(settings.packetBytes, 1536))
        joiner = MessageJoiner(bytes: settings.messageBytes, fragments: settings.fragments)
        packets = TokenBucket(perSecond: Double(settings.packetsPerSecond), capacity: Double(settings.packetBurst))
        bytes = TokenBucket(perSecond: Double(settings.bytesPerSecond), capacity: Double(max(settings.byteBurst, settings.messageBytes)))
        messages = TokenBucket(perSecond: Double(settings.messagesPerSecond), capacity: Double(settings.messagesPerSecond * 4))
        errors = TokenBucket(perSecond: Double(settings.errorsPerMinute) / 60, capacity: Double(settings.errorBurst))
    }

    // MARK: channel

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        startTimers(on: context.eventLoop)
        speaker.begin(on: self)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        detach()
        self.context = nil
    }

    func channelInactive(context: ChannelHandlerContext) {
        detach()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = Self.unwrapInboundIn(data)
        guard var begun = partial else {
            hear(&bytes)
            // A copy, so that the loop may read into the same memory again.
            if bytes.readableBytes > 0 { partial = context.channel.allocator.buffer(bytes: bytes.readableBytesView) }
            return
        }
        partial = nil
        begun.writeBuffer(&bytes)
        hear(&begun)
        if begun.readableBytes > 0 {
            begun.discardReadBytes()
            partial = begun
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        flush()
        context.fireChannelReadComplete()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { drainQueue() }
        context.fireChannelWritabilityChanged()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case let order as CloseOrder: close(code: order.code, reason: order.reason, overtakes: true)
        case ChannelEvent.inputClosed: context.close(promise: nil)
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        door.logger.debug("connection failed", metadata: ["error": "\(type(of: error))"])
        context.close(promise: nil)
    }

    // MARK: end

    /// Takes the session off the connection, whoever ended it; done once.
    func detach() {
        leaveSession()
        startTimer?.cancel()
        idleTimer?.cancel()
        pingTimer?.cancel()
        closeTimer?.cancel()
        (queue, queueHead, queuedBytes, pendingClose) = ([], 0, 0, nil)
    }

    /// From here on nothing reaches the session; it learns of the loss, or of the end, unless it closed the connection itself.
    func leaveSession() {
        let before = phase
        if case .closing = before { return }
        phase = .closing
        if case .opening(let kept) = before, kept.contains(where: \.isEnd) { hasHungUp = true }
        speaker.end()
        guard case .open(let session) = before, !isClosedBySession else { return }
        if speaker.hangsUp(closing: CloseCode.lost) { session.receive(.end) } else { session.transportLost() }
    }
}

/// Asks a connection to close in order; fired as an inbound user event.
struct CloseOrder: Sendable {
    let code: UInt16
    let reason: String
}
