import Foundation

/// Reads the settings: defaults < file < environment < command line.
package struct SettingsLoader {
    typealias Problem = SettingsError.Problem

    /// Largest settings file, in bytes.
    static let fileLimit = 1 << 20
    /// Variables that begin like settings and are none: of the loader, of the model store and of the tests.
    static let otherVariables: Set<String> = [
        "PARLEY_SETTINGS", "PARLEY_DATA_DIR", "PARLEY_SHARED", "PARLEY_MODELS", "PARLEY_BENCHMARK", "PARLEY_BINARY",
    ]

    private let byName = Dictionary(uniqueKeysWithValues: SettingsTable.all.map { ($0.name, $0) })
    private let byVariable = Dictionary(uniqueKeysWithValues: SettingsTable.all.map { ($0.environment, $0) })
    private var settings = ParleySettings()
    private var sources: [String: SettingSource] = [:]
    private var problems: [Problem] = []

    private init() {}

    /// - Parameters:
    ///   - file: Path of a JSON file; nil takes `PARLEY_SETTINGS`, and without that there is none.
    ///   - environment: Every variable of the process; those that do not begin with `PARLEY_` are ignored but for documented fallbacks.
    ///   - overrides: `name=value` each; of two for one name the last counts.
    /// - Throws: All problems at once.
    package static func load(file: String?, environment: [String: String], overrides: [String]) throws(SettingsError) -> LoadedSettings {
        var loader = SettingsLoader()
        if let path = file ?? environment["PARLEY_SETTINGS"], !path.isEmpty { loader.read(file: path) }
        loader.read(environment: environment)
        loader.read(overrides: overrides)
        loader.readFallbacks(environment)
        loader.check()
        guard loader.problems.isEmpty else { throw SettingsError(problems: loader.problems) }
        return LoadedSettings(settings: loader.settings, sources: loader.sources)
    }

    private mutating func read(file path: String) {
        let start = SettingSource.file(path, line: 1)
        let bytes: Data
        do {
            let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            defer { try? handle.close() }
            bytes = try handle.read(upToCount: Self.fileLimit + 1) ?? Data()
        } catch {
            return report(.unreadableFile, nil, start, "the settings file cannot be read")
        }
        guard bytes.count <= Self.fileLimit else { return report(.unreadableFile, nil, start, "the settings file is larger than 1 MiB") }
        do throws(JSONDocument.Failure) {
            let document = try JSONDocument.parse(Array(bytes))
            guard case .object(let members) = document.value else {
                return report(.badFile, nil, .file(path, line: document.line), "the settings file is no JSON object")
            }
            var seen: [String: Int] = [:]
            read(members, below: "", of: path, seen: &seen)
        } catch {
            report(.badFile, nil, .file(path, line: error.line), error.detail)
        }
    }

    private mutating func read(_ members: [JSONDocument.Member], below prefix: String, of path: String, seen: inout [String: Int]) {
        for member in members {
            let name = prefix + member.key
            let source = SettingSource.file(path, line: member.line)
            if let setting = byName[name] {
                if let first = seen.updateValue(member.line, forKey: name) {
                    report(.duplicate, name, source, "is given already in line \(first)")
                } else {
                    assign(setting, .json(member.value.value), source)
                }
            } else if case .object(let inner) = member.value.value, !inner.isEmpty {
                read(inner, below: name + ".", of: path, seen: &seen)
            } else {
                reportUnknown(name, source)
            }
        }
    }

    private mutating func read(environment: [String: String]) {
        for (variable, value) in environment.sorted(by: { $0.key < $1.key }) where variable.hasPrefix("PARLEY_") {
            if let setting = byVariable[variable] {
                assign(setting, .text(value), .environment(variable))
            } else if !Self.otherVariables.contains(variable), !Self.isOfOrchestrator(variable) {
                let hint = NearestName.of(variable, among: SettingsTable.all.map(\.environment)).map { "; did you mean \($0)?" } ?? ""
                report(.unknown, nil, .environment(Self.short(variable)), "there is no such setting\(hint)")
            }
        }
    }

    /// Kubernetes gives every container variables for every service, and a service may well be called `parley`.
    private static func isOfOrchestrator(_ variable: String) -> Bool {
        variable == "PARLEY_PORT" || variable.contains(/_SERVICE_(HOST|PORT)(_|$)/) || variable.contains(/_PORT_[0-9]+_(TCP|UDP|SCTP)(_|$)/)
    }

    private mutating func read(overrides: [String]) {
        for (index, override) in overrides.enumerated() {
            guard let equals = override.firstIndex(of: "="), equals > override.startIndex else {
                report(.badOverride, nil, .commandLine, "override \(index + 1) is not name=value")
                continue
            }
            let name = String(override[..<equals])
            if let setting = byName[name] {
                assign(setting, .text(String(override[override.index(after: equals)...])), .commandLine)
            } else {
                reportUnknown(name, .commandLine)
            }
        }
    }

    private mutating func readFallbacks(_ environment: [String: String]) {
        for setting in SettingsTable.all where sources[setting.name] == nil {
            for variable in setting.fallbacks where mayUse(variable) {
                guard let value = environment[variable], !value.allSatisfy(\.isWhitespace) else { continue }
                assign(setting, .text(value), .environment(variable))
                break
            }
        }
    }

    /// A key goes to the service it was made for and to no other.
    private func mayUse(_ variable: String) -> Bool {
        let isOpenAI = settings.languageModel.engine == .auto || settings.languageModel.engine == .openai
        switch variable {
        case "OPENAI_BASE_URL": return isOpenAI
        case "OPENAI_API_KEY":
            let url = sources["llm.url"]
            return isOpenAI && (settings.languageModel.url == nil || url == .environment("OPENAI_BASE_URL"))
        default: return true
        }
    }

    private mutating func check() {
        if settings.voiceDetection.off >= settings.voiceDetection.on { conflict("vad.off", "is not below vad.on") }
        if settings.engineFailureRate > 0, settings.engines != .scripted {
            conflict("engines.failure_rate", "needs engines.mode scripted; other engines fail by themselves")
        }
        if let least = settings.turns.minimumSilence, let most = settings.turns.maximumSilence, least > most {
            conflict("turns.minimum_silence_ms", "is above turns.maximum_silence_ms")
        }
        if settings.languageModel.connect > settings.languageModel.total { conflict("llm.connect_ms", "is above llm.total_ms") }
        if settings.languageModel.firstToken > settings.languageModel.total { conflict("llm.first_token_ms", "is above llm.total_ms") }
        if settings.audio.outputApplication == .lowDelay {
            if settings.audio.outputFEC { conflict("audio.output_fec", "needs audio.output_application voip") }
            if settings.audio.outputDTX { conflict("audio.output_dtx", "needs audio.output_application voip") }
        }
        if settings.twilioKey != nil, settings.server.publicURL?.hasPrefix("https://") != true {
            conflict("twilio.key", "needs server.public_url, the https address that Twilio is told")
        }
        if settings.server.adminPort != 0, settings.server.adminPort == settings.server.port {
            conflict("server.admin_port", "is the port of the calls; 0 says so")
        }
    }

    private mutating func assign(_ setting: Setting, _ raw: Setting.Raw, _ source: SettingSource) {
        do throws(Setting.Refusal) {
            try setting.assign(raw, to: &settings)
            sources[setting.name] = source
        } catch {
            report(error.code, setting.name, source, "\(error.detail) (takes \(setting.takes))")
        }
    }

    private mutating func conflict(_ name: String, _ detail: String) { report(.conflict, name, sources[name] ?? .standard, detail) }

    private mutating func reportUnknown(_ name: String, _ source: SettingSource) {
        let hint = NearestName.of(name, among: SettingsTable.all.map(\.name)).map { "; did you mean \($0)?" } ?? ""
        report(.unknown, Self.short(name), source, "there is no such setting\(hint)")
    }

    private mutating func report(_ code: Problem.Code, _ setting: String?, _ source: SettingSource, _ detail: String) {
        problems.append(Problem(code: code, setting: setting, source: source, detail: detail))
    }

    private static func short(_ name: String) -> String {
        String(String.UnicodeScalarView(name.unicodeScalars.prefix(80).map { $0.properties.generalCategory == .control ? "?" : $0 }))
    }
}
