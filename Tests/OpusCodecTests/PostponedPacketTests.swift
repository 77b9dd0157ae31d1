import Audio
import OpusCodec
import Testing

/// Packets that are decoded later, or never.
struct PostponedPacketTests {
    /// Two seconds of speech, two of a quiet room, half a second of speech; 20 ms each.
    private static let packets: Result<[[UInt8]], any Error> = Result {
        var settings = OpusEncoder.Settings(sampleRate: 16_000)
        settings.bitrate = 24_000
        var generator = SeededGenerator(seed: 3)
        let room = (0..<32_000).map { _ in Float.random(in: -0.001...0.001, using: &generator) }
        let speech = Speech.samples(rate: 16_000, seconds: 2.5)
        return try Speech.encode(Array(speech[..<32_000]) + room + Array(speech[32_000...]), settings)
    }
    private static let (room, end) = (100, 200)

    /// A stream, and what it has handed out.
    private final class Stream {
        private var decoder: OpusStreamDecoder
        private(set) var samples: [Float] = []
        private(set) var skipped: [Int] = []

        init(backlog: Int) throws { decoder = try OpusStreamDecoder(sampleRate: 16_000, backlog: backlog) }

        func decode(_ number: Int, _ packet: [UInt8], after late: UInt32 = 0) throws {
            let count = samples.count
            let said = try decoder.decode(sequence: UInt32(number), time: UInt32(number * 960) + late, packet: packet.span) {
                append($0, to: &samples)
            }
            #expect(said <= samples.count - count)
        }

        func postpone(_ number: Int, _ packet: [UInt8], after late: UInt32 = 0) -> Int? {
            decoder.postpone(sequence: UInt32(number), time: UInt32(number * 960) + late, packet: packet.span)
        }

        @discardableResult
        func catchUp() -> Int {
            decoder.catchUp(skip: { skipped.append($0) }, into: { append($0, to: &samples) })
        }

        func reset() { decoder.reset() }
        var isBehind: Bool { decoder.isBehind }
        var counters: OpusStreamDecoder.Counters { decoder.counters }

        private func append(_ span: Span<Float>, to samples: inout [Float]) {
            for index in span.indices { samples.append(span[index]) }
        }
    }

    /// All that is decoded in its time.
    private static func whole() throws -> [Float] {
        let stream = try Stream(backlog: 0)
        for (number, packet) in try packets.get().enumerated() { try stream.decode(number, packet) }
        return stream.samples
    }

    @Test func theRoomIsPostponedAndTheVoiceIsNot() throws {
        let packets = try Self.packets.get()
        let stream = try Stream(backlog: 300 * 960)
        var postponed: [Int] = []
        for (number, packet) in packets.enumerated() {
            if stream.postpone(number, packet) == 320 { postponed.append(number) } else { try stream.decode(number, packet) }
        }
        // Noise is found to be none after a while; between syllables it is quiet too.
        let room = postponed.count { (Self.room..<Self.end).contains($0) }
        #expect(room > 60, "\(room)")
        #expect(postponed.count - room < 20, "\(postponed.count - room)")
        #expect(stream.counters.received == packets.count)
    }

    @Test func whatIsPostponedAndKeptIsDecodedAsInItsTime() throws {
        let packets = try Self.packets.get()
        let stream = try Stream(backlog: 300 * 960)
        var postponed = 0
        for (number, packet) in packets.enumerated() {
            if (Self.room..<Self.end).contains(number), stream.postpone(number, packet) != nil {
                postponed += 1
            } else {
                try stream.decode(number, packet)
            }
        }
        #expect(postponed > 60 && !stream.isBehind)
        #expect(stream.samples == (try Self.whole()))
        #expect(stream.counters.received == packets.count)
        #expect(stream.counters.lost == 0 && stream.counters.concealed == 0)
    }

    @Test func whatIsPassedOverIsCountedAndWhatFollowsIsAsEver() throws {
        let packets = try Self.packets.get()
        let whole = try Self.whole()
        let stream = try Stream(backlog: 10 * 960)
        var run = 0
        for number in 0..<Self.end {
            if number >= Self.room, stream.postpone(number, packets[number]) != nil {
                run += 1
            } else {
                stream.catchUp()
                try stream.decode(number, packets[number])
                run = 0
            }
        }
        try #require(run > 20)
        #expect(stream.counters.passedOver >= run - 10)
        let before = stream.samples.count
        #expect(stream.isBehind)
        stream.catchUp()
        #expect(stream.skipped.last == (run - 10) * 320)
        #expect(stream.samples.count - before == 10 * 320)
        for number in Self.end..<packets.count { try stream.decode(number, packets[number]) }
        let kept = stream.samples.suffix(35 * 320)
        let expected = whole.suffix(35 * 320)
        // The first three packets are the decoder's way back.
        let difference = zip(kept, expected).dropFirst(3 * 320).reduce(0) { max($0, abs($1.0 - $1.1)) }
        #expect(difference < 0.0005, "\(difference)")
    }

