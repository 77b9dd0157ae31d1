/// Reads a text without markdown aloud in English.
struct EnglishEar {
    let cursor: EarCursor
    var at = 0
    private var out: [Unicode.Scalar] = []

    init(cursor: EarCursor) { self.cursor = cursor }

    /// The words, still with superfluous blanks and signs.
    mutating func read() -> [Unicode.Scalar] {
        while at < cursor.text.count {
            let before = at
            if cursor.begins(at: at) {
                if readAddress() { continue }
                if readNumber() { continue }
                if readWord() { continue }
            } else if cursor[at].isDigit, let number = cursor.number(at: at) {
                say(EnglishNumber.decimal(number.whole, number.fraction), to: number.end)
                continue
            }
            readSign()
            assert(at > before)
        }
        return out
    }

    /// Says words in place of the text up to `end`.
    mutating func say(_ words: String, to end: Int) {
        if let last = out.last, !last.isBlank, !"([“\"'".unicodeScalars.contains(last) { out.append(" ") }
        out.append(contentsOf: words.unicodeScalars)
        if cursor[end].isLetter || cursor[end].isDigit { out.append(" ") }
        at = end
    }

    /// The word before, in lower case.
    var wordBefore: String {
        var end = at
        while end > 0, at - end < 2, cursor[end - 1].isBlank || cursor[end - 1] == "," { end -= 1 }
        var start = end
        while start > 0, end - start < 14, cursor[start - 1].isLetter { start -= 1 }
        return cursor.text[start..<end].text.lowercased()
    }

    private mutating func readAddress() -> Bool {
        guard cursor.beginsToken(at: at), let address = WebAddress(in: cursor, at: at) else { return false }
        var words = address.mailbox.map { $0.map { Self.marks[$0] ?? $0 }.joined(separator: " ") + " at " } ?? ""
        words += address.host.map(Self.label).joined(separator: " dot ")
        for step in address.path { words += " slash " + step }
        say(Self.withoutDigits(words), to: address.end)
        return true
    }

    private static func label(_ label: String) -> String { label.split(separator: "-").joined(separator: " dash ") }

    /// Digits in names are said one by one.
    private static func withoutDigits(_ words: String) -> String {
        var out = ""
        for scalar in words.unicodeScalars {
            if scalar.isDigit {
                if let last = out.last, last != " " { out += " " }
                out += EnglishNumber.units[Int(scalar.value - 0x30)] + " "
            } else if !(scalar == " " && out.last == " ") {
                out.unicodeScalars.append(scalar)
            }
        }
        return History.trimmed(out)
    }

    private mutating func readWord() -> Bool {
        guard let (word, end) = cursor.letters(at: at) else { return false }
        let lower = word.lowercased()
        if lower == "e" || lower == "i", cursor[end] == ".", let next = cursor.letters(at: end + 1), (lower + next.text.lowercased()).count == 2,
            let words = ["eg": "for example", "ie": "that is"][lower + next.text.lowercased()]
        {
            say(words, to: cursor[next.end] == "." ? next.end + 1 : next.end)
            return true
        }
        if cursor[end] == ".", let words = EnglishWords.abbreviations[lower] {
            return abbreviation(words, end: end)
        }
        if cursor[end] == ".", EnglishWords.numbered[lower] != nil || lower == "st" {
            let next = cursor.skipBlank(at: end + 1)
            if let words = EnglishWords.numbered[lower], cursor[next].isDigit || cursor[next] == "#" {
                say(words, to: end + 1)
                return true
            }
            if lower == "st" {
                say(cursor[next].isUpper && cursor[next + 1].isLower ? "Saint" : "Street", to: end + 1)
                return true
            }
        }
        if let words = EnglishWords.months[lower], cursor[end] == "." {
            say(words, to: end + 1)
            return true
        }
        if lower == "w", cursor[end] == "/" {
            say("with", to: end + 1)
            return true
        }
        if ["usd", "eur", "gbp"].contains(lower), readMoney(from: cursor.skipBlank(at: end), coin: EnglishWords.codes[lower] ?? "") { return true }
        out.append(contentsOf: cursor.text[at..<end].map { $0 == "’" ? "'" : $0 })
        at = end
        return true
    }

    /// An abbreviation; its stop stays where it ends the text.
    private mutating func abbreviation(_ words: String, end: Int) -> Bool {
        var next = end + 1
        while next < cursor.text.count, cursor[next].isBlank || "\"')”’".unicodeScalars.contains(cursor[next]) { next += 1 }
        say(words, to: next < cursor.text.count ? end + 1 : end)
        return true
    }

    private mutating func readSign() {
        let scalar = cursor[at]
        let (before, after) = (cursor[at - 1], cursor[at + 1])
        let inner = (before.isLetter || before.isDigit) && (after.isLetter || after.isDigit)
        switch scalar {
        case "&": say("and", to: at + 1)
        case "+": say("plus", to: at + 1)
        case "=": say("equals", to: at + 1)
        case "%": say("percent", to: at + 1)
        case "@": say("at", to: at + 1)
        case "×": say(before.isDigit || cursor[at - 2].isDigit ? "times" : "by", to: at + 1)
        case "÷": say("divided by", to: at + 1)
        case "±": say("plus or minus", to: at + 1)
        case "≈": say("about", to: at + 1)
        case "≤": say("at most", to: at + 1)
        case "≥": say("at least", to: at + 1)
        case "<" where cursor[cursor.skipBlank(at: at + 1)].isDigit: say("less than", to: at + 1)
        case ">" where cursor[cursor.skipBlank(at: at + 1)].isDigit: say("more than", to: at + 1)
        case "~" where after.isDigit || after == "$": say("about", to: at + 1)
        case "#" where after.isDigit: say("number", to: at + 1)
        case "→": say("to", to: at + 1)
        case "§": say("section", to: at + 1)
        case "°": say("degrees", to: at + 1)
        case "/" where inner: say(before.isLower && after.isLower && !has("and", before: at) ? "or" : "", to: at + 1)
        case "." where inner && before.isLetter && after.isLetter && (cursor[at - 2].isLetter || cursor[at + 2].isLetter): say("dot", to: at + 1)
        case "—", "(", ")", "[", "]", "{", "}", "«", "»":
            out.append(contentsOf: ", ".unicodeScalars)
            at += 1
        case "–", "−":
            out.append(contentsOf: (inner ? "-" : ", ").unicodeScalars)
            at += 1
        case "-" where !inner:
            out.append(contentsOf: (before.isBlank && after.isBlank ? ", " : " ").unicodeScalars)
            at += 1
        case "’", "'":
            if before.isLetter || (after.isLetter && before.isBlank && after.isLower) { out.append("'") }
            at += 1
        case "_", "/", "\\", "|", "•", "·":
            out.append(" ")
            at += 1
        case "…":
            out.append(contentsOf: "...".unicodeScalars)
            at += 1
        default:
            out.append(scalar)
            at += 1
        }
    }

    private func has(_ word: String, before index: Int) -> Bool { cursor.has(word, at: index - word.utf8.count) }

    private static let marks = [".": "dot", "-": "dash", "_": "underscore", "+": "plus"]
}
