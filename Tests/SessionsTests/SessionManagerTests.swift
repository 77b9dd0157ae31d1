import Engines
import Logging
import NIOCore
import NIOPosix
import Sessions
import Testing
import Turns
import Wire

/// Sessions and their manager on real event loops, with engines that answer at once.
struct SessionManagerTests {
    private struct Quiet: SessionObserver {}

    private func manager(_ limits: SessionManager.Limits = .init(), grace: Duration = .seconds(30)) -> SessionManager {
        SessionManager(limits: limits, engines: .scripted, lanes: [LiveCall.lane], observer: Quiet(), logger: Logger(label: "test")) {
            start throws(CallRefusal) in
            guard start.agent != "nobody" else { throw CallRefusal(status: 404, code: "agent.unknown", message: "no such agent") }
            var plan = CallPlan(agent: "test", lines: [.greeting: "Hello."], input: start.input, output: start.output)
            plan.limits.grace = grace
            return plan
        }
    }

    private let start = SessionStart(
        input: AudioFormat(codec: .pcm16, sampleRate: 16_000), output: AudioFormat(codec: .pcm16, sampleRate: 24_000))

    private func open(
        _ manager: SessionManager, _ loop: any EventLoop, _ transport: KeptTransport, _ start: SessionStart? = nil
    ) async throws -> (session: any CallSession, admission: Admission) {
        let admission = try await manager.admit(tenant: "a").get()
        return (try await manager.open(start ?? self.start, admission: admission, transport: transport, on: loop), admission)
    }

    /// Sends sound or silence, as fast as it goes.
    private func send(_ milliseconds: Int, loud: Bool, to session: any CallSession, from first: Int, on loop: any EventLoop) async throws {
        try await loop.submit {
            for index in first..<first + milliseconds / 20 {
                let payload = (0..<640).map { UInt8(loud && $0 % 4 == 1 ? 0x40 : 0) }
                session.receive(AudioPacketHeader(sequence: UInt32(index), time: UInt32(index * 960)), payload: payload.span)
            }
        }.get()
    }

    @Test(.timeLimit(.minutes(1))) func aCallIsGreetedHeardAndAnswered() async throws {
        let manager = manager()
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let transport = KeptTransport()
        let (session, _) = try await open(manager, loop, transport)
        #expect(await transport.first { if case .agentFinished(0, _, .completed, let heard) = $0 { heard } else { nil } } == "Hello.")
        try await send(600, loud: true, to: session, from: 0, on: loop)
        try await send(400, loud: false, to: session, from: 30, on: loop)
        #expect(await transport.first { if case .userFinal(1, let text) = $0 { text } else { nil } } == "hello")
        #expect(await transport.first { if case .agentFinished(1, _, .completed, let heard) = $0 { heard } else { nil } } == "You said hello.")
        let seqs = transport.seqs
        #expect(seqs == Array(1..<seqs.count + 1))
        try await loop.submit { session.receive(.end) }.get()
        #expect(await transport.first { if case .ended(let reason) = $0 { reason } else { nil } } == "caller")
        #expect(await transport.closed() == 1000)
    }

