import Testing
import Wire

@testable import Gateway

@Suite struct PhoneCallTests {
    /// A call at one carrier whose stream has begun, with the actions in words.
    private struct Line {
        var call: PhoneCall
        var now = Duration.zero
        var sequence: UInt32 = 0

        init(_ carrier: Carrier = .twilio) throws {
            call = PhoneCall(carrier)
            let start =
                switch carrier {
                case .twilio, .plivo: #"{"event":"start","streamSid":"S","start":{"streamId":"S"}}"#
                case .telnyx: #"{"event":"start","stream_id":"S","start":{}}"#
                case .vonage: #"{"event":"websocket:connected","content-type":"audio/l16;rate=8000"}"#
                }
            _ = try call.take(Array(start.utf8), at: now)
        }

        mutating func hear(_ text: String) throws -> [PhoneCall.Action] { try call.take(Array(text.utf8), at: now) }

        mutating func media(_ chunk: Int, at time: Int, _ byte: UInt8 = 1, count: Int = 160) throws -> [PhoneCall.Action] {
            let payload = Base64.text([UInt8](repeating: byte, count: count))
            return try hear(#"{"event":"media","media":{"chunk":"\#(chunk)","timestamp":"\#(time)","payload":"\#(payload)"}}"#)
        }

        /// Sends packets of 20 ms of a reply.
        ///
        /// - Returns: How many were played, and the marks among them.
        mutating func reply(_ epoch: UInt16, packets: Int, flags: AudioPacketHeader.Flags = []) -> (played: Int, marks: [String]) {
            var (played, marks): (Int, [String]) = (0, [])
            for packet in 0..<packets {
                let header = AudioPacketHeader(flags: packet == 0 ? flags : [], epoch: epoch, sequence: sequence, time: 0)
                sequence += 1
                for action in call.take(header, payload: [UInt8](repeating: 0xFF, count: 160), at: now) {
                    switch action {
                    case .play: played += 1
                    case .send(let text): marks.append((try? name(text)) ?? "")
                    default: break
                    }
                }
            }
            return (played, marks)
        }

        private func name(_ text: [UInt8]) throws -> String { try JSONValue(parsing: text)["mark"]?["name"]?.string ?? "" }

        mutating func mark(_ name: String) throws -> [PhoneCall.Action] { try hear(#"{"event":"mark","mark":{"name":"\#(name)"}}"#) }
        mutating func say(_ event: ServerEvent) -> [PhoneCall.Action] { call.take(event, at: now) }
    }

    private static let clear = PhoneCall.Action.send(Carrier.twilio.clear(stream: "S"))

    @Test func theStreamOpensACallWithWhatItAsksFor() throws {
        var call = PhoneCall(.twilio, options: ["agent": "other", "language": "en"])
        let start = #"{"event":"start","streamSid":"S","start":{"callSid":"CA1","customParameters":{"agent":"desk","variables.name":"Zoe","x":"y"}}}"#
        let format = AudioFormat(codec: .muLaw, sampleRate: 8_000, packetMilliseconds: 20)
        #expect(
            try call.take(Array(start.utf8), at: .zero) == [
                .open(SessionStart(agent: "desk", language: "en", variables: ["name": "Zoe"], input: format, output: format, client: "twilio CA1"))
            ])
        #expect(throws: WireError.self) { try call.take(Array(start.utf8), at: .zero) }
    }

    @Test func gapsAreFilledWithSilenceAndWhatComesTwiceIsDropped() throws {
        var line = try Line()
        let audio = PhoneCall.Action.hear([UInt8](repeating: 1, count: 160))
        #expect(try line.media(1, at: 40) == [audio])
        #expect(try line.media(2, at: 60) == [audio])
        #expect(try line.media(2, at: 60) == [])
        #expect(try line.media(4, at: 160) == [.hear([UInt8](repeating: 0xFF, count: 80 * 8)), audio])
        // Clocks waver, and after a long silence of the carrier nothing is made up.
        #expect(try line.media(5, at: 190) == [audio])
        #expect(try line.media(6, at: 30_000) == [audio])
        #expect(try line.media(7, at: 30_020) == [audio])
    }

    @Test func piecesThatOvertakeEachOtherAreSorted() throws {
        var line = try Line(.telnyx)
        func audio(_ byte: UInt8) -> PhoneCall.Action { .hear([UInt8](repeating: byte, count: 160)) }
        #expect(try line.media(1, at: 0, 1) == [audio(1)])
        #expect(try line.media(3, at: 40, 3) == [])
        #expect(try line.media(4, at: 60, 4) == [])
        #expect(try line.media(2, at: 20, 2) == [audio(2), audio(3), audio(4)])
        // One that never comes is not waited for for ever.
        var actions: [PhoneCall.Action] = []
        for chunk in 6...9 { actions += try line.media(chunk, at: (chunk - 1) * 20, UInt8(chunk)) }
        #expect(actions == [.hear([UInt8](repeating: 0xFF, count: 160))] + (6...9).map { audio(UInt8($0)) })
        #expect(try line.media(5, at: 80) == [])
    }

    @Test func marksThatComeBackTellWhatWasHeard() throws {
        var line = try Line()
        let sent = line.reply(7, packets: 12, flags: .start)
        #expect(sent.played == 12)
        #expect(sent.marks == ["e7.0:20", "e7.0:120", "e7.0:220"])
        #expect(try line.mark("e7.0:120") == [.deliver(.playout(epoch: 7, milliseconds: 120))])
        // Older ones, foreign ones and those beyond what was sent tell nothing.
        for mark in ["e7.0:20", "e6.0:200", "e7.1:200", "e7.0:2000", "x", "", "e7.0", "e7.0:-1", "e99999999999999999999.0:1"] {
            #expect(try line.mark(mark) == [])
        }
        #expect(try line.mark("e7.0:220") == [.deliver(.playout(epoch: 7, milliseconds: 220))])
    }

    @Test func anInterruptionClearsOnceAndLetsNothingOldThrough() throws {
        var line = try Line()
        _ = line.reply(7, packets: 50)
        _ = try line.mark("e7.0:120")
        line.now = .milliseconds(330)
        #expect(line.say(.hold(epoch: 7)) == [Self.clear, .deliver(.playout(epoch: 7, milliseconds: 450))])
        #expect(line.say(.hold(epoch: 7)) == [])
        #expect(line.reply(7, packets: 1).played == 0)
        // The carrier gives back at once what it had: that is not heard.
        #expect(try line.mark("e7.0:920") == [])
        line.now = .milliseconds(700)
        #expect(line.say(.flush(epoch: 7, fromSequence: 0)) == [.deliver(.flushed(epoch: 7, milliseconds: 450))])
        #expect(line.reply(7, packets: 3).played == 0)
        #expect(line.reply(8, packets: 3).played == 3)
    }

    @Test func aFlushWithoutAHoldClearsAndTheReckoningEndsAtWhatWasSent() throws {
        var line = try Line()
        _ = line.reply(1, packets: 10)
        _ = try line.mark("e1.0:20")
        line.now = .seconds(9)
        #expect(line.say(.flush(epoch: 1, fromSequence: 0)) == [Self.clear, .deliver(.flushed(epoch: 1, milliseconds: 200))])
        // Of a reply that is over, or never was sent, nothing has to be cleared: another one may be sounding.
        #expect(line.reply(2, packets: 3).played == 3)
        #expect(line.say(.flush(epoch: 1, fromSequence: 0)) == [.deliver(.flushed(epoch: 1, milliseconds: 0))])
        #expect(line.reply(2, packets: 3).played == 3)
    }

    @Test func aFalseAlarmGoesOnAtItsPlace() throws {
        var line = try Line()
        _ = line.reply(3, packets: 50)
        _ = try line.mark("e3.0:220")
        line.now = .milliseconds(100)
        #expect(line.say(.hold(epoch: 3)).contains(Self.clear))
        #expect(line.say(.resume(epoch: 3, position: .milliseconds(280), fromSequence: 50)) == [])
        let again = line.reply(3, packets: 10, flags: .start)
        #expect(again.played == 10)
        #expect(again.marks.first == "e3.1:300")
        #expect(try line.mark("e3.1:300") == [.deliver(.playout(epoch: 3, milliseconds: 300))])
        #expect(line.say(.hold(epoch: 3)).contains(Self.clear))
    }

    @Test func keysAreATypedTurn() throws {
        var line = try Line()
        func key(_ key: String) throws -> [PhoneCall.Action] { try line.hear(#"{"event":"dtmf","dtmf":{"digit":"\#(key)"}}"#) }
        #expect(try key("1") == [.deliver(.cancelReply), .startKeyTimer(1)])
        #expect(try key("2") == [.startKeyTimer(2)])
        #expect(line.call.keysRested(1) == [])
        #expect(line.call.keysRested(2) == [.deliver(.text("12"))])
        #expect(line.call.keysRested(2) == [])
        #expect(try key("4") == [.deliver(.cancelReply), .startKeyTimer(3)])
        #expect(try key("#") == [.deliver(.text("4"))])
        #expect(try key("#") == [.deliver(.cancelReply), .deliver(.text("#"))])
        var last: [PhoneCall.Action] = []
        for _ in 0..<32 { last = try key("9") }
        #expect(last == [.deliver(.text(String(repeating: "9", count: 32)))])
    }

    @Test func theCarriersStopEndsTheCall() throws {
        var line = try Line()
        #expect(try line.hear(#"{"event":"stop"}"#) == [.deliver(.end)])
        #expect(try line.media(1, at: 0) == [])
        var early = PhoneCall(.twilio)
        #expect(try early.take(Array(#"{"event":"stop"}"#.utf8), at: .zero) == [.hangUp])
    }

    @Test func eventsAreToldToTheStreamThatAsks() throws {
        let event = ServerEvent.userFinal(turn: 1, text: "a \"b\"")
        for (options, isTold) in [([:], false), (["events": "false"], false), (["events": "true"], true)] {
            var call = PhoneCall(.twilio, options: options)
            #expect(call.tell(event, seq: 1, at: .zero) == [])
            _ = try call.take(Array(#"{"event":"start","streamSid":"S"}"#.utf8), at: .zero)
            var line = TwilioLine(stream: "S", call: "C")
            let heard: [TwilioLine.Heard] = try call.tell(event, seq: 7, at: .seconds(2)).map { action in
                guard case .send(let text) = action else { throw WireError("test", "\(action)") }
                return try line.take(text)
            }
            #expect(heard == (isTold ? [.event(NumberedEvent(seq: 7, time: .seconds(2), event: event))] : []))
        }
        // Only Twilio's stream has a place for them.
        var telnyx = PhoneCall(.telnyx, options: ["events": "true"])
        _ = try telnyx.take(Array(#"{"event":"start","stream_id":"S"}"#.utf8), at: .zero)
        #expect(telnyx.tell(event, seq: 1, at: .zero) == [])
    }

    @Test func audioInBinaryMessagesGoesBothWays() throws {
        var line = try Line(.vonage)
        #expect(try line.call.take(audio: [1, 2]) == [.hear([1, 2])])
        let header = AudioPacketHeader(flags: .start, epoch: 1, sequence: 0, time: 0)
        #expect(line.call.take(header, payload: [3, 4], at: .zero) == [.play([3, 4]), .send(Carrier.vonage.mark("e1.0:20", stream: ""))])
        var twilio = try Line()
        #expect(throws: WireError.self) { try twilio.call.take(audio: [1]) }
    }
}
