internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix

/// A stand-in for a language model's service: chat completions as server-sent events, a token at a time, on the load's own event loop.
enum StubModel {
    /// Begins to listen on 127.0.0.1.
    ///
    /// - Throws: ``LoadError`` `load.port_taken`.
    static func listen(on port: Int, floor: NIOLoopBound<LoadFloor>, loop: any EventLoop) async throws -> any Channel {
        do {
            return try await ServerBootstrap(group: loop)
                .serverChannelOption(.backlog, value: 1024)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
                .childChannelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.configureHTTPServerPipeline(withErrorHandling: true)
                        try channel.pipeline.syncOperations.addHandler(StubModelHandler(floor.value))
                    }
                }
                .bind(host: "127.0.0.1", port: port).get()
        } catch { throw LoadError(code: "load.port_taken", detail: "the stub for the language model cannot listen on 127.0.0.1:\(port)") }
    }
}

/// One connection to the stub.
private final class StubModelHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let floor: LoadFloor
    private let timing = StubAnswer.Timing()
    private var head: HTTPRequestHead?
    private var pending: Scheduled<Void>?
    /// The beginning of the request, where the instructions stand.
    private var body = ByteBuffer()
    private static let bodyKept = 4_096

    init(_ floor: LoadFloor) { self.floor = floor }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch Self.unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            body.clear()
        case .body(var piece):
            if let kept = piece.readSlice(length: min(piece.readableBytes, Self.bodyKept - body.readableBytes)) { body.writeImmutableBuffer(kept) }
        case .end: answer(context)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        pending?.cancel()
        pending = nil
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private func answer(_ context: ChannelHandlerContext) {
        guard let head, head.method == .POST, head.uri.hasSuffix("/chat/completions") else {
            let headers: HTTPHeaders = ["content-length": "0"]
            context.write(Self.wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: .notFound, headers: headers))), promise: nil)
            return context.writeAndFlush(Self.wrapOutboundOut(.end(nil)), promise: nil)
        }
        let name = head.headers.first(name: "x-parley-session") ?? ""
        let session = floor.isPresent(name) ? name : CallerName.find(in: body.readableBytesView) ?? ""
        let answer = floor.requested(session: session)
        let fault = floor.nextFault()
        guard fault != .refuses else {
            let headers: HTTPHeaders = ["content-length": "0"]
            context.write(
                Self.wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: .internalServerError, headers: headers))), promise: nil)
            return context.writeAndFlush(Self.wrapOutboundOut(.end(nil)), promise: nil)
        }
        let headers: HTTPHeaders = ["content-type": "text/event-stream"]
        context.writeAndFlush(Self.wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: .ok, headers: headers))), promise: nil)
        send(answer, 0, session, after: timing.firstToken, fault, context)
    }

    private func send(
        _ answer: StubAnswer, _ index: Int, _ session: String, after wait: Duration, _ fault: StubFaults.Fault?, _ context: ChannelHandlerContext
    ) {
        pending = context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(wait)) { [weak self] in
            guard let self else { return }
            if let fault, index == answer.tokens.count / 2 {
                if fault == .breaksOff { context.close(promise: nil) }
                return
            }
            if index == answer.tokens.count {
                self.write(StubAnswer.end, context)
                return context.writeAndFlush(Self.wrapOutboundOut(.end(nil)), promise: nil)
            }
            self.write(StubAnswer.event(answer.tokens[index]), context)
            if index + 1 == answer.firstSentence { self.floor.sentSentence(session: session) }
            self.send(answer, index + 1, session, after: self.timing.token, fault, context)
        }
    }

    private func write(_ text: String, _ context: ChannelHandlerContext) {
        context.writeAndFlush(Self.wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: text)))), promise: nil)
    }
}
