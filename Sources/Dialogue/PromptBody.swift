/// The body of a prompt file: the instructions, and the facts of its `## Facts` section.
struct PromptBody {
    /// Without the facts.
    private(set) var text = ""
    private(set) var facts: [Fact] = []
    /// Variables used, each with its line.
    private(set) var used: [(name: String, line: Int)] = []
    /// The line where the body begins.
    let line: Int

    private static let asked = ["Also asked:", "也这样问：", "也这样问:"]

    init(lines: [String], from start: Int, file: String) throws(PromptError) {
        line = start + 1
        var kept: [String] = []
        var inFacts = false
        var fact: (fact: Fact, line: Int, lines: [String])?
        var titles: Set<String> = []

        func close() throws(PromptError) {
            guard var open = fact else { return }
            open.fact.answer = Self.paragraphs(open.lines)
            guard !open.fact.answer.isEmpty else {
                throw PromptError(code: .missingKey, file: file, line: open.line, reason: "the fact '\(open.fact.title)' has no answer")
            }
            facts.append(open.fact)
            fact = nil
        }

        for (index, line) in lines.enumerated().dropFirst(start) {
            for name in Template.variables(in: line) { used.append((name, index + 1)) }
            if line.hasPrefix("## ") || line.hasPrefix("# ") {
                try close()
                inFacts = line.hasPrefix("## ") && ["facts", "事实"].contains(History.trimmed(String(line.dropFirst(3))).lowercased())
                if inFacts { continue }
            }
            guard inFacts else {
                kept.append(line)
                continue
            }
            if line.hasPrefix("### ") {
                try close()
                let title = History.trimmed(String(line.dropFirst(4)))
                guard !title.isEmpty else { throw PromptError(code: .syntax, file: file, line: index + 1, reason: "a fact needs a title") }
                guard titles.insert(title.lowercased()).inserted else {
                    throw PromptError(code: .duplicateKey, file: file, line: index + 1, reason: "the fact '\(title)' appears twice")
                }
                fact = (Fact(title: title, answer: ""), index + 1, [])
            } else if fact == nil {
                guard History.trimmed(line).isEmpty else {
                    throw PromptError(code: .syntax, file: file, line: index + 1, reason: "text in 'Facts' must stand under a '### title'")
                }
            } else if let mark = Self.asked.first(where: { line.hasPrefix($0) }) {
                let ways = line.dropFirst(mark.count).split { $0 == ";" || $0 == "；" }
                fact?.fact.asked += ways.map { History.trimmed(String($0)) }.filter { !$0.isEmpty }
            } else {
                fact?.lines.append(line)
            }
        }
        try close()
        text = History.trimmed(kept.joined(separator: "\n"))
    }

    /// Lines joined to paragraphs, paragraphs parted by an empty line.
    private static func paragraphs(_ lines: [String]) -> String {
        lines.split { History.trimmed($0).isEmpty }
            .map { $0.reduce("") { History.join($0, History.trimmed($1)) } }
            .joined(separator: "\n\n")
    }
}
