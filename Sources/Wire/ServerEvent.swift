/// What the server says in a text message. Every one carries `seq`, rising by one, and `t_ms` since the session began.
package enum ServerEvent: Sendable, Equatable {
    /// `session.ready`: answers `session.start` with what is in force.
    case ready(SessionReady)
    /// `state`: whose turn it is.
    case state(State, turn: Int)
    /// `speech.started` and `speech.stopped`: the caller's voice; `at` is the session's time of the sound itself.
    case speechStarted(at: Duration)
    case speechStopped(at: Duration)
    /// `user.partial`: what the caller seems to be saying; replaces the partial before it.
    case userPartial(turn: Int, text: String)
    /// `user.final`: what the caller said in this turn.
    case userFinal(turn: Int, text: String)
    /// `agent.started`: a reply begins; its packets carry `epoch`.
    case agentStarted(turn: Int, epoch: UInt16)
    /// `agent.text`: one sentence with the place of its audio in the reply.
    case agentText(AgentText)
    /// `agent.finished`: the reply is over; `heard` is what goes into the history.
    case agentFinished(turn: Int, epoch: UInt16, reason: FinishReason, heard: String)
    /// `audio.hold`: fade out and keep what is buffered; the caller may be interrupting.
    case hold(epoch: UInt16)
    /// `audio.resume`: it was no interruption. What is buffered of the epoch below the sequence is dropped; the packets from it on go on at `position`
    /// of the reply's audio.
    case resume(epoch: UInt16, position: Duration, fromSequence: UInt32)
    /// `audio.flush`: drop every packet from this sequence on that belongs to the epoch or an earlier one.
    case flush(epoch: UInt16, fromSequence: UInt32)
    /// `turn.metrics`: the turn's latency record.
    case metrics(TurnMetrics)
    /// `error`: something went wrong; the session goes on unless `fatal`.
    case error(WireError)
    /// `reply.…`, `item.…`: how a reply or an item goes on, for a client that directs the agent.
    case report(ReplyReport)
    /// `pong`.
    case pong(Int)
    /// `session.ending`: the server closes within `within`; nothing new is begun.
    case ending(reason: String, within: Duration)
    /// `session.ended`: the last event.
    case ended(reason: String)

    package enum State: String, Sendable, Codable { case listening, hearing, thinking, speaking }

    package enum FinishReason: String, Sendable, Codable { case completed, interrupted, failed, cancelled }
}

/// The effective session.
package struct SessionReady: Sendable, Equatable {
    package var session: String
    package var resumeToken: String
    /// Whether an earlier session goes on.
    package var resumed: Bool
    package var agent: String
    package var language: String
    package var input: AudioFormat
    package var output: AudioFormat
    package var limits: SessionLimits
    /// Which engine does what, for captions and for support: `recognizer`, `language_model`, `synthesizer`, `voice_detector`, `end_of_turn`.
    package var engines: [String: String]

    package init(
        session: String, resumeToken: String, resumed: Bool, agent: String, language: String, input: AudioFormat,
        output: AudioFormat, limits: SessionLimits, engines: [String: String]
    ) {
        (self.session, self.resumeToken, self.resumed) = (session, resumeToken, resumed)
        (self.agent, self.language, self.input, self.output) = (agent, language, input, output)
        (self.limits, self.engines) = (limits, engines)
    }
}

/// What a session may do.
package struct SessionLimits: Sendable, Equatable {
    /// Longest session.
    package var session: Duration
    /// Silence of the connection after which it is closed.
    package var idle: Duration
    /// How long a lost connection may be resumed.
    package var grace: Duration
    /// Longest utterance; what comes after begins a new one.
    package var utterance: Duration
    /// Largest text message, in bytes.
    package var messageBytes: Int
    /// How far server audio runs ahead of real time.
    package var lead: Duration

    package init(
        session: Duration = .seconds(3600), idle: Duration = .seconds(60), grace: Duration = .seconds(30),
        utterance: Duration = .seconds(30), messageBytes: Int = 64 * 1024, lead: Duration = .milliseconds(120)
    ) {
        (self.session, self.idle, self.grace) = (session, idle, grace)
        (self.utterance, self.messageBytes, self.lead) = (utterance, messageBytes, lead)
    }
}

/// One sentence of a reply and where it sounds.
package struct AgentText: Sendable, Equatable {
    package var turn: Int
    package var epoch: UInt16
    package var text: String
    /// From the start of the reply's audio.
    package var start: Duration
    /// Nil until the sentence's audio is complete.
    package var duration: Duration?
    /// Word times from the start of the reply's audio; empty when the engine gives none.
    package var words: [TimedWord]

    package init(turn: Int, epoch: UInt16, text: String, start: Duration, duration: Duration?, words: [TimedWord] = []) {
        (self.turn, self.epoch, self.text) = (turn, epoch, text)
        (self.start, self.duration, self.words) = (start, duration, words)
    }
}

package struct TimedWord: Sendable, Equatable {
    package var text: String
    package var start: Duration
    package var end: Duration
    package init(text: String, start: Duration, end: Duration) { (self.text, self.start, self.end) = (text, start, end) }
}

/// Where one turn's time went. The parts add up to `total`: from the caller's last voiced sound to the first packet of the reply.
package struct TurnMetrics: Sendable, Equatable, Codable {
    package enum Outcome: String, Sendable, Codable { case completed, interrupted, ignored, failed }

    package var turn: Int
    package var outcome: Outcome
    /// Error code or reason where the outcome is not `completed`.
    package var cause: String?
    /// Milliseconds each; a stage that ran beside another counts only what it added.
    package var endpointing: Int
    package var recognition: Int
    package var firstToken: Int
    package var firstSentence: Int
    package var firstAudio: Int
    package var playoutStart: Int
    package var total: Int
    /// What the heard text rests on: `client` (playout reports) or `server` (playout clock).
    package var heardBy: String
    /// Where the moments of the reply's words come from: `engine` (the synthesizer told them) or `spread` (evenly by length). Nil without a reply.
    package var wordTimes: String?

    package init(
        turn: Int, outcome: Outcome, cause: String? = nil, endpointing: Int = 0, recognition: Int = 0, firstToken: Int = 0,
        firstSentence: Int = 0, firstAudio: Int = 0, playoutStart: Int = 0, heardBy: String = "server",
        wordTimes: String? = nil
    ) {
        (self.turn, self.outcome, self.cause) = (turn, outcome, cause)
        (self.endpointing, self.recognition, self.firstToken) = (endpointing, recognition, firstToken)
        (self.firstSentence, self.firstAudio, self.playoutStart) = (firstSentence, firstAudio, playoutStart)
        total = endpointing + recognition + firstToken + firstSentence + firstAudio + playoutStart
        (self.heardBy, self.wordTimes) = (heardBy, wordTimes)
    }
}
