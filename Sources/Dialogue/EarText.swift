/// Makes written text fit to be read aloud: no markdown, no signs, numbers and addresses in words.
///
/// Works on one sentence, or any other stretch that ``SentenceSplitter`` gives. The result has no control characters and no line
/// ends; it is empty where there is nothing to say.
package struct EarText: Sendable {
    package let language: Language

    /// - Parameter language: Chinese is read as Chinese, any other as English.
    package init(language: Language) { self.language = language }

    /// The text as it shall be spoken.
    package func spoken(_ text: String) -> String {
        let plain = EarMarkdown(chinese: language == .chinese).plain(text)
        let cursor = EarCursor(text: Array(plain.unicodeScalars))
        if language == .chinese {
            var ear = ChineseEar(cursor: cursor)
            return Self.tidy(ear.read(), chinese: true)
        }
        var ear = EnglishEar(cursor: cursor)
        return Self.tidy(ear.read(), chinese: false)
    }

    /// Drops what makes no sound, joins blanks, and puts commas and stops right.
    private static func tidy(_ scalars: [Unicode.Scalar], chinese: Bool) -> String {
        var out: [Unicode.Scalar] = []
        var sounds = false
        for scalar in scalars {
            if scalar.isBlank {
                if let last = out.last, last != " " { out.append(" ") }
                continue
            }
            guard isSpoken(scalar) else { continue }
            if isPause(scalar) {
                if out.last == " " { out.removeLast() }
                guard sounds, let last = out.last else { continue }
                // Of two marks in a row the stronger stays.
                if isComma(last) {
                    out[out.count - 1] = scalar
                } else if !(isComma(scalar) && isPause(last)) && !(scalar == "." && (last == "!" || last == "?" || last == ":")) {
                    out.append(scalar)
                }
                continue
            }
            // Between Han characters, and behind a wide mark, a blank would be a pause.
            if chinese, out.last == " ", let before = out.dropLast().last, isWidePause(before) || (before.isHan && scalar.isHan) {
                out.removeLast()
            }
            if !sounds { sounds = scalar.isLetter || scalar.properties.numericType != nil }
            out.append(scalar)
        }
        while let last = out.last, last == " " || isComma(last) { out.removeLast() }
        return sounds ? out.text : ""
    }

    private static func isComma(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "," || scalar == "，" || scalar == "、" || scalar == ";" || scalar == "；"
    }

    private static func isWidePause(_ scalar: Unicode.Scalar) -> Bool { "，。！？；：、…".unicodeScalars.contains(scalar) }

    private static func isPause(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "," || scalar == "." || scalar == "!" || scalar == "?" || scalar == ";" || scalar == ":" || isWidePause(scalar)
    }

    /// Letters, digits, marks of the letters before them, and the signs that make a pause or belong into words.
    private static func isSpoken(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isLetter || scalar.isDigit || isPause(scalar) || scalar == "'" || scalar == "-" { return true }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .spacingMark:
            return !(scalar.value >= 0xFE00 && scalar.value <= 0xFE0F) && scalar.value != 0x20E3 && scalar.value < 0xE0000
        case .decimalNumber, .letterNumber, .otherNumber: return true
        default: return false
        }
    }
}
