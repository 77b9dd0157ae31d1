/// What a client says that directs the agent itself: what it is told, when it speaks, what it remembers.
package enum Direction: Sendable, Equatable {
    /// `direct.change`: from now on the session is as said.
    case change(SessionChange)
    /// `direct.respond`: the agent replies now. Answered by `reply.began` or `reply.refused`.
    case respond(ReplyRequest)
    /// `direct.stop`: ends the reply of this request, which stands beside the conversation.
    case stop(request: String)
    /// `direct.insert`: puts something into what the agent remembers.
    case insert(MemoryItem)
    /// `direct.remove`: takes something out of it, by its name: `turn:3`, `reply:7` with the epoch, or as it was inserted or taken.
    case remove(String)
    /// `direct.truncate`: of this reply the caller heard no more. Answered by `reply.heard`.
    case truncate(epoch: UInt16, milliseconds: Int)
    /// `direct.take`: all that was heard since the last time is one message of the caller's, of this name. Answered by `item.taken` or `item.failed`.
    case take(String)
    /// `direct.clear`: what was heard and not taken is forgotten.
    case clear
}

/// What changes; nil stays as it is.
package struct SessionChange: Sendable, Equatable, Codable {
    package var instructions: String?
    /// A voice of the synthesizer's; empty is its default.
    package var voice: String?
    /// 1 is the voice's own pace; 0.25...2.
    package var pace: Double?
    package var tools: [ToolOffer]?
    package var toolChoice: ToolWish?
    /// Most tokens of one reply.
    package var replyTokens: Int?
    /// Whether replies are text that nobody speaks.
    package var isWritten: Bool?
    package var input: AudioFormat?
    package var output: AudioFormat?
    package var turnTaking: TurnTaking?

    package init() {}

    /// Whether there is nothing in it.
    package var isEmpty: Bool { self == SessionChange() }
}

/// Who decides when the caller's turn is over, and what follows.
package struct TurnTaking: Sendable, Equatable, Codable {
    package enum End: String, Sendable, Codable {
        /// As the agent has it, or sooner, or later.
        case usual, eager, patient
        /// After a silence, whatever was said.
        case silence
    }

    /// Whether the session decides; else the client takes what was heard, and no voice is told of.
    package var isAutomatic = true
    package var end = End.usual
    /// Milliseconds, with `silence`.
    package var silence: Int?
    /// Probability from which sound is voice, 0...1; nil as usual.
    package var threshold: Double?
    /// Milliseconds kept from before a voice; nil as usual.
    package var prefix: Int?
    /// Whether a turn is answered without being asked.
    package var answers = true
    /// Whether the caller's voice stops the agent.
    package var interrupts = true

    package init() {}
}

/// A tool that the agent may call and the client runs.
package struct ToolOffer: Sendable, Equatable, Codable {
    package var name: String
    package var description: String?
    /// JSON Schema of the arguments as JSON text.
    package var parameters: String?

    package init(name: String, description: String? = nil, parameters: String? = nil) {
        (self.name, self.description, self.parameters) = (name, description, parameters)
    }
}

/// Whether the agent may or has to call tools.
package enum ToolWish: Sendable, Equatable {
    case auto, none, required
    case named(String)
}

/// One reply, as the client wants it.
package struct ReplyRequest: Sendable, Equatable, Codable {
    /// Comes back with the reply; not empty.
    package var id: String
    /// In the place of the session's.
    package var instructions: String?
    /// What it answers; nil for the conversation.
    package var input: [MemoryItem]?
    /// Whether it stands beside the conversation and is not remembered. One that is written may run while the agent speaks.
    package var isBeside = false
    package var isWritten: Bool?
    package var tools: [ToolOffer]?
    package var toolChoice: ToolWish?
    package var replyTokens: Int?

    package init(id: String) { self.id = id }
}

/// Something that the agent remembers.
package struct MemoryItem: Sendable, Equatable, Codable {
    package enum Kind: String, Sendable, Codable {
        /// Somebody's words.
        case message
        /// A call of a tool by the agent.
        case call
        /// What the tool answered.
        case result
    }

    package enum Role: String, Sendable, Codable { case system, user, assistant }

    /// Its name; not empty.
    package var id: String
    package var kind: Kind
    package var role: Role
    /// Words, or the tool's answer.
    package var text: String
    package var call: String?
    /// Of the tool.
    package var tool: String?
    /// A JSON object as text.
    package var arguments: String?
    /// Stands after what has this name; nil is the end, empty the beginning.
    package var after: String?
    /// Of a caller's message: what was said, in the session's input format; its words are written down and stand behind the text.
    /// Answered by `item.taken` or `item.failed`.
    package var sound: SoundBytes?

    package init(
        id: String, kind: Kind = .message, role: Role = .user, text: String = "", call: String? = nil, tool: String? = nil,
        arguments: String? = nil, after: String? = nil
    ) {
        (self.id, self.kind, self.role, self.text, self.call) = (id, kind, role, text, call)
        (self.tool, self.arguments, self.after) = (tool, arguments, after)
    }
}

/// Sound as it travels within an event: base64 in JSON.
package struct SoundBytes: Sendable, Equatable {
    package var bytes: [UInt8]

    package init(_ bytes: [UInt8]) { self.bytes = bytes }
}
