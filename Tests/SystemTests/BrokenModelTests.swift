import HTTPTestServer
import Testing
import Wire

@Suite(.enabled(if: ServerBinary.isThere, ServerBinary.missing)) struct BrokenModelTests {
    private static let sorry = "Sorry, that failed."

    @Test(.timeLimit(.minutes(1))) func anAnswerThatBreaksOffIsReportedAndApologisedFor() async throws {
        let services = try FakeServices([.breaksAfter(["Here is the first sentence. ", "And here is"]), .says(["Back again."])])
        let turn = try await failedTurn(services)
        #expect(turn.texts.first == "Here is the first sentence.")
        #expect(turn.metrics.outcome == .failed)
    }

    @Test(.timeLimit(.minutes(1))) func aModelThatFailsBeforeItsFirstWordIsReportedAndApologisedFor() async throws {
        let services = try FakeServices([.fails(500), .says(["Back again."])])
        let turn = try await failedTurn(services)
        #expect(turn.texts == [Self.sorry])
        #expect(turn.metrics.outcome == .failed)
        #expect(turn.metrics.cause == turn.code)
    }

    @Test(.timeLimit(.minutes(1))) func aModelThatStallsInMidAnswerIsGivenUp() async throws {
        let event = TestEvent()
        let services = try FakeServices([.stallsAfter(["Here is the first sentence. ", "And"], event), .says(["Back again."])])
        let turn = try await failedTurn(services, ["llm.idle_ms=700"])
        event.set()
        #expect(turn.texts.first == "Here is the first sentence.")
        #expect(turn.code == "engine.timeout")
    }

    @Test(.timeLimit(.minutes(1))) func aModelThatNeverBeginsIsGivenUp() async throws {
        let event = TestEvent()
        let services = try FakeServices([.stallsAfter([], event), .says(["Back again."])])
        let turn = try await failedTurn(services, ["llm.first_token_ms=700"])
        event.set()
        #expect(turn.texts == [Self.sorry])
        #expect(turn.code == "engine.timeout")
    }

    @Test(.timeLimit(.minutes(1))) func aRecogniserThatFailsIsReportedAndApologisedFor() async throws {
        let agents = try TestAgents.folder()
        _ = try await ServerProcess.serve(agents: agents) { server in
            let caller = try await server.call()
            let microphone = Microphone(caller)
            try await caller.greeted()
            let mark = caller.count
            await microphone.say(Microphone.voice(.milliseconds(700)))
            #expect(try await caller.error(from: mark).code == "engine.unavailable")
            #expect(try await caller.text(from: mark).text == Self.sorry)
            try await caller.state(.listening, from: mark)
            #expect(try await caller.ask("what is the colour").heard == "The colour is blue.")
        }
    }

    private struct FailedTurn {
        var texts: [String]
        var code: String
        var metrics: TurnMetrics
    }

    /// One turn that fails, and one after it that does not.
    private func failedTurn(_ services: FakeServices, _ settings: [String] = []) async throws -> FailedTurn {
        let agents = try TestAgents.folder()
        let turn = Kept<FailedTurn>()
        _ = try await ServerProcess.serve(services.model + settings, agents: agents) { server in
            let caller = try await server.call()
            try await caller.greeted()
            let mark = caller.count
            try await caller.send(.text("hello"))
            let error = try await caller.error(from: mark)
            #expect(!error.isFatal)
            #expect(error.code.hasPrefix("engine."))
            let apology = try await caller.eventPlace(from: mark) { event -> String? in
                guard case .agentText(let text) = event, text.text == Self.sorry else { return nil }
                return text.text
            }
            try await caller.state(.listening, from: apology.place)
            let metrics = try await caller.metrics(from: mark)
            let texts = caller.texts.dropFirst().filter { $0.duration == nil }.map(\.text)
            turn.value = FailedTurn(texts: Self.unique(texts.filter { $0 != "Hi there." }), code: error.code, metrics: metrics)
            let next = try await caller.ask("and now")
            #expect(next.heard == "Back again.")
            #expect(next.metrics.outcome == .completed)
        }
        return try #require(turn.value)
    }

    private static func unique(_ texts: [String]) -> [String] {
        texts.reduce(into: []) { if $0.last != $1 { $0.append($1) } }
    }
}
