package import Audio
package import Engines
package import Turns
package import Wire

/// Names a timer of a conversation.
package enum TimerName: Hashable, Sendable {
    case turn(Token)
    /// Time for the next look at what the caller says.
    case partial(Int)
    /// The client's word on what it played has not come.
    case flush(UInt16)
    /// The longest time a session may last.
    case session
    /// Nobody came back to a lost connection.
    case grace(Int)
    /// The words of something taken by hand have not come.
    case take(Token)
    /// A reply beside the conversation has not come.
    case beside(Token)
}

/// What a conversation is told. Engine failures come as their codes.
package enum ConversationEvent: Sendable {
    case opened
    case voice(VoiceEvent)
    /// The utterance is as long as it may be.
    case utteranceFull
    case timer(TimerName)
    case endOfTurn(Token, Result<Float, EngineError>)
    case transcript(Token, Result<Transcript, EngineError>)
    case partial(Int, Result<Transcript, EngineError>)
    case replyText(Token, String)
    /// A tool is called, or the next piece of a call's arguments.
    case replyCall(Token, ChatPiece)
    case replyEnded(Token, Result<ChatOutcome, EngineError>)
    /// Audio of one sentence of a reply, in packets of the output format, how loud it is frame by frame where that is known, and words that
    /// are known with it.
    case speech(Token, sentence: Int, packets: [[UInt8]], levels: [BandLevels] = [], words: [SpokenWord])
    case speechEnded(Token, sentence: Int, Result<Duration, EngineError>)
    /// The moment to send what is due.
    case tick
    case client(ClientEvent)
    case transportLost
    case transportBack
    case drain(within: Duration)
    case hangUp(String)
}

/// What a conversation wants done.
package enum ConversationEffect: Sendable {
    case startTimer(TimerName, after: Duration)
    /// Forget the utterance's audio; the next voice is an onset of its own.
    case dropUtterance
    case askEndOfTurn(Token)
    case recognize(Token)
    /// Write down what the client has sent in one piece.
    case transcribe(Token, SentSound)
    /// Look at the words so far; no other look is under way then.
    case recognizePartial(Int)
    case cancelPartial(Int)
    case cancelRecognition(Token)
    case answer(Token, ChatRequest)
    case speak(Token, sentence: Int, SpeechRequest)
    /// End all work of a reply: its answer and its speech.
    case cancelReply(Token)
    case send(ServerEvent)
    case sendAudio(AudioPacketHeader, payload: [UInt8])
    /// The agent's sound begins, goes on or stops, for whoever has to know it again.
    case sound(AgentSound)
    /// Packets become due from now on: tick until told to stop.
    case startPacing
    case stopPacing
    /// Silence whatever is in the caller's ear: no audio comes from the client for a while.
    case mute(Bool)
    /// Hear otherwise from now on.
    case listen(Listening)
    case close(code: UInt16, reason: String)
}

/// How the caller is heard.
package struct Listening: Sendable, Equatable {
    /// Whether everything is kept until it is taken, and no voice is looked for.
    package var isGathering: Bool
    package var gate: VoiceGate.Settings
    package var input: AudioFormat
    /// Audio kept from before an onset; no more than when the session began.
    package var prefix: Duration
}

/// What the agent plays, by the server's own clock.
package enum AgentSound: Sendable {
    /// Frames of ``BandLevels/frame`` each, the first of which sounds at the moment named: soon, or a little while ago.
    case plays(ArraySlice<BandLevels>, sounds: Instant)
    /// Nothing more sounds from now on.
    case stops
}

/// Sound that did not come through the ear.
package struct SentSound: Sendable, Equatable {
    package var bytes: [UInt8]
    /// Not Opus.
    package var format: AudioFormat
}
