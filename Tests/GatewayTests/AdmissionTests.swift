import Logging
import NIOHTTP1
import Sessions
import Testing
import Wire

@testable import Gateway

@Suite(.timeLimit(.minutes(1))) struct AdmissionTests {
    private static func keyed() -> SocketDoorSettings {
        var settings = SocketDoorSettings()
        settings.keys = KeyRing(["sesame": "acme", "other": "globex"])
        return settings
    }

    private func refusal(_ connect: () async throws -> NativeClient) async -> NativeClient.Failure? {
        do {
            _ = try await connect()
            return nil
        } catch {
            return error as? NativeClient.Failure
        }
    }

    @Test func aKeyOpensInAnyOfItsThreePlacesAndNamesTheTenant() async throws {
        let host = ScriptedHost()
        try await Bench.with(host, settings: Self.keyed()) { bench in
            for client in [
                try await bench.connect(key: "sesame"), try await bench.connect(query: "?x=1&key=ses%61me"),
                try await bench.connect(headers: [("Sec-WebSocket-Protocol", "parley.v1, parley.key.sesame")]),
            ] {
                #expect(await host.next { $0 == .admitted("acme") } != nil)
                await client.abandon()
            }
        }
    }

    @Test func aMissingOrWrongKeyIsUnauthorized() async throws {
        try await Bench.with(settings: Self.keyed()) { bench in
            for key in [nil, "", "sesam", "sesame1", "SESAME", "sesamesesame"] {
                let failure = await refusal { try await bench.connect(key: key) }
                #expect(failure?.status == 401)
                #expect(failure?.code == "gateway.bad_key")
            }
            #expect(bench.status[.refusals] == 6)
            #expect(bench.status[.calls] == 0)
        }
    }

    @Test(arguments: [401, 403, 429, 503]) func whatTheHostRefusesIsSaidInHTTP(status: Int) async throws {
        let host = ScriptedHost(refusal: CallRefusal(status: status, code: "session.full", message: "no \"room\"", retryAfter: 7))
        try await Bench.with(host) { bench in
            let answer = try await bench.http(Bench.upgrade)
            #expect(answer.hasPrefix("HTTP/1.1 \(status) "))
            #expect(answer.lowercased().contains("retry-after: 7\r\n"))
            #expect(answer.lowercased().contains("connection: close\r\n"))
            #expect(answer.hasSuffix(#"{"error":{"code":"session.full","message":"no \"room\""}}"#))
        }
        #expect(host.leaves == 0)
    }

    @Test func aServerThatShutsDownSaysSoByOneCodeAtEveryDoor() async {
        let (host, status, logger) = (ScriptedHost(), GatewayStatus(), Logger(label: "test"))
        status.beginDraining()
        let keys = EphemeralKeys()
        let doors: [any SocketDoor] = [
            NativeDoor(settings: SocketDoorSettings(), host: host, status: status, logger: logger),
            PhoneDoor(settings: SocketDoorSettings(), signature: nil, host: host, status: status, logger: logger),
            RealtimeDoor(host: host, keys: keys, status: status, logger: logger, clock: { 0 }),
        ]
        for door in doors {
            let headers: HTTPHeaders = ["Sec-WebSocket-Protocol": "parley.v1"]
            let head = HTTPRequestHead(version: .http1_1, method: .GET, uri: door.settings.paths[0], headers: headers)
            guard case .failure(let refusal) = door.tenant(of: head) else {
                Issue.record("a call while the server shuts down")
                return
            }
            #expect(refusal == .draining)
            #expect(refusal.code == "server.draining" && refusal.status == 503 && refusal.retryAfter != nil)
        }
    }

    @Test func anUpgradeIsAnsweredWithEachHeaderOnce() async throws {
        try await Bench.with { bench in
            let breach = Bench.frame(0x81, [1], mask: nil)
            let answer = try await bench.exchange(Array(Bench.upgrade.utf8) + breach)
            let head = String(decoding: answer, as: UTF8.self).lowercased().prefix { $0 != "\u{FFFD}" }.split(separator: "\r\n")
            #expect(head.first == "http/1.1 101 switching protocols")
            for line in ["upgrade: websocket", "connection: upgrade", "sec-websocket-protocol: parley.v1"] {
                #expect(head.count { $0 == line } == 1, "\(line)")
            }
            #expect(head.count { $0.hasPrefix("upgrade:") || $0.hasPrefix("connection:") } == 2)
            #expect(head.contains("sec-websocket-accept: s3pplmbitxaq9kygzzhzrbk+xoo="))
        }
    }

    @Test func pathSubprotocolVersionAndUpgradeAreAskedFor() async throws {
        try await Bench.with { bench in
            let elsewhere = Bench.upgrade.replacing("/v1/call", with: "/v2/call")
            #expect(try await bench.http(elsewhere).hasPrefix("HTTP/1.1 404 "))
            let other = try await bench.http(Bench.upgrade.replacing("parley.v1", with: "parley.v9"))
            #expect(other.hasPrefix("HTTP/1.1 426 "))
            #expect(other.contains("gateway.subprotocol_required"))
            let old = try await bench.http(Bench.upgrade.replacing("Version: 13", with: "Version: 8"))
            #expect(old.hasPrefix("HTTP/1.1 426 "))
            #expect(old.lowercased().contains("sec-websocket-version: 13\r\n"))
            let plain = try await bench.http("GET /v1/call HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(plain.hasPrefix("HTTP/1.1 426 "))
            #expect(plain.contains("gateway.upgrade_required"))
        }
    }

    @Test func aDoorWithoutKeysLetsInPagesOfThisMachineOnly() async throws {
        try await Bench.with { bench in
            for origin in ["http://localhost:5173", "http://127.0.0.1", "https://[::1]:8443"] {
                await (try bench.connect(headers: [("Origin", origin)])).abandon()
            }
            for origin in ["https://evil.example", "http://localhost.evil.example", "http://127.0.0.1.evil.example", "null", ""] {
                #expect(await refusal { try await bench.connect(headers: [("Origin", origin)]) }?.status == 403)
            }
        }
    }

    @Test func listedOriginsAreTheOnlyOnes() async throws {
        var settings = Self.keyed()
        settings.origins = ["https://app.example"]
        try await Bench.with(settings: settings) { bench in
            await (try bench.connect(key: "sesame", headers: [("Origin", "https://app.example")])).abandon()
            let failure = await refusal { try await bench.connect(key: "sesame", headers: [("Origin", "https://b.example")]) }
            #expect(failure?.code == "gateway.origin_refused")
        }
    }

    @Test func anOpenDoorOnAPublicAddressIsNotBound() throws {
        var settings = SocketDoorSettings()
        for host in ["0.0.0.0", "::", "127.example.org", "192.168.0.3"] {
            #expect(throws: GatewayError.self) { try settings.validate(host: host) }
        }
        for host in ["127.0.0.1", "::1", "localhost"] { try settings.validate(host: host) }
        settings.allowsOpen = true
        try settings.validate(host: "0.0.0.0")
        try Self.keyed().validate(host: "0.0.0.0")
        settings.messageBytes = 0
        #expect(throws: GatewayError.self) { try settings.validate(host: "127.0.0.1") }
    }

    @Test func everyAdmittedPlaceIsGivenBackOnce() async throws {
        let host = ScriptedHost()
        try await Bench.with(host) { bench in
            for _ in 0..<3 { await (try bench.connect()).abandon() }
            let (client, _) = try await bench.call()
            await client.close()
            for _ in 0..<4 { #expect(await host.next { if case .left = $0 { true } else { false } } != nil) }
        }
        #expect(host.leaves == 4)
        #expect(host.places == 0)
    }
}
