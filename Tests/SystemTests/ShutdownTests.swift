import Foundation
import Gateway
import HTTPTestServer
import Testing
import Wire

@Suite(.enabled(if: ServerBinary.isThere, ServerBinary.missing)) struct ShutdownTests {
    @Test(.timeLimit(.minutes(1))) func aServerWithoutCallsEndsAtOnce() async throws {
        let agents = try TestAgents.folder()
        let began = Kept<ContinuousClock.Instant>()
        let end = try await ServerProcess.serve(agents: agents) { server in
            began.value = .now
            server.terminate()
        }
        #expect(end.code == 0)
        let start = try #require(began.value)
        #expect(start.duration(to: .now) < .seconds(5))
    }

    @Test(.timeLimit(.minutes(1))) func aCallInMidReplyFinishesItsSentence() async throws {
        let agents = try TestAgents.folder()
        let end = try await ServerProcess.serve(agents: agents) { server in
            let caller = try await server.call()
            try await caller.greeted()
            let mark = caller.count
            try await caller.send(.text("what is the colour"))
            _ = try await caller.audio(from: mark)
            server.terminate()
            let ending = try await caller.event(from: mark) { if case .ending(let reason, _) = $0 { reason } else { nil } }
            #expect(ending == "draining")
            let finished = try await caller.finished(from: mark)
            #expect(finished.reason == .completed)
            #expect(finished.heard == "The colour is blue.")
            #expect(try await caller.event { if case .ended(let reason) = $0 { reason } else { nil } } == "draining")
            #expect(try await caller.closed() == 1001)
            #expect(caller.packets.last?.header.flags.contains(.end) == true)
        }
        #expect(end.code == 0)
    }

    @Test(.timeLimit(.minutes(1))) func anAnswerThatIsStillBeingWrittenEndsWithItsSentence() async throws {
        let agents = try TestAgents.folder()
        let never = TestEvent()
        let services = try FakeServices([.stallsAfter(["This is the first sentence. ", "And the next"], never)])
        let took = Kept<Duration>()
        let end = try await ServerProcess.serve(services.model + ["server.drain_ms=15000"], agents: agents) { server in
            let caller = try await server.call()
            try await caller.greeted()
            let mark = caller.count
            try await caller.send(.text("hello"))
            _ = try await caller.audio(from: mark)
            let began = ContinuousClock.now
            server.terminate()
            #expect(try await caller.finished(from: mark).heard == "This is the first sentence.")
            #expect(try await caller.closed() == 1001)
            took.value = began.duration(to: .now)
        }
        never.set()
        #expect(end.code == 0)
        #expect(try #require(took.value) < .seconds(6))
    }

    @Test(.timeLimit(.minutes(1))) func aSentenceThatIsStillBeingSpokenIsFinished() async throws {
        let agents = try TestAgents.folder()
        let gate = TestEvent()
        let never = TestEvent()
        let services = try FakeServices([.stallsAfter(["This is the first sentence. ", "And the next"], never)])
        let took = Kept<Duration>()
        let settings = services.model + services.synthesizer + ["server.drain_ms=10000"]
        let end = try await ServerProcess.serve(settings, agents: agents) { server in
            let caller = try await server.call()
            try await caller.greeted()
            services.holdSpeech(until: gate)
            let mark = caller.count
            try await caller.send(.text("hello"))
            _ = try await caller.audio(from: mark)
            let began = ContinuousClock.now
            server.terminate()
            _ = try await caller.event(from: mark) { if case .ending(let reason, _) = $0 { reason } else { nil } }
            gate.set()
            #expect(try await caller.finished(from: mark).reason == .completed)
            #expect(try await caller.closed() == 1001)
            took.value = began.duration(to: .now)
        }
        never.set()
        #expect(end.code == 0)
        #expect(try #require(took.value) < .seconds(6))
    }

    @Test(.timeLimit(.minutes(1))) func aReplyThatLastsLongerThanTheDrainLimitIsCut() async throws {
        let agents = try TestAgents.folder()
        let end = try await ServerProcess.serve(["server.drain_ms=500"], agents: agents) { server in
            let caller = try await server.call()
            try await caller.greeted()
            let mark = caller.count
            try await caller.send(.text("tell me the long story"))
            _ = try await caller.audio(from: mark)
            server.terminate()
            let finished = try await caller.finished(from: mark)
            #expect(finished.reason == .interrupted)
            #expect(finished.heard.count < TestAgents.story.count)
            #expect(try await caller.closed() == 1001)
        }
        #expect(end.code == 0)
    }

    @Test(.timeLimit(.minutes(1))) func aCallWhoseConnectionIsLostDoesNotKeepTheServer() async throws {
        let agents = try TestAgents.folder()
        let began = Kept<ContinuousClock.Instant>()
        let end = try await ServerProcess.serve(agents: agents) { server in
            let caller = try await server.call()
            try await caller.greeted()
            let mark = caller.count
            try await caller.send(.text("tell me the long story"))
            _ = try await caller.audio(from: mark)
            await caller.client.abandon()
            _ = try await caller.closed()
            began.value = .now
            server.terminate()
        }
        #expect(end.code == 0)
        #expect(try #require(began.value).duration(to: .now) < .seconds(6))
    }

    @Test(.timeLimit(.minutes(1))) func whileCallsEndNoneIsTakenAndReadyzSaysWhy() async throws {
        let agents = try TestAgents.folder()
        _ = try await ServerProcess.serve(agents: agents) { server in
            let caller = try await server.call()
            try await caller.greeted()
            let mark = caller.count
            try await caller.send(.text("tell me the long story"))
            _ = try await caller.audio(from: mark)
            server.terminate()
            _ = try await caller.event(from: mark) { if case .ending(let reason, _) = $0 { reason } else { nil } }
            let ready = try await server.get("/readyz")
            #expect(ready.status == 503)
            #expect(ready.body.contains("draining"))
            let refused = try await RawConnection.exchange(RawConnection.upgrade(), port: server.port)
            #expect(refused.status == 503)
            #expect(refused.body.contains("draining"))
            #expect(try await caller.closed() == 1001)
        }
    }

    @Test(.enabled(if: ServerBinary.languageModel != nil, ServerBinary.noModels), .timeLimit(.minutes(1)))
    func theLocalModelServerEndsWithTheServer() async throws {
        let agents = try TestAgents.folder()
        let children = Kept<[Int32]>()
        let models = try #require(ServerBinary.languageModel)
        let end = try await ServerProcess.serve(["llm.engine=llama", "data.directory=\(models)"], agents: agents) { server in
            let caller = try await server.call()
            try await caller.greeted()
            // An answer shows that the child serves.
            #expect(try await caller.ask("Hello!").metrics.outcome == .completed)
            children.value = server.children
        }
        #expect(end.code == 0)
        let all = try #require(children.value)
        #expect(!all.isEmpty)
        for child in all { #expect(ServerProcess.parent(of: child) == nil) }
    }
}
