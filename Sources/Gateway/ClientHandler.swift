internal import NIOCore
internal import NIOHTTP1
internal import NIOWebSocket
internal import Wire

/// The client's side of a connection: frames become messages and what is made of them, pings are answered, close frames returned.
final class ClientHandler<Received: Sendable>: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame
    typealias OutboundOut = WebSocketFrame

    private let sink: AsyncStream<Received>.Continuation
    private let read: @Sendable (ClientMessage) -> Received?
    private var joiner = MessageJoiner(bytes: 1 << 20, fragments: 64)
    private var closed: (code: UInt16?, reason: String) = (nil, "")

    init(_ sink: AsyncStream<Received>.Continuation, read: @escaping @Sendable (ClientMessage) -> Received?) { (self.sink, self.read) = (sink, read) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = Self.unwrapInboundIn(data)
        switch frame.opcode {
        case .text: join(frame, begins: true, context)
        case .binary: join(frame, begins: false, context)
        case .continuation: join(frame, begins: nil, context)
        case .ping: write(.pong, frame.data, context)
        case .connectionClose:
            var body = frame.data
            closed = (body.readInteger(as: UInt16.self), body.readString(length: body.readableBytes) ?? "")
            var code = frame.data
            write(.connectionClose, code.readSlice(length: min(2, code.readableBytes)) ?? ByteBuffer(), context)
            context.close(promise: nil)
        default: break
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        if let last = read(.closed(code: closed.code, reason: closed.reason)) { sink.yield(last) }
        sink.finish()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private func join(_ frame: WebSocketFrame, begins: Bool?, _ context: ChannelHandlerContext) {
        switch joiner.take(Array(frame.data.readableBytesView), begins: begins, isLast: frame.fin) {
        case .more: break
        case .whole(let isText, let bytes): yield(isText ? .text(bytes) : .binary(bytes), context)
        case .refused: context.close(promise: nil)
        }
    }

    private func yield(_ message: ClientMessage, _ context: ChannelHandlerContext) {
        guard let received = read(message), case .dropped = sink.yield(received) else { return }
        sink.finish()
        context.close(promise: nil)
    }

    private func write(_ opcode: WebSocketOpcode, _ data: ByteBuffer, _ context: ChannelHandlerContext) {
        let frame = WebSocketFrame(fin: true, opcode: opcode, maskKey: .random(), data: data)
        context.writeAndFlush(Self.wrapOutboundOut(frame), promise: nil)
    }
}

/// Reads the HTTP answer of a server that does not upgrade, and fails the promise with what it says.
final class RefusalReader: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart

    private let promise: EventLoopPromise<any Channel>
    private var status = 0
    private var body: [UInt8] = []

    init(_ promise: EventLoopPromise<any Channel>) { self.promise = promise }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch Self.unwrapInboundIn(data) {
        case .head(let head): status = Int(head.status.code)
        case .body(let piece):
            if body.count < 16 * 1024 { body.append(contentsOf: piece.readableBytesView) }
        case .end:
            let error = (try? JSONValue(parsing: body))?["error"]
            promise.fail(
                NativeClient.Failure(
                    code: error?["code"]?.string ?? "client.bad_answer", message: error?["message"]?.string ?? "HTTP \(status)", status: status))
            context.close(promise: nil)
        }
    }
}
