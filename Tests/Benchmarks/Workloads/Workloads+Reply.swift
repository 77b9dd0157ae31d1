import Audio
import Engines
import OpusCodec
import Sessions
import Turns
import Wire

/// From a sentence's samples to packets that go out in time.
func addReply(to all: inout Workloads) {
    all.measure("encoding of a reply's packet, 24 kHz, 32 kbit/s") {
        let encoding = try Encoding()
        return { encoding.next() }
    }
    all.measureThousands("pacing, a packet of a reply") {
        let payload = [UInt8](repeating: 1, count: 80)
        return { begin in
            var talk = Talk()
            talk.beginReply(packets: 1000, payload: payload)
            begin()
            for _ in 0..<1000 { talk.tick() }
        }
    }
}

/// Encodes as replies are encoded: levels beside the packets.
private final class Encoding {
    private let samples: [Float]
    private var encoder: OpusEncoder
    private var meter = BandMeter(sampleRate: rate)
    private var place = 0
    private static let rate = 24_000

    init() throws {
        samples = try Sounds.recording(Self.rate).samples
        let reply = ReplyEncoding()
        var settings = OpusEncoder.Settings(sampleRate: Self.rate)
        (settings.bitrate, settings.complexity) = (reply.bitrate, reply.complexity)
        encoder = try OpusEncoder(settings)
    }

    func next() {
        let size = Self.rate / 50
        if place + size > samples.count { place = 0 }
        let frame = Array(samples[place..<place + size])
        meter.measure(frame.span) { swallow($0) }
        swallow(try? encoder.encode(frame))
        place += size
    }
}

/// A conversation in virtual time, in which a reply plays.
private struct Talk {
    private var conversation = Conversation(plan: CallPlan(agent: "benchmark"))
    private var now = Instant.zero

    mutating func beginReply(packets: Int, payload: [UInt8]) {
        take(.opened)
        for effect in take(.client(.text("hello"))) {
            guard case .answer(let token, _) = effect else { continue }
            let more = take(.replyText(token, "This goes on for a while. ")) + take(.replyEnded(token, .success(ChatOutcome(finish: .stop))))
            for case .speak(let token, let sentence, _) in more {
                let levels = [BandLevels](repeating: .silence, count: 2 * packets)
                take(.speech(token, sentence: sentence, packets: Array(repeating: payload, count: packets), levels: levels, words: []))
                take(.speechEnded(token, sentence: sentence, .success(.milliseconds(20 * packets))))
            }
        }
    }

    mutating func tick() {
        now = now + .milliseconds(20)
        swallow(take(.tick))
    }

    @discardableResult private mutating func take(_ event: ConversationEvent) -> [ConversationEffect] { conversation.handle(event, at: now) }
}
