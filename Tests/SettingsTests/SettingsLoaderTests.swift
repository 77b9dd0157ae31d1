import Testing

@testable import Settings

struct SettingsLoaderTests {
    private func load(_ file: String? = nil, _ environment: [String: String] = [:], _ overrides: [String] = []) throws -> LoadedSettings {
        let file = try file.map { try SettingsFile($0) }
        return try withExtendedLifetime(file) {
            try SettingsLoader.load(file: file?.path, environment: environment, overrides: overrides)
        }
    }

    @Test func withoutSourcesEverythingHasItsDefault() throws {
        let loaded = try load(nil, ["PATH": "/bin", "HOME": "/"])
        #expect(loaded.settings == ParleySettings())
        #expect(SettingsTable.all.allSatisfy { loaded.source(of: $0.name) == .standard })
    }

    @Test func theFileBeatsTheDefaultTheEnvironmentTheFileAndTheCommandLineAll() throws {
        let file = try SettingsFile(#"{"server": {"host": "file", "port": 1, "loops": 1}}"#)
        let loaded = try SettingsLoader.load(
            file: file.path, environment: ["PARLEY_SERVER_PORT": "2", "PARLEY_SERVER_LOOPS": "2"],
            overrides: ["server.loops=3", "server.loops=4"])
        #expect(loaded.settings.server.host == "file" && loaded.settings.server.port == 2 && loaded.settings.server.loops == 4)
        #expect(loaded.source(of: "server.host") == .file(file.path, line: 1))
        #expect(loaded.source(of: "server.port") == .environment("PARLEY_SERVER_PORT"))
        #expect(loaded.source(of: "server.loops") == .commandLine)
        #expect(loaded.source(of: "server.path") == .standard)
    }

    @Test func theFileMayBeNamedByTheEnvironmentAndTheCommandLineBeatsThat() throws {
        let (one, two) = (try SettingsFile(#"{"server.port": 1}"#), try SettingsFile(#"{"server.port": 2}"#))
        #expect(try SettingsLoader.load(file: nil, environment: ["PARLEY_SETTINGS": one.path], overrides: []).settings.server.port == 1)
        #expect(try SettingsLoader.load(file: two.path, environment: ["PARLEY_SETTINGS": one.path], overrides: []).settings.server.port == 2)
    }

    @Test func namesMayBeNestedOrDottedOrBoth() throws {
        let loaded = try load(#"{"llm": {"retries": 3}, "llm.model": "m", "log": {"level": "debug"}}"#)
        #expect(loaded.settings.languageModel.retries == 3 && loaded.settings.languageModel.model == "m" && loaded.settings.log.level == .debug)
    }

    @Test func everyTypeIsReadFromTheFile() throws {
        let loaded = try load(
            """
            {"session": {"grace_ms": 100, "maximum_minutes": 2}, "audio": {"output_application": "voip", "output_fec": true}, "vad": {"on": 0.75, "off": 0.25},
             "server": {"origins": ["https://a.example", "*"], "keys": {"acme": "k1", "other": ["k2", "k3"]}, "path": "/call"},
             "turn_detector.engine": "smart-turn", "turns.silence_ms": 900, "recognizer.url": "https://stt.example/v1",
             "synthesizer.key": "s3", "llm.temperature": 1}
            """
        ).settings
        #expect(loaded.session.grace == .milliseconds(100) && loaded.session.maximum == .seconds(120) && loaded.audio.outputFEC)
        #expect(loaded.voiceDetection.on == 0.75 && loaded.server.origins == ["https://a.example", "*"] && loaded.server.path == "/call")
        #expect(loaded.server.keys.value == ["k1": "acme", "k2": "other", "k3": "other"])
        #expect(loaded.turnDetector == .smartTurn && loaded.turns.silence == .milliseconds(900) && loaded.languageModel.temperature == 1)
        #expect(loaded.recognizer.url == "https://stt.example/v1" && loaded.synthesizer.key?.value == "s3")
    }

    @Test func everyTypeIsReadFromTheEnvironment() throws {
        let loaded = try load(
            nil,
            [
                "PARLEY_SESSION_GRACE_MS": " 100\n", "PARLEY_AUDIO_OUTPUT_DTX": "Yes", "PARLEY_AUDIO_OUTPUT_APPLICATION": "voip",
                "PARLEY_VAD_ON": "0.9",
                "PARLEY_SERVER_ORIGINS": "https://a.example, https://b.example,", "PARLEY_SERVER_KEYS": "acme=k=1, other=k2,",
                "PARLEY_LLM_KEY": "s3\n", "PARLEY_LOG_FORMAT": "json", "PARLEY_SERVER_ALLOW_OPEN": "0", "PARLEY_RECORD_DIRECTORY": "calls",
            ]
        ).settings
        #expect(loaded.session.grace == .milliseconds(100) && loaded.audio.outputDTX && loaded.voiceDetection.on == 0.9)
        #expect(loaded.server.origins == ["https://a.example", "https://b.example"] && !loaded.server.allowsOpen)
        #expect(loaded.server.keys.value == ["k=1": "acme", "k2": "other"] && loaded.languageModel.key?.value == "s3")
        #expect(loaded.log.format == .json && loaded.recordDirectory == "calls")
    }

    @Test func anEmptyValueTakesTheDefault() throws {
        let loaded = try load(
            #"{"server.port": 1, "record.directory": "calls", "llm.model": ""}"#, ["PARLEY_RECORD_DIRECTORY": ""], ["server.port="])
        #expect(loaded.settings == ParleySettings())
        #expect(loaded.source(of: "server.port") == .commandLine)
    }

    @Test func aNilOfTheProfileStaysUnlessGiven() throws {
        let loaded = try load(nil, [:], ["turns.profile=eager", "turns.maximum_silence_ms=3000"]).settings
        #expect(loaded.turns.profile == .eager && loaded.turns.minimumSilence == nil && loaded.turns.maximumSilence == .seconds(3))
    }

    @Test func openAIsVariablesAreTheLastResort() throws {
        let open = ["OPENAI_API_KEY": "sk-open", "OPENAI_BASE_URL": "https://open.example/v1"]
        let plain = try load(nil, open)
        #expect(plain.settings.languageModel.key?.value == "sk-open" && plain.settings.languageModel.url == "https://open.example/v1")
        #expect(plain.source(of: "llm.key") == .environment("OPENAI_API_KEY"))
        let own = try load(#"{"llm.key": "mine"}"#, open)
        #expect(own.settings.languageModel.key?.value == "mine" && own.settings.languageModel.url == "https://open.example/v1")
    }

    @Test(arguments: [
        ["llm.url=https://elsewhere.example"], ["llm.engine=anthropic"], ["llm.engine=ollama"], ["llm.engine=openai", "llm.url=http://127.0.0.1:1"],
    ])
    func openAIsKeyGoesToNoOtherService(overrides: [String]) throws {
        let loaded = try load(nil, ["OPENAI_API_KEY": "sk-open", "OPENAI_BASE_URL": "https://open.example"], overrides)
        #expect(loaded.settings.languageModel.key == nil && loaded.settings.languageModel.url != "https://open.example")
    }

    @Test func theModelStoresVariableNamesTheDataFolder() throws {
        #expect(try load(nil, ["PARLEY_DATA_DIR": "/data"]).settings.dataDirectory == "/data")
        #expect(try load(nil, ["PARLEY_DATA_DIR": "/data", "PARLEY_DATA_DIRECTORY": "/mine"]).settings.dataDirectory == "/mine")
    }

    @Test func variablesOfOthersAreNoSettings() throws {
        let others = [
            "PARLEY_SHARED", "PARLEY_PORT", "PARLEY_SERVICE_HOST", "PARLEY_SERVICE_PORT_HTTP", "PARLEY_PORT_7350_TCP_ADDR",
            "PARLEY_ADMIN_SERVICE_HOST",
        ]
        #expect(try load(nil, Dictionary(uniqueKeysWithValues: others.map { ($0, "x") })).settings == ParleySettings())
    }

    @Test func theDescriptionNamesValuesAndSources() throws {
        let text = try load(nil, ["PARLEY_SERVER_PORT": "99"], ["log.level=debug"]).describe()
        let lines = text.split(separator: "\n").map { $0.split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ") }
        #expect(lines.count == SettingsTable.all.count)
        #expect(lines.contains("server.port 99 PARLEY_SERVER_PORT") && lines.contains("log.level debug --set"))
        #expect(lines.contains("server.host 127.0.0.1 default") && lines.contains("turns.silence_ms (the profile's) default"))
    }

    @Test func secretsShowNowhere() throws {
        let loaded = try load(
            #"{"llm.key": "swordfish-1", "server.keys": {"acme": "swordfish-2"}}"#,
            ["PARLEY_RECOGNIZER_KEY": "swordfish-3", "PARLEY_RECOGNIZER_URL": "https://stt.example/v1?key=swordfish-4"])
        var dumped = ""
        dump(loaded, to: &dumped)
        for text in [loaded.describe(), "\(loaded)", String(reflecting: loaded)] + [dumped.replacing("?key=swordfish-4", with: "")] {
            #expect(!text.replacing("?key=swordfish-4", with: "").contains("swordfish"))
        }
        #expect(!loaded.describe().contains("swordfish") && loaded.describe().contains("[secret]"))
    }
}
