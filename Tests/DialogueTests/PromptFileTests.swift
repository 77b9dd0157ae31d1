import Testing

@testable import Dialogue

struct PromptFileTests {
    static let whole = """
        ---
        # a comment
        name: "Ada: the agent"
        language: en
        greeting: Hi {{caller}}, I'm Ada.   # said first
        pace: 1.25
        voice: 'amy'
        turns:
          profile: patient
          minimum_silence_ms: 400
          maximum_silence_ms: 3000
          barge_in: keywords
          keywords: [Stop, hold on]
          protect: greeting, farewell
          protect_phrases: [recorded for training, at your own risk]
        limits:
          reply_tokens: 100
          history_turns: 5
          session_minutes: 10
          idle_seconds: 30
        variables:
          caller: friend
          company: required
        ---
        You are Ada of {{ company }}.

        Be kind.

        ## Facts

        ### Opening hours
        We open at
        nine.

        {{company}} closes at five.

        Also asked: when do you open; how late are you open
        ### Price
        It is free.
        """

    private func fault(_ text: String) -> PromptError? {
        do throws(PromptError) {
            _ = try PromptFile.parse(text, file: "x.md")
            return nil
        } catch {
            return error
        }
    }

    @Test func `a whole file is read and rendered`() throws {
        let prompt = try PromptFile.parse(Self.whole, file: "Prompts/ada.en.md")
        #expect(prompt.variables.map(\.name) == ["caller", "company"])
        let agent = try prompt.rendered(variables: ["company": "Acme {{caller}}"])
        #expect(agent.id == "ada" && agent.name == "Ada: the agent" && agent.language == .english)
        #expect(agent.greeting == "Hi friend, I'm Ada." && agent.pace == 1.25 && agent.voice == "amy")
        #expect(agent.turns.profile == .patient && agent.turns.bargeIn == .keywords && agent.turns.keywords == ["stop", "hold on"])
        #expect(agent.turns.protect == [.greeting, .farewell] && agent.turns.protectPhrases == ["recorded for training", "at your own risk"])
        #expect(agent.turns.minimumSilence == .milliseconds(400) && agent.turns.maximumSilence == .seconds(3))
        #expect(agent.limits.replyTokens == 100 && agent.limits.historyTurns == 5)
        #expect(agent.limits.session == .seconds(600) && agent.limits.idle == .seconds(30))
        #expect(agent.facts.map(\.title) == ["Opening hours", "Price"])
        #expect(agent.facts[0].answer == "We open at nine.\n\nAcme {{caller}} closes at five.")
        #expect(agent.facts[0].asked == ["when do you open", "how late are you open"])
        #expect(agent.instructions.hasPrefix("You are Ada of Acme {{caller}}.\n\nBe kind.\n\n## Facts\n\n### Opening hours\nWe open at nine."))
        #expect(!agent.instructions.contains("Also asked"))
        #expect(agent.reprompt == "Sorry, I didn't catch that.")
    }

