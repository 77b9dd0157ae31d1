/// Reads prompt files: front matter between two lines of `---`, then the system prompt in Markdown.
///
/// The front matter is `key: value`, one level nested by indentation; a value may stand in single or double quotes. A section
/// `## Facts` of the body holds facts as `### title` with paragraphs under it; a line `Also asked:` lists other ways to ask, separated by `;`.
package enum PromptFile {
    /// Largest file, in bytes.
    package static let maximumBytes = 256 * 1024

    /// Reads and checks one file.
    ///
    /// - Parameter file: Its name, for errors and for the agent's id.
    /// - Throws: ``PromptError`` with the line of the first fault.
    package static func parse(_ text: String, file: String) throws(PromptError) -> AgentPrompt {
        guard text.utf8.count <= maximumBytes else {
            throw PromptError(code: .syntax, file: file, line: 1, reason: "the file has more than \(maximumBytes) bytes")
        }
        let lines = lines(of: text)
        let front = try FrontMatter(lines: lines, file: file)
        let body = try PromptBody(lines: lines, from: front.bodyLine, file: file)
        var reader = PromptReader(front: front, body: body, file: file)
        return try reader.read()
    }

    private static func lines(of text: String) -> [String] {
        var lines = [String.UnicodeScalarView()]
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n": lines.append(String.UnicodeScalarView())
            case "\r", "\u{FEFF}": break
            default: lines[lines.count - 1].append(scalar)
            }
        }
        return lines.map { String($0) }
    }
}
