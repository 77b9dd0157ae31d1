internal import Crypto
internal import NIOCore
internal import NIOHTTP1
internal import Sessions
internal import Wire

/// Makes a connection a WebSocket at the door whose path it asks for. From then on the connection itself reads and writes frames.
struct CallUpgrader: NIOTypedHTTPServerProtocolUpgrader {
    /// What an upgrade request was told; lives on the connection's loop.
    enum Verdict {
        case none
        case admitted(Admission)
        case refused(CallRefusal, by: (any SocketDoor)?)
    }

    /// Ends an upgrade that was refused; what is said is in the verdict.
    private struct Refused: Error {}

    let supportedProtocol = "websocket"
    let requiredUpgradeHeaders: [String] = []
    let listener: Listener
    let verdict: NIOLoopBoundBox<Verdict>
    let registry: ConnectionRegistry

    func buildUpgradeResponse(channel: any Channel, upgradeRequest head: HTTPRequestHead, initialResponseHeaders: HTTPHeaders)
        -> EventLoopFuture<HTTPHeaders>
    {
        guard let door = listener.door(at: RequestTarget(head.uri).path), let key = head.headers.first(name: "sec-websocket-key") else {
            verdict.value = .refused(.notFound, by: nil)
            return channel.eventLoop.makeFailedFuture(Refused())
        }
        switch door.tenant(of: head) {
        case .failure(let refusal): return channel.eventLoop.makeFailedFuture(refuse(refusal, door))
        case .success(let tenant):
            return channel.eventLoop.makeFutureWithTask { await door.host.admit(tenant: tenant) }
                .flatMapThrowing { result in
                    switch result {
                    case .failure(let refusal): throw refuse(refusal, door)
                    case .success(let admission):
                        giveBack(admission, of: door, when: channel)
                        verdict.value = .admitted(admission)
                        // `Upgrade` and `Connection` stand in them already, and browsers take each only once.
                        var headers = initialResponseHeaders
                        headers.add(name: "Sec-WebSocket-Accept", value: Self.acceptance(of: key))
                        if let name = door.subprotocol(of: head) { headers.add(name: "Sec-WebSocket-Protocol", value: name) }
                        return headers
                    }
                }
        }
    }

    func upgrade(channel: any Channel, upgradeRequest head: HTTPRequestHead) -> EventLoopFuture<Void> {
        channel.eventLoop.makeCompletedFuture {
            guard let door = listener.door(at: RequestTarget(head.uri).path), case .admitted(let admission) = verdict.value else {
                throw ChannelError.inappropriateOperationForState
            }
            door.status.add(.calls)
            let backlog = door.settings.audioBacklog
            try channel.syncOptions?.setOption(.writeBufferWaterMark, value: .init(low: backlog / 2, high: backlog))
            let connection = SocketConnection(door: door, speaker: door.makeSpeaker(for: head), admission: admission)
            try channel.pipeline.syncOperations.addHandler(connection)
        }
    }

    /// Shows the client that its key was read (RFC 6455, section 4.2.2).
    static func acceptance(of key: String) -> String {
        var hash = Insecure.SHA1()
        for part in [key, "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"] { hash.update(data: Array(part.utf8)) }
        return Base64.text(Array(hash.finalize()))
    }

    private func refuse(_ refusal: CallRefusal, _ door: any SocketDoor) -> Refused {
        door.status.add(.refusals)
        verdict.value = .refused(refusal, by: door)
        return Refused()
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
