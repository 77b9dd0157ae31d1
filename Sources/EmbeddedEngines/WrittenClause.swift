/// A run of words up to a punctuation mark, made harmless for a phonemiser.
struct WrittenClause: Sendable, Equatable {
    struct Word: Sendable, Equatable {
        /// As it stands in the text, marks included.
        var written: String
        /// What to read: Latin letters, digits, inner apostrophes, hyphens and dots. Empty for what has no English sound.
        var spoken: [String]
    }

    var words: [Word]
    /// One of `.` `?` `!` `,` `;` `:`.
    var mark: Unicode.Scalar?

    var endsSentence: Bool { mark == "." || mark == "?" || mark == "!" }

    /// The clauses of any text at all. All words of the text, in order, are in exactly one clause; the last one always ends a sentence.
    static func clauses(of text: String) -> [WrittenClause] {
        var clauses: [WrittenClause] = []
        var words: [Word] = []
        for part in text.split(whereSeparator: { $0.isWhitespace }) {
            let word = Word(written: String(part), spoken: spoken(part))
            words.append(word)
            if let mark = mark(after: part), !isInitial(word, mark) {
                clauses.append(WrittenClause(words: words, mark: mark))
                words = []
            }
        }
        if !words.isEmpty { clauses.append(WrittenClause(words: words, mark: ".")) }
        return clauses
    }

    private static let signs: [Unicode.Scalar: String] = [
        "&": "and", "%": "percent", "+": "plus", "@": "at", "=": "equals", "°": "degrees", "$": "dollars", "€": "euros", "£": "pounds",
    ]

    private static func spoken(_ word: Substring) -> [String] {
        let scalars = Array(word.unicodeScalars)
        var tokens: [String] = []
        var token = ""
        func flush() {
            let core = token.drop { !isAlphanumeric($0) }.reversed().drop { !isAlphanumeric($0) && $0 != "'" }.reversed()
            if !core.isEmpty { tokens.append(String(core)) }
            token = ""
        }
        for (index, scalar) in scalars.enumerated() {
            switch scalar {
            case "'", "\u{2019}", "\u{02BC}": token.unicodeScalars.append("'")
            case "-", "\u{2010}", "\u{2011}": token.unicodeScalars.append("-")
            case ".", ",", ":":
                let inner = index > 0 && index + 1 < scalars.count && isSound(scalars[index - 1]) && isSound(scalars[index + 1])
                if inner, scalar == "." || isDigit(scalars[index - 1]) && isDigit(scalars[index + 1]) {
                    token.unicodeScalars.append(scalar)
                } else {
                    flush()
                }
            case _ where isSound(scalar): token.unicodeScalars.append(scalar)
            case _ where signs[scalar] != nil:
                flush()
                signs[scalar].map { tokens.append($0) }
            case "\u{200D}", "\u{FE0F}", "\u{00AD}": break
            default: flush()
            }
        }
        flush()
        return tokens
    }

    private static func mark(after word: Substring) -> Unicode.Scalar? {
        var pause: Unicode.Scalar?
        for scalar in word.unicodeScalars.reversed() {
            switch scalar {
            case "?", "\u{FF1F}": return "?"
            case "!", "\u{FF01}": if pause != "." { pause = "!" }
            case ".", "\u{2026}", "\u{3002}": pause = "."
            case ",", "\u{FF0C}", "\u{3001}", "\u{2013}", "\u{2014}": pause = pause ?? ","
            case ";", "\u{FF1B}": pause = pause ?? ";"
            case ":", "\u{FF1A}": pause = pause ?? ":"
            case "-": if word.unicodeScalars.allSatisfy({ $0 == "-" }) { pause = "," }
            case _ where isSound(scalar) || scalar.properties.isAlphabetic: return pause
            default: break  // quotes, brackets, emoji
            }
        }
        return pause
    }

    /// A single letter with a dot: `J. Smith`.
    private static func isInitial(_ word: Word, _ mark: Unicode.Scalar) -> Bool {
        mark == "." && word.written.unicodeScalars.count == 2 && word.spoken.first?.count == 1 && word.spoken != ["I"]
            && !word.spoken.allSatisfy { $0.unicodeScalars.allSatisfy(isDigit) }
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { "0"..."9" ~= scalar }

    /// Latin letters and their combining accents, and digits: what both phonemisers read as English.
    private static func isSound(_ scalar: Unicode.Scalar) -> Bool {
        isDigit(scalar) || scalar.value < 0x250 && scalar.properties.isAlphabetic || 0x300...0x36F ~= scalar.value
    }

    private static func isAlphanumeric(_ character: Character) -> Bool { character.unicodeScalars.contains(where: isSound) }
}
