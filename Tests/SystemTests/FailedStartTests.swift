import HTTPTestServer
import Testing

@Suite(.enabled(if: ServerBinary.isThere, ServerBinary.missing)) struct FailedStartTests {
    /// A setting, and the name that the message must hold.
    private static let faults = [
        ("no.such=1", "no.such"), ("server.port=70000", "server.port"), ("session.lead_ms=soon", "session.lead_ms"),
        ("agents.directory=/nonexistent", "agents.directory"), ("agents.default=nobody", "agents.default"),
        ("server.host=192.0.2.1", "server.keys"), ("recognizer.engine=moonshine", "recognizer.engine"),
        ("recognizer.engine=openai", "recognizer.url"), ("synthesizer.engine=piper", "synthesizer.engine"),
        ("vad.engine=silero", "vad.engine"), ("turn_detector.engine=smart-turn", "turn_detector.engine"),
        ("llm.engine=llama", "llm.engine"), ("llm.engine=anthropic", "llm.model"), ("record.directory=/proc/nowhere", "record.directory"),
    ]

    @Test(.timeLimit(.minutes(1)), arguments: faults)
    func aSettingThatCannotStandIsNamed(setting: String, name: String) async throws {
        let output = try await failedStart([setting])
        #expect(output.contains(name))
    }

    @Test(.timeLimit(.minutes(1))) func aPortInUseIsNamed() async throws {
        let other = try TestServer { _ in }
        let output = try await failedStart(["server.port=\(other.port)"])
        #expect(output.contains("server.port"))
        #expect(output.contains("\(other.port)"))
        other.stop()
    }

    @Test(.timeLimit(.minutes(1))) func aFaultyPromptIsNamedWithItsLineAndTheReason() async throws {
        let agents = try TestAgents.folder()
        try agents.write("bad.md", "---\nname: Bad\nlanguage: en\nturns:\n  profile: hasty\n---\nYou are bad.\n")
        let output = try await failedStart([], agents)
        #expect(output.contains("bad.md:5"))
        #expect(output.contains("profile"))
    }

    @Test(.timeLimit(.minutes(1))) func aMissingSettingsFileIsNamed() async throws {
        let end = try await ServerProcess.run(["serve", "--settings", "/nonexistent.json"])
        #expect(end.code == 1)
        #expect(end.output.contains("/nonexistent.json"))
    }

    /// What a server said that must not start.
    private func failedStart(_ settings: [String], _ agents: TestFolder? = nil) async throws -> String {
        let agents = try agents ?? TestAgents.folder()
        let end = try await ServerProcess.runUntilServing(["serve"] + ServerProcess.overrides(settings, agents))
        #expect(end.code == 1)
        #expect(!end.output.contains("calls at"))
        // The reason is a line for people, not a dump of a value.
        #expect(!end.output.contains("Error(") && !end.output.contains("Fatal error"))
        return end.output
    }
}
