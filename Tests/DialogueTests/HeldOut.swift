import Testing

@testable import Dialogue

struct HeldOut {
    static let set: [(String, String)] = [
        ("somebody nicked my debit card", "lost"), ("I think I left my card in a taxi", "lost"), ("what hours are you guys open on monday", "hours"),
        ("is the bank open on public holidays", "hours"),
        ("the shop said they refunded me but nothing came", "refund"), ("I have a new home address", "address"),
        ("we moved to another city last month", "address"),
        ("what's the most cash I can get from a machine", "limits"), ("why do you take money every month", "fees"),
        ("is it expensive to pay by card in japan", "abroad"),
        ("how many days for my card to be delivered", "delivery"), ("the pin code isn't working", "PIN"), ("can you tell me my pin", "PIN"),
        ("the app won't let me log in", "login"), ("my log in is locked", "login"), ("when will the transfer reach my sister", "transfers"),
        ("somebody used my card without permission", "charge"), ("what papers do I need to open an account", "opening an"),
        ("I don't want to be a customer anymore", "closing"),
        ("how much can I borrow", "loans"), ("put me through to a colleague", "person"), ("I'd like to speak with an operator", "person"),
        ("lost my bank cart please help", "lost"),
        ("how do i ups date my address", "address"), ("what is my with drawl limit", "limits"),
    ]
    static let out = [
        "can you recommend a good restaurant", "what's the exchange rate of bitcoin", "do you have any jobs", "where can I park my car",
        "how do I get to the airport", "my computer is slow",
        "can you help me with my homework", "what's your favorite movie", "is my son's school closed tomorrow", "how do I open a bottle of wine",
        "I want to return these shoes", "how much does a coffee cost",
        "can you change my appointment with the dentist", "what time is it in Tokyo", "who is your manager's wife",
    ]
    @Test func `held out`() throws {
        let agent = try FactAnswersEnglishTests.agent("customer-service.en.md")
        let answers = FactAnswers(facts: agent.facts, language: .english, agentName: "x")
        var n = 0
        for (q, t) in Self.set {
            let a = answers.answer(to: [ChatMessage(.user, q)])
            let got = agent.facts.first { $0.answer == a }?.title ?? a
            if got.contains(t) && a != got { n += 1 } else { print("HELD \(q) -> \(got.prefix(90))") }
        }
        print("HELD right \(n)/\(Self.set.count)")
        for q in Self.out {
            let a = answers.answer(to: [ChatMessage(.user, q)])
            if !a.hasPrefix("I'm sorry, I don't know") { print("HELD OUT \(q) -> \(agent.facts.first { $0.answer == a }?.title ?? a)") }
        }
        let index = FactIndex(facts: agent.facts, language: .english)
        for q in ["when do you close today", "what do you charge for the count"] {
            print(
                "HELD", q, index.hits(for: q).prefix(4).map { "\(agent.facts[$0.fact].title) \($0.score)" },
                SearchTerms(q, language: .english, asked: true).terms.map(\.text))
        }
    }
}
