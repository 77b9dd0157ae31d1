internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOWebSocket
internal import Sessions

extension Listener {
    /// What an upgrade request was told; lives on the connection's loop.
    private enum Verdict {
        case none
        case admitted(Admission)
        case refused(CallRefusal)
    }

    private static let busy = CallRefusal(status: 503, code: "gateway.busy", message: "too many connections", retryAfter: 5)

    func bootstrap(on group: any EventLoopGroup, registry: ConnectionRegistry) -> ServerBootstrap {
        var bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    registry.add(channel)
                    try self.configure(channel, registry: registry, isFull: registry.count > self.connections)
                }
            }
        if let settings = native?.settings {
            bootstrap =
                bootstrap
                .childChannelOption(.writeBufferWaterMark, value: .init(low: settings.audioBacklog / 2, high: settings.audioBacklog))
                .childChannelOption(.socketOption(.so_sndbuf), value: .init(settings.sendBuffer))
        }
        return bootstrap
    }

    private func configure(_ channel: any Channel, registry: ConnectionRegistry, isFull: Bool) throws {
        let verdict = NIOLoopBoundBox(isFull ? Verdict.refused(Self.busy) : .none, eventLoop: channel.eventLoop)
        var upgraders: [any NIOTypedHTTPServerProtocolUpgrader<Void>] = []
        if let native, !isFull { upgraders.append(upgrader(native, verdict, registry)) }
        let encoder = HTTPResponseEncoder()
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderListSize = 16 * 1024
        let others: [any ChannelHandler & RemovableChannelHandler] = [
            ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .forwardBytes, limitConfiguration: limits)),
            NIOHTTPResponseHeadersValidator(), HTTPServerProtocolErrorHandler(), UpgradeFilter(path: isFull ? nil : native?.settings.path),
        ]
        let upgradeHandler = NIOTypedHTTPServerUpgradeHandler(
            httpEncoder: encoder, extraHTTPHandlers: others,
            upgradeConfiguration: .init(upgraders: upgraders) { [http, native] channel in
                channel.eventLoop.makeCompletedFuture {
                    var refusal: CallRefusal?
                    if case .refused(let said) = verdict.value { refusal = said }
                    // The head of a refused upgrade does not come again; that of a plain request does.
                    let handler = HTTPDoorHandler(http, callPath: native?.settings.path, refusal: refusal)
                    try channel.pipeline.syncOperations.addHandler(handler)
                }
            })
        let operations = channel.pipeline.syncOperations
        try operations.addHandler(encoder)
        for handler in others { try operations.addHandler(handler) }
        try operations.addHandler(upgradeHandler)
        let outcome = upgradeHandler.upgradeResultFuture
        let limit = native?.settings.handshake ?? http.settings.request
        // Nothing else times a silent client, nor one that never ends its request.
        let guillotine = channel.eventLoop.scheduleTask(in: TimeAmount(limit)) { channel.close(promise: nil) }
        outcome.whenComplete { result in
            guillotine.cancel()
            if case .failure = result { channel.close(promise: nil) }
        }
    }

    private func upgrader(_ native: NativeDoor, _ verdict: NIOLoopBoundBox<Verdict>, _ registry: ConnectionRegistry)
        -> NIOTypedWebSocketServerUpgrader<Void>
    {
        NIOTypedWebSocketServerUpgrader(
            maxFrameSize: native.settings.messageBytes,
            enableAutomaticErrorHandling: false,
            shouldUpgrade: { channel, head in
                switch native.tenant(of: head) {
                case .failure(let refusal):
                    return channel.eventLoop.makeCompletedFuture { Self.refuse(refusal, native, verdict) }
                case .success(let tenant):
                    return channel.eventLoop.makeFutureWithTask { await native.host.admit(tenant: tenant) }
                        .map { result -> HTTPHeaders? in
                            switch result {
                            case .failure(let refusal): return Self.refuse(refusal, native, verdict)
                            case .success(let admission):
                                Self.giveBack(admission, of: native, when: channel, registry)
                                verdict.value = .admitted(admission)
                                return ["Sec-WebSocket-Protocol": NativeDoor.subprotocol]
                            }
                        }
                }
            },
            upgradePipelineHandler: { channel, _ in
                channel.eventLoop.makeCompletedFuture {
                    guard case .admitted(let admission) = verdict.value else { throw ChannelError.inappropriateOperationForState }
                    native.status.add(.calls)
                    try channel.pipeline.syncOperations.addHandler(NativeConnection(door: native, admission: admission))
                }
            })
    }

    private static func refuse(_ refusal: CallRefusal, _ native: NativeDoor, _ verdict: NIOLoopBoundBox<Verdict>) -> HTTPHeaders? {
        native.status.add(.refusals)
        verdict.value = .refused(refusal)
        return nil
    }

    /// The place ends with the connection, however that ends, and the server counts as busy until the host has it back.
    private static func giveBack(_ admission: Admission, of native: NativeDoor, when channel: any Channel, _ registry: ConnectionRegistry) {
        registry.hold()
        channel.closeFuture.whenComplete { _ in
            Task {
                await native.host.leave(admission)
                registry.release()
            }
        }
    }
}
