/// What ends a sentence and what only looks like it.
enum SentenceRules {
    /// What a full stop after this token means.
    enum FullStop: Equatable { case ends, goesOn, endsUnlessDigit, endsBeforeUpper, endsBeforeStarter }

    static func isStop(_ scalar: Unicode.Scalar) -> Bool { isWideStop(scalar) || scalar == "." || scalar == "!" || scalar == "?" || scalar == "…" }

    static func isWideStop(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "。", "！", "？", "；", "｡": true
        default: false
        }
    }

    static func isWideComma(_ scalar: Unicode.Scalar) -> Bool { scalar == "，" || scalar == "：" }

    /// Closes what was opened before the stop, whatever the context.
    static func isCloser(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case ")", "]", "}", "”", "’", "»", "」", "』", "】", "）", "》", "〉", "〗", "'": true
        default: false
        }
    }

    static func isOpener(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "(", "[", "{", "“", "‘", "«", "「", "『", "【", "（", "《", "\"", "'", "*", "_", "`": true
        default: false
        }
    }

    /// Judges a full stop by the token before it.
    ///
    /// - Parameter alone: Whether the token is all there is of the sentence: then a number or letter counts a list's item.
    static func fullStop(after token: [Unicode.Scalar], alone: Bool) -> FullStop {
        guard let first = token.first else { return .ends }
        if alone, token.count <= 3, token.allSatisfy(\.isDigit) { return .goesOn }
        if token.count == 1, first.isLatin { return alone || first.isLower ? .goesOn : .endsBeforeStarter }
        let word = token.text.lowercased()
        if titles.contains(word) { return .goesOn }
        if numbered.contains(word) { return .endsUnlessDigit }
        if trailing.contains(word) { return .endsBeforeUpper }
        let parts = token.split(separator: "." as Unicode.Scalar, omittingEmptySubsequences: false)
        if parts.count > 1, parts.allSatisfy({ $0.count == 1 && $0.allSatisfy(\.isLatin) }) { return .endsBeforeStarter }
        return .ends
    }

    /// Begins a sentence far more often than it follows an initial.
    static func isStarter(_ word: [Unicode.Scalar]) -> Bool { starters.contains(word.text) }

    private static let titles: Set<String> = [
        "dr", "mr", "mrs", "ms", "prof", "st", "mt", "gen", "col", "sgt", "capt", "lt", "rev", "hon", "sr", "gov", "sen", "rep", "pres",
        "e.g", "i.e", "eg", "ie", "vs", "cf", "viz", "approx", "est", "dept", "univ", "tel", "ext", "appt", "ave", "blvd", "messrs", "mme",
    ]
    private static let numbered: Set<String> = [
        "no", "nos", "fig", "figs", "vol", "pp", "pg", "art", "sec", "ch", "eq", "op", "para", "jan", "feb", "apr", "aug", "sept", "sep", "oct",
        "nov", "dec",
    ]
    private static let trailing: Set<String> = ["a.m", "p.m", "etc", "inc", "ltd", "corp", "co", "jr", "et al", "al", "ph.d", "b.c", "a.d", "bros"]
    private static let starters: Set<String> = [
        "The", "This", "That", "These", "Those", "It", "Its", "He", "She", "We", "You", "They", "I", "My", "Our", "Your", "His", "Her", "Their",
        "But", "And", "So", "Or", "Then", "If", "When", "While", "What", "Where", "Who", "Why", "How", "Is", "Are", "Do", "Does", "Did", "Can",
        "Could", "Would", "Will", "Please", "There", "Here", "However", "Also", "In", "On", "At", "For", "To", "From", "As", "After", "Before",
        "Yes", "No", "Not", "Now", "Just", "Let", "Thanks", "Thank", "Some", "Many", "Most", "All", "Any", "Each", "One", "Maybe", "Sorry",
    ]
}
