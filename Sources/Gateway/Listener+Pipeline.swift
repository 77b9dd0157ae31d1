internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import Sessions
internal import Wire

extension Listener {
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
        if let buffer = doors.map(\.settings.sendBuffer).max() {
            bootstrap = bootstrap.childChannelOption(.socketOption(.so_sndbuf), value: .init(buffer))
        }
        return bootstrap
    }

    private func configure(_ channel: any Channel, registry: ConnectionRegistry, isFull: Bool) throws {
        let verdict = NIOLoopBoundBox(isFull ? CallUpgrader.Verdict.refused(Self.busy, by: nil) : .none, eventLoop: channel.eventLoop)
        let isOpen = !isFull && !doors.isEmpty
        let upgrader = CallUpgrader(listener: self, verdict: verdict, registry: registry)
        let encoder = HTTPResponseEncoder()
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderListSize = 16 * 1024
        let others: [any ChannelHandler & RemovableChannelHandler] = [
            ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .forwardBytes, limitConfiguration: limits)),
            NIOHTTPResponseHeadersValidator(), HTTPServerProtocolErrorHandler(), UpgradeFilter(paths: isOpen ? callPaths : []),
        ]
        let upgradeHandler = NIOTypedHTTPServerUpgradeHandler(
            httpEncoder: encoder, extraHTTPHandlers: others,
            upgradeConfiguration: .init(upgraders: isOpen ? [upgrader] : []) { [http, callPaths] channel in
                channel.eventLoop.makeCompletedFuture {
                    var said: (CallRefusal, body: JSONValue)?
                    if case .refused(let refusal, let door) = verdict.value {
                        said = (refusal, door?.body(of: refusal) ?? HTTPDoor.body(of: refusal))
                    }
                    // The head of a refused upgrade does not come again; that of a plain request does.
                    try channel.pipeline.syncOperations.addHandler(HTTPDoorHandler(http, callPaths: callPaths, refusal: said))
                }
            })
        let operations = channel.pipeline.syncOperations
        try operations.addHandler(encoder)
        for handler in others { try operations.addHandler(handler) }
        try operations.addHandler(upgradeHandler)
        let outcome = upgradeHandler.upgradeResultFuture
        let limit = doors.map(\.settings.handshake).max() ?? http.settings.request
        // Nothing else times a silent client, nor one that never ends its request.
        let guillotine = channel.eventLoop.scheduleTask(in: TimeAmount(limit)) { channel.close(promise: nil) }
        outcome.whenComplete { result in
            guillotine.cancel()
            if case .failure = result { channel.close(promise: nil) }
        }
    }
}
