import Testing

@testable import Settings

struct SettingsErrorTests {
    typealias Code = SettingsError.Problem.Code

    private func problems(_ file: String? = nil, _ environment: [String: String] = [:], _ overrides: [String] = []) throws -> [SettingsError.Problem]
    {
        let file = try file.map { try SettingsFile($0) }
        let error = #expect(throws: SettingsError.self) {
            try SettingsLoader.load(file: file?.path, environment: environment, overrides: overrides)
        }
        return withExtendedLifetime(file) { error?.problems ?? [] }
    }

    @Test func anUnknownNameInTheFileIsNamedWithItsLineAndTheNearest() throws {
        let problem = try #require(try problems("{\n \"server\": {\n  \"prot\": 1}}").first)
        #expect(problem.code == .unknown && problem.setting == "server.prot")
        #expect(problem.detail == "there is no such setting; did you mean server.port?")
        #expect(problem.description.contains(".json:3: server.prot: "))
    }

    @Test func anUnknownSectionIsUnknownToo() throws {
        let found = try problems(#"{"sever": {"port": 1}, "empty": {}, "server": 5, "zzzzzzzzzzzzzz": 1}"#)
        #expect(found.map(\.setting) == ["sever.port", "empty", "server", "zzzzzzzzzzzzzz"])
        #expect(found.first?.detail.hasSuffix("did you mean server.port?") == true && found.last?.detail == "there is no such setting")
    }

    @Test func anUnknownVariableIsNamedWithTheNearest() throws {
        let problem = try #require(try problems(nil, ["PARLEY_SERVR_PORT": "1"]).first)
        #expect(problem.code == .unknown && problem.source == .environment("PARLEY_SERVR_PORT"))
        #expect(problem.detail.hasSuffix("did you mean PARLEY_SERVER_PORT?"))
    }

    @Test(arguments: ["server.prot=1", "=1", "server.port", ""]) func aBadOverrideIsRefused(override: String) throws {
        let problem = try #require(try problems(nil, [:], [override]).first)
        #expect(problem.source == .commandLine && problem.code == (override == "server.prot=1" ? .unknown : .badOverride))
    }

    @Test(arguments: [
        (#""server.port": "7350x""#, Code.wrongType), (#""server.port": "7350""#, .wrongType), (#""server.port": true"#, .wrongType),
        (#""server.port": 70000"#, .outOfRange), (#""server.port": -1"#, .outOfRange), (#""server.port": 1.5"#, .wrongType),
        (#""server.port": 99999999999999999999"#, .outOfRange), (#""server.port": null"#, .wrongType), (#""server.port": {}"#, .wrongType),
        (#""server.host": 5"#, .wrongType), (#""server.host": "a\nb""#, .outOfRange), (#""server.path": "call""#, .outOfRange),
        (#""vad.on": 1e999"#, .wrongType), (#""vad.on": 7"#, .outOfRange), (#""vad.on": "0.5""#, .wrongType),
        (#""audio.output_fec": 1"#, .wrongType), (#""log.level": "loud""#, .outOfRange), (#""log.level": 3"#, .wrongType),
        (#""server.origins": "a""#, .wrongType), (#""server.origins": [1]"#, .wrongType), (#""session.grace_ms": 600001"#, .outOfRange),
        (#""session.maximum_minutes": 0"#, .outOfRange), (#""llm.url": "ftp://x""#, .outOfRange), (#""llm.url": "nowhere""#, .outOfRange),
        (#""llm.url": "https://user:pw@x""#, .outOfRange), (#""server.keys": []"#, .wrongType), (#""server.keys": {"a": 1}"#, .wrongType),
        (#""server.keys": {"a b": "k"}"#, .outOfRange), (#""server.keys": {"a": "k", "b": "k"}"#, .outOfRange),
        (#""server.keys": {"a": ""}"#, .outOfRange),
    ])
    func aWrongValueNamesSettingPlaceAndWhatIsTaken(member: String, code: Code) throws {
        let problem = try #require(try problems("{\n\(member)}").first)
        let setting = try #require(SettingsTable.all.first { $0.name == problem.setting })
        #expect(problem.code == code && problem.description.contains(".json:2: \(setting.name): "))
        #expect(problem.detail.hasSuffix("(takes \(setting.takes))"))
    }

    @Test(arguments: ["PARLEY_SERVER_PORT": "seven", "PARLEY_VAD_ON": "nan", "PARLEY_AUDIO_OUTPUT_FEC": "maybe", "PARLEY_SERVER_KEYS": "abc"])
    func aWrongVariableIsNamed(variable: String, value: String) throws {
        let problem = try #require(try problems(nil, [variable: value]).first)
        #expect(problem.code == .wrongType && problem.source == .environment(variable))
    }

    @Test func aChoiceIsSuggested() throws {
        #expect(try problems(nil, ["PARLEY_VAD_ENGINE": "silerro"]).first?.detail.contains("did you mean silero?") == true)
    }

    @Test func aSettingGivenTwiceInTheFileIsRefused() throws {
        let problem = try #require(try problems("{\"server\": {\"port\": 1},\n\"server.port\": 2}").first)
        #expect(problem.code == .duplicate && problem.detail == "is given already in line 1")
    }

    @Test(arguments: [
        (["vad.on=0.5", "vad.off=0.5"], "vad.off"), (["turns.minimum_silence_ms=900", "turns.maximum_silence_ms=800"], "turns.minimum_silence_ms"),
        (["llm.first_token_ms=9000", "llm.total_ms=8000"], "llm.first_token_ms"), (["llm.connect_ms=9000", "llm.total_ms=8000"], "llm.connect_ms"),
        (["engines.failure_rate=0.1"], "engines.failure_rate"), (["server.admin_port=7350"], "server.admin_port"), (["twilio.key=x"], "twilio.key"),
        (["twilio.key=x", "server.public_url=http://x.example"], "twilio.key"),
        (["audio.output_fec=true"], "audio.output_fec"), (["audio.output_dtx=true"], "audio.output_dtx"),
    ])
    func settingsThatDoNotGoTogetherAreRefused(overrides: [String], setting: String) throws {
        let problem = try #require(try problems(nil, [:], overrides).first)
        #expect(problem.code == .conflict && problem.setting == setting && problem.source == .commandLine)
    }

    @Test(arguments: ["[1]", "{", "", "{\"server.port\": 1} x"]) func aFileThatIsNoObjectIsRefused(text: String) throws {
        #expect(try problems(text).map(\.code) == [.badFile])
    }

    @Test func aFileThatCannotBeReadIsRefused() throws {
        for path in ["/nonexistent/settings.json", "/"] {
            let error = #expect(throws: SettingsError.self) { try SettingsLoader.load(file: path, environment: [:], overrides: []) }
            #expect(error?.problems.map(\.code) == [.unreadableFile])
        }
    }

    @Test func aFileTooLargeIsRefused() throws {
        #expect(try problems("{" + String(repeating: " ", count: 1 << 20) + "}").map(\.code) == [.unreadableFile])
    }

    @Test func allProblemsOfAllSourcesComeAtOnce() throws {
        let found = try problems(#"{"server.port": "x", "nothing": 1}"#, ["PARLEY_LOG_LEVEL": "loud"], ["vad.on=2", "bad"])
        #expect(found.map(\.code) == [.wrongType, .unknown, .outOfRange, .outOfRange, .badOverride])
        #expect(SettingsError(problems: found).description.split(separator: "\n").count == 5)
    }

    @Test func noErrorHoldsASecretOrBreaksItsLine() throws {
        let found = try problems(
            "{\"llm.key\": 5, \"server.keys\": {\"a\": \"sword\\u0001fish\", \"swordfish!\": \"k\"},\n\"synthesizer.url\": \"https://swordfish@x\"}",
            ["PARLEY_RECOGNIZER_KEY": "sword\u{1}fish", "PARLEY_RECOGNIZER_URL": "swordfish", "PARLEY_SERVER_HOST": "a\u{1B}[2J\nb"],
            ["server.keys=swordfish", "recognizer.key=sword\u{7}fish"])
        let text = SettingsError(problems: found).description
        #expect(found.count == 8 && !text.contains("fish"))
        #expect(text.split(separator: "\n").count == found.count && !text.contains("\u{1B}"))
    }

    @Test func aSecretWithoutQuotesStaysOutOfTheError() throws {
        #expect(try problems("{\"llm.key\": swordfish}").first?.description.contains("swordfish") == false)
    }
}
