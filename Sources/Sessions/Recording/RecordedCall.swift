package import Engines
internal import Turns
package import Wire

/// A call as it was: what came in, when, and what the engines answered. Enough to make the same decisions again without a
/// network, an engine or a clock.
package struct RecordedCall: Sendable, Equatable {
    /// One packet, in order of arrival.
    package struct Packet: Sendable, Equatable {
        /// Microseconds since the session began.
        package var at: Int
        package var header: AudioPacketHeader
        package var payload: [UInt8]

        package init(at: Int, header: AudioPacketHeader, payload: [UInt8]) {
            (self.at, self.header, self.payload) = (at, header, payload)
        }
    }

    /// Anything else from outside.
    package struct Moment: Sendable, Equatable {
        package enum Kind: Sendable, Equatable {
            case client(ClientEvent)
            case transportLost
            case transportBack
            case drain(within: Duration)
            case hangUp(String)
        }

        /// Microseconds since the session began.
        package var at: Int
        package var kind: Kind

        package init(at: Int, kind: Kind) { (self.at, self.kind) = (at, kind) }
    }

    /// What was asked of an engine.
    package enum Request: String, Sendable, CaseIterable {
        case endOfTurn = "end_of_turn"
        case recognize
        case partial
        case answer
        case speak
    }

    /// One piece of an engine's answer.
    package struct Answer: Sendable, Equatable {
        package enum Body: Sendable, Equatable {
            case probability(Float)
            case transcript(Transcript)
            case text(String)
            case toolCall(Int, id: String, name: String)
            case toolArguments(Int, String)
            case textEnd(String)
            case speech(packets: Int, words: [SpokenWord])
            case speechEnd(Duration)
            case failure(EngineError)
        }

        package var request: Request
        /// Which request of its kind, from 1.
        package var number: Int
        /// Microseconds since the request.
        package var after: Int
        package var body: Body

        package init(request: Request, number: Int, after: Int, body: Body) {
            (self.request, self.number, self.after, self.body) = (request, number, after, body)
        }
    }

    package var plan: CallPlan
    /// Which engine did what.
    package var engines: [String: String]
    /// Samples of silence that the first detector window began with.
    package var phase: Int
    package var packets: [Packet] = []
    package var moments: [Moment] = []
    package var answers: [Answer] = []
    /// The voice detector's probability for each window, in thousandths.
    package var voice: [Int] = []

    package init(plan: CallPlan, engines: [String: String], phase: Int) {
        (self.plan, self.engines, self.phase) = (plan, engines, phase)
    }
}

/// A recording that cannot be read or written.
package struct RecordingError: Error, Sendable, Equatable, CustomStringConvertible {
    package let code: String
    package let detail: String

    init(_ code: String, _ detail: String) { (self.code, self.detail) = (code, detail) }

    package var description: String { "\(code): \(detail)" }

    /// A file of the recording is not there or cannot be opened.
    static func missing(_ file: String) -> RecordingError { RecordingError("recording.missing", "\(file) cannot be read") }
    static func malformed(_ file: String, line: Int? = nil, _ why: String) -> RecordingError {
        RecordingError("recording.malformed", "\(file)\(line.map { ":\($0)" } ?? ""): \(why)")
    }
}
