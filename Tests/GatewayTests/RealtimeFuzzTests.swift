import Foundation
import Testing
import Wire

@testable import Gateway

/// Whatever a client sends and in whatever order, the translator answers with events that are whole, and keeps within its bounds.
struct RealtimeFuzzTests {
    /// On demand a million; else as many as take a few seconds.
    private static let rounds = ProcessInfo.processInfo.environment["REALTIME_FUZZ"].flatMap { Int($0) } ?? 20_000

    private static let seeds: [String] = [
        #"{"type":"session.update","event_id":"e","session":{"type":"realtime","instructions":"x","output_modalities":["audio"],"tools":[{"type":"function","name":"f","description":"d","parameters":{"type":"object","properties":{"a":{"type":"string"}}}}],"tool_choice":{"type":"function","name":"f"},"max_output_tokens":"inf","audio":{"input":{"format":{"type":"audio/pcm","rate":24000},"transcription":{"model":"w"},"noise_reduction":{"type":"near_field"},"turn_detection":{"type":"server_vad","threshold":0.5,"silence_duration_ms":200,"idle_timeout_ms":5000}},"output":{"format":{"type":"audio/pcmu"},"voice":"alloy","speed":1.1}}}}"#,
        #"{"type":"session.update","session":{"audio":{"input":{"turn_detection":null}}}}"#,
        #"{"type":"input_audio_buffer.append","audio":"AAECAwQFBgcICQ=="}"#, #"{"type":"input_audio_buffer.commit"}"#,
        #"{"type":"input_audio_buffer.clear"}"#,
        #"{"type":"conversation.item.create","previous_item_id":"root","item":{"id":"i1","type":"message","role":"user","content":[{"type":"input_text","text":"hello"}]}}"#,
        #"{"type":"conversation.item.create","item":{"type":"function_call_output","call_id":"c","output":"{}"}}"#,
        #"{"type":"conversation.item.retrieve","item_id":"i1"}"#, #"{"type":"conversation.item.delete","item_id":"i1"}"#,
        #"{"type":"conversation.item.truncate","item_id":"i1","content_index":0,"audio_end_ms":100}"#,
        #"{"type":"response.create","response":{"output_modalities":["text"],"instructions":"y","conversation":"none","metadata":{"a":"b"},"input":[{"type":"item_reference","id":"i1"}]}}"#,
        #"{"type":"response.create"}"#, #"{"type":"response.cancel","response_id":"r"}"#, #"{"type":"output_audio_buffer.clear"}"#,
    ]

