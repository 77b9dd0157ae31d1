import Testing

@testable import Dialogue

struct FactAnswersEnglishTests {
    private static let card = "a lost or stolen card", hours = "our opening hours", refund = "refunds", address = "a change of address"
    private static let limits = "card limits", fees = "account fees", abroad = "fees abroad", delivery = "the delivery of a new card"
    private static let pin = "a forgotten PIN", login = "password and login", transfer = "transfers", dispute = "a charge you don't recognize"
    private static let open = "opening an account", close = "closing an account", loan = "loans", person = "talking to a person"

    static let questions: [(String, String)] = [
        ("I lost my card", card), ("I lost my cart", card), ("hi um someone stole my card yesterday", card),
        ("my card is gone I can't find it", card),
        ("please block my card", card), ("i want to freeze the cart", card), ("my purse got stolen with the card", card),
        ("what are your opening hours", hours), ("whats the open in ours", hours), ("are you open on sundays", hours),
        ("when do you close today", hours),
        ("are you guys open saturday", hours), ("how late are you open", hours),
        ("where is my refund", refund), ("when do i get my re fund", refund), ("how long does a refund take", refund),
        ("i want my money back", refund),
        ("I moved to a new apartment", address), ("how do i change my adress", address), ("i need to update my a dress", address),
        ("we are moving house next week", address),
        ("how much cash can i withdraw", limits), ("can you raise my limit", limits), ("what's the daily limit on my card", limits),
        ("whats the monthly fee", fees), ("how much does the account cost", fees), ("is the account free", fees),
        ("what do you charge for the count", fees),
        ("can i use my card abroad", abroad), ("is there a foreign transaction fee", abroad), ("i'm going on vacation in another country", abroad),
        ("my new card has not arrived yet", delivery), ("where is my new card", delivery), ("track my card delivery", delivery),
        ("i forgot my pin", pin), ("i forgot my pen number", pin), ("my pin is blocked", pin),
        ("i can't log in to the app", login), ("i forgot my pass word", login), ("reset my password please", login),
        ("i'm locked out of online banking", login),
        ("how long does a transfer take", transfer), ("i want to send money to my friend", transfer), ("international wire transfur", transfer),
        ("there's a strange charge on my account", dispute), ("i don't recognise this payment", dispute), ("i think i got scammed", dispute),
        ("i was charged twice", dispute),
        ("i want to open a new account", open), ("how do i become a customer", open),
        ("please close my account", close), ("i'd like to cancel my account", close),
        ("can i get a loan", loan), ("i need a lone for a car", loan), ("what's the interest rate", loan),
        ("let me talk to a human", person), ("agent", person), ("can i speak to a real person please", person), ("i want to complain", person),
    ]

    static let outside = [
        "what's the weather like tomorrow", "who won the football game last night", "can you order me a pizza", "how do I bake bread",
        "what is the capital of France", "tell me a joke", "what's the best stock to buy", "do you sell life insurance", "play some music",
        "I lost my dog", "how tall is the Eiffel tower", "can you book a flight to Rome", "what do you think about politics", "my car broke down",
        "I lost my passport", "how old is the president", "is it going to rain",
    ]

    static func agent(_ file: String, _ variables: [String: String] = [:]) throws -> Agent {
        try PromptFile.parse(PromptFiles.read(file), file: file).rendered(variables: variables)
    }

    private static func answers() throws -> (FactAnswers, [String: String]) {
        let agent = try agent("customer-service.en.md")
        let texts = Dictionary(uniqueKeysWithValues: agent.facts.map { ($0.title, $0.answer) })
        return (FactAnswers(facts: agent.facts, language: agent.language, agentName: agent.name), texts)
    }

    @Test func `tools in a conversation are passed over`() throws {
        let (answers, _) = try Self.answers()
        let said = [ChatMessage(.user, "what are your opening hours")]
        let tools = [
            ChatMessage(.assistant, "", calls: [ToolCall(id: "a", name: "f", arguments: "{}")]), ChatMessage(.tool, "I lost my card", callID: "a"),
        ]
        #expect(answers.answer(to: said + tools) == answers.answer(to: said))
    }

    @Test func `nine of ten questions in or near the given wordings get the right fact`() throws {
        let (answers, texts) = try Self.answers()
        var missed: [String] = []
        for (question, title) in Self.questions {
            let answer = answers.answer(to: [ChatMessage(.user, question)])
            if answer != texts[title] { missed.append("\(question) -> \(answer.prefix(70))") }
        }
        #expect(missed.count * 10 <= Self.questions.count, "\(missed)")
    }

