/// Leaves out what a reasoning model thinks aloud between `<think>` and `</think>`, however its text is cut, and the blanks before the
/// first word.
struct ThinkingFilter: Sendable {
    private static let opening = "<think>"
    private static let closing = "</think>"

    private var isThinking = false
    private var hasSpoken = false
    /// The end of what came, as long as it may be the beginning of a tag.
    private var held = ""

    /// What may be spoken of `text` and of what was held back before.
    mutating func take(_ text: String) -> String {
        var rest = held + text
        held = ""
        var spoken = ""
        while !rest.isEmpty {
            let tags = isThinking ? [Self.closing] : [Self.opening, Self.closing]
            let found = tags.compactMap { tag in rest.firstRange(of: tag) }.min { $0.lowerBound < $1.lowerBound }
            if let found {
                if !isThinking { spoken += rest[..<found.lowerBound] }
                isThinking = !isThinking && rest[found] == Self.opening
                rest = String(rest[found.upperBound...])
                continue
            }
            let kept = tags.map { Self.overlap(rest, $0) }.max() ?? 0
            if !isThinking { spoken += rest.dropLast(kept) }
            held = String(rest.suffix(kept))
            break
        }
        return trimmed(spoken)
    }

    /// What was held back and turned out to be no tag.
    mutating func finish() -> String {
        defer { held = "" }
        return isThinking ? "" : trimmed(held)
    }

    private mutating func trimmed(_ text: String) -> String {
        guard !hasSpoken else { return text }
        let words = text.drop(while: \.isWhitespace)
        hasSpoken = !words.isEmpty
        return String(words)
    }

    /// How many characters at the end of `text` begin `tag`, fewer than all of them.
    private static func overlap(_ text: String, _ tag: String) -> Int {
        (1..<tag.count).reversed().first { text.hasSuffix(tag.prefix($0)) } ?? 0
    }
}
