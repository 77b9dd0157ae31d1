import Testing

@testable import Dialogue

struct ShippedPromptsTests {
    @Test(arguments: PromptFiles.names) func `every shipped prompt is sound and fit for the ear`(name: String) throws {
        let agent = try PromptFile.parse(PromptFiles.read(name), file: name).rendered()
        #expect(name.contains(".\(agent.language.rawValue)."))
        #expect(agent.greeting != nil && agent.facts.count >= 4)
        let ear = EarText(language: agent.language)
        let said = [agent.greeting ?? "", agent.failureMessage, agent.farewell, agent.idleMessage, agent.reprompt] + agent.facts.map(\.answer)
        for text in said {
            #expect(text.unicodeScalars.allSatisfy { !$0.isDigit && !"*#_`[]{}".unicodeScalars.contains($0) }, "\(text)")
            #expect(!ear.spoken(text).isEmpty)
        }
    }
}
