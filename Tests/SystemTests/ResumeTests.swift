import Gateway
import Testing
import Wire

@Suite(.enabled(if: ServerBinary.isThere, ServerBinary.missing)) struct ResumeTests {
    @Test(.timeLimit(.minutes(1))) func aCutCallGoesOnWhereItStopped() async throws {
        let agents = try TestAgents.folder()
        _ = try await ServerProcess.serve(agents: agents) { server in
            let caller = try await server.call()
            let ready = try await caller.ready()
            try await caller.greeted()
            _ = try await caller.ask("what is the colour")
            let mark = caller.count
            try await caller.send(.text("tell me the long story"))
            let epoch = try await caller.audio(from: mark).epoch
            await caller.client.abandon()
            _ = try await caller.closed()
            // What came last before the cut, as far as this client knows; one event is taken as not arrived.
            let seen = try #require(caller.events.map(\.seq).max()) - 1

            let back = try await resume(server, ready.resumeToken, after: seen)
            let answer = try await back.ready()
            #expect(answer.session == ready.session)
            #expect(answer.resumed)
            let finished = try await back.finished()
            #expect(finished.epoch == epoch)
            #expect(finished.reason == .completed)
            #expect(finished.heard == TestAgents.story)
            let last = try #require(caller.packets.last?.header)
            let first = try #require(back.packets.first?.header)
            #expect(first.sequence == last.sequence &+ 1 || Int32(bitPattern: first.sequence &- last.sequence) > 0)
            #expect(first.epoch == epoch)
            #expect(AudioFlow(back).gaps == [])
            #expect(AudioFlow(back).jumps == [])
            // Numbers rise by one from the first event that was missed.
            #expect(back.events.contains { $0.seq == seen + 1 })
            #expect(back.misnumbered(from: seen + 1, passingOver: 0) == [])
            #expect(try await back.ask("what is the colour").heard == "The colour is blue.")
        }
    }

    @Test(.timeLimit(.minutes(1))) func aCallerWhoComesBackWithNumbersFromZeroIsHeardAtOnce() async throws {
        let agents = try TestAgents.folder(greeting: "This is a greeting that lasts for quite a while, so that many packets come meanwhile.")
        let services = try FakeServices(transcripts: ["here I am"])
        _ = try await ServerProcess.serve(services.recognizer, agents: agents) { server in
            let caller = try await server.call()
            let token = try await caller.ready().resumeToken
            let before = Microphone(caller)
            try await caller.greeted()
            before.stop()
            let seen = try #require(caller.events.map(\.seq).max())
            await caller.client.abandon()
            _ = try await caller.closed()
            let back = try await resume(server, token, after: seen)
            _ = try await back.ready()
            let after = Microphone(back)
            await after.say(Microphone.voice(.milliseconds(700)))
            #expect(try await back.userFinal() == "here I am")
            after.stop()
        }
    }

    @Test(.timeLimit(.minutes(1))) func aCallCanBeResumedTwice() async throws {
        let agents = try TestAgents.folder()
        _ = try await ServerProcess.serve(agents: agents) { server in
            let caller = try await server.call()
            let token = try await caller.ready().resumeToken
            try await caller.greeted()
            var last = caller
            for _ in 0..<2 {
                let seen = try #require(last.events.map(\.seq).max())
                await last.client.abandon()
                _ = try await last.closed()
                last = try await resume(server, token, after: seen)
                _ = try await last.ready()
                #expect(try await last.ask("what is the colour").heard == "The colour is blue.")
            }
        }
    }

    @Test(.timeLimit(.minutes(1))) func aCallCanMoveToAnotherConnectionWhileTheOldOneStillStands() async throws {
        let agents = try TestAgents.folder()
        _ = try await ServerProcess.serve(agents: agents) { server in
            let caller = try await server.call()
            let token = try await caller.ready().resumeToken
            try await caller.greeted()
            let back = try await resume(server, token, after: try #require(caller.events.map(\.seq).max()))
            _ = try await back.ready()
            #expect(try await caller.closed() == 4409)
            #expect(try await back.ask("what is the colour").heard == "The colour is blue.")
        }
    }

    @Test(.timeLimit(.minutes(1))) func aWrongTokenIsRefused() async throws {
        let agents = try TestAgents.folder()
        _ = try await ServerProcess.serve(agents: agents) { server in
            let caller = try await server.call()
            _ = try await caller.ready()
            let back = try await resume(server, "0123456789abcdef", after: 0)
            let error = try await back.error()
            #expect(error.code == "session.unknown")
            #expect(error.isFatal)
            #expect(try await back.closed() == 4404)
            #expect(try await caller.ask("what is the colour").heard == "The colour is blue.")
        }
    }

    @Test(.timeLimit(.minutes(1))) func aCallThatIsNotResumedInTimeEnds() async throws {
        let agents = try TestAgents.folder()
        _ = try await ServerProcess.serve(["session.grace_ms=200"], agents: agents) { server in
            let caller = try await server.call()
            let token = try await caller.ready().resumeToken
            try await caller.greeted()
            await caller.client.abandon()
            _ = try await caller.closed()
            try await Self.eventually { try await server.metric("parley_sessions_active") == 0 }
            let back = try await resume(server, token, after: 1)
            #expect(try await back.error().code == "session.unknown")
            #expect(try await server.metric("parley_sessions_total{outcome=\"lost\"}") == 1)
        }
    }

    @Test(.timeLimit(.minutes(1))) func aCallCanBeResumedAlthoughAllPlacesAreTaken() async throws {
        let agents = try TestAgents.folder()
        _ = try await ServerProcess.serve(["server.maximum_sessions=1"], agents: agents) { server in
            let caller = try await server.call()
            let token = try await caller.ready().resumeToken
            try await caller.greeted()
            let seen = try #require(caller.events.map(\.seq).max())
            await caller.client.abandon()
            _ = try await caller.closed()
            let back = try await resume(server, token, after: seen)
            #expect(try await back.ready().resumed)
        }
    }

    private func resume(_ server: ServerProcess, _ token: String, after seq: Int) async throws -> Caller {
        var client: NativeClient?
        while client == nil {
            // The server may not have noticed yet that the place is free.
            do { client = try await server.connect() } catch let failure as NativeClient.Failure where failure.status == 503 {}
        }
        let back = Caller(try #require(client))
        try await back.send(.start(SessionStart(resume: .init(token: token, lastSeq: seq))))
        return back
    }

    /// Asks again and again; the test's time limit ends it.
    private static func eventually(_ isSo: () async throws -> Bool) async throws {
        while try await !isSo() { try await Task.sleep(for: .milliseconds(20)) }
    }
}