    @Test(arguments: [
        ("", "prompt.syntax", 1, "must begin"),
        ("name: x", "prompt.syntax", 1, "must begin"),
        ("---\nname: x", "prompt.syntax", 2, "does not end"),
        ("---\nname x\n---\nb", "prompt.syntax", 2, "key: value"),
        ("---\nname:x\n---\nb", "prompt.syntax", 2, "blank behind"),
        ("---\nName: x\n---\nb", "prompt.syntax", 2, "no key"),
        ("---\n  name: x\n---\nb", "prompt.syntax", 2, "under no group"),
        ("---\nname: x\nlanguage: en\nturns:\n  profile: eager\n    barge_in: ignore\n---\nb", "prompt.syntax", 6, "indented differently"),
        ("---\nname: x\nturns:\n\tprofile: eager\n---\nb", "prompt.syntax", 4, "tabs"),
        ("---\nname: \"x\nlanguage: en\n---\nb", "prompt.syntax", 2, "quotes"),
        ("---\nname: x\nname: y\n---\nb", "prompt.duplicate_key", 3, "twice"),
        ("---\nlanguage: en\n---\nb", "prompt.missing_key", 1, "'name' is missing"),
        ("---\nname: x\n---\nb", "prompt.missing_key", 1, "'language' is missing"),
        ("---\nname: x\nlanguage: english\n---\nb", "prompt.bad_value", 3, "primary tag"),
        ("---\nname: x\nlanguage: en\ngreting: hi\n---\nb", "prompt.unknown_key", 4, "did you mean 'greeting'"),
        ("---\nname: x\nlanguage: en\nturn:\n  profile: eager\n---\nb", "prompt.unknown_key", 4, "did you mean 'turns'"),
        ("---\nname: x\nlanguage: en\nlimits:\n  reply_token: 5\n---\nb", "prompt.unknown_key", 5, "did you mean 'reply_tokens'"),
        ("---\nname: x\nlanguage: en\nzzzzzz: 5\n---\nb", "prompt.unknown_key", 4, "known are"),
        ("---\nname: x\nlanguage: en\ngreeting:\n---\nb", "prompt.bad_value", 4, "no value"),
        ("---\nname: x\nlanguage: en\nturns: eager\n---\nb", "prompt.bad_value", 4, "is a group"),
        ("---\nname: x\nlanguage: en\nturns:\n  profile: eagre\n---\nb", "prompt.bad_value", 5, "did you mean 'eager'"),
        ("---\nname: x\nlanguage: en\npace: 3\n---\nb", "prompt.bad_value", 4, "0.5 to 2"),
        ("---\nname: x\nlanguage: en\npace: nan\n---\nb", "prompt.bad_value", 4, "0.5 to 2"),
        ("---\nname: x\nlanguage: en\nlimits:\n  idle_seconds: 0\n---\nb", "prompt.bad_value", 5, "3 to 3600"),
        ("---\nname: x\nlanguage: en\nlimits:\n  idle_seconds: 99999999999999999999\n---\nb", "prompt.bad_value", 5, "whole number"),
        ("---\nname: x\nlanguage: en\nturns:\n  minimum_silence_ms: 900\n  maximum_silence_ms: 500\n---\nb", "prompt.bad_value", 6, "not be less"),
        ("---\nname: x\nlanguage: en\nturns:\n  barge_in: keywords\n---\nb", "prompt.missing_key", 5, "needs 'keywords'"),
        ("---\nname: x\nlanguage: en\nturns:\n  protect: greting\n---\nb", "prompt.bad_value", 5, "did you mean 'greeting'"),
        ("---\nname: x\nlanguage: en\nturns:\n  protect: []\n---\nb", "prompt.bad_value", 5, "1 to 50 names"),
        ("---\nname: x\nlanguage: en\nturns:\n  protect_phrases: ,\n---\nb", "prompt.bad_value", 5, "1 to 50 phrases"),
        ("---\nname: x\nlanguage: en\n---\n\n", "prompt.missing_key", 5, "body is empty"),
        ("---\nname: x\nlanguage: en\nvariables:\n  company: a\n---\nWe are {{compani}}.", "prompt.unknown_variable", 7, "did you mean 'company'"),
        ("---\nname: x\nlanguage: en\ngreeting: Hi {{who}}\n---\nb", "prompt.unknown_variable", 4, "'who' is not declared"),
        ("---\nname: x\nlanguage: en\n---\nb\n## Facts\ntext\n", "prompt.syntax", 7, "under a '### title'"),
        ("---\nname: x\nlanguage: en\n---\nb\n## Facts\n### one\n### two\na\n", "prompt.missing_key", 7, "'one' has no answer"),
        ("---\nname: x\nlanguage: en\n---\nb\n## Facts\n### one\na\n### One\nb\n", "prompt.duplicate_key", 9, "twice"),
    ])
    func `a fault names its line and what is wrong`(text: String, code: String, line: Int, reason: String) throws {
        let error = try #require(fault(text))
        #expect(error.code.rawValue == code && error.line == line && error.file == "x.md", "\(error)")
        #expect(error.reason.contains(reason), "\(error)")
    }

    @Test func `values are required and refused by name`() throws {
        let prompt = try PromptFile.parse(Self.whole, file: "x.md")
        #expect(throws: PromptError(code: .missingVariable, file: "x.md", line: 23, reason: "variable 'company' needs a value")) {
            try prompt.rendered()
        }
        let wrong = PromptError(code: .unknownVariable, file: "x.md", line: 1, reason: "no variable 'campany' is declared; did you mean 'company'?")
        #expect(throws: wrong) { try prompt.rendered(variables: ["campany": "x"]) }
    }

    @Test func `line ends of other systems and a byte order mark do no harm`() throws {
        let text = "\u{FEFF}" + Self.whole.replacing("\n", with: "\r\n")
        #expect(try PromptFile.parse(text, file: "a.md") == PromptFile.parse(Self.whole, file: "a.md"))
    }

    @Test func `a file that is too large is refused`() {
        #expect(fault(String(repeating: "x", count: PromptFile.maximumBytes + 1))?.code == .syntax)
    }

    @Test func `random files and damaged files give an agent or an error with a line of the file`() {
        var random = SeededRandom(seed: 5)
        let good = Array(Self.whole.unicodeScalars)
        for round in 0..<400 {
            var text = RandomText.make(length: 60, using: &random)
            if round % 2 == 0 {
                var scalars = good
                for _ in 0..<3 {
                    let at = Int.random(in: 0..<scalars.count, using: &random)
                    scalars.replaceSubrange(
                        at..<min(scalars.count, at + Int.random(in: 0...4, using: &random)), with: Array(text.unicodeScalars.prefix(2)))
                }
                text = scalars.text
            }
            if let error = fault(text) {
                #expect(error.line >= 1 && error.line <= text.unicodeScalars.count { $0 == "\n" } + 1)
                #expect(!error.reason.isEmpty)
            }
        }
    }
}
