import Audio
import Testing

@Suite struct OggOpusTests {
    /// A valid 20 ms packet, told from others by its content.
    private static func packet(_ number: Int) -> [UInt8] { [9 << 3, UInt8(truncatingIfNeeded: number), 1, 2] }

    private static func file(packets: Int, length: Int? = nil, preSkip: Int = 312, serial: UInt32 = 1) throws -> [UInt8] {
        let head = OpusHead(channelCount: 1, preSkip: preSkip, inputSampleRate: 16_000)
        var writer = OggOpusWriter(head: head, serial: serial)
        for number in 0..<packets { try writer.append(packet(number)) }
        writer.finish(length: length)
        return writer.drain()
    }

    private static func packets(_ events: [OggOpusReader.Event]) -> [OggOpusPacket] {
        events.compactMap { if case .packet(let packet) = $0 { packet } else { nil } }
    }

    @Test func whatIsWrittenIsReadBack() throws {
        var reader = OggOpusReader()
        let events = reader.read(try Self.file(packets: 120))
        #expect(events.first == .head(OpusHead(channelCount: 1, preSkip: 312, inputSampleRate: 16_000)))
        #expect(events.dropFirst().first == .tags(OpusTags()))
        let packets = Self.packets(events)
        #expect(packets.map(\.bytes) == (0..<120).map { Self.packet($0) })
        let ends: [Int64] = (1...120).map { (number: Int64) in number * 960 }
        #expect(packets.map(\.granule) == ends)
        #expect(packets.first?.skip == 312)
        #expect(packets.dropFirst().allSatisfy { $0.skip == 0 })
        let kept = packets.reduce(0) { $0 + $1.keep }
        #expect(kept == 114_888)
    }

    @Test func theEndIsTrimmedToTheLength() throws {
        var reader = OggOpusReader()
        let packets = Self.packets(reader.read(try Self.file(packets: 60, length: 57 * 960 + 100)))
        let kept = packets.reduce(0) { $0 + $1.keep }
        #expect(kept == 54_820)
        #expect(packets.suffix(3).map(\.keep) == [412, 0, 0])
    }

    @Test func aFileOfOnePageIsTrimmedToo() throws {
        var reader = OggOpusReader()
        #expect(Self.packets(reader.read(try Self.file(packets: 3, length: 1_000))).map(\.keep) == [648, 352, 0])
    }

    @Test func aLongPreSkipReachesOverPackets() throws {
        var reader = OggOpusReader()
        let packets = Self.packets(reader.read(try Self.file(packets: 10, preSkip: 3_840)))
        #expect(packets.map(\.skip) == [960, 960, 960, 960, 0, 0, 0, 0, 0, 0])
    }

    @Test(arguments: [1, 7, 100, 1_000]) func anyCutsGiveTheSameEvents(step: Int) throws {
        let bytes = try Self.file(packets: 70)
        var (whole, pieces) = (OggOpusReader(), OggOpusReader())
        var events: [OggOpusReader.Event] = []
        for start in stride(from: 0, to: bytes.count, by: step) { events += pieces.read(Array(bytes[start..<min(bytes.count, start + step)])) }
        #expect(events == whole.read(bytes))
    }

    @Test func chainedStreamsFollowEachOther() throws {
        var reader = OggOpusReader()
        let first = try Self.file(packets: 3)
        let second = try Self.file(packets: 2, preSkip: 100, serial: 2)
        let events = reader.read(first + second + second)
        let heads = events.filter { if case .head = $0 { true } else { false } }
        #expect(heads.count == 3)
        #expect(Self.packets(events).map(\.skip) == [312, 0, 0, 100, 0, 100, 0])
        #expect(Self.packets(events).map(\.granule) == [960, 1_920, 2_880, 960, 1_920, 960, 1_920])
    }

