import Dialogue
import Engines
import Sessions
import Turns
import Wire

/// Writes a call for ``VirtualCall`` by hand: when the caller's voice sounds, and what the engines answer how late.
struct CallScript {
    var call: RecordedCall
    private var now = 0
    private var counts: [RecordedCall.Request: Int] = [:]

    static let lines: [Line: String] = [
        .greeting: "Hello there.", .failure: "Sorry, something went wrong.", .idle: "Are you still there?", .farewell: "Goodbye.",
        .reprompt: "Sorry, I did not catch that.",
    ]

    init(lines: [Line: String] = CallScript.lines, turns: TurnSettings = TurnSettings(), change: (inout CallPlan) -> Void = { _ in }) {
        var plan = CallPlan(
            agent: "test", system: "You are a test.", lines: lines, turns: turns,
            input: AudioFormat(codec: .pcm16, sampleRate: 16_000), output: AudioFormat(codec: .pcm16, sampleRate: 24_000),
            partialEvery: nil)
        change(&plan)
        call = RecordedCall(plan: plan, engines: [:], phase: 0)
    }

    /// Milliseconds since the session began.
    var milliseconds: Int { now / 1000 }

    /// The caller is heard for whole windows of 32 ms: 320 ms are 10 windows in 16 packets.
    mutating func hear(_ milliseconds: Int, probability: Int) {
        let until = now + milliseconds * 1000
        while now < until {
            let index = UInt32(call.packets.count)
            call.packets.append(
                RecordedCall.Packet(
                    at: now, header: AudioPacketHeader(sequence: index, time: index &* 960), payload: [UInt8](repeating: 0, count: 640)))
            now += 20_000
        }
        while call.voice.count * 32 < now / 1000 { call.voice.append(probability) }
    }

    mutating func voice(_ milliseconds: Int) { hear(milliseconds, probability: 950) }
    mutating func silence(_ milliseconds: Int) { hear(milliseconds, probability: 20) }

    mutating func moment(_ kind: RecordedCall.Moment.Kind) { call.moments.append(RecordedCall.Moment(at: now, kind: kind)) }

    private mutating func next(_ request: RecordedCall.Request) -> Int {
        counts[request, default: 0] += 1
        return counts[request, default: 0]
    }

    private mutating func answer(_ request: RecordedCall.Request, _ number: Int, _ after: Int, _ body: RecordedCall.Answer.Body) {
        call.answers.append(RecordedCall.Answer(request: request, number: number, after: after * 1000, body: body))
    }

    mutating func endOfTurn(_ probability: Float, after: Int = 50) { answer(.endOfTurn, next(.endOfTurn), after, .probability(probability)) }

    mutating func words(_ text: String, after: Int = 60) { answer(.recognize, next(.recognize), after, .transcript(Transcript(text: text))) }

    /// The words so far, at a look at an utterance that goes on or at a sound over the agent.
    mutating func partial(_ text: String, after: Int = 60) { answer(.partial, next(.partial), after, .transcript(Transcript(text: text))) }

    mutating func recognitionFails(_ code: EngineError.Code = .failed, after: Int = 60) {
        answer(.recognize, next(.recognize), after, .failure(EngineError(code, "test")))
    }

    /// The language model writes pieces, each 20 ms after the one before.
    mutating func reply(_ pieces: [String], after: Int = 100, failure: EngineError.Code? = nil) {
        let number = next(.answer)
        for (index, piece) in pieces.enumerated() { answer(.answer, number, after + 20 * index, .text(piece)) }
        let end = failure.map { RecordedCall.Answer.Body.failure(EngineError($0, "test")) } ?? .textEnd("stop")
        answer(.answer, number, after + 20 * pieces.count, end)
    }

    /// One sentence is spoken: its audio comes at once, this late.
    mutating func speech(_ milliseconds: Int, after: Int = 80, failure: EngineError.Code? = nil) {
        let number = next(.speak)
        answer(.speak, number, after, .speech(packets: milliseconds / 20, words: []))
        let end = failure.map { RecordedCall.Answer.Body.failure(EngineError($0, "test")) } ?? .speechEnd(.milliseconds(milliseconds))
        answer(.speak, number, after + 1, end)
    }

    /// The lines of the call's timeline, without their times.
    func run() throws -> [String] { try timeline().lines.map { String($0.dropFirst(10)) } }

    func timeline() throws -> CallTimeline {
        var virtual = try VirtualCall(call)
        return virtual.run(limit: .microseconds(now))
    }

    /// The time at which the first line that holds the text stands.
    func time(of text: String) throws -> Int? {
        try timeline().lines.first { $0.contains(text) }.flatMap { Int($0.prefix(8).drop { $0 == " " }) }
    }
}
