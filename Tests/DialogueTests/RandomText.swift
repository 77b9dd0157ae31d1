/// The same numbers for the same seed.
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// Text of all that makes splitters and readers stumble.
enum RandomText {
    private static let bits = [
        "a", "Dr", "The", "U", "S", ".", ".", ". ", "!", "?", " ", " ", "\n", "\r\n", "\t", "3", "14", "2026-11-23", "9:30", "$", "£", "%", "-", "–",
        "+", "(",
        ")", "[", "](", "\"", "'", "”", "“", "*", "**", "_", "`", "```", "#", "# ", "- ", "|", "<", ">", "&", "&amp;", "@", "/", "https://", "www.",
        "a.com",
        "我", "你好", "。", "，", "！", "？", "；", "……", "…", "年", "元", "万", "\u{0}", "\u{7}", "\u{1B}", "\u{202E}",
        "\u{200B}", "\u{FEFF}", "😀", "👨‍👩‍👧", "🇩🇪",
        "é",
        "e\u{301}", "ß", "Ω", "ي", "한", "\u{E000}", "\u{10FFFF}", "½", "٣", "{{", "}}", "---\n", "key: v\n", "  ", ":", ",", "1,234", "0", "=", "~",
        "°C", "km",
        "\\", "×", "\u{FE0F}", "\u{20E3}", "12345678901234567890", "\u{2028}",
    ]

    static func make(length: Int, using random: inout SeededRandom) -> String {
        var text = ""
        for _ in 0..<length {
            if UInt8.random(in: 0..<20, using: &random) == 0, let scalar = Unicode.Scalar(UInt32.random(in: 0...0x10FFFF, using: &random)) {
                text.unicodeScalars.append(scalar)
            } else {
                text += bits.randomElement(using: &random) ?? ""
            }
        }
        return text
    }
}
