/// What kind of sign a scalar is, as far as splitting and reading aloud need to know.
extension Unicode.Scalar {
    /// An ideograph or kana: written without spaces, one syllable or so each.
    var isHan: Bool {
        switch value {
        case 0x2E80...0x2FDF, 0x3005...0x3007, 0x3040...0x30FF, 0x31F0...0x31FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF,
            0x20000...0x3FFFF:
            true
        default: false
        }
    }

    /// Han, Hangul or full-width: about one token each.
    var isWide: Bool {
        switch value {
        case 0x1100...0x11FF, 0x3000...0x303F, 0xAC00...0xD7AF, 0xFF00...0xFFEF: true
        default: isHan
        }
    }

    /// `0` to `9`, no other script's.
    var isDigit: Bool { value >= 0x30 && value <= 0x39 }
    var isBlank: Bool { value < 0x80 ? value == 0x20 || (value >= 0x09 && value <= 0x0D) : properties.isWhitespace }
    var isLineBreak: Bool { (value >= 0x0A && value <= 0x0D) || value == 0x85 || value == 0x2028 || value == 0x2029 }
    var isLatin: Bool { (value | 0x20) >= 0x61 && (value | 0x20) <= 0x7A }
    var isLetter: Bool { value < 0x80 ? isLatin : properties.isAlphabetic }
    var isUpper: Bool { value < 0x80 ? value >= 0x41 && value <= 0x5A : properties.isUppercase }
    var isLower: Bool { value < 0x80 ? value >= 0x61 && value <= 0x7A : properties.isLowercase }

    /// Continues the grapheme before it; a text is never cut in front of one.
    var joinsBackwards: Bool {
        guard value >= 0x300 else { return value == 0x0A }
        return properties.isGraphemeExtend || value == 0x200D || (value >= 0x1F3FB && value <= 0x1F3FF)
            || properties.generalCategory == .spacingMark
    }
}

extension Sequence<Unicode.Scalar> {
    /// The scalars as a string.
    var text: String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: self)
        return String(view)
    }
}
