/// One message of a conversation as a language model takes it.
package struct ChatMessage: Sendable, Equatable, Codable {
    package enum Role: String, Sendable, Codable { case system, user, assistant }

    package let role: Role
    package let content: String

    package init(_ role: Role, _ content: String) { (self.role, self.content) = (role, content) }
}
