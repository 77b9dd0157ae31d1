/// English words for written numbers.
enum EnglishNumber {
    static let units = [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen",
        "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
    ]
    static let tens = ["", "ten", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
    private static let scales = ["", " thousand", " million", " billion", " trillion"]
    private static let irregular = [
        "one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth", "nine": "ninth", "twelve": "twelfth",
    ]

    /// A run of digits as a number; one of more than fifteen digits is read digit by digit.
    static func cardinal(_ digits: String) -> String {
        guard digits.utf8.count <= 15, let number = Int(digits) else { return spelled(digits) }
        return cardinal(number)
    }

    static func cardinal(_ number: Int) -> String {
        guard number > 0 else { return number == 0 ? units[0] : "minus " + spelled("\(number.magnitude)") }
        var groups: [Int] = []
        var rest = number
        while rest > 0, groups.count < scales.count {
            groups.append(rest % 1000)
            rest /= 1000
        }
        guard rest == 0 else { return spelled("\(number)") }
        return groups.indices.reversed().filter { groups[$0] > 0 }.map { hundreds(groups[$0]) + scales[$0] }.joined(separator: " ")
    }

    static func ordinal(_ digits: String) -> String {
        let words = cardinal(digits)
        let cut = words.lastIndex { $0 == " " || $0 == "-" }.map { words.index(after: $0) } ?? words.startIndex
        let last = String(words[cut...])
        let changed: String
        if let found = irregular[last] {
            changed = found
        } else if last.hasSuffix("y") {
            changed = last.dropLast() + "ieth"
        } else {
            changed = last + "th"
        }
        return words[..<cut] + changed
    }

    /// Four digits as a year: `twenty twenty-six`, `nineteen oh five`, `two thousand one`.
    static func year(_ digits: String) -> String {
        guard let year = Int(digits), (1000...9999).contains(year) else { return cardinal(digits) }
        let (century, rest) = (year / 100, year % 100)
        if year % 1000 < 10 { return cardinal(year) }
        if rest == 0 { return cardinal(century) + " hundred" }
        return cardinal(century) + " " + (rest < 10 ? "oh " + units[rest] : cardinal(rest))
    }

    static func decade(_ digits: String) -> String {
        let words = digits.utf8.count == 4 ? year(digits) : cardinal(digits)
        return words.hasSuffix("y") ? words.dropLast() + "ies" : words + "s"
    }

    /// Digit by digit.
    static func spelled(_ digits: String) -> String {
        digits.unicodeScalars.compactMap { $0.isDigit ? units[Int($0.value - 0x30)] : nil }.joined(separator: " ")
    }

    static func decimal(_ whole: String, _ fraction: String?) -> String {
        let words = whole.isEmpty ? units[0] : cardinal(whole)
        return fraction.map { "\(words) point \(spelled($0))" } ?? words
    }

    private static func hundreds(_ number: Int) -> String {
        var words: [String] = []
        if number >= 100 { words.append(units[number / 100] + " hundred") }
        let rest = number % 100
        if rest >= 20 {
            words.append(tens[rest / 10] + (rest % 10 > 0 ? "-" + units[rest % 10] : ""))
        } else if rest > 0 {
            words.append(units[rest])
        }
        return words.joined(separator: " ")
    }
}
