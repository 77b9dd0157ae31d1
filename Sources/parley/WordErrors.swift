/// Word error rate: the least number of words to change, drop or add, over the words that were said.
struct WordErrors {
    private(set) var errors = 0
    private(set) var words = 0

    var rate: Double { words == 0 ? 0 : Double(errors) / Double(words) }

    mutating func add(said: String, recognized: String) {
        let (reference, hypothesis) = (Self.words(said), Self.words(recognized))
        words += reference.count
        errors += Self.distance(reference, hypothesis)
    }

    /// Lower case, digits as words one by one, no punctuation: what two spellings of the same speech have in common.
    static func words(_ text: String) -> [String] {
        let digits = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
        var spelled = ""
        for character in text.lowercased() {
            if let digit = character.wholeNumberValue, character.isASCII, digits.indices.contains(digit) {
                spelled += " \(digits[digit]) "
            } else if character.isLetter {
                spelled.append(character)
            } else if character != "'" && character != "’" {
                spelled.append(" ")
            }
        }
        return spelled.split(separator: " ").map(String.init)
    }

    private static func distance(_ a: [String], _ b: [String]) -> Int {
        var row = Array(0...b.count)
        for (i, word) in a.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, other) in b.enumerated() {
                let cost = min(row[j] + 1, row[j + 1] + 1, diagonal + (word == other ? 0 : 1))
                (diagonal, row[j + 1]) = (row[j + 1], cost)
            }
        }
        return row[b.count]
    }
}
