import Testing

@testable import Dialogue

struct HeardTextTests {
    private func word(_ text: String, _ start: Int, _ end: Int) -> HeardText.Word {
        HeardText.Word(text: text, start: .milliseconds(start), end: .milliseconds(end))
    }

    private func sentence(_ text: String, at start: Int, for length: Int?, _ words: [HeardText.Word] = []) -> HeardText.Sentence {
        HeardText.Sentence(text: text, start: .milliseconds(start), duration: length.map { .milliseconds($0) }, words: words)
    }

    private func heard(_ sentences: [HeardText.Sentence], _ played: Int) -> String { HeardText.heard(sentences, played: .milliseconds(played)) }

    @Test(arguments: [(0, ""), (90, ""), (160, "One,"), (500, "One, two"), (790, "One, two"), (900, "One, two three."), (1000, "One, two three.")])
    func `words count once half of them has sounded`(played: Int, text: String) {
        let words = [word("One,", 0, 300), word("two", 300, 600), word("three.", 700, 1000)]
        #expect(heard([sentence("One, two three.", at: 0, for: 1000, words)], played) == text)
    }

    @Test func `whole sentences before are kept and those after are not`() {
        let all = [sentence("First one.", at: 0, for: 1000), sentence("Second one.", at: 1000, for: 1000), sentence("Third.", at: 2000, for: 500)]
        #expect(heard(all, 1000) == "First one.")
        #expect(heard(all, 1700) == "First one. Second")
        #expect(heard(all, 9000) == "First one. Second one. Third.")
    }

    @Test func `without word times the text is spread evenly`() {
        let text = "aaaa bbbb cccc dddd"
        #expect(heard([sentence(text, at: 0, for: 1600)], 850) == "aaaa bbbb")
        #expect(heard([sentence(text, at: 0, for: nil)], 350) == "aaaa")
        #expect(heard([sentence("今天天气很好", at: 0, for: 1200)], 610) == "今天天")
        #expect(heard([sentence("今天，天气很好。", at: 0, for: 1200)], 480) == "今天，")
    }

    @Test func `Chinese is cut by character also within a word`() {
        let words = [word("今天", 0, 400), word("天气", 400, 800), word("很好", 800, 1200)]
        #expect(heard([sentence("今天天气很好。", at: 0, for: 1300, words)], 610) == "今天天")
    }

    @Test func `word times of another spoken form cut in proportion`() {
        let words = [word("It", 0, 100), word("costs", 100, 400), word("forty-two", 400, 900), word("dollars", 900, 1400), word("now", 1400, 1600)]
        #expect(heard([sentence("It costs $42 now.", at: 0, for: 1600, words)], 410) == "It costs")
        #expect(heard([sentence("It costs $42 now.", at: 0, for: 1700, words)], 1700) == "It costs $42 now.")
    }

    @Test func `word times known so far suffice while the audio is being made`() {
        #expect(heard([sentence("One two three four.", at: 0, for: nil, [word("One", 0, 300), word("two", 300, 600)])], 700) == "One two")
    }

    @Test func `more time never means less text, and the text is always a beginning of it`() {
        var random = SeededRandom(seed: 11)
        for _ in 0..<60 {
            let text = History.trimmed(RandomText.make(length: 20, using: &random))
            var last = 0
            for played in stride(from: 0, through: 1100, by: 50) {
                let part = heard([sentence(text, at: 0, for: 1000)], played)
                #expect(text.hasPrefix(part) || text.unicodeScalars.starts(with: part.unicodeScalars))
                #expect(part.unicodeScalars.count >= last)
                last = part.unicodeScalars.count
            }
            #expect(last == text.unicodeScalars.count)
        }
    }

    @Test(arguments: [(0, 0), (10, 0), (299, 0), (300, 300), (450, 300), (600, 600), (650, 650), (700, 700), (990, 700), (1000, 1000), (1150, 1150)])
    func `a reply goes on with the word that was cut, or where it was silent`(played: Int, start: Int) {
        let words = [word("One,", 0, 300), word("two", 300, 600), word("three.", 700, 1000)]
        #expect(HeardText.restart([sentence("One, two three.", at: 0, for: 1100, words)], played: .milliseconds(played)) == .milliseconds(start))
    }

    @Test func `without word times it goes on with the word that is reckoned`() {
        let text = "aaaa bbbb cccc dddd"
        for (length, played, start) in [(1600, 850, 800), (1600, 1590, 1200), (1600, 1700, 1700), (nil, 350, 280)] as [(Int?, Int, Int)] {
            let all = [sentence("First one.", at: 0, for: 1000), sentence(text, at: 2000, for: length)]
            #expect(HeardText.restart(all, played: .milliseconds(2000 + played)) == .milliseconds(2000 + start), "\(played)")
        }
        #expect(HeardText.restart([sentence("今天天气很好", at: 0, for: 1200)], played: .milliseconds(610)) == .milliseconds(600))
        #expect(HeardText.restart([], played: .milliseconds(610)) == .milliseconds(610))
    }
}
