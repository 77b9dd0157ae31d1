import Logging
import NIOCore
import NIOPosix
import Sessions
import Testing
import Wire

@testable import Gateway

/// The door over real sockets, with a host that is played.
@Suite(.timeLimit(.minutes(1))) struct RealtimeDoorTests {
    private struct Place {
        let server: GatewayServer
        let port: Int
        let host: ScriptedHost
        let status: GatewayStatus

        func exchange(_ bytes: [UInt8]) async throws -> [UInt8] {
            try await Bench(server: server, status: status, port: port).exchange(bytes)
        }

        func http(_ text: String) async throws -> String { String(decoding: try await exchange(Array(text.utf8)), as: UTF8.self) }

        func post(_ path: String, _ body: String, key: String? = "secret") async throws -> (status: String, json: JSONValue) {
            let authorization = key.map { "Authorization: Bearer \($0)\r\n" } ?? ""
            let answer = try await http("POST \(path) HTTP/1.1\r\nHost: x\r\n\(authorization)Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
            let parts = answer.split(separator: "\r\n\r\n", maxSplits: 1)
            let status = String(answer.prefix { $0 != "\r" }.dropFirst(9).prefix(3))
            return (status, (try? JSONValue(parsing: Array((parts.last ?? "").utf8), depth: 64)) ?? .null)
        }

        struct Talk {
            var head = ""
            var events: [JSONValue] = []
            var close: UInt16?
            var types: [String] { events.compactMap { $0["type"]?.string } }
        }

        /// Upgrades, sends text messages, hangs up once the last is answered, and reads until the server closes.
        func talk(_ texts: [String], path: String = "/v1/realtime?model=m", headers: String = "Authorization: Bearer secret\r\n") async throws -> Talk
        {
            try await read(texts.flatMap { Bench.frame(0x81, Array($0.utf8)) }, path: path, headers: headers)
        }

        private static let last = #"{"type":"last","event_id":"LAST"}"#

        func read(_ frames: [UInt8], path: String = "/v1/realtime?model=m", headers: String = "Authorization: Bearer secret\r\n") async throws -> Talk
        {
            let request =
                "GET \(path) HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\(headers)\r\n"
            let channel = try await ClientBootstrap(group: Bench.group).connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture { try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel) }
            }
            return try await channel.executeThenClose { inbound, outbound in
                try await outbound.write(ByteBuffer(bytes: Array(request.utf8) + frames + Bench.frame(0x81, Array(Self.last.utf8))))
                var (answer, talk, hasAnswer, hasClosed): ([UInt8], Talk, Bool, Bool) = ([], Talk(), false, false)
                do {
                    for try await piece in inbound {
                        answer.append(contentsOf: piece.readableBytesView)
                        talk = Self.understand(answer)
                        hasAnswer = hasAnswer || talk.events.last?["error"]?["event_id"] == "LAST"
                        guard !hasClosed, hasAnswer || talk.close != nil else { continue }
                        hasClosed = true
                        try await outbound.write(ByteBuffer(bytes: Bench.frame(0x88, [3, 232])))
                    }
                } catch is IOError {}
                if hasAnswer { talk.events.removeLast() }
                return talk
            }
        }

        private static func understand(_ answer: [UInt8]) -> Talk {
            let end = Array("\r\n\r\n".utf8)
            guard let place = answer.indices.first(where: { answer[$0...].starts(with: end) }) else { return Talk() }
            let rest = Array(answer[(place + 4)...])
            let events = Bench.frames(in: rest).filter { $0.opcode == 1 }.compactMap { try? JSONValue(parsing: $0.payload, depth: 64) }
            return Talk(head: String(decoding: answer[..<place], as: UTF8.self), events: events, close: Bench.closeCode(rest))
        }
    }

    private func with(keys: KeyRing = KeyRing(["secret": "acme"]), _ body: (Place) async throws -> Void) async throws {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let (host, status, secrets) = (ScriptedHost(), GatewayStatus(), EphemeralKeys(limit: 3))
        var settings = RealtimeDoor.settings
        settings.keys = keys
        let door = RealtimeDoor(settings: settings, host: host, keys: secrets, status: status, logger: logger, clock: { 1_000 }) { $0 == "desk" }
        let http = HTTPDoor(routes: RealtimeRoutes(keys: secrets, ring: keys, clock: { 1_000 }).all, status: status, logger: logger)
        let listener = Listener(name: "voice", host: "127.0.0.1", port: 0, realtime: door, http: http)
        let server = GatewayServer(listeners: [listener], group: Bench.group, status: status, logger: logger)
        try await server.start()
        do {
            try await body(Place(server: server, port: server.port(of: "voice") ?? 0, host: host, status: status))
        } catch {
            await server.drain(within: .zero)
            throw error
        }
        await server.drain(within: .zero)
    }

    @Test(arguments: ["/v1/realtime?model=m", "/realtime", "/v1/realtime"]) func everyEventHasAnIDAndTheFirstIsTheSession(path: String) async throws {
        try await with { place in
            let item =
                #"{"type":"conversation.item.create","item":{"id":"a","type":"message","role":"user","content":[{"type":"input_text","text":"x"}]}}"#
            let seen = try await place.talk([item, #"{"type":"no.such"}"#, "no json"], path: path)
            #expect(seen.head.hasPrefix("HTTP/1.1 101"))
            #expect(!seen.head.lowercased().contains("sec-websocket-protocol"), "who offers nothing gets none")
            #expect(
                seen.types == [
                    "session.created", "conversation.created", "conversation.item.added", "conversation.item.done", "error", "error",
                ])
            let ids = seen.events.compactMap { $0["event_id"]?.string }
            #expect(ids.count == seen.events.count && Set(ids).count == ids.count)
            #expect(seen.close == 1000)
            #expect(await place.host.next { $0 == .event(.end) } != nil, "whoever closes hangs up")
        }
    }

    @Test func theCallIsADirectedOneInRawAudio() async throws {
        try await with { place in
            _ = try await place.talk([], path: "/v1/realtime?model=desk")
            guard case .opened(let start)? = await place.host.next(where: { if case .opened = $0 { true } else { false } }) else {
                Issue.record("not opened")
                return
            }
            #expect(start.isDirected && start.agent == "desk" && start.input.codec == .pcm16 && start.input.sampleRate == 24_000)
        }
    }

    @Test(arguments: [
        ("Authorization: Bearer secret\r\n", true), ("api-key: secret\r\n", true),
        ("Sec-WebSocket-Protocol: realtime, openai-insecure-api-key.secret, openai-agents-sdk.1\r\n", true),
        ("Authorization: Bearer wrong\r\n", false),
        ("", false), ("Authorization: Bearer ek_unknown\r\n", false),
    ]) func keysComeInEveryShape(headers: String, isLetIn: Bool) async throws {
        try await with { place in
            let seen = try await place.talk([], headers: headers)
            #expect(seen.head.hasPrefix(isLetIn ? "HTTP/1.1 101" : "HTTP/1.1 401"))
            let lines = seen.head.lowercased().split(whereSeparator: \.isNewline)
            #expect(lines.contains("sec-websocket-protocol: realtime") == (isLetIn && headers.contains("Protocol")))
            if isLetIn { for name in ["upgrade: ", "connection: "] { #expect(lines.count { $0.hasPrefix(name) } == 1) } }
            guard !isLetIn else { return }
            let answer = try await place.http(
                "GET /v1/realtime HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\(headers)\r\n")
            #expect(answer.contains(#""code":"invalid_api_key""#) && answer.contains(#""type":"invalid_request_error""#))
        }
    }

    @Test func audioIsHeardInPacketsOfWholeSamples() async throws {
        try await with { place in
            let audio = Base64.text([UInt8](repeating: 7, count: 4_801))
            _ = try await place.talk([#"{"type":"input_audio_buffer.append","audio":"\#(audio)"}"#])
            var bytes = 0
            while bytes < 4_800, let note = await place.host.next(where: { if case .audio = $0 { true } else { false } }) {
                guard case .audio(_, let payload) = note else { break }
                #expect(payload.count % 2 == 0 && payload.count <= 2_880)
                bytes += payload.count
            }
            #expect(bytes == 4_800)
        }
    }

    @Test func aBinaryMessageIsAnErrorAndNoEnd() async throws {
        try await with { place in
            let frames =
                Bench.frame(0x82, [1, 2, 3]) + Bench.frame(0x81, Array(#"{"type":"input_audio_buffer.clear"}"#.utf8))
            let seen = try await place.read(frames)
            #expect(seen.types.suffix(2) == ["error", "input_audio_buffer.cleared"])
        }
    }

    @Test func whoCausesTooManyErrorsIsClosed() async throws {
        try await with { place in
            let seen = try await place.talk([String](repeating: #"{"type":"no.such"}"#, count: 100))
            #expect(seen.close == CloseCode.policy)
        }
    }

    @Test(arguments: ["OpenAI-Beta: realtime=v1\r\n", "Sec-WebSocket-Protocol: realtime, openai-beta.realtime-v1\r\n"])
    func theOlderShapeIsSpokenWhereItIsAskedFor(header: String) async throws {
        try await with { place in
            let item = #"{"type":"conversation.item.create","item":{"type":"message","role":"user","content":[{"type":"input_text","text":"x"}]}}"#
            let seen = try await place.talk([item], headers: "Authorization: Bearer secret\r\n" + header)
            #expect(seen.types == ["session.created", "conversation.created", "conversation.item.created"])
            #expect(seen.events.first?["session"]?["input_audio_format"] == "pcm16")
        }
    }

    @Test func anEphemeralKeyOpensTheSessionItWasMadeFor() async throws {
        try await with { place in
            let made = try await place.post(
                "/v1/realtime/client_secrets",
                #"{"expires_after":{"anchor":"created_at","seconds":60},"session":{"type":"realtime","model":"x","instructions":"Be kind.","audio":{"input":{"format":{"type":"audio/pcmu"}}}}}"#
            )
            #expect(made.status == "200" && made.json["expires_at"] == 1_060 && made.json["session"]?["instructions"] == "Be kind.")
            let key = made.json["value"]?.string ?? ""
            #expect(key.hasPrefix("ek_"))
            let seen = try await place.talk([], headers: "Sec-WebSocket-Protocol: realtime, openai-insecure-api-key.\(key)\r\n")
            #expect(seen.head.hasPrefix("HTTP/1.1 101"))
            #expect(seen.events.first?["session"]?["instructions"] == "Be kind." && seen.events.first?["session"]?["model"] == "x")
            guard case .opened(let start)? = await place.host.next(where: { if case .opened = $0 { true } else { false } }) else {
                Issue.record("not opened")
                return
            }
            #expect(start.input.codec == .muLaw)
        }
    }

    @Test(arguments: [
        ("/v1/realtime/client_secrets", "", "200"), ("/v1/realtime/client_secrets", "{}", "200"), ("/v1/realtime/client_secrets", "[", "400"),
        ("/v1/realtime/client_secrets", #"{"expires_after":{"seconds":5}}"#, "400"),
        ("/v1/realtime/client_secrets", #"{"expires_after":{"anchor":"now"}}"#, "400"),
        ("/v1/realtime/client_secrets", #"{"session":{"output_modalities":["video"]}}"#, "400"),
        ("/v1/realtime/sessions", #"{"model":"m","voice":"cedar"}"#, "200"), ("/v1/realtime/transcription_sessions", "{}", "200"),
    ]) func secretsAreMadeOrRefusedInTheirShape(path: String, body: String, status: String) async throws {
        try await with { place in
            let made = try await place.post(path, body)
            #expect(made.status == status)
            if status == "400" {
                #expect(made.json["error"]?["code"]?.string != nil && made.json["error"]?["type"] == "invalid_request_error")
            } else if path.hasSuffix("client_secrets") {
                #expect(made.json["value"]?.string?.hasPrefix("ek_") == true)
            } else {
                #expect(made.json["client_secret"]?["value"]?.string?.hasPrefix("ek_") == true)
            }
            #expect(try await place.post(path, body, key: nil).status == "401")
        }
    }

    @Test func keysEndAndAreBounded() {
        let keys = EphemeralKeys(limit: 2)
        let config = RealtimeConfig(model: "m")
        let first = keys.make(tenant: "a", config: config, expiry: 20, now: 10)
        #expect(keys.entry(of: first, now: 19)?.tenant == "a")
        #expect(keys.entry(of: first, now: 20) == nil && keys.entry(of: "other", now: 10) == nil)
        let second = keys.make(tenant: "b", config: config, expiry: 40, now: 10)
        let third = keys.make(tenant: "c", config: config, expiry: 30, now: 10)
        #expect(keys.count == 2 && keys.entry(of: first, now: 10) == nil && keys.entry(of: second, now: 10) != nil)
        #expect(keys.entry(of: third, now: 10)?.tenant == "c")
    }

    /// Thousands of messages, most of them broken, over one socket after another: every one is answered and the server goes on.
    @Test(arguments: [1, 2, 3] as [UInt64]) func brokenMessagesOverASocketAreAnswered(seed: UInt64) async throws {
        var random = RealtimeFuzzTests.Random(state: seed)
        try await with(keys: KeyRing()) { place in
            for _ in 0..<20 {
                var frames: [UInt8] = []
                for _ in 0..<60 {
                    let text = RealtimeFuzzTests.mutated(&random)
                    if String(validating: text, as: UTF8.self) != nil { frames += Bench.frame(0x81, text) }
                }
                let seen = try await place.read(frames, headers: "")
                #expect(seen.events.first?["type"] == "session.created")
                #expect(seen.events.allSatisfy { $0["event_id"]?.string != nil })
                #expect(seen.close != nil)
            }
        }
    }
}
