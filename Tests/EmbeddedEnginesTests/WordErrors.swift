import Foundation

/// How far what was heard is from what was said, in words.
struct WordErrors: CustomStringConvertible {
    var errors = 0
    var words = 0

    var rate: Double { words == 0 ? 0 : Double(errors) / Double(words) }
    var description: String { "\(errors) of \(words) words wrong, \(String(format: "%.1f", rate * 100)) %" }

    mutating func add(said: String, heard: String) {
        let (said, heard) = (Self.words(of: said), Self.words(of: heard))
        words += said.count
        var row = Array(0...heard.count)
        for (index, word) in said.enumerated() {
            var corner = row[0]
            row[0] = index + 1
            for (column, other) in heard.enumerated() {
                let cost = min(row[column + 1] + 1, row[column] + 1, corner + (word == other ? 0 : 1))
                (corner, row[column + 1]) = (row[column + 1], cost)
            }
        }
        errors += row[heard.count]
    }

    static func words(of text: String) -> [String] {
        let kept = text.lowercased().map { $0.isLetter || $0.isNumber ? $0 : $0 == "'" || $0 == "\u{2019}" ? "'" : " " }
        return String(kept).replacingOccurrences(of: "'", with: "").split(separator: " ").flatMap { same[String($0)] ?? [String($0)] }
    }

    private static let same: [String: [String]] = [
        "mr": ["mister"], "oh": ["zero"], "o": ["zero"], "0": ["zero"], "1": ["one"], "2": ["two"], "3": ["three"], "4": ["four"], "5": ["five"],
        "6": ["six"], "7": ["seven"], "8": ["eight"], "9": ["nine"], "10": ["ten"], "30": ["thirty"], "okay": ["ok"],
    ]
}
