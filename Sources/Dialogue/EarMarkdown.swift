/// Takes markdown, HTML tags and escapes out of a text and keeps the words.
struct EarMarkdown {
    let chinese: Bool

    func plain(_ text: String) -> String {
        if text.hasPrefix("```") || text.hasPrefix("~~~") { return chinese ? "代码略。" : "Code omitted." }
        var parts: [String] = []
        var code = false
        for line in text.unicodeScalars.split(whereSeparator: \.isLineBreak) {
            let line = Array(line.drop(while: \.isBlank))
            if line.starts(with: "```".unicodeScalars) {
                if !code { parts.append(chinese ? "代码略。" : "Code omitted.") }
                code.toggle()
            } else if !code, let part = self.line(line), !part.isEmpty {
                parts.append(part)
            }
        }
        return parts.joined(separator: chinese ? "" : " ")
    }

    /// One line without its mark; a heading or an item gets the stop it lacks.
    private func line(_ line: [Unicode.Scalar]) -> String? {
        var rest = line[...]
        var item = false
        var number = ""
        while let first = rest.first, first == ">" { rest = rest.dropFirst().drop(while: \.isBlank) }
        let bare = rest.filter { !$0.isBlank }
        if bare.count >= 3, let mark = bare.first, "-*_=".unicodeScalars.contains(mark), bare.allSatisfy({ $0 == mark }) { return nil }
        if rest.first == "|" {
            let cells = rest.split(separator: "|").map { inline(Array($0)) }.map(History.trimmed).filter { !$0.isEmpty }
            if cells.allSatisfy({ $0.unicodeScalars.allSatisfy { $0 == "-" || $0 == ":" } }) { return nil }
            return cells.joined(separator: chinese ? "，" : ", ") + (chinese ? "。" : ".")
        }
        let hashes = rest.prefix { $0 == "#" }
        if (1...6).contains(hashes.count), rest.dropFirst(hashes.count).first?.isBlank ?? false {
            item = true
            rest = rest.dropFirst(hashes.count)
        } else if let first = rest.first, "-*+•·▪◦".unicodeScalars.contains(first), rest.dropFirst().first?.isBlank ?? false {
            item = true
            rest = rest.dropFirst(2)
        } else {
            let digits = rest.prefix(4).prefix(while: \.isDigit)
            let mark = rest.dropFirst(digits.count).first
            if (1...3).contains(digits.count), mark == "." || mark == ")" || mark == "、",
                rest.dropFirst(digits.count + 1).first.map({ mark == "、" || $0.isBlank }) ?? false
            {
                item = true
                let written = digits.text
                number = chinese ? "第\(ChineseNumber.cardinal(written))，" : "\(EnglishNumber.cardinal(written)), "
                rest = rest.dropFirst(digits.count + 1)
            }
        }
        rest = rest.drop(while: \.isBlank)
        for box in ["[ ]", "[x]", "[X]"] where rest.starts(with: box.unicodeScalars) { rest = rest.dropFirst(3) }
        let text = History.trimmed(inline(Array(rest)))
        guard let last = text.unicodeScalars.last else { return nil }
        let stopped = !item || ".!?:;,。！？：；，…".unicodeScalars.contains(last)
        return number + text + (stopped ? "" : chinese ? "。" : ".")
    }

    private static let farthest = 600

    private func inline(_ text: [Unicode.Scalar]) -> String {
        var out: [Unicode.Scalar] = []
        var at = 0
        var tries = 0
        while at < text.count {
            let scalar = text[at]
            let next = at + 1 < text.count ? text[at + 1] : " "
            switch scalar {
            case "\\" where next.value < 0x80 && !next.isLetter && !next.isDigit && !next.isBlank:
                out.append(next)
                at += 2
            case "!" where next == "[": at += 1
            case "[" where tries < 200:
                tries += 1
                if next == "^", let end = find("]", in: text, from: at) {
                    at = end + 1
                } else if let end = find("]", in: text, from: at), end + 1 < text.count, text[end + 1] == "(" || text[end + 1] == "[",
                    let close = find(text[end + 1] == "(" ? ")" : "]", in: text, from: end + 1)
                {
                    out.append(contentsOf: inline(Array(text[at + 1..<end].filter { $0 != "[" })).unicodeScalars)
                    at = close + 1
                } else {
                    at += 1
                }
            case "<" where tries < 200 && (next.isLatin || next == "/"):
                tries += 1
                guard let end = find(">", in: text, from: at) else {
                    out.append(scalar)
                    at += 1
                    break
                }
                let inside = text[at + 1..<end]
                if inside.starts(with: "http".unicodeScalars) || inside.contains("@") { out.append(contentsOf: inside) } else { out.append(" ") }
                at = end + 1
            case "&":
                if let (entity, sign) = Self.entities.first(where: { text[at...].starts(with: $0.0.unicodeScalars) }) {
                    out.append(sign)
                    at += entity.unicodeScalars.count
                } else {
                    out.append(scalar)
                    at += 1
                }
            case "*", "~", "_", "`":
                var end = at
                while end < text.count, text[end] == scalar { end += 1 }
                let before = out.last ?? " "
                let after = end < text.count ? text[end] : " "
                if scalar == "_", end - at == 1, before.isLetter || before.isDigit, after.isLetter || after.isDigit {
                    out.append(scalar)
                } else if scalar == "*", end - at == 1, before.isBlank == after.isBlank, before.isBlank || (before.isDigit && after.isDigit),
                    !out.isEmpty
                {
                    out.append("×")
                } else if scalar == "~", end - at == 1 {
                    out.append("~")
                }
                at = end
            default:
                out.append(scalar)
                at += 1
            }
        }
        return out.text
    }

    private func find(_ scalar: Unicode.Scalar, in text: [Unicode.Scalar], from: Int) -> Int? {
        text[from..<min(text.count, from + Self.farthest)].firstIndex(of: scalar)
    }

    private static let entities: [(String, Unicode.Scalar)] = [
        ("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&apos;", "'"), ("&nbsp;", " "),
    ]
}
