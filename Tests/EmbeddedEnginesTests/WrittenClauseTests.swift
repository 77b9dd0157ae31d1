import Testing

@testable import EmbeddedEngines

struct WrittenClauseTests {
    @Test func punctuationEndsClausesAndIsReducedToWhatAVoiceKnows() {
        let clauses = WrittenClause.clauses(of: "Yes, \"of course!\" Wait… really？ Fine")
        #expect(clauses.map(\.mark) == [",", "!", ".", "?", "."])
        #expect(clauses.map { $0.words.count } == [1, 2, 1, 1, 1])
    }

    @Test func everyWordOfTheTextIsKeptAsItIsWritten() {
        let text = "Hi 🎉 (you), 你好 — \u{7} ok—yes “fine”."
        let words = WrittenClause.clauses(of: text).flatMap { $0.words.map(\.written) }
        #expect(words == text.split(separator: " ").map(String.init))
    }

    @Test func whatHasNoEnglishSoundIsReadAsNothing() {
        let spoken = WrittenClause.clauses(of: "🎉 你好 \u{7}\u{0} … -- don’t").flatMap { $0.words.map(\.spoken) }
        #expect(spoken == [[], [], [], [], [], ["don't"]])
    }

    @Test(arguments: [
        ("$3.50", ["dollars", "3.50"]), ("50%", ["50", "percent"]), ("well-known", ["well-known"]), ("either/or", ["either", "or"]),
        ("10:30", ["10:30"]), ("example.com.", ["example.com"]), ("'tis", ["tis"]), ("dogs'", ["dogs'"]), ("Café", ["Café"]),
    ])
    func signsAndInnerMarks(word: String, spoken: [String]) {
        #expect(WrittenClause.clauses(of: word).flatMap { $0.words.flatMap(\.spoken) } == spoken)
    }

    @Test func anInitialEndsNoSentenceButASingleIDoes() {
        #expect(WrittenClause.clauses(of: "J. Smith came.").count == 1)
        #expect(WrittenClause.clauses(of: "So did I. Well.").count == 2)
    }
}
