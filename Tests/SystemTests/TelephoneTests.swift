import Audio
import Foundation
import Gateway
import SharedFolder
import Subprocess
import Testing
import Wire

/// Calls by telephone through the program as it is: Twilio's media stream over a socket, mu-law of 8 kHz at the pace of speech, recorded voices.
@Suite(.serialized, .enabled(if: ServerBinary.isThere, ServerBinary.missing)) struct TelephoneTests {
    @Test(.timeLimit(.minutes(2))) func aCallIsHeardAnsweredInterruptedDialledAndRecordedAsItWas() async throws {
        let agents = try TestAgents.folder()
        let calls = try TestFolder()
        let services = try FakeServices(
            [
                .answers { body in
                    body.contains("\"42\"") ? "Forty two it is." : body.contains("interrupted here") ? "Of course." : TestAgents.story
                }
            ], transcripts: ["I want to hear the story of the fox"])
        let settings = services.model + services.recognizer + services.synthesizer
        let sent = Kept<Int>()
        _ = try await ServerProcess.serve(settings, agents: agents, arguments: ["--record", calls.path]) { server in
            let caller = try await PhoneCaller.call(server, parameters: ["agent": "short", "events": "true"])
            let question = try DemoCaller.says("1-lost-card", sampleRate: 8_000)
            let protest = try DemoCaller.says("2-new-card", sampleRate: 8_000)
            #expect(try await Self.finished(caller).heard == "Hi there.")
            #expect(caller.clears == 0)

            // A question is heard and answered aloud.
            let asked = caller.count
            await caller.say(question)
            #expect(try await Self.heardWords(caller, from: asked) == "I want to hear the story of the fox")
            let answer = try await caller.media(from: asked)
            let before = caller.played(upTo: answer)
            _ = try await caller.first(from: answer) { happening -> Bool? in
                if case .played(let total) = happening { total >= before + 1_500 ? true : nil } else { nil }
            }
            #expect(Loudness.rms(caller.sound(from: answer)) > -30)

            // Who speaks over it is given the word.
            let spoken = caller.count
            await caller.say(protest)
            let clear = try await caller.heard(from: spoken) { heard -> Bool? in if case .clear = heard { true } else { nil } }
            sent.value = caller.sound(from: answer, upTo: clear.place).count / 8
            let interrupted = try await Self.finished(caller, from: spoken)
            #expect(interrupted.reason == .interrupted)
            #expect(TestAgents.story.hasPrefix(interrupted.heard))
            #expect(!interrupted.heard.isEmpty && interrupted.heard.count < TestAgents.story.count)
            let second = try await Self.finished(caller) { $0.reason == .completed && $0.heard == "Of course." }
            #expect(caller.clears == 1)
            // The first sound after the clear is the next reply's, and all of it: none of the old one's comes any more.
            let marks = caller.marks(from: clear.place)
            #expect(!marks.isEmpty && marks.allSatisfy { $0.hasPrefix("e\(second.epoch).1:") }, "\(marks)")
            #expect(marks.first == "e\(second.epoch).1:20")

            // Keys are a turn.
            let dialled = caller.count
            for key in "42#" { try await caller.client.press(key) }
            #expect(try await Self.heardWords(caller, from: dialled) == "42")
            #expect(try await Self.finished(caller, from: dialled).heard == "Forty two it is.")
            #expect(caller.clears == 1)
            #expect(caller.refused == [])
            #expect(try await caller.hangUp() == 1000)
            _ = await server.log.line(with: "call recorded")
        }
        let call = try #require(calls.names().first)
        let live = try #require(calls.text(call + "/live.txt"))
        for line in [
            "user 1: I want to hear the story of the fox", "agent 1 interrupted, heard: Once", "agent 2 completed, heard: Of course.", "user 3: 42",
            "agent 3 completed, heard: Forty two it is.", "ended (caller)",
        ] { #expect(live.contains(line), "\(line)\n\(live)") }
        #expect(live.split(separator: "\n").contains { $0.contains("turn 1 interrupted") && $0.hasSuffix("heard by client") })
        // What is remembered as heard had gone to the telephone.
        let flushed = try #require(Self.flushed(calls.text(call + "/events.jsonl") ?? ""))
        #expect((1...(sent.value ?? 0)).contains(flushed), "\(flushed) ms of \(sent.value ?? 0) ms")
        let replay = try await ServerProcess.run(["replay", calls.path + "/" + call])
        #expect(replay.code == 0, "\(replay.output)")
    }

    @Test(.timeLimit(.minutes(1))) func aStreamThatAsksForNothingHearsNothingThatTwilioDoesNotKnow() async throws {
        let agents = try TestAgents.folder()
        _ = try await ServerProcess.serve(agents: agents) { server in
            let caller = try await PhoneCaller.call(server)
            let greeting = try await caller.media()
            for key in "7#" { try await caller.client.press(key) }
            try await caller.media(from: greeting + 1)
            #expect(try await caller.hangUp() == 1000)
            #expect(caller.refused == [])
            #expect(caller.said.allSatisfy { if case .event = $0 { false } else { true } })
        }
    }

    @Test(.timeLimit(.minutes(2)), .enabled(if: Simulator.isThere, Simulator.missing)) func theSharedSimulatorOfTwilioFindsNothingWrong() async throws
    {
        let agents = try TestAgents.folder()
        let voice = agents.path + "/voice.wav"
        try Data(WAVFile.encode(try DemoCaller.says("2-new-card", sampleRate: 8_000))).write(to: URL(filePath: voice))
        let services = try FakeServices([.says([TestAgents.story])], transcripts: ["I want to hear the story of the fox"])
        let settings = services.model + services.recognizer + services.synthesizer
        let token = "12345678901234567890123456789012"
        let signed = ["twilio.key=\(token)", "server.public_url=https://voice.example.org"]
        _ = try await ServerProcess.serve(settings + signed, agents: agents) { server in
            let address = "ws://127.0.0.1:\(server.port)/v1/phone/twilio"
            let stream = ["--auth-token", token, "--signed-url", "wss://voice.example.org/v1/phone/twilio"]
            for arguments in [["--greeting", "10", "--param", "agent=short"], ["--bad-signature"]] {
                let told = try await Subprocess.run(
                    .name("python3"), arguments: Arguments([Simulator.script ?? "", address, voice] + stream + arguments),
                    environment: .inherit.updating(["PYTHONPATH": Simulator.modules]), output: .string(limit: 1 << 16), error: .combinedWithOutput)
                #expect(told.terminationStatus == .exited(0), "\(told.standardOutput)\n\(server.log.text.suffix(4000))")
            }
        }
    }

    // MARK: what a stream with events tells

    private struct Finished: Sendable {
        var epoch: UInt16
        var reason: ServerEvent.FinishReason
        var heard: String
    }

    private static func finished(_ caller: PhoneCaller, from mark: Int = 0, where fits: (Finished) -> Bool = { _ in true }) async throws -> Finished {
        try await caller.heard(from: mark) { heard in
            guard case .event(let numbered) = heard, case .agentFinished(_, let epoch, let reason, let text) = numbered.event else { return nil }
            let finished = Finished(epoch: epoch, reason: reason, heard: text)
            return fits(finished) ? finished : nil
        }.found
    }

    private static func heardWords(_ caller: PhoneCaller, from mark: Int) async throws -> String {
        try await caller.heard(from: mark) { heard in
            guard case .event(let numbered) = heard, case .userFinal(_, let text) = numbered.event else { return nil }
            return text
        }.found
    }

    /// Milliseconds that the carrier's side told were heard when the agent was interrupted.
    private static func flushed(_ events: String) -> Int? {
        events.split(separator: "\n").lazy.compactMap { try? JSONValue(parsing: Array($0.utf8)) }.compactMap { event in
            event["client"]?["type"]?.string == "playout.flushed" ? event["client"]?["heard_ms"]?.int : nil
        }.first
    }
}

/// The shared folder's own client of Twilio's protocol, in Python.
private enum Simulator {
    static let missing: Comment = "no shared folder with twilio_sim_client.py, or its Python module websockets cannot be had"

    static let script: String? = SharedFolder.path.map { "\($0)/clients/twilio_sim_client.py" }

    private static let module = "websockets==17.4"
    /// Where Python finds the module that it needs: fetched once, if Python has none.
    static let modules = URL.temporaryDirectory.appending(path: "parley-tests-\(module)").path

    static let isThere: Bool = {
        guard let script, FileManager.default.fileExists(atPath: script) else { return false }
        let fetch = "PYTHONPATH=\(modules) python3 -c 'import websockets' || python3 -m pip install --quiet --target \(modules) \(module)"
        let shell = Process()
        shell.executableURL = URL(filePath: "/bin/sh")
        shell.arguments = ["-c", fetch]
        (shell.standardOutput, shell.standardError) = (FileHandle.nullDevice, FileHandle.nullDevice)
        guard (try? shell.run()) != nil else { return false }
        shell.waitUntilExit()
        return shell.terminationStatus == 0
    }()
}
