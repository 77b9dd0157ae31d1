/// Every metric of this service: its name, what it means, and the labels it carries. The values of every label are a closed set.
package struct MetricName: Sendable, Hashable {
    /// As scraped: counters end in `_total`, durations in `_seconds`.
    package let text: String
    /// The `HELP` line.
    package let help: String

    private init(_ text: String, _ help: String) { (self.text, self.help) = (text, help) }

    package static let sessionsActive = MetricName("parley_sessions_active", "Sessions that are open now.")
    /// Label `outcome`: ``SessionOutcome``.
    package static let sessions = MetricName("parley_sessions_total", "Sessions that ended, by how.")
    /// Label `code`: ``Refusal``.
    package static let callsRefused = MetricName("parley_calls_refused_total", "Callers who were not let in, by reason.")

    package static let packetsIn = MetricName("parley_packets_in_total", "Audio packets from callers that reached a session.")
    package static let packetsOut = MetricName("parley_packets_out_total", "Audio packets sent to callers.")
    package static let packetsLost = MetricName("parley_packets_lost_total", "Audio packets of callers that never came.")
    package static let packetsConcealed = MetricName("parley_packets_concealed_total", "Gaps of a packet's length that were filled.")
    package static let packetsPassedOver = MetricName(
        "parley_packets_passed_over_total", "Audio packets of quiet callers that nobody had to decode.")
    package static let packetsLate = MetricName("parley_packets_late_total", "Audio packets dropped because they came late or twice.")

    /// Label `outcome`: ``TurnOutcome``.
    package static let turns = MetricName("parley_turns_total", "Turns of callers, by how they ended.")
    /// Label `kind`: ``InterruptionKind``.
    package static let interruptions = MetricName("parley_interruptions_total", "Sounds of callers while the agent spoke, by what came of them.")

    package static let endpointing = MetricName("parley_turn_endpointing_seconds", "From the caller's last voiced sound to the end of the turn.")
    package static let recognition = MetricName("parley_turn_recognition_seconds", "What waiting for the final transcript added.")
    package static let firstToken = MetricName("parley_turn_first_token_seconds", "What waiting for the language model's first token added.")
    package static let firstSentence = MetricName("parley_turn_first_sentence_seconds", "What waiting for the first whole sentence added.")
    package static let firstAudio = MetricName("parley_turn_first_audio_seconds", "What waiting for the first synthesized audio added.")
    package static let playoutStart = MetricName("parley_turn_playout_start_seconds", "From the first audio to the first packet sent.")
    package static let total = MetricName("parley_turn_total_seconds", "From the caller's last voiced sound to the reply's first packet.")

    /// Labels `engine`: ``EngineRole`` and `outcome`: ``EngineOutcome``.
    package static let engineRequests = MetricName("parley_engine_requests_total", "Requests to engines, by how they ended.")
    /// Label `engine`: ``EngineRole``.
    package static let engineTime = MetricName("parley_engine_seconds", "How long engines worked on one request.")

    /// Metrics refused by the registry itself: a name taken by another kind, or too many series.
    package static let refusedSeries = MetricName("parley_metrics_refused_total", "Series that are counted nowhere: name taken or too many.")

    package static let residentMemory = MetricName("process_resident_memory_bytes", "Resident memory of the process.")
    package static let cpuTime = MetricName("process_cpu_seconds_total", "User and system CPU time of the process.")
    package static let threads = MetricName("process_threads", "Threads of the process.")
    package static let openFiles = MetricName("process_open_fds", "Open file descriptors of the process.")

    package static let all: [MetricName] = [
        sessionsActive, sessions, callsRefused, packetsIn, packetsOut, packetsLost, packetsConcealed, packetsPassedOver, packetsLate, turns,
        interruptions, endpointing, recognition, firstToken, firstSentence, firstAudio, playoutStart, total, engineRequests, engineTime,
        refusedSeries,
        residentMemory, cpuTime, threads, openFiles,
    ]
}

/// How a session ended.
package enum SessionOutcome: String, Sendable, CaseIterable {
    /// The client said goodbye.
    case completed
    /// The agent hung up because nobody spoke.
    case idle
    /// The connection was lost and not resumed in time.
    case lost
    /// A limit of time or size was reached.
    case limit
    /// The server was shut down.
    case drained
    case failed
}

/// How a turn ended.
package enum TurnOutcome: String, Sendable, CaseIterable { case completed, interrupted, ignored, failed }

/// What came of a sound of the caller while the agent spoke.
package enum InterruptionKind: String, Sendable, CaseIterable {
    /// The agent stopped.
    case confirmed
    /// The agent was held and went on.
    case resumed
}

/// Why a caller was not let in; the value of label `code`.
package enum Refusal: String, Sendable, CaseIterable {
    case badRequest = "bad_request"
    case unauthorized
    case forbidden
    case notFound = "not_found"
    case timeout
    case tooMany = "too_many"
    case unavailable
    case other

    /// - Parameter status: The HTTP status of the refusal.
    package init(status: Int) {
        switch status {
        case 400, 426: self = .badRequest
        case 401: self = .unauthorized
        case 403: self = .forbidden
        case 404: self = .notFound
        case 408: self = .timeout
        case 429: self = .tooMany
        case 503: self = .unavailable
        default: self = .other
        }
    }
}

/// What an engine is there for; the value of label `engine`.
package enum EngineRole: String, Sendable, CaseIterable {
    case voiceDetector = "voice_detector"
    case endOfTurn = "end_of_turn"
    case recognizer
    case languageModel = "language_model"
    case synthesizer
}

/// How a request to an engine ended; the value of label `outcome`.
package enum EngineOutcome: String, Sendable, CaseIterable {
    case ok
    case cancelled
    case unavailable
    case timeout
    case unauthorized
    case rateLimited = "rate_limited"
    case badRequest = "bad_request"
    case brokenOff = "broken_off"
    case badAnswer = "bad_answer"
    case overloaded
    case unsupportedLanguage = "unsupported_language"
    case failed

    /// - Parameter code: A stable error code such as `engine.timeout`; one that is not known counts as ``failed``.
    package init(code: String) {
        let name = code.hasPrefix("engine.") ? String(code.dropFirst("engine.".count)) : code
        self = EngineOutcome(rawValue: name) ?? .failed
    }
}
