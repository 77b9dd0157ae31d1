import Testing

@testable import Dialogue

struct HistoryTests {
    private func reply(_ history: inout History, _ turn: Int, _ text: String, heard: String? = nil, interrupted: Bool = false) {
        history.beginReply(turn: turn)
        history.appendGenerated(turn: turn, text)
        history.setHeard(turn: turn, text: heard ?? text, interrupted: interrupted)
    }

    @Test func `a conversation becomes system, user and assistant in turn`() {
        var history = History(language: .english)
        history.addUser(turn: 1, text: " Hello ")
        reply(&history, 1, "Hi there.")
        history.addUser(turn: 2, text: "Bye")
        #expect(
            history.messages(system: "Be kind.") == [
                ChatMessage(.system, "Be kind."), ChatMessage(.user, "Hello"), ChatMessage(.assistant, "Hi there."), ChatMessage(.user, "Bye"),
            ])
        #expect(history.messages(system: "").count == 3)
    }

    @Test func `only what was heard of an interrupted reply is told, with a mark`() {
        var history = History(language: .english)
        history.addUser(turn: 1, text: "Tell me.")
        reply(&history, 1, "One, two, three.", heard: "One,", interrupted: true)
        #expect(history.messages(system: "").last?.content == "One… [interrupted here; the caller did not hear the rest]")
        #expect(history.turns[0].reply?.generated == "One, two, three.")
        var chinese = History(language: .chinese)
        chinese.addUser(turn: 1, text: "说吧")
        reply(&chinese, 1, "一，二，三。", heard: "一，", interrupted: true)
        #expect(chinese.messages(system: "").last?.content == "一……[说到这里被打断，后面的话对方没有听到]")
    }

    @Test func `a reply nobody heard leaves one joined user message`() {
        var history = History(language: .english)
        history.addUser(turn: 1, text: "I want to")
        reply(&history, 1, "Yes?", heard: "", interrupted: true)
        history.addUser(turn: 2, text: "change my address.")
        #expect(history.messages(system: "") == [ChatMessage(.user, "I want to change my address.")])
        var chinese = History(language: .chinese)
        chinese.addUser(turn: 1, text: "我想")
        chinese.addUser(turn: 1, text: "改地址")
        #expect(chinese.messages(system: "") == [ChatMessage(.user, "我想，改地址")])
    }

    @Test func `a greeting comes after a placeholder and roles alternate whatever happens`() {
        var history = History(language: .english)
        reply(&history, 0, "Welcome.")
        reply(&history, 1, "Still there?")
        var random = SeededRandom(seed: 3)
        #expect(history.messages(system: "").first == ChatMessage(.user, "[The caller has just connected.]"))
        for _ in 0..<500 {
            let turn = Int.random(in: 0...40, using: &random)
            switch Int.random(in: 0..<6, using: &random) {
            case 0: history.addUser(turn: turn, text: "user \(turn)")
            case 1: history.beginReply(turn: turn)
            case 2: history.appendGenerated(turn: turn, "text")
            case 3: history.setHeard(turn: turn, text: Bool.random(using: &random) ? "heard" : "", interrupted: Bool.random(using: &random))
            case 4: history.drop(turn: turn)
            default: history.dropReply(turn: turn)
            }
            let roles = history.messages(system: "").map(\.role)
            #expect(roles.first.map { $0 == .user } ?? true)
            #expect(zip(roles, roles.dropFirst()).allSatisfy { $0 != $1 })
            #expect(zip(history.turns, history.turns.dropFirst()).allSatisfy { $0.number < $1.number })
        }
    }

    @Test func `limits drop whole turns, oldest first, and keep the newest`() {
        var history = History(language: .english, limits: .init(turns: 3, tokens: 1000))
        for turn in 1...5 {
            history.addUser(turn: turn, text: "question \(turn)")
            reply(&history, turn, "answer \(turn)")
        }
        #expect(history.turns.map(\.number) == [3, 4, 5])
        #expect(history.messages(system: "").first == ChatMessage(.user, "question 3"))
        var small = History(language: .english, limits: .init(turns: 10, tokens: 40))
        for turn in 1...5 {
            small.addUser(turn: turn, text: String(repeating: "word ", count: 8))
            reply(&small, turn, "Fine.")
        }
        #expect(small.turns.map(\.number) == [4, 5])
        small.addUser(turn: 6, text: String(repeating: "word ", count: 800))
        #expect(small.turns.map(\.number) == [6])
    }

    @Test func `late news about a turn that is gone changes nothing`() {
        var history = History(language: .english, limits: .init(turns: 1))
        history.addUser(turn: 1, text: "one")
        history.addUser(turn: 2, text: "two")
        let before = history
        history.addUser(turn: 1, text: "late")
        history.beginReply(turn: 1)
        history.setHeard(turn: 1, text: "late", interrupted: false)
        history.setHeard(turn: 2, text: "no reply was begun", interrupted: false)
        history.fail(turn: 2, code: "x")
        #expect(history == before)
    }

    @Test func `a failure is kept with its code`() {
        var history = History(language: .english)
        history.addUser(turn: 1, text: "one")
        history.beginReply(turn: 1)
        history.fail(turn: 1, code: "engine.timeout")
        #expect(history.turns[0].reply?.failure == "engine.timeout")
        history.dropReply(turn: 1)
        #expect(history.turns[0].reply == nil)
        history.drop(turn: 1)
        #expect(history.turns.isEmpty)
    }

    @Test(arguments: [("", 0), ("abcd", 1), ("abcde", 2), ("你好", 2), ("你好 ok", 3), ("。", 1)]) func `tokens are estimated`(text: String, tokens: Int) {
        #expect(TokenEstimate.tokens(in: text) == tokens)
    }
}
