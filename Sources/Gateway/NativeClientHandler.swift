internal import NIOCore
internal import NIOHTTP1
internal import NIOWebSocket
internal import Wire

/// The client's side of a connection: frames to ``NativeClient/Received``, pings answered, close frames returned.
final class NativeClientHandler: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame
    typealias OutboundOut = WebSocketFrame

    private let sink: AsyncStream<NativeClient.Received>.Continuation
    private var joiner = MessageJoiner(bytes: 1 << 20, fragments: 64)
    private var closed: (code: UInt16?, reason: String) = (nil, "")

    init(_ sink: AsyncStream<NativeClient.Received>.Continuation) { self.sink = sink }

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
        sink.yield(.closed(code: closed.code, reason: closed.reason))
        sink.finish()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private func join(_ frame: WebSocketFrame, begins: Bool?, _ context: ChannelHandlerContext) {
        switch joiner.take(Array(frame.data.readableBytesView), begins: begins, isLast: frame.fin) {
        case .more: break
        case .whole(let isText, let bytes): yield(isText ? Self.event(bytes) : Self.audio(bytes), context)
        case .refused: context.close(promise: nil)
        }
    }

    private static func event(_ bytes: [UInt8]) -> NativeClient.Received {
        do {
            return .event(try NumberedEvent(json: bytes))
        } catch {
            return .unknown(error)
        }
    }

    private static func audio(_ bytes: [UInt8]) -> NativeClient.Received {
        do {
            return .audio(try AudioPacketHeader(parsing: bytes.span), Array(bytes[AudioPacketHeader.byteCount...]))
        } catch {
            return .unknown(error)
        }
    }

    private func yield(_ received: NativeClient.Received, _ context: ChannelHandlerContext) {
        if case .dropped = sink.yield(received) {
            sink.finish()
            context.close(promise: nil)
        }
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
