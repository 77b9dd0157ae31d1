import Gateway
import Logging
import NIOCore
import NIOPosix
import Sessions
import Wire

/// A server on an ephemeral port of this machine, and ways to talk to it.
struct Bench {
    let server: GatewayServer
    let status: GatewayStatus
    let port: Int

    static var group: any EventLoopGroup { MultiThreadedEventLoopGroup.singleton }

    static func with(
        _ host: ScriptedHost = ScriptedHost(), settings: SocketDoorSettings = SocketDoorSettings(),
        http: HTTPDoorSettings = HTTPDoorSettings(), routes: [any HTTPRoute] = [HealthRoute()], signature: TwilioSignature? = nil,
        body: (Bench) async throws -> Void
    ) async throws {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let status = GatewayStatus()
        let native = NativeDoor(settings: settings, host: host, status: status, logger: logger)
        let phone = PhoneDoor(settings: settings, signature: signature, host: host, status: status, logger: logger)
        let ready = ReadyRoute(status: status) { routes.isEmpty ? ["recognizer"] : [] }
        let door = HTTPDoor(settings: http, routes: routes + [ready], status: status, logger: logger)
        let listener = Listener(name: "voice", host: "127.0.0.1", port: 0, native: native, phone: phone, http: door)
        let admin = Listener(name: "admin", host: "127.0.0.1", port: 0, http: door)
        let server = GatewayServer(listeners: [listener, admin], group: group, status: status, logger: logger)
        try await server.start()
        do {
            try await body(Bench(server: server, status: status, port: server.port(of: "voice") ?? 0))
        } catch {
            await server.drain(within: .zero)
            throw error
        }
        await server.drain(within: .zero)
    }

    func connect(key: String? = nil, query: String = "", headers: [(String, String)] = []) async throws -> NativeClient {
        try await NativeClient.connect(to: "ws://127.0.0.1:\(port)/v1/call\(query)", key: key, headers: headers, group: Self.group)
    }

    /// Connects, says `session.start` and waits for the answer.
    func call(_ start: SessionStart = SessionStart()) async throws -> (NativeClient, AsyncStream<NativeClient.Received>.Iterator) {
        let client = try await connect()
        var received = client.received.makeAsyncIterator()
        try await client.send(.start(start))
        _ = await received.next()
        return (client, received)
    }

    /// Sends bytes and reads until the server closes.
    func exchange(_ bytes: [UInt8], port: Int? = nil) async throws -> [UInt8] {
        let channel = try await ClientBootstrap(group: Self.group).connect(host: "127.0.0.1", port: port ?? self.port) { channel in
            channel.eventLoop.makeCompletedFuture { try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel) }
        }
        return try await channel.executeThenClose { inbound, outbound in
            try await outbound.write(ByteBuffer(bytes: bytes))
            var answer: [UInt8] = []
            do { for try await piece in inbound { answer.append(contentsOf: piece.readableBytesView) } } catch is IOError {}
            return answer
        }
    }

    func http(_ request: String, port: Int? = nil) async throws -> String {
        String(decoding: try await exchange(Array(request.utf8), port: port), as: UTF8.self)
    }

    static let upgrade = """
        GET /v1/call HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: parley.v1\r\n\r\n
        """

    /// Upgrades, sends frames and reads until the server closes; what came after the upgrade's answer.
    func frames(_ frames: [UInt8]) async throws -> [UInt8] {
        let answer = try await exchange(Array(Self.upgrade.utf8) + frames)
        let end = Array("\r\n\r\n".utf8)
        for place in answer.indices where answer[place...].starts(with: end) { return Array(answer[(place + 4)...]) }
        return []
    }

    /// A client frame; the mask is zero where it does not matter.
    static func frame(_ first: UInt8, _ payload: [UInt8], mask: [UInt8]? = [1, 2, 3, 4]) -> [UInt8] {
        var frame = [first]
        let bit: UInt8 = mask == nil ? 0 : 128
        if payload.count < 126 {
            frame.append(bit | UInt8(payload.count))
        } else {
            frame += [bit | 126, UInt8(payload.count >> 8), UInt8(payload.count & 255)]
        }
        guard let mask else { return frame + payload }
        return frame + mask + payload.enumerated().map { $1 ^ mask[$0 % 4] }
    }

    /// The frames of a server's answer; a broken one at the end is left out.
    static func frames(in answer: [UInt8]) -> [(opcode: UInt8, payload: [UInt8])] {
        var frames: [(opcode: UInt8, payload: [UInt8])] = []
        var place = 0
        while place + 2 <= answer.count {
            let opcode = answer[place] & 15
            var length = Int(answer[place + 1])
            place += 2
            if length == 126, place + 2 <= answer.count {
                length = Int(answer[place]) << 8 | Int(answer[place + 1])
                place += 2
            }
            guard place + length <= answer.count else { break }
            frames.append((opcode, Array(answer[place..<place + length])))
            place += length
        }
        return frames
    }

    /// The code of the close frame of an answer; nil if there is no close frame, 0 if it has no code.
    static func closeCode(_ answer: [UInt8]) -> UInt16? {
        guard let payload = frames(in: answer).first(where: { $0.opcode == 8 })?.payload else { return nil }
        return payload.count < 2 ? 0 : UInt16(payload[0]) << 8 | UInt16(payload[1])
    }
}
