import Audio

/// One thing a scripted caller does.
enum CallStep: Sendable {
    /// Speaks; done when the last sample is sent. 16 kHz.
    case say(PCMAudio, label: String)
    /// Waits until the agent has finished a reply that began after the last `say`, or is listening again after a while of nothing.
    case awaitReply
    /// Waits until the agent's sound has been heard for this long since the last `say`.
    case awaitSpeech(Duration)
    case wait(Duration)
    /// Stops the agent by hand and waits until it listens.
    case cancelReply
    /// Breaks the connection and comes back with the resume token.
    case reconnect(after: Duration)
}

/// What a call gave.
struct CallReport: Sendable {
    struct Turn: Sendable {
        var label: String
        /// From the caller's last voiced sound to the agent's first, as heard on the client's side; nil where none came.
        var heardAfter: Duration?
        /// What the server understood between this clip and the next, turn by turn, and the latency records of those turns.
        var recognized: [String] = []
        var metrics: [String] = []
    }

    var turns: [Turn] = []
    /// What the caller sent, 16 kHz, and what they heard, 24 kHz; both from the same moment.
    var caller = PCMAudio(sampleRate: 16_000, samples: [])
    var agent = PCMAudio(sampleRate: 24_000, samples: [])
    /// Final texts of both sides in order.
    var conversation: [(who: String, text: String)] = []
    var metrics: [(turn: Int, total: Int, line: String)] = []
    var errors: [String] = []
    var closeCode: UInt16?
}
