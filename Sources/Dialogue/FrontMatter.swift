/// The keys and values in front of a prompt, each with its line.
struct FrontMatter {
    struct Entry {
        /// The group it stands in; empty at the top.
        var group: String
        var key: String
        var value: String
        /// Whether the value stood in quotes.
        var quoted: Bool
        var line: Int
    }

    private(set) var entries: [Entry] = []
    /// Groups in their order, each with its line.
    private(set) var groups: [(name: String, line: Int)] = []
    /// Index of the first line of the body.
    let bodyLine: Int

    init(lines: [String], file: String) throws(PromptError) {
        func fail(_ code: PromptError.Code, _ line: Int, _ reason: String) -> PromptError {
            PromptError(code: code, file: file, line: line + 1, reason: reason)
        }
        guard lines.first.map(History.trimmed) == "---" else { throw fail(.syntax, 0, "the file must begin with a line '---'") }
        guard let end = lines.dropFirst().firstIndex(where: { History.trimmed($0) == "---" }) else {
            throw fail(.syntax, lines.count - 1, "the front matter does not end with a line '---'")
        }
        bodyLine = end + 1
        var group = ""
        var width: Int?
        for (index, line) in lines[..<end].enumerated().dropFirst() {
            let content = History.trimmed(line)
            if content.isEmpty || content.hasPrefix("#") { continue }
            let indent = line.unicodeScalars.prefix { $0.isBlank }
            if indent.contains("\t") { throw fail(.syntax, index, "indentation must be blanks, not tabs") }
            guard let colon = content.unicodeScalars.firstIndex(of: ":") else { throw fail(.syntax, index, "expected 'key: value'") }
            let key = History.trimmed(String(content[..<colon]))
            let rest = String(content.unicodeScalars[colon...].dropFirst())
            guard Template.isName(key) else { throw fail(.syntax, index, "'\(key.prefix(40))' is no key: use small letters, digits and '_'") }
            guard rest.isEmpty || rest.hasPrefix(" ") else { throw fail(.syntax, index, "expected a blank behind '\(key):'") }
            if indent.isEmpty {
                (group, width) = ("", nil)
            } else {
                guard !group.isEmpty else { throw fail(.syntax, index, "'\(key)' is indented but stands under no group") }
                guard width == nil || width == indent.count else {
                    throw fail(.syntax, index, "'\(key)' is indented differently from the line before")
                }
                width = indent.count
            }
            let written = History.trimmed(rest)
            if indent.isEmpty, written.isEmpty || written.hasPrefix("#") {
                if groups.contains(where: { $0.name == key }) { throw fail(.duplicateKey, index, "'\(key)' appears twice") }
                groups.append((key, index + 1))
                group = key
                continue
            }
            guard let (value, quoted) = Self.value(written) else { throw fail(.syntax, index, "the quotes of '\(key)' do not close") }
            if entries.contains(where: { $0.group == group && $0.key == key }) || (group.isEmpty && groups.contains { $0.name == key }) {
                throw fail(.duplicateKey, index, "'\(key)' appears twice")
            }
            entries.append(Entry(group: group, key: key, value: value, quoted: quoted, line: index + 1))
        }
    }

    /// Without quotes, or without the comment that may follow a blank.
    private static func value(_ written: String) -> (String, quoted: Bool)? {
        let scalars = Array(written.unicodeScalars)
        guard let quote = scalars.first, quote == "\"" || quote == "'" else {
            var end = scalars.count
            for index in scalars.indices.dropFirst() where scalars[index] == "#" && scalars[index - 1].isBlank {
                end = index
                break
            }
            return (History.trimmed(scalars[..<end].text), false)
        }
        var out: [Unicode.Scalar] = []
        var index = 1
        while index < scalars.count, scalars[index] != quote {
            if quote == "\"", scalars[index] == "\\", index + 1 < scalars.count {
                index += 1
                out.append(scalars[index] == "n" ? "\n" : scalars[index])
            } else {
                out.append(scalars[index])
            }
            index += 1
        }
        guard index < scalars.count else { return nil }
        let rest = History.trimmed(scalars[(index + 1)...].text)
        return rest.isEmpty || rest.hasPrefix("#") ? (out.text, true) : nil
    }
}
