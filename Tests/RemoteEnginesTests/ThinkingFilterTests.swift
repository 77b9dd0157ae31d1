import Testing

@testable import RemoteEngines

struct ThinkingFilterTests {
    @Test(arguments: [
        ("<think>plan <b> </thin</think>\n\nHello <b>there</b>.", "Hello <b>there</b>."),
        ("Hello <think>no</think>there", "Hello there"),
        ("no tag at all < 3 </think", "no tag at all < 3 </think"),
        ("<think>never closed", ""), ("left over</think> words", "left over words"), ("<think></think>你好", "你好"),
        ("a<<think>x</think>b<", "a<b<"), ("  \n", ""),
    ])
    func whatIsThoughtIsNotSpokenHoweverItIsCut(text: String, spoken: String) {
        let characters = Array(text)
        for first in 0...characters.count {
            for second in first...characters.count {
                var filter = ThinkingFilter()
                let cuts = [characters[..<first], characters[first..<second], characters[second...]]
                let heard = cuts.map { filter.take(String($0)) }.joined() + filter.finish()
                guard heard == spoken else {
                    Issue.record("cut at \(first) and \(second): \(heard)")
                    return
                }
            }
        }
    }

    @Test func wordsAreNotHeldBack() {
        var filter = ThinkingFilter()
        #expect(filter.take("One <") == "One ")
        #expect(filter.take("b") == "<b")
        #expect(filter.take(" two") == " two")
    }
}
