import Dialogue
import Foundation
import Gateway
import Sessions
import Settings
import Turns
import Wire

/// The agents of one directory, read and checked at start.
struct AgentLibrary: Sendable {
    private let prompts: [String: AgentPrompt]
    /// The agent of clients that name none.
    let standard: String

    /// - Parameters:
    ///   - directory: Holds `NAME.md` files.
    ///   - standard: The agent of clients that name none.
    ///   - builtIn: Agents that need no file, by name; they stand before a file of the same name.
    /// - Throws: ``PromptError`` for the first faulty file, ``StartError`` for a missing directory or default.
    init(directory: String, standard: String, builtIn: [String: String] = [:]) throws {
        let files: [String]
        do { files = try FileManager.default.contentsOfDirectory(atPath: directory).filter { $0.hasSuffix(".md") }.sorted() } catch {
            throw StartError("agents.missing_directory", "agents.directory: \(directory) cannot be read")
        }
        var prompts: [String: AgentPrompt] = [:]
        for file in files {
            let path = directory + "/" + file
            guard let bytes = FileManager.default.contents(atPath: path) else {
                throw StartError("agents.unreadable", "\(path) cannot be read")
            }
            prompts[String(file.dropLast(3))] = try PromptFile.parse(String(decoding: bytes, as: UTF8.self), file: path)
        }
        for (name, text) in builtIn { prompts[name] = try PromptFile.parse(text, file: name) }
        guard prompts[standard] != nil else {
            let known = prompts.keys.sorted().joined(separator: ", ")
            throw StartError("agents.unknown_default", "agents.default: no agent '\(standard)' in \(directory); there are \(known)")
        }
        (self.prompts, self.standard) = (prompts, standard)
    }

    var names: [String] { prompts.keys.sorted() }

    /// What callers are told of each agent, by name.
    var listing: [AgentsRoute.Agent] {
        prompts.sorted { $0.key < $1.key }.map {
            AgentsRoute.Agent(name: $0.key, title: $0.value.template.name, language: $0.value.template.language.rawValue)
        }
    }

    /// The agent a client asks for: by its name, or by its name without a language and a language.
    ///
    /// - Throws: ``CallRefusal`` with `agent.unknown` or `agent.bad_variables`.
    func agent(_ name: String?, language: String?, variables: [String: String]) throws(CallRefusal) -> (name: String, agent: Agent) {
        var name = name ?? standard
        if prompts[name] == nil, let language, prompts["\(name).\(language)"] != nil { name = "\(name).\(language)" }
        if let language, prompts[name].map({ $0.template.language.rawValue != language }) ?? false {
            let stem = name.split(separator: ".").first.map(String.init) ?? name
            if prompts["\(stem).\(language)"] != nil { name = "\(stem).\(language)" }
        }
        guard let prompt = prompts[name] else {
            throw CallRefusal(status: 404, code: "agent.unknown", message: "there is no such agent; there are \(names.joined(separator: ", "))")
        }
        do { return (name, try prompt.rendered(variables: variables)) } catch {
            throw CallRefusal(status: 400, code: "agent.bad_variables", message: error.reason)
        }
    }

    /// The facts of each agent, for the built-in responder. Variables without a default are blank in them.
    func responders() -> [String: FactAnswers] {
        prompts.compactMapValues { prompt in
            let blanks = prompt.variables.filter { $0.value == nil }.map { ($0.name, "") }
            guard let agent = try? prompt.rendered(variables: Dictionary(blanks) { first, _ in first }) else { return nil }
            return FactAnswers(facts: agent.facts, language: agent.language, agentName: agent.name)
        }
    }

    /// Whether an agent has facts of its own to answer from.
    func hasFacts(_ name: String) -> Bool { prompts[name].map { !$0.template.facts.isEmpty } ?? false }
}

/// Why the server does not start.
struct StartError: Error, CustomStringConvertible {
    let code: String
    let detail: String

    init(_ code: String, _ detail: String) { (self.code, self.detail) = (code, detail) }

    var description: String { "\(code): \(detail)" }
}