    @Test(arguments: outside) func `what is in no fact is not answered`(question: String) throws {
        let (answers, texts) = try Self.answers()
        let answer = answers.answer(to: [ChatMessage(.user, question)])
        #expect(!texts.values.contains(answer))
        #expect(answer.hasPrefix("I'm sorry, I don't know that. You can ask me about"), "\(answer)")
        #expect(answer.contains("talking to a person"))
    }

    private func talk(_ lines: [String]) throws -> String {
        let (answers, _) = try Self.answers()
        var messages = [
            ChatMessage(.system, "x"), ChatMessage(.user, "[The caller has just connected.]"), ChatMessage(.assistant, "Welcome to Northwind."),
        ]
        for line in lines {
            messages.append(ChatMessage(.user, line))
            messages.append(ChatMessage(.assistant, answers.answer(to: messages)))
        }
        return messages.last?.content ?? ""
    }

    @Test func `follow-ups are about the last topic`() throws {
        #expect(try talk(["I lost my card", "and how long does that take?"]).contains("five working days"))
        #expect(try talk(["I lost my card", "and how much does it cost"]).contains("free of charge"))
        #expect(try talk(["I want to close my account", "how long does that take"]).contains("five business days"))
        #expect(try talk(["how do I change my address", "and how much does that cost"]).hasPrefix("I'm sorry, I don't have that detail"))
        #expect(try talk(["what are your opening hours", "what about Sunday"]).contains("On Sundays"))
    }

    @Test func `close facts are asked back and the choice is understood`() throws {
        let question = try talk(["I have a question about my card"])
        #expect(question.hasPrefix("Do you mean "), "\(question)")
        #expect(try talk(["I have a question about my card", "the first one"]) != question)
        #expect(try talk(["fees please"]).hasPrefix("Do you mean account fees or fees abroad?"))
        #expect(try talk(["fees please", "the second one"]).hasPrefix("Paying by card abroad"))
        #expect(try talk(["fees please", "abroad"]).hasPrefix("Paying by card abroad"))
        #expect(try talk(["fees please", "what are your opening hours"]).hasPrefix("Our branches"))
    }

    @Test(arguments: [
        ("hello", "Hello."), ("hi there", "Hello."), ("thank you very much", "You're welcome"), ("goodbye", "Goodbye"), ("thanks bye", "Goodbye"),
        ("who are you", "I'm Northwind help line"), ("are you a robot", "I'm Northwind help line"), ("how are you", "I'm fine"), ("yes", "Sure."),
        ("no", "All right."),
        ("what can you do", "You can ask me about"), ("can you repeat that please", "Welcome to Northwind."),
        ("sorry what did you say", "Welcome to Northwind."),
    ])
    func `small talk is answered`(said: String, beginning: String) throws { #expect(try talk([said]).hasPrefix(beginning)) }

    @Test func `an interrupted answer is repeated in full`() throws {
        let (answers, texts) = try Self.answers()
        let cut = "A refund reaches your account" + History.interruptionMark(.english)
        let messages = [ChatMessage(.user, "refund"), ChatMessage(.assistant, cut), ChatMessage(.user, "sorry can you repeat that")]
        #expect(answers.answer(to: messages) == texts[Self.refund])
    }

    @Test func `without facts or words it still answers`() {
        let empty = FactAnswers(facts: [], language: .english, agentName: "Ada")
        #expect(empty.answer(to: []) == "Hello. How can I help?")
        #expect(empty.answer(to: [ChatMessage(.user, "what is a tax")]) == "I'm sorry, I don't know that.")
        #expect(empty.answer(to: [ChatMessage(.user, "?!")]) == "I'm sorry, I don't know that.")
    }

    @Test func `random messages are answered and alike each time`() throws {
        let (answers, _) = try Self.answers()
        var random = SeededRandom(seed: 9)
        for _ in 0..<60 {
            let messages = (0..<4).map { ChatMessage($0 % 2 == 0 ? .assistant : .user, RandomText.make(length: 20, using: &random)) }
            #expect(!answers.answer(to: messages).isEmpty)
            #expect(answers.answer(to: messages) == answers.answer(to: messages))
        }
    }
}
