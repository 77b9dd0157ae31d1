internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOWebSocket
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

/// Upgrades one connection at the door whose path it asks for.
private struct CallUpgrader: NIOTypedHTTPServerProtocolUpgrader {
    /// What an upgrade request was told; lives on the connection's loop.
    enum Verdict {
        case none
        case admitted(Admission)
        case refused(CallRefusal, by: (any SocketDoor)?)
    }

    let supportedProtocol = "websocket"
    let requiredUpgradeHeaders: [String] = []
    let listener: Listener
    let verdict: NIOLoopBoundBox<Verdict>
    let registry: ConnectionRegistry

    func buildUpgradeResponse(channel: any Channel, upgradeRequest: HTTPRequestHead, initialResponseHeaders: HTTPHeaders)
        -> EventLoopFuture<HTTPHeaders>
    {
        guard let upgrader = upgrader(for: upgradeRequest) else {
            verdict.value = .refused(CallRefusal(status: 404, code: "gateway.not_found", message: "nothing is here"), by: nil)
            return channel.eventLoop.makeFailedFuture(ChannelError.inappropriateOperationForState)
        }
        return upgrader.buildUpgradeResponse(
            channel: channel, upgradeRequest: upgradeRequest, initialResponseHeaders: initialResponseHeaders)
    }

    func upgrade(channel: any Channel, upgradeRequest: HTTPRequestHead) -> EventLoopFuture<Void> {
        guard let upgrader = upgrader(for: upgradeRequest) else {
            return channel.eventLoop.makeFailedFuture(ChannelError.inappropriateOperationForState)
        }
        return upgrader.upgrade(channel: channel, upgradeRequest: upgradeRequest)
    }

    private func upgrader(for head: HTTPRequestHead) -> NIOTypedWebSocketServerUpgrader<Void>? {
        listener.door(at: RequestTarget(head.uri).path).map { upgrader(to: $0) }
    }

    private func upgrader(to door: any SocketDoor) -> NIOTypedWebSocketServerUpgrader<Void> {
        NIOTypedWebSocketServerUpgrader(
            maxFrameSize: door.settings.messageBytes,
            enableAutomaticErrorHandling: false,
            shouldUpgrade: { channel, head in
                switch door.tenant(of: head) {
                case .failure(let refusal):
                    return channel.eventLoop.makeCompletedFuture { refuse(refusal, door) }
                case .success(let tenant):
                    return channel.eventLoop.makeFutureWithTask { await door.host.admit(tenant: tenant) }
                        .map { result -> HTTPHeaders? in
                            switch result {
                            case .failure(let refusal): return refuse(refusal, door)
                            case .success(let admission):
                                giveBack(admission, of: door, when: channel)
                                verdict.value = .admitted(admission)
                                return door.subprotocol(of: head).map { ["Sec-WebSocket-Protocol": $0] } ?? [:]
                            }
                        }
                }
            },
            upgradePipelineHandler: { channel, head in
                channel.eventLoop.makeCompletedFuture {
                    guard case .admitted(let admission) = verdict.value else { throw ChannelError.inappropriateOperationForState }
                    door.status.add(.calls)
                    let backlog = door.settings.audioBacklog
                    try channel.syncOptions?.setOption(.writeBufferWaterMark, value: .init(low: backlog / 2, high: backlog))
                    let connection = SocketConnection(door: door, speaker: door.makeSpeaker(for: head), admission: admission)
                    try channel.pipeline.syncOperations.addHandler(connection)
                }
            })
    }

    private func refuse(_ refusal: CallRefusal, _ door: any SocketDoor) -> HTTPHeaders? {
        door.status.add(.refusals)
        verdict.value = .refused(refusal, by: door)
        return nil
    }

    /// The place ends with the connection, however that ends, and the server counts as busy until the host has it back.
    private func giveBack(_ admission: Admission, of door: any SocketDoor, when channel: any Channel) {
        registry.hold()
        channel.closeFuture.whenComplete { _ in
            Task {
                await door.host.leave(admission)
                registry.release()
            }
        }
    }
}
