import EngineConformance
import HTTPStreams
import HTTPTestServer
import RemoteEngines
import Synchronization

/// How one service writes its answers.
struct ServiceFormat<Piece: Sendable>: Sendable {
    var contentType: String
    /// Before the first piece.
    var opening = ""
    var piece: @Sendable (Piece) -> [UInt8]
    /// After the last.
    var closing = ""
    var babble: String
}

/// A service that follows an engine's script, and the engine that talks to it.
enum ScriptedService {
    static let refusal = """
        {"error":{"message":"Incorrect key SECRET-KEY for SECRET-PROMPT","type":"invalid_request_error","code":"invalid_api_key"}}
        """

    /// Servers stay up until the tests are over: an engine alone does not keep its service.
    private static let servers = Mutex<[TestServer]>([])

    static func stand<Engine: Sendable, Piece: Sendable>(
        _ script: EngineScript<Piece>, _ format: ServiceFormat<Piece>, _ make: (RemoteService, HTTPClient) -> Engine
    ) throws -> EngineStand<Engine> {
        let (asked, abandoned, stood) = (TestEvent(), TestEvent(), TestEvent())
        let sentBytes = Counter()
        let server = try TestServer { exchange in
            // A service that waits ends when the client is gone, whether it sees that as it writes or afterwards.
            defer { if case .waits = script { abandoned.set() } }
            asked.set()
            if case .refusesKey = script { return try exchange.answer(401, ["content-type": "application/json"], refusal) }
            if case .babbles = script { return try exchange.answer(200, ["content-type": format.contentType], format.babble) }
            try exchange.head(200, ["content-type": format.contentType])
            if !format.opening.isEmpty { try exchange.send(format.opening) }
            switch script {
            case .delivers(let pieces):
                for piece in pieces { try send(format.piece(piece), exchange) }
                if !format.closing.isEmpty { try exchange.send(format.closing) }
                try exchange.end()
            case .waits(let pieces):
                for piece in pieces { try send(format.piece(piece), exchange) }
                exchange.waitUntilGone()
            case .floods(let piece):
                let bytes = format.piece(piece)
                let framed = Array("\(String(bytes.count, radix: 16))\r\n".utf8) + bytes + [13, 10]
                sentBytes.set(try exchange.flood(framed, total: 64 << 20))
                stood.set()
                exchange.waitUntilGone()
            case .dies(let pieces):
                for piece in pieces { try send(format.piece(piece), exchange) }
            case .refusesKey, .babbles: break
            }
        }
        servers.withLock { $0.append(server) }
        let client = try HTTPClient.direct()
        let service = RemoteService(baseURL: server.url + "/v1", key: ServiceKey("SECRET-KEY"), retry: .none)
        return EngineStand(
            engine: make(service, client), asked: { await asked.happened() }, abandoned: { await abandoned.happened() },
            heldBack: {
                await stood.happened()
                return sentBytes.value
            })
    }

    private static func send(_ bytes: [UInt8], _ exchange: TestExchange) throws {
        if !bytes.isEmpty { try exchange.send(bytes) }
    }
}

final class Counter: Sendable {
    private let count: Mutex<Int>

    init(_ count: Int = 0) { self.count = Mutex(count) }

    var value: Int { count.withLock { $0 } }
    func set(_ value: Int) { count.withLock { $0 = value } }
    func add(_ value: Int) { count.withLock { $0 += value } }
}

extension HTTPClient {
    /// A client without a proxy.
    static func direct() throws -> HTTPClient {
        var configuration = Configuration()
        configuration.proxy = .direct
        return try HTTPClient(configuration)
    }
}
