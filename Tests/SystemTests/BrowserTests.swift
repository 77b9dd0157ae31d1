import Audio
import Foundation
import Subprocess
import Testing

/// The page in a real browser, with a recorded voice as its microphone. What a person would do stands in `Tests/Browser/check.py`.
@Suite(.serialized, .enabled(if: ServerBinary.isThere, ServerBinary.missing), .enabled(if: Chromium.isThere, Chromium.missing))
struct BrowserTests {
    /// Forty seconds of speech, so that a voice comes into it.
    private static let story = (1...20).map { "This is sentence number \($0) of a story. " }

    @Test(.timeLimit(.minutes(2)), arguments: ["talk", "linear"]) func aVoiceIsHeardAnsweredAloudAndMayInterrupt(step: String) async throws {
        try await check(step)
    }

    @Test(.timeLimit(.minutes(2)), arguments: ["reconnect", "stall"]) func aLostNetworkIsGotOverInMidSentence(step: String) async throws {
        try await check(step)
    }

    @Test(.timeLimit(.minutes(2))) func withoutAMicrophoneOneTypes() async throws { try await check("type") }

    @Test(.timeLimit(.minutes(2))) func theMicrophoneObeysTheKeyboard() async throws { try await check("keys") }

    @Test(.timeLimit(.minutes(2))) func aKeyIsAskedForAndKept() async throws {
        try await check("key", settings: ["server.keys=acme=sesame"], arguments: ["--key", "sesame"])
    }

    @Test(.timeLimit(.minutes(2))) func otherPagesEmbedTheModule() async throws { try await check("embed") }

    @Test(.timeLimit(.minutes(1))) func theAudioThreadKeepsItsRules() async throws { try await check("rules") }

    private func check(_ step: String, settings: [String] = [], arguments: [String] = []) async throws {
        let folder = try TestAgents.folder()
        let voice = folder.path + "/voice.wav"
        try Data(WAVFile.encode(try Self.voice())).write(to: URL(filePath: voice))
        let services = try FakeServices([.says(Self.story)])
        let engines = services.model + services.recognizer + services.synthesizer
        _ = try await ServerProcess.serve(engines + settings, agents: folder) { server in
            let told = try await Subprocess.run(
                .name("python3"),
                arguments: Arguments(
                    [Chromium.script, step, "--url", "http://127.0.0.1:\(server.port)/", "--voice", voice] + Chromium.shots + arguments),
                output: .string(limit: 1 << 16), error: .combinedWithOutput)
            #expect(told.terminationStatus == .exited(0), "\(told.standardOutput)\n\(server.log.text.suffix(4000))")
        }
    }

    /// Silence, a recorded question, silence: with each round of it the caller speaks into what the agent is saying.
    private static func voice() throws -> PCMAudio {
        let question = try DemoCaller.says("1-lost-card", sampleRate: 48_000)
        let silence = [Float](repeating: 0, count: 48_000)
        return PCMAudio(sampleRate: 48_000, samples: silence + silence + silence + question.samples + silence + silence + silence)
    }
}

private enum Chromium {
    static let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Browser/check.py").path
    static let missing: Comment = "no chromium, or no python3: apt-get install chromium python3"

    static let isThere = isOnPath("python3") && (["chromium", "chromium-browser", "google-chrome"].contains(where: isOnPath) || isNamed)

    /// Pictures of what was seen, where a tester wants them.
    static let shots = ProcessInfo.processInfo.environment["PARLEY_SHOTS"].map { ["--shots", $0] } ?? []

    private static let isNamed = ProcessInfo.processInfo.environment["PARLEY_CHROMIUM"] != nil

    private static func isOnPath(_ name: String) -> Bool {
        let folders = ProcessInfo.processInfo.environment["PATH"]?.split(separator: ":") ?? []
        return folders.contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(name)") }
    }
}
