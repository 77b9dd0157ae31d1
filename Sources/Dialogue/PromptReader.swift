/// Makes an agent of front matter and body, and refuses what is not as it must be.
struct PromptReader {
    private let front: FrontMatter
    private let body: PromptBody
    private let file: String

    private static let keys = [
        "": ["name", "language", "greeting", "failure_message", "farewell", "idle_message", "reprompt", "fillers", "voice", "pace"],
        "turns": ["profile", "minimum_silence_ms", "maximum_silence_ms", "barge_in", "keywords", "protect", "protect_phrases"],
        "limits": ["reply_tokens", "history_turns", "session_minutes", "idle_seconds"],
    ]
    private static let groups = ["turns", "limits", "variables"]

    init(front: FrontMatter, body: PromptBody, file: String) { (self.front, self.body, self.file) = (front, body, file) }

    mutating func read() throws(PromptError) -> AgentPrompt {
        try checkKeys()
        let name = try required("name")
        let language = try language()
        guard !body.text.isEmpty else { throw error(.missingKey, body.line, "the body is empty: it is the system prompt") }
        let variables = try variables()
        try checkUses(variables.map(\.name))

        let chinese = language == .chinese
        let agent = Agent(
            id: String(file.split(separator: "/").last?.split(separator: ".").first ?? "agent"), name: name, language: language,
            greeting: try text("greeting"),
            failureMessage: try text("failure_message")
                ?? (chinese ? "抱歉，我这边出了点问题，请再说一遍。" : "Sorry, something went wrong on my side. Please say that again."),
            farewell: try text("farewell") ?? (chinese ? "再见。" : "Goodbye."),
            idleMessage: try text("idle_message") ?? (chinese ? "您还在吗？" : "Are you still there?"),
            fillers: try fillers() ?? (chinese ? ["请稍等。", "我看一下。"] : ["One moment.", "Let me see."]),
            reprompt: try text("reprompt") ?? (chinese ? "抱歉，我没听清。" : "Sorry, I didn't catch that."),
            voice: try text("voice"), pace: try pace(), turns: try turns(), limits: try limits(),
            instructions: instructions(), facts: body.facts)
        return AgentPrompt(file: file, template: agent, variables: variables)
    }

    private func error(_ code: PromptError.Code, _ line: Int, _ reason: String) -> PromptError {
        PromptError(code: code, file: file, line: line, reason: reason)
    }

    private func checkKeys() throws(PromptError) {
        for group in front.groups where !Self.groups.contains(group.name) {
            if Self.keys[""]?.contains(group.name) ?? false { throw error(.badValue, group.line, "'\(group.name)' has no value") }
            throw error(.unknownKey, group.line, "unknown key '\(group.name)'" + hint(group.name, in: (Self.keys[""] ?? []) + Self.groups))
        }
        for entry in front.entries where entry.group != "variables" {
            if entry.group.isEmpty, Self.groups.contains(entry.key) {
                throw error(.badValue, entry.line, "'\(entry.key)' is a group: indent its keys below it")
            }
            let known = Self.keys[entry.group] ?? []
            guard !known.contains(entry.key) else { continue }
            let all = entry.group.isEmpty ? known + Self.groups : known
            let place = entry.group.isEmpty ? "" : " in '\(entry.group)'"
            throw error(.unknownKey, entry.line, "unknown key '\(entry.key)'\(place)" + hint(entry.key, in: all))
        }
    }

    private func hint(_ key: String, in keys: [String]) -> String {
        Spelling.nearest(to: key, in: keys).map { "; did you mean '\($0)'?" } ?? "; known are \(keys.joined(separator: ", "))"
    }

    private func entry(_ key: String, in group: String = "") -> FrontMatter.Entry? { front.entries.first { $0.group == group && $0.key == key } }

    private func text(_ key: String) throws(PromptError) -> String? {
        guard let entry = entry(key) else { return nil }
        guard !entry.value.isEmpty, entry.value.utf8.count <= 2000 else { throw error(.badValue, entry.line, "'\(key)' must have 1 to 2000 bytes") }
        return entry.value
    }

    private func required(_ key: String) throws(PromptError) -> String {
        guard let value = try text(key) else { throw error(.missingKey, 1, "'\(key)' is missing") }
        return value
    }

    private func language() throws(PromptError) -> Language {
        let tag = try required("language")
        guard (2...3).contains(tag.utf8.count), tag.unicodeScalars.allSatisfy({ $0.isLatin && $0.isLower }) else {
            throw error(.badValue, entry("language")?.line ?? 1, "'language' must be a primary tag such as 'en' or 'zh'")
        }
        return Language(rawValue: tag)
    }

    private func pace() throws(PromptError) -> Double {
        guard let entry = entry("pace") else { return 1 }
        guard let pace = Double(entry.value), (0.5...2).contains(pace) else {
            throw error(.badValue, entry.line, "'pace' must be a number from 0.5 to 2")
        }
        return pace
    }

