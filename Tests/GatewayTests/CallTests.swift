import Gateway
import NIOCore
import Sessions
import Testing
import Wire

@Suite(.timeLimit(.minutes(1))) struct CallTests {
    @Test func audioAndEventsGoThereAndBackInOrder() async throws {
        let host = ScriptedHost()
        try await Bench.with(host) { bench in
            var (client, received) = try await bench.call(SessionStart(agent: "desk"))
            for number in UInt32(0)..<20 {
                let header = AudioPacketHeader(flags: .start, sequence: number, time: number &* 960)
                let payload = (0...UInt8(number * 7)).map { $0 }
                try await client.send(header, payload: payload)
                #expect(await received.next() == .audio(header, payload))
            }
            try await client.send(.text("Hello"))
            #expect(
                await received.next()
                    == .event(NumberedEvent(seq: 2, time: .milliseconds(20), event: .userFinal(turn: 1, text: "Hello"))))
            try await client.send(.end)
            #expect(await received.next() == .event(NumberedEvent(seq: 3, time: .milliseconds(20), event: .ended(reason: "hangup"))))
            #expect(await received.next() == .closed(code: 1000, reason: "ended"))
            #expect(bench.status[.audioIn] == 20)
        }
    }

    @Test func theResumeTokenReachesTheHost() async throws {
        let host = ScriptedHost()
        try await Bench.with(host) { bench in
            let client = try await bench.connect()
            try await client.send(.start(SessionStart(resume: .init(token: "t-9", lastSeq: 41))))
            guard case .event(let event)? = await client.received.first(where: { _ in true }), case .ready(let ready) = event.event else {
                Issue.record("no session.ready")
                return
            }
            #expect(event.seq == 42)
            #expect(ready.resumed && ready.resumeToken == "t-9")
        }
    }

    @Test func aLostConnectionIsToldToTheSession() async throws {
        let host = ScriptedHost()
        try await Bench.with(host) { bench in
            let (client, _) = try await bench.call()
            await client.abandon()
            #expect(await host.next { $0 == .lost } != nil)
        }
    }

    @Test func aSessionThatClosesItselfIsNotToldOfALoss() async throws {
        let host = ScriptedHost()
        try await Bench.with(host) { bench in
            var (client, received) = try await bench.call()
            try await client.send(.text("close"))
            #expect(await received.next() == .closed(code: 4400, reason: "as asked"))
            #expect(await host.next { $0.endsCall } == .left(1))
        }
    }

    @Test func aClientThatClosesWith1000HangsUpAndWith1001MayComeBack() async throws {
        let host = ScriptedHost()
        try await Bench.with(host) { bench in
            var (first, answers) = try await bench.call()
            await first.close(code: 1000)
            #expect(await host.next { $0 == .event(.end) || $0 == .lost } == .event(.end))
            // Read to the end: a socket closed over unread bytes would take the close frame with it.
            while await answers.next() != nil {}
            var (second, received) = try await bench.call()
            await second.close(code: 1001)
            #expect(await host.next { $0 == .event(.end) || $0 == .lost } == .lost)
            #expect(await received.next() == .closed(code: 1001, reason: ""))
        }
    }

    @Test(arguments: [("missing", "session.unknown_agent", UInt16(4404)), ("broken", "gateway.internal", 1011)])
    func aSessionThatCannotBeOpenedIsAFatalErrorAndAClose(agent: String, code: String, close: UInt16) async throws {
        try await Bench.with { bench in
            let client = try await bench.connect()
            try await client.send(.start(SessionStart(agent: agent)))
            var received = client.received.makeAsyncIterator()
            guard case .event(let event)? = await received.next(), case .error(let error) = event.event else {
                Issue.record("no error event")
                return
            }
            #expect(error.code == code && error.isFatal && event.seq == 0)
            #expect(await received.next() == .closed(code: close, reason: code))
        }
    }

    @Test func whatComesWhileTheSessionOpensIsKeptInOrderWithinItsBound() async throws {
        let (gate, opened) = AsyncStream.makeStream(of: Void.self)
        let host = ScriptedHost(gate: gate)
        var settings = SocketDoorSettings()
        settings.openingMessages = 3
        try await Bench.with(host, settings: settings) { bench in
            let client = try await bench.connect()
            var received = client.received.makeAsyncIterator()
            try await client.send(.start(SessionStart()))
            try await client.send(AudioPacketHeader(sequence: 1, time: 0), payload: [1])
            try await client.send(.commit)
            try await client.send(AudioPacketHeader(sequence: 2, time: 960), payload: [2])
            try await client.send(AudioPacketHeader(sequence: 3, time: 1920), payload: [3])
            try await client.send(.mute(true))
            try await client.send(.start(SessionStart()))
            #expect(await received.next()?.errorCode == WireError.notStarted)
            #expect(await received.next()?.errorCode == WireError.alreadyStarted)
            opened.finish()
            for expected in [ScriptedHost.Note.audio(.init(sequence: 1, time: 0), [1]), .event(.commit), .audio(.init(sequence: 2, time: 960), [2])] {
                let note = await host.next { note in
                    switch note {
                    case .audio, .event: true
                    default: false
                    }
                }
                #expect(note == expected)
            }
            #expect(bench.status[.audioInDropped] == 1)
        }
    }

    enum WayOut: CaseIterable, Sendable { case breaksOff, closes, ends }

    @Test(arguments: WayOut.allCases) func whoLeavesWhileTheSessionOpensIsLostOrHasHungUp(way: WayOut) async throws {
        let (gate, opened) = AsyncStream.makeStream(of: Void.self)
        let host = ScriptedHost(gate: gate)
        try await Bench.with(host) { bench in
            let client = try await bench.connect()
            try await client.send(.start(SessionStart()))
            #expect(await host.next { if case .opened = $0 { true } else { false } } != nil)
            switch way {
            case .breaksOff: await client.abandon()
            case .closes: await client.close()
            case .ends:
                var received = client.received.makeAsyncIterator()
                try await client.send(.end)
                // The answer shows that the event before it was taken.
                try await client.send(.start(SessionStart()))
                #expect(await received.next()?.errorCode == WireError.alreadyStarted)
                await client.abandon()
            }
            #expect(await host.next { $0 == .left(1) } != nil)
            opened.finish()
            let note = await host.next { $0 == .lost || $0 == .event(.end) }
            #expect(note == (way == .breaksOff ? .lost : .event(.end)))
        }
    }

    @Test func drainingClosesWhoIsLeftWith1001() async throws {
        let host = ScriptedHost()
        try await Bench.with(host) { bench in
            var (_, received) = try await bench.call()
            let waiting = try await bench.connect()
            let admin = bench.server.port(of: "admin") ?? 0
            #expect(try await bench.http("GET /readyz HTTP/1.1\r\n\r\n", port: admin).hasPrefix("HTTP/1.1 200"))
            await bench.server.drain(within: .zero)
            #expect(await received.next() == .closed(code: 1001, reason: "the server is shutting down"))
            #expect(await waiting.received.first { _ in true } == .closed(code: 1001, reason: "the server is shutting down"))
            #expect(bench.server.connections == 0)
            await #expect(throws: NativeClient.Failure.self) { try await bench.connect() }
        }
        #expect(host.places == 0)
        #expect(host.leaves == 2)
    }

    @Test func cancellingRunEndsTheServerInOrder() async throws {
        try await Bench.with { bench in
            var (_, received) = try await bench.call()
            let running = Task { try await bench.server.run() }
            running.cancel()
            try await running.value
            #expect(await received.next()?.closeCode == 1001)
        }
    }
}

extension NativeClient.Received {
    var event: ServerEvent? {
        guard case .event(let event) = self else { return nil }
        return event.event
    }

    var errorCode: String? {
        guard case .error(let error)? = event else { return nil }
        return error.code
    }

    var closeCode: UInt16? {
        guard case .closed(let code, _) = self else { return nil }
        return code
    }
}
