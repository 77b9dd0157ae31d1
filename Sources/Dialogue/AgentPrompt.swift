/// A prompt file that was read and checked, its variables not yet filled in.
package struct AgentPrompt: Sendable, Equatable {
    /// A template variable.
    package struct Variable: Sendable, Equatable {
        package let name: String
        /// Nil: a value must be given.
        package let value: String?
        let line: Int
    }

    package let file: String
    /// Values by their template text.
    package let template: Agent
    package let variables: [Variable]

    /// The agent with its variables filled in. Values are put in as they are: what looks like a variable in them stays.
    ///
    /// - Parameter values: By variable; those without one keep their default.
    /// - Throws: ``PromptError`` for a required variable without value and for a value without variable.
    package func rendered(variables values: [String: String] = [:]) throws(PromptError) -> Agent {
        let names = variables.map(\.name)
        for name in values.keys.sorted() where !names.contains(name) {
            let hint = Spelling.nearest(to: name, in: names).map { "; did you mean '\($0)'?" } ?? ""
            throw PromptError(code: .unknownVariable, file: file, line: 1, reason: "no variable '\(name)' is declared\(hint)")
        }
        var all: [String: String] = [:]
        for variable in variables {
            guard let value = values[variable.name] ?? variable.value else {
                throw PromptError(code: .missingVariable, file: file, line: variable.line, reason: "variable '\(variable.name)' needs a value")
            }
            all[variable.name] = value
        }
        func fill(_ text: String) -> String { Template.fill(text) { all[$0] } }
        var agent = template
        agent.name = fill(agent.name)
        agent.greeting = agent.greeting.map(fill)
        agent.failureMessage = fill(agent.failureMessage)
        agent.farewell = fill(agent.farewell)
        agent.idleMessage = fill(agent.idleMessage)
        agent.reprompt = fill(agent.reprompt)
        agent.instructions = fill(agent.instructions)
        agent.facts = agent.facts.map { Fact(title: fill($0.title), answer: fill($0.answer), asked: $0.asked.map(fill)) }
        return agent
    }
}
