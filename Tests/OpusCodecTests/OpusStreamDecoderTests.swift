import Audio
import OpusCodec
import Testing

@Suite struct OpusStreamDecoderTests {
    private static let packets: Result<[[UInt8]], any Error> = Result {
        var settings = OpusEncoder.Settings(sampleRate: 16_000)
        (settings.bitrate, settings.fec, settings.expectedLoss) = (32_000, true, 25)
        return try Speech.packets(settings, seconds: 1)
    }

    private struct Heard {
        var samples: [Float] = []
        var chunks = 0
        var counters = OpusStreamDecoder.Counters()
        var errors: [OpusError.Code] = []
    }

    private struct Sent {
        var sequence: UInt32
        var time: UInt32
        var bytes: [UInt8]
    }

    /// Twenty-millisecond packets of the numbers given, timed by their number.
    private static func numbered(_ numbers: [Int], from first: UInt32 = 0) throws -> [Sent] {
        let packets = try packets.get()
        return numbers.map {
            Sent(sequence: first &+ UInt32($0), time: first &* 960 &+ UInt32($0 * 960), bytes: packets[$0 % packets.count])
        }
    }

    private static func hear(_ sent: [Sent], policy: OpusStreamDecoder.Policy = .init()) throws -> Heard {
        var decoder = try OpusStreamDecoder(sampleRate: 16_000, policy: policy)
        var heard = Heard()
        for packet in sent {
            do {
                let before = heard.samples.count
                let count = try decoder.decode(sequence: packet.sequence, time: packet.time, packet: packet.bytes.span) { samples in
                    heard.chunks += 1
                    for index in samples.indices { heard.samples.append(samples[index]) }
                }
                #expect(count == heard.samples.count - before)
            } catch { heard.errors.append(error.code) }
        }
        heard.counters = decoder.counters
        return heard
    }

    @Test func aWholeStreamIsDecodedAsItIs() throws {
        let heard = try Self.hear(Self.numbered(Array(0..<50)))
        #expect(heard.samples.count == 50 * 320)
        #expect(heard.chunks == 50)
        var expected = OpusStreamDecoder.Counters()
        expected.received = 50
        #expect(heard.counters == expected)
    }

    @Test func streamsThatShareASpaceDoNotTouchEachOther() throws {
        let sent = try Self.numbered(Array(0..<40).filter { $0 % 7 != 3 })
        let alone = try Self.hear(sent)
        let space = DecodingSpace()
        var first = try OpusStreamDecoder(sampleRate: 16_000, space: space)
        var second = try OpusStreamDecoder(sampleRate: 16_000, space: space)
        var (heard, other): ([Float], [Float]) = ([], [])
        for packet in sent {
            _ = try first.decode(sequence: packet.sequence, time: packet.time, packet: packet.bytes.span) { samples in
                for index in samples.indices { heard.append(samples[index]) }
            }
            _ = try second.decode(sequence: packet.sequence, time: packet.time, packet: packet.bytes.span) { samples in
                for index in samples.indices { other.append(samples[index]) }
            }
        }
        #expect(heard == alone.samples && other == alone.samples)
    }

    @Test func numbersAndTimesMayWrapAround() throws {
        let heard = try Self.hear(Self.numbered(Array(0..<50).filter { $0 != 12 }, from: UInt32.max - 9))
        #expect(heard.samples.count == 50 * 320)
        #expect(heard.counters.lost == 1)
        #expect(heard.counters.late + heard.counters.duplicate + heard.counters.restarts == 0)
    }

    @Test func lateAndRepeatedPacketsAreDropped() throws {
        let heard = try Self.hear(Self.numbered([0, 1, 3, 2, 3, 1, 4, 4]))
        #expect(heard.samples.count == 5 * 320)
        #expect(heard.counters.late == 1, "2 was concealed already")
        #expect(heard.counters.duplicate == 3)
        #expect(heard.counters.lost == 1)
    }

    @Test func redundancyRecoversMoreThanGuessing() throws {
        let whole = try Self.hear(Self.numbered(Array(0..<50))).samples
        var noFEC = OpusEncoder.Settings(sampleRate: 16_000)
        noFEC.bitrate = 32_000
        let plain = try Speech.packets(noFEC, seconds: 1)
        let plainWhole = try Self.hear(plain.enumerated().map { Sent(sequence: UInt32($0), time: UInt32($0 * 960), bytes: $1) }).samples
        var (recovered, guessed, tried) = (0.0, 0.0, 0)
        for lost in stride(from: 7, to: 48, by: 5) where try OpusPacket(Self.packets.get()[lost + 1]).hasFEC {
            let heard = try Self.hear(Self.numbered(Array(0..<50).filter { $0 != lost }))
            #expect(heard.counters.recoveredByFEC == 1 && heard.counters.concealed == 0)
            let range = lost * 320..<(lost + 1) * 320
            recovered += Speech.correlation(whole[range], heard.samples[range])
            let other = plain.enumerated().filter { $0.offset != lost }
            let blind = try Self.hear(other.map { Sent(sequence: UInt32($0.offset), time: UInt32($0.offset * 960), bytes: $0.element) })
            #expect(blind.counters.recoveredByFEC == 0 && blind.counters.concealed == 1)
            guessed += Speech.correlation(plainWhole[range], blind.samples[range])
            tried += 1
        }
        #expect(tried > 4)
        #expect(recovered > guessed)
        #expect(recovered / Double(tried) > 0.8)
    }

