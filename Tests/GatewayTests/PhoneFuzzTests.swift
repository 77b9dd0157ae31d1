import Testing
import Wire

@testable import Gateway

/// Nothing that a carrier can send, in any order beside anything that a session can say, breaks a call or lets old sound through.
@Suite struct PhoneFuzzTests {
    private static let seeds = [
        #"{"event":"connected","protocol":"Call"}"#, #"{"event":"start","streamSid":"S","start":{"streamId":"S","customParameters":{"agent":"a"}}}"#,
        #"{"event":"start","stream_id":"S","start":{"media_format":{"encoding":"PCMA","sample_rate":8000}}}"#,
        #"{"event":"websocket:connected","content-type":"audio/l16;rate=16000"}"#,
        #"{"event":"media","media":{"track":"inbound","chunk":"1","timestamp":"20","payload":"//8="}}"#,
        #"{"event":"media","media":{"chunk":"9223372036854775807","timestamp":"9223372036854775807","payload":"AA=="}}"#,
        #"{"event":"media","media":{"chunk":-9223372036854775808,"timestamp":-5,"payload":""}}"#, #"{"event":"dtmf","dtmf":{"digit":"1"}}"#,
        #"{"event":"mark","mark":{"name":"e1.0:100"}}"#, #"{"event":"playedStream","name":"e1.0:20"}"#, #"{"event":"stop"}"#,
    ]

    @Test(arguments: Carrier.allCases, 0..<40) func anyOrderOfAnythingIsTaken(carrier: Carrier, seed: UInt64) throws {
        var dice = Dice(seed)
        var call = PhoneCall(carrier)
        var (now, epoch, sequence): (Duration, UInt16, UInt32) = (.zero, 65_533, 0)
        var gone: UInt16?
        var clears = 0
        for step in 0..<600 {
            now += .milliseconds(dice.roll(60))
            var actions: [PhoneCall.Action] = []
            switch dice.roll(8) {
            case 0, 1: actions = (try? call.take(dice.changed(Self.seeds[dice.roll(Self.seeds.count)]), at: now)) ?? []
            case 2: actions = (try? call.take(Array(Self.seeds[step == 0 ? 1 : dice.roll(Self.seeds.count)].utf8), at: now)) ?? []
            case 3: actions = (try? call.take(audio: [UInt8](repeating: 0, count: dice.roll(700)))) ?? []
            case 4:
                actions = call.take(
                    [.hold(epoch: epoch), .pong(1), .resume(epoch: epoch, position: .milliseconds(dice.roll(900)), fromSequence: 0)][dice.roll(3)],
                    at: now)
            case 5:
                actions = call.take(.flush(epoch: epoch, fromSequence: sequence), at: now)
                gone = epoch
                epoch &+= 1
            case 6: actions = call.keysRested(dice.roll(5))
            default:
                let sent = dice.roll(6) == 0 ? gone ?? epoch : epoch
                let header = AudioPacketHeader(flags: .init(rawValue: UInt8(dice.roll(4))), epoch: sent, sequence: sequence, time: 0)
                sequence &+= 1
                actions = call.take(header, payload: [1, 2], at: now)
                if sent == gone { #expect(actions.isEmpty, "old sound at step \(step)") }
            }
            for action in actions {
                switch action {
                case .play: clears = 0
                case .send(let text) where text == carrier.clear(stream: "S") || text == carrier.clear(stream: ""): clears += 1
                case .deliver(.playout(_, let milliseconds)), .deliver(.flushed(_, let milliseconds)): #expect((0...20_000).contains(milliseconds))
                case .hear(let audio): #expect(audio.count <= 2_000 * 48 + 700)
                default: break
                }
            }
            #expect(clears <= 1, "two clears in a row at step \(step)")
        }
    }

    private struct Dice {
        private var state: UInt64
        init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

        mutating func roll(_ sides: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % sides
        }

        mutating func changed(_ text: String) -> [UInt8] {
            var bytes = Array(text.utf8)
            for _ in 0...roll(3) {
                let place = roll(bytes.count)
                switch roll(3) {
                case 0: bytes[place] = UInt8(roll(256))
                case 1: bytes.remove(at: place)
                default: bytes.insert(UInt8(roll(128)), at: place)
                }
                if bytes.isEmpty { bytes = [123] }
            }
            return bytes
        }
    }
}
