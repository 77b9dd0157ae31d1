/// One message of a conversation as a language model takes it.
package struct ChatMessage: Sendable, Equatable, Codable {
    package enum Role: String, Sendable, Codable {
        case system, user, assistant
        /// What a tool answered.
        case tool
    }

    package let role: Role
    package let content: String
    /// Calls that an assistant's message makes, beside what it says.
    package let calls: [ToolCall]
    /// Which call a tool's message answers.
    package let callID: String?

    package init(_ role: Role, _ content: String, calls: [ToolCall] = [], callID: String? = nil) {
        (self.role, self.content, self.calls, self.callID) = (role, content, calls, callID)
    }

    /// Whether there is nothing in it.
    package var isEmpty: Bool { content.isEmpty && calls.isEmpty && callID == nil }
}
