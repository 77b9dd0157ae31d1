import Turns

/// swift-testing has a type of this name too.
typealias Expectation = Turns.Expectation

/// A line of a table: language, expectation, what the words must say (o, n or f), the words.
struct CueRow: Sendable, CustomStringConvertible {
    let language: String
    let expecting: Expectation
    let want: Character
    let text: String

    init?(_ line: Substring) {
        let fields = line.split(separator: "|", maxSplits: 3)
        guard fields.count == 4, let want = fields[2].first(where: { $0 != " " }) else { return nil }
        language = fields[0].filter { $0 != " " }
        expecting = Self.expectation(fields[1].filter { $0 != " " })
        self.want = want
        text = String(fields[3].drop { $0 == " " })
    }

    static func rows(_ table: String) -> [CueRow] { table.split(separator: "\n").compactMap(CueRow.init) }

    static func expectation(_ name: String) -> Expectation {
        switch name {
        case "yesno": .yesNo
        case "phone": .phoneNumber
        case "digits": .digits(count: nil)
        case "date": .date
        case "name": .name
        case "spelling": .spelling
        case "email": .email
        case "choice": .choice
        case "-": .nothing
        default:
            if let count = Int(name) { .digits(count: count...count) } else { Self.range(name) }
        }
    }

    private static func range(_ name: String) -> Expectation {
        let ends = name.split(separator: "~").compactMap { Int($0) }
        return ends.count == 2 ? .digits(count: ends[0]...ends[1]) : .nothing
    }

    var got: Character {
        switch TextCues.completeness(of: text, language: language, expecting: expecting) {
        case .open: "o"
        case .neutral: "n"
        case .finished: "f"
        }
    }

    var description: String { "\(language) \(expecting) want \(want) got \(got): \(text)" }
}