    private func number(_ key: String, in group: String, _ range: ClosedRange<Int>) throws(PromptError) -> Int? {
        guard let entry = entry(key, in: group) else { return nil }
        guard let number = Int(entry.value), range.contains(number) else {
            throw error(.badValue, entry.line, "'\(key)' must be a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    private func choice<Value: RawRepresentable & CaseIterable>(
        _ key: String, in group: String, _: Value.Type
    ) throws(PromptError) -> Value? where Value.RawValue == String {
        guard let entry = entry(key, in: group) else { return nil }
        guard let value = Value(rawValue: entry.value) else {
            let names = Value.allCases.map(\.rawValue)
            let near = Spelling.nearest(to: entry.value, in: names).map { "; did you mean '\($0)'?" } ?? ""
            throw error(.badValue, entry.line, "'\(key)' must be one of \(names.joined(separator: ", "))\(near)")
        }
        return value
    }

    private func turns() throws(PromptError) -> Agent.Turns {
        var turns = Agent.Turns()
        turns.profile = try choice("profile", in: "turns", Agent.Turns.Profile.self) ?? turns.profile
        turns.bargeIn = try choice("barge_in", in: "turns", Agent.Turns.BargeIn.self) ?? turns.bargeIn
        turns.minimumSilence = try number("minimum_silence_ms", in: "turns", 50...5000).map { .milliseconds($0) }
        turns.maximumSilence = try number("maximum_silence_ms", in: "turns", 200...20000).map { .milliseconds($0) }
        if let least = turns.minimumSilence, let most = turns.maximumSilence, least > most {
            throw error(
                .badValue, entry("maximum_silence_ms", in: "turns")?.line ?? 1, "'maximum_silence_ms' must not be less than 'minimum_silence_ms'")
        }
        turns.keywords = try list("keywords", "words").map { $0.lowercased() }
        turns.protectPhrases = try list("protect_phrases", "phrases")
        turns.protect = try list("protect", "names").map { (name) throws(PromptError) in
            guard let part = Agent.Turns.Part(rawValue: name) else {
                let names = Agent.Turns.Part.allCases.map(\.rawValue)
                let near = Spelling.nearest(to: name, in: names).map { "; did you mean '\($0)'?" } ?? ""
                throw error(
                    .badValue, entry("protect", in: "turns")?.line ?? 1,
                    "'protect' holds '\(name.prefix(60))', which is not one of \(names.joined(separator: ", "))\(near)")
            }
            return part
        }
        if turns.bargeIn == .keywords, turns.keywords.isEmpty {
            throw error(.missingKey, entry("barge_in", in: "turns")?.line ?? 1, "'barge_in: keywords' needs 'keywords'")
        }
        return turns
    }

    /// Up to 50 entries with commas between, in brackets or not; none where the key is missing.
    /// Short sentences with `|` between; `none` for none.
    private func fillers() throws(PromptError) -> [String]? {
        guard let text = try text("fillers") else { return nil }
        if text == "none" { return [] }
        let parts = text.split(separator: "|").map { History.trimmed(String($0)) }.filter { !$0.isEmpty }
        guard (1...20).contains(parts.count), parts.allSatisfy({ $0.count <= 60 }) else {
            throw error(
                .badValue, entry("fillers")?.line ?? 1, "'fillers' must be 1 to 20 sentences of at most 60 characters with | between, or none")
        }
        return parts
    }

    private func list(_ key: String, _ what: String) throws(PromptError) -> [String] {
        guard let entry = entry(key, in: "turns") else { return [] }
        var list = entry.value
        if list.hasPrefix("["), list.hasSuffix("]") { list = String(list.dropFirst().dropLast()) }
        let parts = list.split { $0 == "," || $0 == "，" || $0 == "、" }.map { History.trimmed(String($0)).filter { $0 != "\"" } }
        let kept = parts.filter { !$0.isEmpty }
        guard (1...50).contains(kept.count) else {
            throw error(.badValue, entry.line, "'\(key)' must be 1 to 50 \(what) separated by commas")
        }
        return kept
    }

    private func limits() throws(PromptError) -> Agent.Limits {
        var limits = Agent.Limits()
        limits.replyTokens = try number("reply_tokens", in: "limits", 16...4096) ?? limits.replyTokens
        limits.historyTurns = try number("history_turns", in: "limits", 1...200) ?? limits.historyTurns
        limits.session = try number("session_minutes", in: "limits", 1...240).map { .seconds($0 * 60) } ?? limits.session
        limits.idle = try number("idle_seconds", in: "limits", 3...3600).map { .seconds($0) } ?? limits.idle
        return limits
    }

    private func variables() throws(PromptError) -> [AgentPrompt.Variable] {
        front.entries.filter { $0.group == "variables" }.map {
            AgentPrompt.Variable(name: $0.key, value: $0.value == "required" && !$0.quoted ? nil : $0.value, line: $0.line)
        }
    }

    private func checkUses(_ names: [String]) throws(PromptError) {
        var uses = body.used
        for entry in front.entries where entry.group.isEmpty { uses += Template.variables(in: entry.value).map { ($0, entry.line) } }
        for (name, line) in uses where !names.contains(name) {
            let near = Spelling.nearest(to: name, in: names).map { "; did you mean '\($0)'?" } ?? ""
            throw error(.unknownVariable, line, "variable '\(name.prefix(60))' is not declared under 'variables'\(near)")
        }
    }

    private func instructions() -> String {
        guard !body.facts.isEmpty else { return body.text }
        let facts = body.facts.map { "### \($0.title)\n\($0.answer)" }.joined(separator: "\n\n")
        return "\(body.text)\n\n## Facts\n\n\(facts)"
    }
}