    @Test(.timeLimit(.minutes(1))) func oneCallTooManyIsRefused() async throws {
        let manager = manager(.init(sessions: 2, sessionsPerTenant: 1))
        let first = try await manager.admit(tenant: "a").get()
        guard case .failure(let tenant) = await manager.admit(tenant: "a") else { return #expect(Bool(false), "a tenant's second call") }
        #expect(tenant.status == 429 && tenant.code == "server.tenant_full")
        _ = try await manager.admit(tenant: "b").get()
        guard case .failure(let full) = await manager.admit(tenant: "c") else { return #expect(Bool(false), "a third call") }
        #expect(full.status == 503 && full.code == "server.full" && full.retryAfter != nil)
        await manager.leave(first)
        _ = try await manager.admit(tenant: "c").get()
    }

    @Test(.timeLimit(.minutes(1))) func ofManyWhoComeAtOnceThoseAreTakenWhoWillHaveTime() async throws {
        let manager = manager(.init(strain: .init(demand: 0.1)))
        var taken: [Admission] = []
        var refused: CallRefusal?
        while refused == nil, taken.count < 400 {
            switch await manager.admit(tenant: "a") {
            case .success(let place): taken.append(place)
            case .failure(let refusal): refused = refusal
            }
        }
        #expect(refused?.status == 503 && refused?.code == "server.overloaded" && (3...8).contains(refused?.retryAfter ?? 0))
        // A fifth of a percent each; more only for the time that this took.
        #expect((50..<200).contains(taken.count))
        for place in taken { await manager.leave(place) }
        _ = try await manager.admit(tenant: "a").get()
        await manager.drain(within: .zero)
    }

    @Test(.timeLimit(.minutes(1))) func aCallThatWaitsIsResumedThoughACrowdCameAndOfThatAsManyAreTakenAsElse() async throws {
        let manager = manager(.init(strain: .init(demand: 0.1)))
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let transport = KeptTransport()
        let (session, admission) = try await open(manager, loop, transport)
        let token = await transport.first { if case .ready(let ready) = $0 { ready.resumeToken } else { nil } }
        try await loop.submit { session.transportLost() }.get()
        await manager.leave(admission)
        // Each of them may be the one that waits, so all get in, and only then say what they want.
        var places: [Admission] = []
        for _ in 0..<200 { places.append(try await manager.admit(tenant: "a").get()) }
        var taken = 0
        for place in places {
            do {
                _ = try await manager.open(start, admission: place, transport: KeptTransport(), on: loop)
                taken += 1
            } catch let refusal as CallRefusal { #expect(refusal.status == 503 && refusal.code == "server.overloaded") }
        }
        #expect((50..<150).contains(taken))
        var again = start
        again.resume = SessionStart.Resume(token: try #require(token), lastSeq: 1)
        let second = KeptTransport()
        _ = try await open(manager, loop, second, again)
        #expect(await second.first { if case .ready(let ready) = $0 { ready.resumed } else { nil } } == true)
        await manager.drain(within: .zero)
    }

    @Test(.timeLimit(.minutes(1))) func noCallIsTakenWhileALoopIsBehindAndTheOnesThereAreGoOn() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let loop = group.next()
        let manager = manager(.init(strain: .init(lateness: .milliseconds(20))))
        let transport = KeptTransport()
        let (session, admission) = try await open(manager, loop, transport)
        // The loop is kept busy until calls are refused, a hundred milliseconds at a time.
        while true {
            let until = NIODeadline.now() + .milliseconds(100)
            loop.execute { while NIODeadline.now() < until {} }
            switch await manager.admit(tenant: "b") {
            case .success(let early): await manager.leave(early)
            case .failure(let refusal):
                #expect(refusal.status == 503 && refusal.code == "server.overloaded" && refusal.retryAfter != nil)
            }
            try await loop.submit {}.get()
            if case .failure = await manager.admit(tenant: "b") { break }
        }
        #expect(await transport.first { if case .agentFinished(0, _, .completed, let heard) = $0 { heard } else { nil } } == "Hello.")
        // Who lost the connection is not refused for it.
        try await loop.submit { session.transportLost() }.get()
        await manager.leave(admission)
        let again = try await manager.admit(tenant: "a").get()
        await manager.leave(again)
        // It recovers by itself.
        while case .failure = await manager.admit(tenant: "c") { try await Task.sleep(for: .milliseconds(10)) }
        await manager.drain(within: .zero)
        try await group.shutdownGracefully()
    }

    @Test(.timeLimit(.minutes(1))) func aLostCallIsResumedOnAnyLoopWithWhatItMissed() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
        let manager = manager()
        let (first, second) = (KeptTransport(), KeptTransport())
        let loop = group.next()
        let (session, admission) = try await open(manager, loop, first)
        let token = await first.first { if case .ready(let ready) = $0 { ready.resumeToken } else { nil } }
        _ = await first.first { if case .agentFinished = $0 { true } else { nil } }
        let seen = first.seqs.count - 2
        try await loop.submit { session.transportLost() }.get()
        await manager.leave(admission)
        var again = start
        again.resume = SessionStart.Resume(token: try #require(token), lastSeq: seen)
        let (resumed, _) = try await open(manager, group.next(), second, again)
        let ready = await second.first { if case .ready(let ready) = $0 { ready } else { nil } }
        #expect(ready?.resumed == true)
        try await session.loopOf(group).submit { resumed.receive(.text("and again")) }.get()
        #expect(await second.first { if case .agentFinished(1, _, _, let heard) = $0 { heard } else { nil } } == "You said and again.")
        let missed = first.seqs.filter { $0 > seen }
        #expect(!missed.isEmpty && second.seqs.filter { missed.contains($0) }.sorted() == missed)
        // Old news of the first connection changes nothing.
        try await loop.submit { session.transportLost() }.get()
        try await session.loopOf(group).submit { resumed.receive(.ping(7)) }.get()
        #expect(await second.first { if case .pong(let number) = $0 { number } else { nil } } == 7)
        try await group.shutdownGracefully()
    }

    @Test(.timeLimit(.minutes(1))) func anUnknownTokenOrAgentIsRefused() async throws {
        let manager = manager()
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        var wrong = start
        wrong.resume = SessionStart.Resume(token: "nothing", lastSeq: 0)
        await #expect(throws: CallRefusal.self) { _ = try await open(manager, loop, KeptTransport(), wrong) }
        var nobody = start
        nobody.agent = "nobody"
        await #expect(throws: CallRefusal.self) { _ = try await open(manager, loop, KeptTransport(), nobody) }
        #expect(await manager.count == 0)
    }

    @Test(.timeLimit(.minutes(1))) func aCallNobodyComesBackToEnds() async throws {
        let manager = manager(grace: .milliseconds(20))
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let transport = KeptTransport()
        let (session, admission) = try await open(manager, loop, transport)
        try await loop.submit { session.transportLost() }.get()
        await manager.leave(admission)
        await manager.drain(within: .seconds(20))
        #expect(await manager.count == 0)
    }

    @Test(.timeLimit(.minutes(1))) func drainingEndsEveryCallAndTakesNoMore() async throws {
        let manager = manager()
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let transports = (0..<5).map { _ in KeptTransport() }
        for transport in transports { _ = try await open(manager, loop, transport) }
        #expect(await manager.count == 5)
        await manager.drain(within: .seconds(20))
        #expect(await manager.count == 0)
        #expect(transports.allSatisfy { $0.closeCode == 1001 })
        guard case .failure(let refusal) = await manager.admit(tenant: "a") else { return #expect(Bool(false), "a call while draining") }
        #expect(refusal.code == "server.draining")
    }
}

extension CallSession {
    /// A loop on which a relay may be called: any loop of the group, since it hops itself.
    fileprivate func loopOf(_ group: any EventLoopGroup) -> any EventLoop { group.next() }
}
