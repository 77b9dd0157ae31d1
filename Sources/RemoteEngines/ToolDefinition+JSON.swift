package import Dialogue
package import Engines
internal import Foundation

extension ChatRequest {
    /// The tools that this answer may call.
    var offered: [ToolDefinition] {
        switch toolChoice {
        case .auto, .required: tools
        case .none: []
        case .named(let name): tools.filter { $0.name == name }
        }
    }

    /// The tool that has to be called, if one has: the one that is named, or the first.
    package var mandatoryTool: ToolDefinition? {
        switch toolChoice {
        case .auto, .none: nil
        case .required, .named: offered.first
        }
    }
}

extension ToolDefinition {
    /// The schema of the arguments; that of an empty object where none is given.
    var schema: JSONValue {
        parameters.flatMap { JSONValue(text: $0) } ?? ["type": "object", "properties": .object([:])]
    }

    /// As OpenAI's chat completions take a tool, and whoever speaks like them.
    var functionJSON: JSONValue {
        var function: [String: JSONValue] = ["name": .string(name), "parameters": schema]
        if let description { function["description"] = .string(description) }
        return ["type": "function", "function": .object(function)]
    }
}

extension JSONValue {
    /// Reads an object in JSON; nil if the text is none.
    init?(text: String) {
        guard let value = try? JSONDecoder().decode(JSONValue.self, from: Data(text.utf8)), case .object = value else { return nil }
        self = value
    }

    /// The value as JSON, names sorted.
    var text: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }
}