    @Test func aPacketThatIsNotTheNextIsDecodedNow() throws {
        let packets = try Self.packets.get()
        let (voiced, quiet) = (packets[50], packets[Self.end - 1])
        let stream = try Stream(backlog: 10 * 960)
        #expect(stream.postpone(0, quiet) == nil)  // the first of all
        try stream.decode(0, voiced)
        #expect(stream.postpone(2, quiet) == nil)  // a gap
        #expect(stream.postpone(0, quiet) == nil)  // repeated
        #expect(stream.postpone(1, quiet, after: 3 * 48_000) == nil)  // a gap that is not filled
        #expect(stream.postpone(1, quiet) == 320)
        #expect(stream.postpone(1, quiet) == nil)
        #expect(stream.postpone(2, []) == nil)
        #expect(stream.postpone(2, [9 << 3] + [UInt8](repeating: 0, count: 200)) == nil)  // longer than a place
        let none = try Stream(backlog: 0)
        try none.decode(0, voiced)
        #expect(none.postpone(1, quiet) == nil)
    }

    @Test func aPacketBehindPostponedOnesComesAfterThem() throws {
        let packets = try Self.packets.get()
        let (voiced, quiet) = (packets[50], packets[Self.end - 1])
        let stream = try Stream(backlog: 10 * 960)
        try stream.decode(0, voiced)
        for number in 1...4 { #expect(stream.postpone(number, quiet) != nil) }
        // The fifth is lost.
        try stream.decode(6, packets[0])
        #expect(stream.samples.count == 7 * 320)
        #expect(stream.counters.lost == 1 && stream.counters.concealed == 1)
        try stream.decode(3, quiet)
        #expect(stream.counters.duplicate == 1)
    }

    @Test func timeInWhichNothingWasSentIsPostponedWithThePacketAfterIt() throws {
        let packets = try Self.packets.get()
        let (voiced, quiet) = (packets[50], packets[Self.end - 1])
        let (late, now) = (try Stream(backlog: 300 * 960), try Stream(backlog: 0))
        for stream in [late, now] {
            try stream.decode(0, voiced)
            for number in 1...4 {
                // A packet each 400 ms.
                if stream === late {
                    #expect(stream.postpone(number, quiet, after: UInt32(number * 19 * 960)) == 400 * 16)
                } else {
                    try stream.decode(number, quiet, after: UInt32(number * 19 * 960))
                }
            }
        }
        late.catchUp()
        #expect(late.samples == now.samples && late.samples.count == (4 * 400 + 20) * 16)
        #expect(late.counters == now.counters)

        let short = try Stream(backlog: 18 * 960)
        try short.decode(0, voiced)
        for number in 1...4 { _ = short.postpone(number, quiet, after: UInt32(number * 19 * 960)) }
        short.catchUp()
        #expect(short.counters.passedOver == 3)
        #expect(short.skipped == [3 * 400 * 16] && short.samples.count == (400 + 20) * 16)
    }

    @Test func whoNeverFindsVoiceIsNotBelieved() throws {
        let quiet = try Self.packets.get()[Self.end - 1]
        let stream = try Stream(backlog: 10 * 960)
        for number in 0..<20 {
            if number > 0 { #expect(stream.postpone(number, quiet) == nil) }
            try stream.decode(number, quiet)
        }
    }

    @Test func resetForgetsWhatWasPostponed() throws {
        let packets = try Self.packets.get()
        let (voiced, quiet) = (packets[50], packets[Self.end - 1])
        let stream = try Stream(backlog: 2 * 960)
        try stream.decode(0, voiced)
        for number in 1...5 { _ = stream.postpone(number, quiet) }
        stream.reset()
        #expect(!stream.isBehind)
        stream.catchUp()
        #expect(stream.samples.count == 320 && stream.skipped.isEmpty)
    }
}
