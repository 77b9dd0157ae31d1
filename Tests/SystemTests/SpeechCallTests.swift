import Audio
import Foundation
import Testing
import Wire

/// Calls with a voice, heard and answered by the embedded engines. One at a time: each wants the whole machine.
@Suite(.serialized, .enabled(if: ServerBinary.hasModels, ServerBinary.noModels)) struct SpeechCallTests {
    private static let sentence = "And when do I get the new one in the mail?"

    @Test(.timeLimit(.minutes(1)), arguments: [0, 0.2]) func aSpokenQuestionIsUnderstoodAndAnsweredAloud(loss: Double) async throws {
        let agents = try agents()
        _ = try await ServerProcess.serve(try settings(), agents: agents) { server in
            let question = try DemoCaller.says("2-new-card", sampleRate: 16_000).samples
            let caller = try await server.call(SessionStart(agent: "cards"))
            let microphone = Microphone(caller, loss: loss)
            try await caller.greeted()
            let mark = caller.count
            await microphone.say(question)
            let words = Self.words(try await caller.userFinal(from: mark))
            let right = Self.words(Self.sentence)
            let known = Double(right.intersection(words).count) / Double(right.count)
            #expect(known >= (loss == 0 ? 0.8 : 0.5), "\(words)")
            let finished = try await caller.finished(from: mark)
            #expect(finished.reason == .completed)
            #expect(finished.heard.contains("within three days"))
            let metrics = try await caller.metrics(from: mark)
            let parts = [
                metrics.endpointing, metrics.recognition, metrics.firstToken, metrics.firstSentence, metrics.firstAudio, metrics.playoutStart,
            ]
            #expect(parts.reduce(0, +) == metrics.total)
            #expect(metrics.endpointing > 0)
            #expect(AudioFlow(caller).gaps == [])
            #expect(AudioFlow(caller).jumps == [])
            #expect(AudioFlow(caller).largestLead <= 120 + 60)
            #expect(caller.misnumbered() == [])
        }
    }

    private func settings() throws -> [String] {
        let wanted = [
            "vad.engine=silero", "turn_detector.engine=smart-turn", "recognizer.engine=moonshine", "synthesizer.engine=piper",
            "data.directory=\(try #require(ServerBinary.models))", "inference.threads=2",
        ]
        return wanted
    }

    private func agents() throws -> TestFolder {
        let folder = try TestAgents.folder()
        try folder.write(
            "cards.md",
            """
            ---
            name: Cards
            language: en
            greeting: Hello.
            ---
            You know when cards come.

            ## Facts

            ### a new card
            The new card comes in the mail within three days.

            Also asked: when do I get the new one; when does the new card come; new one in the mail
            """)
        return folder
    }

    private static func words(_ text: String) -> Set<String> {
        Set(text.lowercased().split { !$0.isLetter }.map(String.init))
    }
}
