import Testing

@testable import Settings

struct SettingsTableTests {
    @Test func namesAndVariablesAreUniqueAndWellFormed() {
        #expect(Set(SettingsTable.all.map(\.name)).count == SettingsTable.all.count)
        #expect(Set(SettingsTable.all.map(\.environment)).count == SettingsTable.all.count)
        for setting in SettingsTable.all {
            #expect(setting.name.wholeMatch(of: /[a-z_]+\.[a-z_]+/) != nil, "\(setting.name)")
            #expect(setting.note.hasSuffix("."), "\(setting.name)")
            #expect(!SettingsLoader.otherVariables.contains(setting.environment), "\(setting.name)")
        }
    }

    @Test func theVariableFollowsTheName() {
        #expect(SettingsTable.all.first { $0.name == "turn_detector.engine" }?.environment == "PARLEY_TURN_DETECTOR_ENGINE")
    }

    @Test func everyKeyIsSecret() {
        for setting in SettingsTable.all { #expect(setting.isSecret == (setting.name.hasSuffix(".key") || setting.name.hasSuffix(".keys"))) }
    }

    @Test func everyDefaultIsAValueTheSettingTakes() throws {
        let standard = ParleySettings()
        for setting in SettingsTable.all {
            let shown = setting.shown(in: standard)
            guard !shown.hasPrefix("(") else { continue }
            var copy = standard
            try setting.assign(.text(shown), to: &copy)
            #expect(copy == standard, "\(setting.name)")
        }
    }

    @Test func everySettingHasAPlaceOfItsOwn() throws {
        // A value that differs from the default must change the settings, and no two settings may write to one place.
        let samples = [
            "1", "3", "900", "9000", "20000", "0.4", "true", "false", "/other", "a=b", "https://x.example", "none", "json", "debug", "eager",
            "silero",
            "openai", "scripted", "voip",
        ]
        var changed: [String: ParleySettings] = [:]
        for setting in SettingsTable.all {
            for sample in samples {
                var copy = ParleySettings()
                guard (try? setting.assign(.text(sample), to: &copy)) != nil, copy != ParleySettings() else { continue }
                changed[setting.name] = copy
                break
            }
            #expect(changed[setting.name] != nil, "\(setting.name)")
        }
        for (name, copy) in changed {
            let differing = SettingsTable.all.filter { $0.shown(in: copy) != $0.shown(in: ParleySettings()) }.map(\.name)
            #expect(differing == [name])
        }
    }

    @Test func theReferenceHasEverySetting() {
        let reference = SettingsReference.markdown()
        let rows = reference.split(separator: "\n").filter { $0.hasPrefix("| `") }
        #expect(rows.count == SettingsTable.all.count)
        for (row, setting) in zip(rows, SettingsTable.all) {
            #expect(row.hasPrefix("| `\(setting.name)` | `\(setting.environment)`") && row.contains(setting.takes))
            #expect(row.replacing("\\|", with: "").filter { $0 == "|" }.count == 6, "\(setting.name)")
        }
        let port = "| `server.port` | `PARLEY_SERVER_PORT` | integer, 0 to 65535 | 7350 | Port of the calls; 0 takes any free one. |"
        #expect(rows.contains { $0 == port })
        #expect(reference.contains("`PARLEY_LLM_KEY`, else `OPENAI_API_KEY`"))
    }
}

struct NearestNameTests {
    @Test(arguments: [
        ("server.prot", "server.port"), ("SERVER.PORT", "server.port"), ("serverport", "server.port"), ("sevrer.hots", "server.host"),
    ])
    func aSlipIsFound(slip: String, name: String) {
        #expect(NearestName.of(slip, among: SettingsTable.all.map(\.name)) == name)
    }

    @Test(arguments: ["", "zebra", "something.else.entirely"]) func whatIsFarFromAllIsNot(name: String) {
        #expect(NearestName.of(name, among: SettingsTable.all.map(\.name)) == nil)
    }
}