    struct Random: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
            return z ^ z >> 31
        }
    }

    /// A message with some of its bytes, its numbers or its words changed.
    static func mutated(_ random: inout Random) -> [UInt8] {
        var bytes = Array(seeds[Int.random(in: 0..<seeds.count, using: &random)].utf8)
        for _ in 0..<Int.random(in: 0...3, using: &random) {
            guard !bytes.isEmpty else { break }
            let place = Int.random(in: 0..<bytes.count, using: &random)
            switch Int.random(in: 0..<7, using: &random) {
            case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
            case 1: bytes.remove(at: place)
            case 2: bytes.insert(UInt8.random(in: 32..<127, using: &random), at: place)
            case 3: bytes.removeSubrange(place...)
            case 4:
                let other = Array(seeds[Int.random(in: 0..<seeds.count, using: &random)].utf8)
                bytes.replaceSubrange(place..<bytes.count, with: other[min(place, other.count)...])
            case 5:
                let words = ["null", "{}", "[]", "-1", "1e9", "true", "\"\"", "9223372036854775807", "\"root\"", "\"text\""]
                let word = words[Int.random(in: 0..<words.count, using: &random)]
                if let colon = bytes[place...].firstIndex(of: UInt8(ascii: ":")) { bytes.insert(contentsOf: Array((word + ",").utf8), at: colon + 1) }
            default:
                if let colon = bytes[place...].firstIndex(of: UInt8(ascii: ":")),
                    let end = bytes[colon...].firstIndex(where: { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "}") })
                {
                    let words = ["null", "{}", "[]", "-1", "1.5", "true", "\"x\"", "99999999", "\"none\"", "[\"text\"]"]
                    bytes.replaceSubrange(colon + 1..<end, with: Array(words[Int.random(in: 0..<words.count, using: &random)].utf8))
                }
            }
        }
        return bytes
    }

    /// Something that a session may say, whether or not it fits.
    private static func said(_ random: inout Random, _ requests: inout [String]) -> ServerEvent {
        let epoch = UInt16.random(in: 1...4, using: &random)
        let number = Int.random(in: 0...2, using: &random)
        switch Int.random(in: 0..<18, using: &random) {
        case 0: return .speechStarted(at: .milliseconds(number * 100))
        case 1: return .state([.listening, .hearing, .thinking, .speaking][Int.random(in: 0..<4, using: &random)], turn: number)
        case 2: return .userFinal(turn: number, text: "words")
        case 3: return .metrics(TurnMetrics(turn: number, outcome: .ignored, cause: "no_words"))
        case 4: return .agentText(AgentText(turn: number, epoch: epoch, text: "Words.", start: .milliseconds(number), duration: nil))
        case 5: return .agentFinished(turn: number, epoch: epoch, reason: .interrupted, heard: "Wo")
        case 6: return .resume(epoch: epoch, position: .milliseconds(number * 40), fromSequence: 0)
        case 7, 8, 9: return .report(.began(epoch: epoch, request: requests.popLast()))
        case 10: return .report(.wrote(epoch: epoch, text: "text"))
        case 11: return .report(.call(epoch: epoch, number: number, id: "c\(number)", name: "f"))
        case 12: return .report(.arguments(epoch: epoch, number: number, text: "{"))
        case 13: return .report(.called(epoch: epoch, number: number, arguments: "{}"))
        case 14, 15:
            let reasons: [ServerEvent.FinishReason] = [.completed, .interrupted, .failed, .cancelled]
            return .report(.ended(ReplyEnd(epoch: epoch, reason: reasons[Int.random(in: 0..<4, using: &random)])))
        case 16: return .report(.taken(id: "i1", text: "x"))
        default: return .error(WireError("engine.failed", "x"))
        }
    }

    @Test(arguments: [1, 2, 3, 4] as [UInt64]) func nothingThatIsSentBreaksIt(seed: UInt64) {
        var random = Random(state: seed)
        var stand = RealtimeStand { $0.transcription = ["model": "w"] }
        var order = RealtimeOrder()
        var requests: [String] = []
        for round in 0..<Self.rounds / 4 {
            if Bool.random(using: &random) {
                guard let json = try? JSONValue(parsing: Self.mutated(&random), depth: 64) else { continue }
                // Both shapes go through the same hands.
                stand.client(round % 3 == 0 ? RealtimeBeta.incoming(json) : json)
            } else if Int.random(in: 0..<4, using: &random) == 0 {
                stand.audio(UInt16.random(in: 1...4, using: &random))
            } else {
                stand.say(Self.said(&random, &requests))
            }
            requests = Array((requests + stand.requests.map(\.id)).suffix(8))
            let breach = order.take(stand.actions)
            #expect(breach == nil, "round \(round)")
            if breach != nil { return }
            for event in stand.sent { _ = RealtimeBeta.outgoing(event) }
            if round % 512 == 0 {
                #expect(stand.translator.items.count <= 2_000 && stand.translator.asked.count <= 32 && stand.translator.beside.count <= 8)
            }
            // The session never has more than one reply, or lets a request wait for ever.
            if round % 200 == 199 { settle(&stand, &requests) }
        }
    }

    /// Ends all that is open, as a session does in time.
    private func settle(_ stand: inout RealtimeStand, _ requests: inout [String]) {
        for epoch in UInt16(1)...4 { stand.report(.ended(ReplyEnd(epoch: epoch, reason: .completed))) }
        for id in stand.translator.asked.keys { stand.report(.refused(request: id, code: "reply.cancelled")) }
        requests = []
        stand.translator.next = nil
        for epoch in UInt16(1)...4 { stand.report(.ended(ReplyEnd(epoch: epoch, reason: .completed))) }
    }
}
