import Gateway
import NIOCore
import NIOPosix
import Sessions
import Testing
import Wire

@Suite(.timeLimit(.minutes(1))) struct HostileClientTests {
    private static func quick(_ change: (inout SocketDoorSettings) -> Void = { _ in }) -> SocketDoorSettings {
        var settings = SocketDoorSettings()
        settings.close = .milliseconds(50)
        change(&settings)
        return settings
    }

    private static let start = Bench.frame(0x81, ClientEvent.start(SessionStart()).encoded())

    private static let seventeenPieces = Bench.frame(0x02, [1]) + Array(repeatElement(Bench.frame(0x00, [1]), count: 16).joined())

    private static let breaches: [([UInt8], UInt16)] = [
        (Bench.frame(0x81, [0x7B, 0x7D], mask: nil), 1002),  // not masked
        (Bench.frame(0xC1, [0x7B, 0x7D]), 1002),  // a reserved bit
        (Bench.frame(0x83, []), 1002),  // an unknown opcode
        (Bench.frame(0x80, [1]), 1002),  // a continuation of nothing
        (Bench.frame(0x01, [1]) + Bench.frame(0x81, [1]), 1002),  // a message within a message
        (Bench.frame(0x09, []), 1002),  // a ping in pieces
        (Bench.frame(0x88, [3]), 1002),  // half a close code
        (Bench.frame(0x88, [3, 237]), 1002),  // 1005 is never sent
        (Bench.frame(0x88, [3, 232, 0xFF]), 1002),  // a reason that is not UTF-8
        (Bench.frame(0x81, [0xC3, 0x28]), 1007),
        ([0x82, 0xFF, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0], 1009),  // 65,537 bytes announced
        ([0x82, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0], 1009),
        (seventeenPieces, 1009),  // 17 pieces
        (Bench.frame(0x88, []), 0),
    ]

    @Test(arguments: breaches)
    func whatBreaksTheRulesOfWebSocketsIsClosedWithACode(frames: [UInt8], code: UInt16) async throws {
        try await Bench.with(settings: Self.quick()) { bench in
            let answer = try await bench.frames(Self.start + frames)
            #expect(Bench.closeCode(answer) == code)
        }
    }

    @Test func fragmentsAreJoinedWithPingsBetweenThem() async throws {
        let host = ScriptedHost()
        try await Bench.with(host, settings: Self.quick { $0.idle = .milliseconds(400) }) { bench in
            let text = ClientEvent.text("in pieces").encoded()
            let packet: [UInt8] = [1, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0, 9, 0xAA, 0xBB]
            var frames = Self.start + Bench.frame(0x01, Array(text[..<5])) + Bench.frame(0x89, [42])
            frames += Bench.frame(0x00, [], mask: [9, 9, 9, 9])
            frames += Bench.frame(0x80, Array(text[5...])) + Bench.frame(0x02, Array(packet[..<3])) + Bench.frame(0x80, Array(packet[3...]))
            let answer = try await bench.frames(frames)
            #expect(Bench.frames(in: answer).contains { $0.opcode == 10 && $0.payload == [42] })
            #expect(await host.next { if case .event = $0 { true } else { false } } == .event(.text("in pieces")))
            #expect(await host.next { if case .audio = $0 { true } else { false } } == .audio(.init(sequence: 7, time: 9), [0xAA, 0xBB]))
        }
    }

    @Test func malformedMessagesAreErrorsAndNeverAClose() async throws {
        let host = ScriptedHost()
        try await Bench.with(host) { bench in
            var (client, received) = try await bench.call()
            for (isText, bytes, code) in [
                (true, Array("{".utf8), WireError.badJSON), (true, Array(#"{"type":"dance"}"#.utf8), WireError.unknownEvent),
                (true, Array(#"{"type":"ping"}"#.utf8), WireError.badField), (false, [1, 2, 3], WireError.shortPacket),
                (false, [UInt8](repeating: 1, count: 12), WireError.shortPacket), (false, [UInt8](repeating: 9, count: 40), WireError.unknownKind),
                (false, [UInt8](repeating: 1, count: 9_000), WireError.packetTooLarge),
                (true, ClientEvent.start(.init()).encoded(), WireError.alreadyStarted),
            ] {
                try await client.sendMessage(isText: isText, bytes)
                #expect(await received.next()?.errorCode == code)
            }
            try await client.send(.ping(5))
            #expect(await received.next()?.event == .pong(5))
        }
    }

    @Test func aFloodOfErrorsIsClosedWith1008() async throws {
        try await Bench.with(settings: Self.quick { $0.errorBurst = 5 }) { bench in
            var (client, received) = try await bench.call()
            for _ in 0..<6 { try await client.sendMessage(isText: true, [0x7B]) }
            for _ in 0..<5 { #expect(await received.next()?.errorCode == WireError.badJSON) }
            #expect(await received.next() == .closed(code: 1008, reason: "too many errors"))
        }
    }

    @Test func audioAboveTheRateIsDroppedAndSaidOnceASecond() async throws {
        let host = ScriptedHost()
        let settings = Self.quick { settings in
            settings.packetsPerSecond = 1
            settings.packetBurst = 10
        }
        try await Bench.with(host, settings: settings) { bench in
            let packets = (0..<200).map { Bench.frame(0x82, [1, 0, 0, 0, 0, 0, 0, UInt8($0), 0, 0, 0, 0, 1]) }
            _ = try await bench.frames(Self.start + Array(packets.joined()) + Bench.frame(0x88, [3, 233]))
            // The session may open after the first packets; those are kept.
            #expect(bench.status[.audioInDropped] >= 185)
            #expect(bench.status[.clientErrors] == 0)
        }
    }

    @Test func beforeTheStartOnlyPingsAreAnswered() async throws {
        try await Bench.with { bench in
            let client = try await bench.connect()
            var received = client.received.makeAsyncIterator()
            try await client.send(.ping(1))
            #expect(await received.next()?.event == .pong(1))
            try await client.send(.commit)
            #expect(await received.next()?.errorCode == WireError.notStarted)
            try await client.send(AudioPacketHeader(sequence: 0, time: 0), payload: [1])
            #expect(await received.next()?.errorCode == WireError.notStarted)
            try await client.send(.end)
            #expect(await received.next()?.closeCode == 1000)
        }
    }

    @Test(arguments: ["", "GET /v1/call HT", "GET /v1/call HTTP/1.1\r\nHost: x\r\n", "POST /x HTTP/1.1\r\nContent-Length: 9\r\n\r\n1"])
    func aClientThatNeverEndsItsRequestIsCut(request: String) async throws {
        var http = HTTPDoorSettings()
        http.request = .milliseconds(50)
        try await Bench.with(settings: Self.quick { $0.handshake = .milliseconds(50) }, http: http) { bench in
            // The cut may come while the request is still being written.
            let answer = (try? await bench.http(request)) ?? ""
            #expect(answer.isEmpty || answer.hasPrefix("HTTP/1.1 404"))
        }
    }

    @Test func withoutAStartTheConnectionTimesOut() async throws {
        try await Bench.with(settings: Self.quick { $0.start = .milliseconds(50) }) { bench in
            let client = try await bench.connect()
            var received = client.received.makeAsyncIterator()
            #expect(await received.next()?.errorCode == "gateway.timeout")
            #expect(await received.next()?.closeCode == 4408)
            #expect(bench.status[.timeouts] == 1)
        }
    }

    @Test func silenceTimesOutThoughPingsAreAnswered() async throws {
        let host = ScriptedHost()
        let settings = Self.quick { settings in
            settings.idle = .milliseconds(800)
            settings.ping = .milliseconds(20)
        }
        try await Bench.with(host, settings: settings) { bench in
            var (_, received) = try await bench.call()
            #expect(await received.next()?.errorCode == "gateway.timeout")
            #expect(await received.next()?.closeCode == 4408)
            #expect(await host.next { $0 == .lost } != nil)
        }
    }

    @Test func aClientThatAnswersNoPingIsLost() async throws {
        let host = ScriptedHost()
        try await Bench.with(host, settings: Self.quick { $0.ping = .milliseconds(20) }) { bench in
            let answer = try await bench.frames(Self.start)
            #expect(Bench.closeCode(answer) == nil)
            #expect(Bench.frames(in: answer).count { $0.opcode == 9 } == 2)
            #expect(await host.next { $0 == .lost } != nil)
        }
    }

    @Test func aClientThatDoesNotReadIsClosedAndItsSessionToldOfIt() async throws {
        let host = ScriptedHost()
        let settings = Self.quick { settings in
            settings.sendBuffer = 8 * 1024
            settings.eventBacklog = 200 * 1024
        }
        try await Bench.with(host, settings: settings) { bench in
            let channel = try await ClientBootstrap(group: Bench.group)
                .channelOption(.socketOption(.so_rcvbuf), value: 8 * 1024)
                .channelOption(.autoRead, value: false)
                .connect(host: "127.0.0.1", port: bench.port).get()
            let bytes = Array(Bench.upgrade.utf8) + Self.start + Bench.frame(0x81, ClientEvent.text("flood").encoded())
            try await channel.writeAndFlush(ByteBuffer(bytes: bytes)).get()
            #expect(await host.next { $0 == .lost } != nil)
            #expect(bench.status[.slowClients] == 1)
            #expect(await host.next { if case .left = $0 { true } else { false } } != nil)
            try? await channel.close().get()
        }
    }
}
