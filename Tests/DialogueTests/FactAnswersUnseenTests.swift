import Testing

@testable import Dialogue

/// Questions that were written after the facts and their `Also asked:` lines, which are not fitted to them: they show how far the
/// responder carries beyond wordings it was given. The floors are what it reaches, not what is wished for. Don't add their wording
/// to the prompts.
struct FactAnswersUnseenTests {
    static let inside: [(String, String)] = [
        ("my bank card has vanished", "a lost or stolen card"), ("I dropped my card at the supermarket", "a lost or stolen card"),
        ("do you work on weekends", "our opening hours"), ("can I come to the branch at six", "our opening hours"),
        ("still waiting for my refund", "refunds"), ("has the refund been paid yet", "refunds"),
        ("I live somewhere else now", "a change of address"), ("please change the address on my account", "a change of address"),
        ("the machine wouldn't give me a thousand dollars", "card limits"), ("I'd like a higher card limit", "card limits"),
        ("do I have to pay for having an account", "account fees"), ("what does the basic account cost per month", "account fees"),
        ("does it cost extra to use the card in Spain", "fees abroad"), ("when does the card you sent me get here", "the delivery of a new card"),
        ("I can't remember the four digit number for my card", "a forgotten PIN"), ("how can I see my pin again", "a forgotten PIN"),
        ("online banking keeps rejecting my password", "password and login"), ("the app says my login is locked", "password and login"),
        ("I sent money to my mom, when does she get it", "transfers"), ("can I transfer money to Germany", "transfers"),
        ("there is a payment I never made", "a charge you don't recognize"), ("a shop took the money two times", "a charge you don't recognize"),
        ("my daughter wants an account", "opening an account"), ("how do I get rid of my account", "closing an account"),
        ("would you lend me five thousand", "loans"), ("I don't want to talk to a machine", "talking to a person"),
        ("is there a person I can speak with", "talking to a person"), ("I lost my cord", "a lost or stolen card"),
    ]
    static let outside = [
        "what's for dinner", "can you translate this into French", "how many planets are there", "where did I leave my keys",
        "remind me to call my wife",
        "what's a good book to read", "do you sell mobile phones", "how do I fix a flat tire", "my neighbor is too loud", "is the museum open today",
        "what's the score of the game", "can you lower the volume", "I feel sick", "how far away is the moon", "sing me a song", "I lost my umbrella",
    ]

    @Test func `questions in other words are mostly answered right or not at all`() throws {
        let agent = try FactAnswersEnglishTests.agent("customer-service.en.md")
        let answers = FactAnswers(facts: agent.facts, language: .english, agentName: agent.name)
        var right = 0
        var wrong: [String] = []
        for (question, title) in Self.inside {
            let answer = answers.answer(to: [ChatMessage(.user, question)])
            guard let given = agent.facts.first(where: { $0.answer == answer })?.title else { continue }
            if given == title { right += 1 } else { wrong.append("\(question) -> \(given)") }
        }
        #expect(right * 10 >= Self.inside.count * 4, "\(right) right")
        #expect(wrong.count * 10 <= Self.inside.count, "\(wrong)")
        for question in Self.outside {
            let answer = answers.answer(to: [ChatMessage(.user, question)])
            #expect(!agent.facts.contains { $0.answer == answer }, "\(question) -> \(answer)")
        }
        print("unseen: \(right) right, \(wrong.count) wrong")
    }
}