    @Test func aGapIsGuessedExceptForItsLastPacket() throws {
        let heard = try Self.hear(Self.numbered(Array(0..<20) + Array(23..<40)))
        #expect(heard.samples.count == 40 * 320)
        #expect(heard.counters.lost == 3)
        #expect(heard.counters.concealed == 2)
        #expect(heard.counters.recoveredByFEC == 1)
        #expect(heard.counters.silence == 0)
    }

    @Test func aLongGapIsSilentAfterTheGuess() throws {
        var policy = OpusStreamDecoder.Policy()
        policy.concealedPackets = 2
        let heard = try Self.hear(Self.numbered(Array(0..<10) + Array(30..<40)), policy: policy)
        #expect(heard.samples.count == 40 * 320)
        #expect(heard.counters.concealed == 2)
        #expect(heard.counters.silence == 17 * 960)
        #expect(heard.samples[(12 * 320)..<(29 * 320)].allSatisfy { $0 == 0 })
    }

    @Test func aGapBeyondTheLimitIsNotFilled() throws {
        let heard = try Self.hear(Self.numbered(Array(0..<10) + Array(200..<210)))
        #expect(heard.samples.count == 20 * 320)
        #expect(heard.counters.restarts == 1)
        #expect(heard.counters.lost == 190)
    }

    @Test func aSilentSenderLeavesAGapInTimeOnly() throws {
        let packets = try Self.packets.get()
        let heard = try Self.hear([
            Sent(sequence: 0, time: 0, bytes: packets[10]), Sent(sequence: 1, time: 960 * 4, bytes: packets[11]),
        ])
        #expect(heard.samples.count == 5 * 320)
        #expect(heard.counters.lost == 0)
        #expect(heard.counters.concealed == 3)
        #expect(heard.counters.recoveredByFEC == 0)
    }

    @Test func timesThatContradictTheNumbersDoNotCount() throws {
        let packets = try Self.packets.get()
        let heard = try Self.hear([
            Sent(sequence: 0, time: 50_000, bytes: packets[10]), Sent(sequence: 1, time: 0, bytes: packets[11]),
            Sent(sequence: 3, time: 7, bytes: packets[13]),
        ])
        #expect(heard.samples.count == 4 * 320)
    }

    @Test func aCorruptPacketCountsAsLost() throws {
        var sent = try Self.numbered(Array(0..<10))
        sent[5].bytes = [0xFF, 0xFF, 0xFF]
        let heard = try Self.hear(sent)
        #expect(heard.errors == [.corruptPacket])
        #expect(heard.samples.count == 10 * 320)
        #expect((heard.counters.corrupt, heard.counters.lost, heard.counters.received) == (1, 1, 10))
    }

    @Test func aSenderThatBeginsAnewIsFollowedAfterTwoPackets() throws {
        let heard = try Self.hear(Self.numbered(Array(0..<5), from: 1 << 20) + Self.numbered(Array(0..<5), from: 40))
        #expect(heard.samples.count == 9 * 320)
        #expect(heard.counters.restarts == 1)
        #expect(heard.counters.late == 1)
    }

    @Test func aSingleStrayNumberChangesNothing() throws {
        var sent = try Self.numbered(Array(0..<10))
        sent.insert(Sent(sequence: 1 << 31, time: 3, bytes: sent[0].bytes), at: 5)
        let heard = try Self.hear(sent)
        #expect(heard.samples.count == 10 * 320)
        #expect((heard.counters.late, heard.counters.lost) == (1, 0))
    }

    @Test func packetLengthsMayChange() throws {
        var settings = OpusEncoder.Settings(sampleRate: 16_000)
        settings.frameMilliseconds = 60
        let long = try Speech.packets(settings, seconds: 0.2)
        let short = try Self.packets.get()
        let heard = try Self.hear([
            Sent(sequence: 0, time: 0, bytes: short[5]), Sent(sequence: 1, time: 960, bytes: long[0]),
            Sent(sequence: 3, time: 960 + 2_880 * 2, bytes: long[2]), Sent(sequence: 4, time: 960 + 2_880 * 3, bytes: short[9]),
        ])
        #expect(heard.samples.count == 320 * 2 + 960 * 3)
    }

    @Test func noHostileNumberingCrashesOrFloodsIt() throws {
        var random = SeededGenerator(seed: 21)
        let packets = try Self.packets.get()
        var decoder = try OpusStreamDecoder(sampleRate: 16_000)
        let interesting: [UInt32] = [0, 1, 2, 999, 1_000, 1_001, .max, .max / 2, .max / 2 + 1]
        for _ in 0..<1_500 {
            let (number, time) = (interesting.randomElement(using: &random) ?? 0, UInt32.random(in: 0...(.max), using: &random))
            var bytes = packets.randomElement(using: &random) ?? []
            if Int.random(in: 0..<4, using: &random) == 0 { bytes = Mutation.mutate(bytes, &random) }
            var most = 0
            _ = try? decoder.decode(sequence: number, time: time, packet: bytes.span) { most = max(most, $0.count) }
            #expect(most <= 1_920)
        }
        #expect(decoder.counters.received == 1_500)
    }
}
