/// What a client says in a text message.
package enum ClientEvent: Sendable, Equatable {
    /// `session.start`: the first message of a connection.
    case start(SessionStart)
    /// `playout`: the caller has heard everything before `milliseconds` into the reply `epoch`.
    case playout(epoch: UInt16, milliseconds: Int)
    /// `playout.flushed`: answers `audio.flush` with what was heard of that reply.
    case flushed(epoch: UInt16, milliseconds: Int)
    /// `input.text`: a typed turn.
    case text(String)
    /// `input.commit`: the caller says that the turn is over (push to talk).
    case commit
    /// `input.mute`: no audio will come until unmuted; the session does not treat it as silence.
    case mute(Bool)
    /// `reply.cancel`: the caller stops the agent by hand.
    case cancelReply
    /// `ping`: answered by `pong` with the same number.
    case ping(Int)
    /// `session.end`: the caller hangs up.
    case end
    /// `direct.…`: what a client says that directs the agent itself.
    case direct(Direction)
}

/// What a client asks for when it begins or resumes.
package struct SessionStart: Sendable, Equatable {
    /// Name of an agent in Prompts/; nil is the server's default.
    package var agent: String?
    /// BCP 47 tag; nil is the agent's own.
    package var language: String?
    /// Values for the agent's template variables.
    package var variables: [String: String]
    package var input: AudioFormat
    package var output: AudioFormat
    /// The token of a session to go on with, and the last event `seq` that arrived from it.
    package var resume: Resume?
    /// Name and version of the client, for logs.
    package var client: String?
    /// Whether the client directs the agent: it says nothing of its own accord, and the client is told of each reply's course.
    package var isDirected = false
    /// How far audio runs ahead of what is heard, 0...5 s; nil as the server has it.
    package var lead: Duration?

    package struct Resume: Sendable, Equatable {
        package var token: String
        package var lastSeq: Int
        package init(token: String, lastSeq: Int) { (self.token, self.lastSeq) = (token, lastSeq) }
    }

    package init(
        agent: String? = nil, language: String? = nil, variables: [String: String] = [:],
        input: AudioFormat = AudioFormat(sampleRate: 16_000), output: AudioFormat = AudioFormat(sampleRate: 24_000),
        resume: Resume? = nil, client: String? = nil
    ) {
        (self.agent, self.language, self.variables) = (agent, language, variables)
        (self.input, self.output, self.resume, self.client) = (input, output, resume, client)
    }
}
