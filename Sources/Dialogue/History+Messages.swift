extension History {
    /// The conversation as a language model takes it: the system message, then caller and agent in strict alternation, the
    /// caller first.
    ///
    /// A reply counts as far as it was heard; one that was cut short ends in a mark that says so. Where nothing of a reply was
    /// heard, the caller's words before and after it become one message. A conversation opened by the agent begins with a
    /// bracketed placeholder for the caller. A tool's call stands there with its result right after it, or not at all.
    package func messages(system: String) -> [ChatMessage] {
        var messages: [ChatMessage] = []
        if !system.isEmpty { messages.append(ChatMessage(.system, system)) }
        func add(_ role: ChatMessage.Role, _ text: String) {
            if let last = messages.last, last.role == role, last.calls.isEmpty {
                messages[messages.count - 1] = ChatMessage(role, Self.join(last.content, text))
            } else {
                messages.append(ChatMessage(role, text))
            }
        }
        func addCalls(_ message: ChatMessage) {
            let answered = message.calls.compactMap { call in result(of: call.id).map { (call, $0) } }
            guard !answered.isEmpty else { return message.content.isEmpty ? () : add(.assistant, message.content) }
            if !messages.contains(where: { $0.role != .system }) { add(.user, Self.placeholder(language)) }
            var spoken = message.content
            if let last = messages.last, last.role == .assistant, last.calls.isEmpty {
                messages.removeLast()
                spoken = Self.join(last.content, spoken)
            }
            messages.append(ChatMessage(.assistant, spoken, calls: answered.map(\.0)))
            messages += answered.map(\.1)
        }
        for turn in turns {
            if let message = turn.message {
                switch message.role {
                case .tool: break  // stands after its call
                case .assistant where !message.calls.isEmpty: addCalls(message)
                case .assistant where !messages.contains { $0.role != .system }:
                    add(.user, Self.placeholder(language))
                    add(.assistant, message.content)
                case .system, .user, .assistant: if !message.content.isEmpty { add(message.role, message.content) }
                }
                continue
            }
            if !turn.user.isEmpty { add(.user, turn.user) }
            guard let reply = turn.reply, let heard = reply.heard, !heard.isEmpty else { continue }
            if !messages.contains(where: { $0.role != .system }) { add(.user, Self.placeholder(language)) }
            add(.assistant, reply.interrupted ? Self.cut(heard) + Self.interruptionMark(language) : heard)
        }
        return messages
    }

    private func result(of call: String) -> ChatMessage? {
        turns.lazy.compactMap(\.message).first { $0.role == .tool && $0.callID == call }
    }

    /// What follows the heard words of a reply that was cut short, in the words of the agent's language.
    package static func interruptionMark(_ language: Language) -> String {
        language == .chinese ? "……[说到这里被打断，后面的话对方没有听到]" : "… [interrupted here; the caller did not hear the rest]"
    }

    /// Stands for the caller where the agent spoke first.
    package static func placeholder(_ language: Language) -> String {
        language == .chinese ? "[对方刚刚接通。]" : "[The caller has just connected.]"
    }

    /// Joins two texts of one speaker: with a space, but for CJK.
    package static func join(_ first: String, _ second: String) -> String {
        guard let last = first.unicodeScalars.last, let next = second.unicodeScalars.first else { return first + second }
        if !last.isWide || !next.isWide { return "\(first) \(second)" }
        return last.isHan && next.isHan ? "\(first)，\(second)" : first + second
    }

    static func trimmed(_ text: String) -> String {
        let scalars = text.unicodeScalars
        guard let first = scalars.firstIndex(where: { !$0.isBlank }), let last = scalars.lastIndex(where: { !$0.isBlank }) else { return "" }
        return String(scalars[first...last])
    }

    /// Without the comma or dash that would stand in front of the mark.
    private static func cut(_ heard: String) -> String {
        var scalars = Array(heard.unicodeScalars)
        while let last = scalars.last, ",;:-–—，、；：.…。".unicodeScalars.contains(last) || last.isBlank { scalars.removeLast() }
        return scalars.text
    }
}
