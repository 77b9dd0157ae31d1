/// Chinese words for written numbers.
enum ChineseNumber {
    private static let signs = Array("零一二三四五六七八九").map(String.init)
    private static let places = ["", "十", "百", "千"]
    private static let scales = ["", "万", "亿", "万亿"]

    /// A run of digits as a number, with 两 where it is said; one of more than sixteen digits is read digit by digit.
    static func cardinal(_ digits: String) -> String {
        let values = digits.unicodeScalars.compactMap { $0.isDigit ? Int($0.value - 0x30) : nil }.drop { $0 == 0 }
        if values.isEmpty { return signs[0] }
        guard values.count <= 16 else { return spelled(digits) }
        var words = ""
        var zero = false
        for (index, value) in values.enumerated() {
            let place = values.count - 1 - index
            if value == 0 {
                zero = true
            } else {
                if zero { words += signs[0] }
                zero = false
                let leading = index == 0
                if leading, value == 1, place % 4 == 1 {
                    words += "十"
                } else {
                    words += (leading && value == 2 && place > 0 && place % 4 != 1 ? "两" : signs[value]) + places[place % 4]
                }
            }
            if place % 4 == 0, place > 0 {
                let group = values.dropFirst(max(0, index - 3)).prefix(min(4, index + 1))
                if group.contains(where: { $0 > 0 }) { words += place == 12 ? (hasBillions(values) ? "万" : "万亿") : scales[place / 4] }
            }
        }
        return words
    }

    /// Whether the group of 亿 is said itself, so that 万 before it needs no 亿 of its own.
    private static func hasBillions(_ values: ArraySlice<Int>) -> Bool { values.dropLast(8).suffix(4).contains { $0 > 0 } }

    /// Digit by digit.
    static func spelled(_ digits: String) -> String {
        digits.unicodeScalars.compactMap { $0.isDigit ? signs[Int($0.value - 0x30)] : nil }.joined()
    }

    static func decimal(_ whole: String, _ fraction: String?) -> String {
        guard let fraction else { return cardinal(whole) }
        let words = whole == "2" ? signs[2] : cardinal(whole)
        return "\(words)点\(spelled(fraction))"
    }
}