    @Test func otherStreamsBesideAreIgnored() throws {
        let bytes = try Self.file(packets: 3)
        var other = OggWriter(serial: 77)
        other.append(Array("fishead\u{0}".utf8), granule: 0)
        other.flush()
        let first = other.drain()
        other.append([1, 2, 3], granule: 5)
        other.finish()
        let rest = other.drain()
        let afterHead = 28 + 19
        var reader = OggOpusReader()
        let mixed = first + bytes[..<afterHead] + rest + bytes[afterHead...]
        #expect(Self.packets(reader.read(Array(mixed))).count == 3)
    }

    @Test func aLostPageLeavesAGapOfKnownLength() throws {
        let bytes = try Self.file(packets: 200)  // pages of 50 packets
        let pages = bytes.indices.dropLast(3).filter { bytes[$0..<($0 + 4)].elementsEqual("OggS".utf8) }
        var reader = OggOpusReader()
        let packets = Self.packets(reader.read(Array(bytes[..<pages[3]] + bytes[pages[4]...])))
        #expect(packets.count == 150)
        #expect(packets[50].missing == 48_000)
        #expect(packets[50].granule == 101 * 960)
        #expect(packets.filter { $0.missing != 0 }.count == 1)
        #expect(reader.container.lostPages == 1)
    }

    @Test func invalidPacketsAreCountedAndLeftOut() throws {
        var writer = OggWriter(serial: 3)
        writer.append(OpusHead(channelCount: 2, preSkip: 0, inputSampleRate: 0).bytes, granule: 0)
        writer.flush()
        writer.append(OpusTags(comments: ["TITLE=x"]).bytes, granule: 0)
        writer.flush()
        writer.append([3, 0], granule: 960)
        writer.append(Self.packet(1), granule: 1_920)
        writer.finish()
        var reader = OggOpusReader()
        let events = reader.read(writer.drain())
        #expect(Self.packets(events).map(\.bytes) == [Self.packet(1)])
        #expect(events.contains(.tags(OpusTags(comments: ["TITLE=x"]))))
        #expect(reader.invalidPackets == 1)
    }

    @Test func theWriterRefusesWhatIsNoPacket() throws {
        var writer = OggOpusWriter(head: OpusHead(channelCount: 1, preSkip: 0, inputSampleRate: 0), serial: 1)
        #expect { try writer.append([]) } throws: { ($0 as? AudioError)?.code == .badOpusPacket }
        #expect(writer.duration == 0)
    }

    @Test func headsThatCannotBePlayedAreRefused() throws {
        let good = OpusHead(channelCount: 2, preSkip: 312, inputSampleRate: 48_000, outputGain: -256)
        #expect(try OpusHead(good.bytes) == good)
        for (place, value) in [(0, 0), (8, 16), (9, 0), (9, 3), (18, 1)] {
            var bytes = good.bytes
            bytes[place] = UInt8(value)
            #expect(throws: AudioError.self, "byte \(place)") { try OpusHead(bytes) }
        }
        #expect(throws: AudioError.self) { try OpusHead(Array(good.bytes.dropLast())) }
    }

    @Test func tagsBeyondTheirPacketAreRefused() throws {
        let good = OpusTags(vendor: "v", comments: ["A=b", "C=ü"])
        #expect(try OpusTags(good.bytes) == good)
        for count in 0..<good.bytes.count { #expect(throws: AudioError.self) { try OpusTags(Array(good.bytes.prefix(count))) } }
        #expect(throws: AudioError.self) { try OpusTags(OpusTags(comments: [String](repeating: "A=b", count: 1_001)).bytes) }
    }

    @Test func noMutantOfAFileCrashesTheReader() throws {
        var random = SeededGenerator(seed: 12)
        let bytes = try Self.file(packets: 20) + Self.file(packets: 5, serial: 2)
        var packets = 0
        for _ in 0..<2_000 {
            var reader = OggOpusReader()
            for packet in Self.packets(reader.read(Mutation.mutate(bytes, &random))) {
                packets += 1
                #expect(packet.skip + packet.keep <= packet.duration)
            }
        }
        #expect(packets > 2_000)
    }
}
