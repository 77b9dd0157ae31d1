import Gateway
import Testing
import Wire

@Suite(.enabled(if: ServerBinary.isThere, ServerBinary.missing)) struct RecordingTests {
    @Test(.timeLimit(.minutes(1))) func aRecordedCallReplaysAndAChangedTimelineIsFound() async throws {
        let agents = try TestAgents.folder()
        let calls = try TestFolder()
        let services = try FakeServices([.says(["Of course."])], transcripts: ["stop please"])
        let settings = services.model + services.recognizer
        _ = try await ServerProcess.serve(settings, agents: agents, arguments: ["--record", calls.path]) { server in
            let caller = try await server.call()
            let microphone = Microphone(caller)
            try await caller.greeted()
            let mark = caller.count
            await microphone.say(Microphone.voice(.milliseconds(600)))
            #expect(try await caller.userFinal(from: mark) == "stop please")
            _ = try await caller.metrics(from: mark)
            try await caller.send(.end)
            #expect(try await caller.closed() == 1000)
            microphone.stop()
            _ = await server.log.line(with: "call recorded")
        }
        let call = try #require(calls.names().first)
        let folder = calls.path + "/" + call
        let first = try await ServerProcess.run(["replay", folder])
        #expect(first.code == 0)
        #expect(first.output.contains("user 1: stop please"))
        let timeline = try #require(calls.text(call + "/timeline.txt"))
        #expect(timeline.contains("user 1: stop please"))
        #expect(timeline.contains("Of course."))
        try calls.write(call + "/timeline.txt", timeline.replacing("stop please", with: "stop it"))
        let second = try await ServerProcess.run(["replay", folder])
        #expect(second.code == 1)
        #expect(second.output.contains("user 1: stop it"))
        let missing = try await ServerProcess.run(["replay", calls.path + "/none"])
        #expect(missing.code == 1)
        #expect(missing.output.contains("recording.missing"))
    }

    @Test(.timeLimit(.minutes(1))) func theReplaySaysWhatWasSaidInTheCall() async throws {
        let agents = try TestAgents.folder()
        let calls = try TestFolder()
        let texts = Kept<[String]>()
        _ = try await ServerProcess.serve(agents: agents, arguments: ["--record", calls.path]) { server in
            let caller = try await server.call()
            try await caller.greeted()
            _ = try await caller.ask("what is the colour")
            _ = try await caller.ask("tell me the long story")
            try await caller.send(.end)
            #expect(try await caller.closed() == 1000)
            texts.value = caller.texts.map(\.text)
            _ = await server.log.line(with: "call recorded")
        }
        let call = try #require(calls.names().first)
        let live = try #require(calls.text(call + "/live.txt")).split(separator: "\n").map(Self.withoutTime)
        let virtual = try #require(calls.text(call + "/timeline.txt")).split(separator: "\n").map(Self.withoutTime)
        #expect(Self.decisions(live) == Self.decisions(virtual))
        for text in try #require(texts.value) { #expect(virtual.contains { $0.hasSuffix(": " + text) }) }
    }

    @Test(.timeLimit(.minutes(1))) func aCallThatWasCutAndInterruptedReplaysAsItWas() async throws {
        let agents = try TestAgents.folder()
        let calls = try TestFolder()
        let services = try FakeServices([.says([TestAgents.story]), .says(["Of course."])], transcripts: ["stop please"])
        let settings = services.model + services.recognizer
        _ = try await ServerProcess.serve(settings, agents: agents, arguments: ["--record", calls.path]) { server in
            let caller = try await server.call()
            let token = try await caller.ready().resumeToken
            try await caller.greeted()
            let mark = caller.count
            try await caller.send(.text("tell me the long story"))
            _ = try await caller.audio(from: mark)
            let seen = try #require(caller.events.map(\.seq).max())
            await caller.client.abandon()
            _ = try await caller.closed()
            let back = Caller(try await server.connect())
            try await back.send(.start(SessionStart(resume: .init(token: token, lastSeq: seen))))
            _ = try await back.audio()
            let microphone = Microphone(back)
            await microphone.say(Microphone.voice(.milliseconds(900)))
            #expect(try await back.userFinal() == "stop please")
            _ = try await back.event { event -> Bool? in
                if case .agentFinished(_, _, let reason, _) = event { reason == .completed ? true : nil } else { nil }
            }
            microphone.stop()
            try await back.send(.end)
            #expect(try await back.closed() == 1000)
            _ = await server.log.line(with: "call recorded")
        }
        let call = try #require(calls.names().first)
        let live = try #require(calls.text(call + "/live.txt")).split(separator: "\n").map(Self.withoutTime)
        let virtual = try #require(calls.text(call + "/timeline.txt")).split(separator: "\n").map(Self.withoutTime)
        #expect(Self.decisions(live) == Self.decisions(virtual))
        #expect(virtual.contains { $0.hasPrefix("user 2: stop please") })
    }

    @Test(.timeLimit(.minutes(1))) func aCallThatEndsWithTheServerIsRecordedToo() async throws {
        let agents = try TestAgents.folder()
        let calls = try TestFolder()
        let end = try await ServerProcess.serve(agents: agents, arguments: ["--record", calls.path]) { server in
            let caller = try await server.call()
            try await caller.greeted()
            server.terminate()
            #expect(try await caller.closed() == 1001)
        }
        #expect(end.code == 0)
        #expect(calls.names().count == 1)
    }

    private static func withoutTime(_ line: Substring) -> String { String(line.drop { $0 == " " }.drop { $0.isNumber }.drop { $0 == " " }) }

    /// What was said and heard; counts of packets and latencies differ by what a tick is late.
    private static func decisions(_ lines: [String]) -> [String] {
        lines.filter { line in ["user ", "state ", "answer ", "ended ", "agent "].contains { line.hasPrefix($0) } }
    }
}
