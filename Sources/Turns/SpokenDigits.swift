/// The digits that are said in a text, as words or numerals: "double five", "twenty three", "415", 一三八.
struct SpokenDigits: Sendable, Equatable {
    /// The digits since the last correction ("sorry", 不对), in order.
    private(set) var digits = ""
    /// Words that are no digits nor join them.
    private(set) var otherWords = 0
    /// The text ends where a digit must follow: "double", "area code".
    private(set) var isDangling = false

    private static let ones: [String: Character] = [
        "zero": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9",
    ]
    private static let teens: [String: String] = [
        "ten": "10", "eleven": "11", "twelve": "12", "thirteen": "13", "fourteen": "14", "fifteen": "15", "sixteen": "16", "seventeen": "17",
        "eighteen": "18", "nineteen": "19",
    ]
    private static let tens: [String: Character] = [
        "twenty": "2", "thirty": "3", "forty": "4", "fifty": "5", "sixty": "6", "seventy": "7", "eighty": "8", "ninety": "9",
    ]
    private static let chinese: [Character: Character] = [
        "零": "0", "〇": "0", "一": "1", "幺": "1", "二": "2", "两": "2", "三": "3", "四": "4", "五": "5", "六": "6", "七": "7", "八": "8", "九": "9",
    ]
    private static let corrections: Set<String> = ["sorry", "correction", "actually", "wait", "scratch"]

    init(_ words: some Sequence<String>) {
        var times = 1
        var mayAddUnit = false
        var lastWord = ""
        for word in words {
            defer { lastWord = word }
            let couldAddUnit = mayAddUnit
            mayAddUnit = false
            if let digit = Self.ones[word] {
                if couldAddUnit, digit != "0" { digits.removeLast() }
                digits += String(repeating: digit, count: times)
            } else if word == "oh" || word == "o", !digits.isEmpty || times > 1 {
                digits += String(repeating: "0", count: times)
            } else if let two = Self.teens[word] {
                digits += two
            } else if let digit = Self.tens[word] {
                digits += "\(digit)0"
                mayAddUnit = true
            } else if word == "hundred", !digits.isEmpty {
                digits += "00"
            } else if word == "thousand", !digits.isEmpty {
                digits += "000"
            } else if word.utf8.allSatisfy({ (48...57).contains($0) }) {
                digits += word
            } else if word == "double" || word == "triple" {
                times = word == "double" ? 2 : 3
                continue
            } else if SpokenText.isHan(word) {
                take(chinese: word)
            } else if Self.corrections.contains(word) {
                digits = ""
            } else if word != "area", word != "code", word != "dash", word != "plus" {
                otherWords += 1
            }
            times = 1
        }
        isDangling = times > 1 || (lastWord == "code" && digits.isEmpty)
    }

    private mutating func take(chinese word: String) {
        // Counting words are no digits of a number: 等一下, 一个.
        var characters = Array(word)
        for correction in ["不对", "不是", "错了"] {
            if let range = word.lastRange(of: correction) {
                digits = ""
                characters = Array(word[range...].dropFirst(correction.count))
            }
        }
        for (index, character) in characters.enumerated() {
            guard let digit = Self.chinese[character] else {
                otherWords += 1
                continue
            }
            let next = index + 1 < characters.count ? characters[index + 1] : " "
            if next == "下" || next == "个" || next == "点" || next == "些" || next == "样" || next == "位" { continue }
            digits.append(digit)
        }
    }
}

extension String {
    /// Where the last occurrence of a short text begins.
    fileprivate func lastRange(of text: String) -> Index? {
        var index = endIndex
        while index > startIndex {
            index = self.index(before: index)
            if self[index...].hasPrefix(text) { return index }
        }
        return nil
    }
}
