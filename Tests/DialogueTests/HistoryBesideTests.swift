import Dialogue
import Testing

/// What stands beside the turns: messages put there by hand, replies of their own, tools.
struct HistoryBesideTests {
    private static let call = ToolCall(id: "c", name: "weather", arguments: "{}")

    private func texts(_ history: History) -> [String] {
        history.messages(system: "").map { message in
            "\(message.role.rawValue): \(message.content)" + message.calls.map { " [\($0.id)]" }.joined() + (message.callID.map { " <\($0)>" } ?? "")
        }
    }

    @Test func messagesStandWhereTheyArePut() {
        var history = History(language: .english)
        history.addUser(turn: 1, text: "one")
        history.put(ChatMessage(.system, "note"), name: "a", at: .first)
        history.put(ChatMessage(.assistant, "yes"), name: "b", at: .after("turn:1"))
        history.put(ChatMessage(.user, "two"), name: "c")
        let isPut = history.put(ChatMessage(.user, "lost"), name: "d", at: .after("nowhere"))
        #expect(!isPut)
        #expect(texts(history) == ["system: note", "user: one", "assistant: yes", "user: two"])
        history.put(ChatMessage(.user, "two and a half"), name: "c", at: .first)
        #expect(texts(history).last == "user: two and a half", "a name that stands keeps its place")
        let (first, second) = (history.remove(named: "turn:1"), history.remove(named: "turn:1"))
        #expect(first && !second)
        #expect(texts(history) == ["system: note", "user: [The caller has just connected.]", "assistant: yes", "user: two and a half"])
    }

    @Test func repliesOfTheirOwnFollowOneAnotherInOneTurn() {
        var history = History(language: .english)
        history.addUser(turn: 1, text: "hello")
        let first = history.beginReply(named: "reply:1")
        history.setHeard(turn: first, text: "Hi.", interrupted: false)
        let second = history.beginReply(named: "reply:2")
        history.setHeard(turn: second, text: "Anything", interrupted: true)
        #expect(first != second && first < 0)
        #expect(texts(history) == ["user: hello", "assistant: Hi. Anything… [interrupted here; the caller did not hear the rest]"])
        history.remove(named: "reply:1")
        #expect(texts(history).last?.hasPrefix("assistant: Anything") == true)
    }

    @Test func aCallStandsWithItsResultOrNotAtAll() {
        var history = History(language: .english)
        history.addUser(turn: 1, text: "weather?")
        let reply = history.beginReply(named: "reply:1")
        history.setHeard(turn: reply, text: "Let me see.", interrupted: false)
        history.put(ChatMessage(.assistant, "", calls: [Self.call]), name: "call:c")
        history.put(ChatMessage(.user, "hurry"), name: "u")
        #expect(texts(history) == ["user: weather?", "assistant: Let me see.", "user: hurry"])
        history.put(ChatMessage(.tool, "sunny", callID: "c"), name: "r")
        #expect(texts(history) == ["user: weather?", "assistant: Let me see. [c]", "tool: sunny <c>", "user: hurry"])
        history.remove(named: "call:c")
        #expect(texts(history) == ["user: weather?", "assistant: Let me see.", "user: hurry"], "a result without its call is none")
    }

    @Test func whatStandsBesideCountsAgainstTheLimits() {
        var history = History(language: .english, limits: .init(turns: 3, tokens: 1000))
        for number in 1...5 { history.put(ChatMessage(.user, "message \(number)"), name: "\(number)") }
        #expect(texts(history) == ["user: message 3 message 4 message 5"])
    }
}
