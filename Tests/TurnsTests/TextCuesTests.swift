import Testing

@testable import Turns

struct TextCuesTests {
    @Test(arguments: CueRow.rows(cueTable))
    func theWordsSayWhetherMoreFollows(_ row: CueRow) {
        #expect(row.got == row.want)
    }

    @Test func rowsTheRulesWereNotWrittenForAreMostlyJudgedRight() {
        let rows = CueRow.rows(cueHeldOutTable)
        let wrong = rows.filter { $0.got != $0.want }
        let opposite = wrong.filter { $0.got != "n" && $0.want != "n" }
        #expect(rows.count >= 60)
        #expect(wrong.count * 5 <= rows.count, "\(wrong.map(\.description).joined(separator: "\n"))")
        #expect(opposite.count * 25 <= rows.count, "\(opposite.map(\.description).joined(separator: "\n"))")
    }

    @Test(arguments: CueRow.rows(cueTable).filter { $0.language != "de" && !$0.text.isEmpty })
    func capitalsAndBlanksDoNotMatter(_ row: CueRow) {
        let written = CueRow("\(row.language)|-|\(row.want)|  \(row.text.uppercased())  ")
        let plain = CueRow("\(row.language)|-|\(row.want)|\(row.text)")
        #expect(written?.got == plain?.got)
    }

    @Test func aReasonTellsWhy() {
        #expect(TextCues.completeness(of: "and", language: "en", expecting: .nothing) == .open(.conjunction))
        #expect(TextCues.completeness(of: "I, um", language: "en-GB", expecting: .nothing) == .open(.filler))
        #expect(TextCues.completeness(of: "555", language: "en", expecting: .phoneNumber) == .open(.partialValue))
        #expect(TextCues.completeness(of: "等一下", language: "zh-CN", expecting: .nothing) == .open(.holdOn))
        #expect(TextCues.completeness(of: "I went home,", language: "en", expecting: .nothing) == .open(.punctuation))
    }
}
