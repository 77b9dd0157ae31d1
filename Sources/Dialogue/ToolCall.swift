/// A tool that a language model may call.
package struct ToolDefinition: Sendable, Equatable {
    package var name: String
    package var description: String?
    /// JSON Schema of the arguments' object as JSON text; nil where there are none.
    package var parameters: String?

    package init(name: String, description: String? = nil, parameters: String? = nil) {
        (self.name, self.description, self.parameters) = (name, description, parameters)
    }
}

/// Whether a language model may or has to call tools.
package enum ToolChoice: Sendable, Equatable {
    case auto
    case none
    /// At least one, whichever.
    case required
    case named(String)
}

/// One call of a tool by a language model.
package struct ToolCall: Sendable, Equatable, Codable {
    /// Joins the call with its result; never empty.
    package var id: String
    package var name: String
    /// A JSON object as text, as the model wrote it.
    package var arguments: String

    package init(id: String, name: String, arguments: String) { (self.id, self.name, self.arguments) = (id, name, arguments) }
}
