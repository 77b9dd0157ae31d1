import Foundation
import Testing
import Wire

@Suite(.enabled(if: ServerBinary.isThere, ServerBinary.missing)) struct InterruptionTests {
    @Test(.timeLimit(.minutes(1))) func aVoiceOverTheAgentHoldsItThenTakesTheTurn() async throws {
        let agents = try TestAgents.folder()
        let services = try FakeServices([.says([TestAgents.story]), .says(["Of course."])], transcripts: ["stop please"])
        _ = try await ServerProcess.serve(services.model + services.recognizer, agents: agents) { server in
            let caller = try await server.call()
            let microphone = Microphone(caller)
            try await caller.greeted()
            let mark = caller.count
            try await caller.send(.text("tell me the long story"))
            let epoch = try await caller.audio(from: mark).epoch
            // Let some of it be heard before the caller cuts in.
            let begun = try await caller.audio(from: mark, epoch: epoch).sequence
            _ = try await caller.audio(from: mark) { $0.epoch == epoch && $0.sequence >= begun + 60 }
            await microphone.say(Microphone.voice(.milliseconds(900)))
            let hold = try await caller.eventPlace(from: mark) { event -> UInt16? in
                if case .hold(let epoch) = event { epoch } else { nil }
            }
            let flush = try await caller.eventPlace(from: mark) { event -> UInt32? in
                if case .flush(let flushed, let sequence) = event { flushed == epoch ? sequence : nil } else { nil }
            }
            #expect(hold.found == epoch)
            #expect(hold.place < flush.place)
            #expect(try await caller.userFinal(from: flush.place) == "stop please")
            let interrupted = try await caller.finished(from: mark)
            #expect(interrupted.epoch == epoch)
            #expect(interrupted.reason == .interrupted)
            #expect(interrupted.heard.count < TestAgents.story.count)
            #expect(TestAgents.story.hasPrefix(interrupted.heard))
            let next = try await caller.event(from: flush.place) { event -> String? in
                if case .agentFinished(_, _, let reason, let heard) = event { reason == .completed ? heard : nil } else { nil }
            }
            #expect(next == "Of course.")

            // Nothing of the old reply came after it was flushed, and nothing between hold and flush.
            let late = caller.headers(from: hold.place).filter { $0.epoch == epoch }
            #expect(late.isEmpty)
            #expect(AudioFlow(caller).gaps == [])
            #expect(AudioFlow(caller).jumps == [])
            let said = try #require(services.chats.last?.components(separatedBy: #""role":"system""#).last)
            #expect(said.contains("stop please"))
            #expect(!said.contains("look at the stars"))
        }
    }

    @Test(.timeLimit(.minutes(1)), arguments: [120, 1_000]) func aCoughHoldsTheAgentAndThenItGoesOn(lead: Int) async throws {
        let agents = try TestAgents.folder()
        let settings = ["turns.minimum_speech_ms=100", "turns.barge_in_ms=1000", "session.lead_ms=\(lead)"]
        _ = try await ServerProcess.serve(settings, agents: agents) { server in
            let caller = try await server.call()
            let microphone = Microphone(caller)
            try await caller.greeted()
            let mark = caller.count
            try await caller.send(.text("tell me the long story"))
            let epoch = try await caller.audio(from: mark).epoch
            await microphone.say(Microphone.voice(.milliseconds(200)))
            #expect(try await caller.event(from: mark) { if case .hold(let epoch) = $0 { epoch } else { nil } } == epoch)
            let resume = try await caller.eventPlace(from: mark) { event -> UInt16? in
                if case .resume(let epoch, _, _) = event { epoch } else { nil }
            }
            #expect(resume.found == epoch)
            _ = try await caller.audio(from: resume.place, epoch: epoch)
            let finished = try await caller.finished(from: mark)
            #expect(finished.reason == .completed)
            #expect(finished.heard == TestAgents.story)
            #expect(AudioFlow(caller).gaps == [])
            #expect(AudioFlow(caller).jumps == [])
            // What the client dropped unheard goes out again, and media time does not run backwards for it.
            #expect(AudioFlow(caller).largestLead <= 2 * lead + 60)
        }
    }

    @Test(.timeLimit(.minutes(1))) func aTypedTurnOverTheAgentTakesTheTurn() async throws {
        let agents = try TestAgents.folder()
        _ = try await ServerProcess.serve(agents: agents) { server in
            let caller = try await server.call()
            try await caller.greeted()
            let mark = caller.count
            try await caller.send(.text("tell me the long story"))
            let first = try await caller.audio(from: mark)
            let epoch = first.epoch
            _ = try await caller.audio(from: mark) { $0.sequence >= first.sequence + 60 }
            let second = caller.count
            try await caller.send(.text("what is the colour"))
            let flush = try await caller.eventPlace(from: second) { event -> UInt16? in
                if case .flush(let epoch, _) = event { epoch } else { nil }
            }
            #expect(flush.found == epoch)
            _ = try await caller.userFinal(from: second)
            let answer = try await caller.event(from: flush.place) { event -> String? in
                if case .agentFinished(let turn, _, _, let heard) = event { turn == 2 ? heard : nil } else { nil }
            }
            #expect(answer == "The colour is blue.")
            #expect(AudioFlow(caller).jumps == [])
        }
    }
}
