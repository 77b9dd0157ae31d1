internal import NIOCore
internal import NIOHTTP1
internal import Sessions
internal import Wire

/// Reads one request of a connection within the bounds, has it answered and closes.
final class HTTPDoorHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private enum State {
        case idle
        case body(any HTTPRoute, HTTPRequestHead, [UInt8])
        /// An answer is under way; the rest of what the client sends is read and dropped.
        case answering
    }

    private let door: HTTPDoor
    /// Where WebSockets are taken and plain requests are not.
    private let callPaths: Set<String>
    /// Said at once, whatever is asked, and how it reads.
    private let refusal: (CallRefusal, body: JSONValue)?
    private var state = State.idle
    private var timer: Scheduled<Void>?
    private var answer: Task<Void, Never>?

    init(_ door: HTTPDoor, callPaths: Set<String>, refusal: (CallRefusal, body: JSONValue)?) {
        (self.door, self.callPaths, self.refusal) = (door, callPaths, refusal)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        guard let refusal else { return }
        limit(door.settings.request, context)
        refuse(refusal.0, body: refusal.body, context)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch Self.unwrapInboundIn(data) {
        case .head(let head): begin(head, context)
        case .body(let piece): take(piece, context)
        case .end: end(context)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        answer?.cancel()
        timer?.cancel()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private func begin(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        guard case .idle = state else { return }
        limit(door.settings.request, context)
        if callPaths.contains(RequestTarget(head.uri).path) {
            return refuse(
                CallRefusal(status: 426, code: "gateway.upgrade_required", message: "upgrade to a version 13 WebSocket"), context)
        }
        switch door.match(head) {
        case .refusal(let refusal, let headers): refuse(refusal, headers: headers, context)
        case .route(let route):
            let length = head.headers.first(name: "content-length").flatMap { Int($0) } ?? 0
            guard length <= route.bodyLimit else { return refuse(Self.tooLarge, context) }
            state = .body(route, head, [])
            if head.headers[canonicalForm: "expect"].contains(where: { $0.lowercased() == "100-continue" }) {
                context.writeAndFlush(Self.wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: .continue))), promise: nil)
            }
        }
    }

    private func take(_ piece: ByteBuffer, _ context: ChannelHandlerContext) {
        guard case .body(let route, let head, var body) = state else { return }
        state = .idle
        guard body.count + piece.readableBytes <= route.bodyLimit else { return refuse(Self.tooLarge, context) }
        body.append(contentsOf: piece.readableBytesView)
        state = .body(route, head, body)
    }

    private func end(_ context: ChannelHandlerContext) {
        guard case .body(let route, let head, let body) = state else { return }
        state = .answering
        limit(door.settings.response, context)
        let writer = HTTPDoorWriter(context.channel)
        answer = Task { [door] in await door.serve(route, head, body: body, writer: writer) }
    }

    private func refuse(_ refusal: CallRefusal, headers: HTTPHeaders = [:], body: JSONValue? = nil, _ context: ChannelHandlerContext) {
        state = .answering
        let writer = HTTPDoorWriter(context.channel)
        answer = Task { await HTTPDoor.refuse(refusal, headers: headers, body: body, writer: writer) }
    }

    private func limit(_ time: Duration, _ context: ChannelHandlerContext) {
        timer?.cancel()
        timer = context.eventLoop.scheduleTask(in: TimeAmount(time)) { [channel = context.channel] in channel.close(promise: nil) }
    }

    private static let tooLarge = CallRefusal(status: 413, code: "gateway.body_too_large", message: "the body is too large")
}
