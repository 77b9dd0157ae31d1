import NIOCore
import NIOPosix
import Sessions
import Testing
import Wire

/// Who is taken in on a full server.
struct AdmissionTests {
    private let loop = MultiThreadedEventLoopGroup.singleton.next()

    private func code(_ result: Result<Admission, CallRefusal>) -> String? { if case .failure(let refusal) = result { refusal.code } else { nil } }

    @Test(.timeLimit(.minutes(1))) func aFullServerTakesBackACallThatLostItsConnectionAndNoOther() async throws {
        let manager = LiveCall.manager(.init(sessions: 1, sessionsPerTenant: 1))
        let transport = KeptTransport()
        let first = try await manager.admit(tenant: "a").get()
        let session = try await manager.open(SessionStart(), admission: first, transport: transport, on: loop)
        #expect(code(await manager.admit(tenant: "a")) == "server.full")
        let token = try #require(await transport.first { if case .ready(let ready) = $0 { ready.resumeToken } else { nil } })
        try await loop.submit { session.transportLost() }.get()
        await manager.leave(first)
        let second = try await manager.admit(tenant: "a").get()
        let refusal = await #expect(throws: CallRefusal.self) {
            _ = try await manager.open(SessionStart(), admission: second, transport: KeptTransport(), on: loop)
        }
        #expect(refusal?.code == "server.full")
        let again = KeptTransport()
        let resume = SessionStart(resume: SessionStart.Resume(token: token, lastSeq: 1))
        _ = try await manager.open(resume, admission: second, transport: again, on: loop)
        #expect(await again.first { if case .ready(let ready) = $0 { ready.resumed } else { nil } } == true)
        #expect(code(await manager.admit(tenant: "a")) == "server.full")
        #expect(await manager.count == 1)
        await manager.drain(within: .zero)
        #expect(await manager.count == 0)
    }

    @Test(.timeLimit(.minutes(1))) func aTenantCannotTakeMoreCallsByDroppingThem() async throws {
        let manager = LiveCall.manager(.init(sessions: 100, sessionsPerTenant: 2))
        var refusals: [String] = []
        for _ in 0..<5 {
            let place = try await manager.admit(tenant: "a").get()
            do {
                let session = try await manager.open(SessionStart(), admission: place, transport: KeptTransport(), on: loop)
                try await loop.submit { session.transportLost() }.get()
            } catch let refusal as CallRefusal { refusals.append(refusal.code) }
            await manager.leave(place)
        }
        #expect(await manager.count == 2)
        #expect(refusals == Array(repeating: "server.tenant_full", count: 3))
        let other = try await manager.admit(tenant: "b").get()
        _ = try await manager.open(SessionStart(), admission: other, transport: KeptTransport(), on: loop)
        #expect(await manager.count == 3)
        await manager.drain(within: .zero)
    }
}
