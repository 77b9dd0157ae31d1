import OpusCodec
import Testing
import Wire

@Suite(.enabled(if: ServerBinary.isThere, ServerBinary.missing)) struct CallTests {
    @Test(.timeLimit(.minutes(1))) func aTypedTurnIsAnsweredInOrderAndAtThePaceOfSpeech() async throws {
        let agents = try TestAgents.folder()
        let end = try await ServerProcess.serve(agents: agents) { server in
            let caller = try await server.call()
            try await caller.greeted()
            let mark = caller.count
            let turn = try await caller.ask("tell me the long story")
            #expect(turn.heard == TestAgents.story)
            #expect(try await caller.text(from: mark).text == "Once upon a time there was a fox.")
            let metrics = turn.metrics
            #expect(metrics.outcome == .completed)
            let parts = [
                metrics.endpointing, metrics.recognition, metrics.firstToken, metrics.firstSentence, metrics.firstAudio, metrics.playoutStart,
            ]
            #expect(parts.reduce(0, +) == metrics.total)
            #expect(parts.allSatisfy { $0 >= 0 })
            // A typed turn ends when it is sent.
            #expect(metrics.endpointing < 100)
            try await caller.send(.end)
            #expect(try await caller.closed() == 1000)

            #expect(caller.misnumbered() == [])
            let flow = AudioFlow(caller)
            #expect(flow.gaps == [])
            #expect(flow.jumps == [])
            #expect(flow.largestLead <= 120 + 60)
            let epochs = Set(caller.packets.map(\.header.epoch))
            #expect(epochs.count == 2)
            for epoch in epochs {
                let packets = caller.packets.filter { $0.header.epoch == epoch }
                #expect(packets.first?.header.flags.contains(.start) == true)
                #expect(packets.last?.header.flags.contains(.end) == true)
            }
        }
        #expect(end.code == 0)
    }

    @Test(.timeLimit(.minutes(1))) func everyPacketDecodesAndTheSoundIsAsLongAsTheCaptionsSay() async throws {
        let agents = try TestAgents.folder()
        _ = try await ServerProcess.serve(agents: agents) { server in
            let caller = try await server.call(SessionStart(output: AudioFormat(sampleRate: 48_000, packetMilliseconds: 40)))
            let finished = try await caller.finished()
            var decoder = try OpusDecoder(sampleRate: 48_000)
            for payload in caller.packets.map(\.payload) {
                var samples = [Float](repeating: 0, count: decoder.longestPacket)
                var output = samples.mutableSpan
                let count = try decoder.decode(payload.span, into: &output)
                #expect(count == 1920)
            }
            let last = try #require(caller.texts.last { $0.epoch == finished.epoch && $0.duration != nil })
            let spoken = last.start + (last.duration ?? .zero)
            let sent = Duration.milliseconds(40 * caller.packets.count)
            #expect(sent >= spoken && sent <= spoken + .milliseconds(300))
        }
    }

    @Test(.timeLimit(.minutes(1))) func whatTheClientReportsAsPlayedIsWhatWasHeard() async throws {
        let agents = try TestAgents.folder()
        _ = try await ServerProcess.serve(agents: agents) { server in
            let caller = try await server.call()
            try await caller.greeted()
            let mark = caller.count
            try await caller.send(.text("tell me the long story"))
            let epoch = try await caller.audio(from: mark).epoch
            try await caller.send(.playout(epoch: epoch, milliseconds: 20))
            try await caller.send(.cancelReply)
            let flushed = try await caller.event(from: mark) { if case .flush(let epoch, _) = $0 { epoch } else { nil } }
            #expect(flushed == epoch)
            try await caller.send(.flushed(epoch: epoch, milliseconds: 0))
            let finished = try await caller.finished(from: mark)
            #expect(finished.reason == .interrupted)
            #expect(finished.heard == "")
            #expect(try await caller.metrics(from: mark).heardBy == "client")
        }
    }

    @Test(.timeLimit(.minutes(1))) func aCallerWhoSaysNothingIsAskedAndThenTakenLeaveOf() async throws {
        let agents = try TestAgents.folder()
        let head = "name: Brief\nlanguage: en\ngreeting: Hi there.\nfarewell: Bye.\nidle_message: Still there?"
        try agents.write("brief.md", "---\n\(head)\nlimits:\n  idle_seconds: 3\n---\nYou are brief.\n")
        _ = try await ServerProcess.serve(["turns.idle_prompts=1"], agents: agents) { server in
            let caller = try await server.call(SessionStart(agent: "brief"))
            #expect(try await caller.event { if case .ended(let reason) = $0 { reason } else { nil } } == "farewell")
            #expect(try await caller.closed() == 1000)
            #expect(caller.texts.filter { $0.duration == nil }.map(\.text) == ["Hi there.", "Still there?", "Bye."])
        }
    }

    @Test(.timeLimit(.minutes(1))) func theModelIsAskedAsTheSettingsSay() async throws {
        let agents = try TestAgents.folder()
        let services = try FakeServices()
        let settings = ["llm.temperature=0.25", "llm.maximum_tokens=77", "llm.model=some-model"]
        _ = try await ServerProcess.serve(services.model + settings, agents: agents) { server in
            let caller = try await server.call()
            try await caller.greeted()
            #expect(try await caller.ask("hello").heard == "Fine.")
            let request = try JSONValue(parsing: Array(try #require(services.chats.first).utf8))
            #expect(request["temperature"] == .double(0.25))
            #expect(request["max_tokens"] == .int(77))
            #expect(request["model"] == .string("some-model"))
        }
    }

    @Test(.timeLimit(.minutes(1))) func twoCallsDoNotMix() async throws {
        let agents = try TestAgents.folder()
        _ = try await ServerProcess.serve(agents: agents) { server in
            let first = try await server.call(SessionStart(agent: "short"))
            let second = try await server.call(SessionStart(agent: "other"))
            #expect(try await first.ready().session != second.ready().session)
            try await first.greeted()
            try await second.greeted()
            async let blue = first.ask("what is the colour")
            async let yellow = second.ask("what is the colour")
            #expect(try await blue.heard == "The colour is blue.")
            #expect(try await yellow.heard == "The colour is yellow.")
            for (caller, greeting, foreign) in [(first, "Hi there.", "yellow"), (second, "Good day to you.", "blue")] {
                #expect(caller.texts.first?.text == greeting)
                #expect(!caller.texts.contains { $0.text.contains(foreign) })
                #expect(caller.misnumbered() == [])
                #expect(AudioFlow(caller).gaps == [])
            }
        }
    }
}
