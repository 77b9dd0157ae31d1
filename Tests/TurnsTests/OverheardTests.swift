import Testing
import Turns

struct OverheardTests {
    private func verdict(_ text: String, agent: String = "", voiced: Int = 1000) -> InterruptionCues.Verdict {
        Overheard(text: text, agent: agent).verdict(voiced: .milliseconds(voiced), language: "en")
    }

    @Test func theAgentsOwnWordsInTheirOrderAreAnEcho() {
        let agent = "If nobody is at home, the driver will leave a card, and you can choose another day"
        for echo in [
            "driver will leave a card", "and you can choose another day", "the driver will believe a card", "home the driver", "the driver will leaf",
        ] {
            #expect(verdict(echo, agent: agent) == .unknown, "\(echo)")
        }
        for words in ["card leave the driver", "the dresser", "can you leave it with a neighbour", "Card?", "another"] {
            #expect(verdict(words, agent: agent) == .content, "\(words)")
        }
        #expect(verdict("今天天气很好", agent: "那么今天天气很好吧") == .unknown)
    }

    @Test func wordsThatOnlyBeginASentenceAreNone() {
        for words in ["It's", "That's", "And it's", "The", "If", "Then I", "Because you"] { #expect(verdict(words) == .unknown, "\(words)") }
        for words in ["It's broken", "That's wrong", "Who's that", "If nobody", "What", "No"] { #expect(verdict(words) == .content, "\(words)") }
    }

    @Test func aCommandIsAnEchoOnlyWordByWord() {
        #expect(verdict("stop please", agent: "Say stop please at any time") == .unknown)
        #expect(verdict("stop now", agent: "Say stop please at any time") == .command)
    }

    @Test func theSameOverAndOverIsNoise() {
        #expect(verdict("like, like, like, like, like, like,") == .unknown)
        #expect(verdict("no no no no no no") == .command)
        #expect(verdict("five five seven five") == .content)
    }

    @Test func moreWordsThanAnybodySaysAreNoise() {
        #expect(verdict("why is your hands in front of you now", voiced: 500) == .unknown)
        #expect(verdict("why is your hands in front of you now", voiced: 1500) == .content)
        #expect(verdict("can I get it", voiced: 256) == .content)
    }

    @Test func aLongPartialIsJudgedAllTheSame() {
        let long = Array(repeating: "one two three four five six", count: 500).joined(separator: " ")
        #expect(verdict(long, agent: long, voiced: 600_000) == .unknown)
        #expect(verdict("") == .unknown)
    }
}
