import Audio
import Testing

@Suite struct OggReaderTests {
    /// A stream of packets of the given sizes; each page is made when `flushes` says so.
    private static func stream(_ sizes: [Int], serial: UInt32 = 9, flushEvery: Int = 3) -> (bytes: [UInt8], packets: [[UInt8]]) {
        var writer = OggWriter(serial: serial)
        var packets: [[UInt8]] = []
        for (index, size) in sizes.enumerated() {
            let packet = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 7 + index) }
            packets.append(packet)
            writer.append(packet, granule: Int64(index + 1) * 10)
            if (index + 1) % flushEvery == 0, index + 1 < sizes.count { writer.flush() }
        }
        writer.finish()
        return (writer.drain(), packets)
    }

    private static let sizes = [19, 0, 254, 255, 256, 510, 70_000, 1, 65_025, 5, 130_050, 3, 3]

    /// Where pages begin.
    private static func pages(_ bytes: [UInt8]) -> [Int] {
        bytes.indices.dropLast(3).filter { bytes[$0..<($0 + 4)].elementsEqual("OggS".utf8) } + [bytes.count]
    }

    @Test func packetsOfAllSizesComeBack() {
        let (bytes, packets) = Self.stream(Self.sizes)
        var reader = OggReader()
        let read = reader.read(bytes)
        #expect(read.map(\.bytes) == packets)
        #expect(read.first?.isFirst == true)
        #expect(read.last?.isLast == true)
        #expect(read.last?.granule == Int64(packets.count * 10))
        #expect(read.allSatisfy { !$0.followsLoss && $0.serial == 9 })
        #expect((reader.lostPages, reader.invalidPages, reader.skippedBytes, reader.lostPackets) == (0, 0, 0, 0))
    }

    @Test(arguments: [1, 26, 27, 28, 255, 4_096, 65_307]) func anyCutsGiveTheSamePackets(step: Int) {
        let (bytes, packets) = Self.stream([19, 0, 254, 255, 256, 510, 3_000])
        var reader = OggReader()
        var read: [OggPacket] = []
        for start in stride(from: 0, to: bytes.count, by: step) { read += reader.read(Array(bytes[start..<min(bytes.count, start + step)])) }
        #expect(read.map(\.bytes) == packets)
    }

    @Test func garbageBetweenPagesIsSkipped() {
        let (bytes, packets) = Self.stream([5, 6, 7, 8], flushEvery: 1)
        let second = Self.pages(bytes)[1]
        let garbage = [UInt8]("OggS no page, OggS\u{0}".utf8) + [UInt8](repeating: 0, count: 40)
        var reader = OggReader()
        let read = reader.read(garbage + bytes[..<second] + garbage + bytes[second...])
        #expect(read.map(\.bytes) == packets)
        #expect(reader.skippedBytes == garbage.count * 2)
        #expect(reader.lostPages == 0)
    }

    @Test func aLostPageIsCountedAndMarked() {
        let (bytes, packets) = Self.stream([5, 6, 7, 8], flushEvery: 1)
        let pages = Self.pages(bytes)
        var reader = OggReader()
        let read = reader.read(Array(bytes[..<pages[1]] + bytes[pages[3]...]))
        #expect(read.map(\.bytes) == [packets[0], packets[3]])
        #expect(read.map(\.followsLoss) == [false, true])
        #expect(reader.lostPages == 2)
    }

    @Test func aDamagedPageIsLeftOut() {
        let (whole, packets) = Self.stream([5, 6, 7, 8], flushEvery: 1)
        var bytes = whole
        bytes[Self.pages(bytes)[2] - 1] ^= 1
        var reader = OggReader()
        #expect(reader.read(bytes).map(\.bytes) == [packets[0], packets[2], packets[3]])
        #expect((reader.invalidPages, reader.lostPages) == (1, 1))
    }

    @Test func aPacketWithoutItsMiddleIsGivenUp() {
        let (bytes, packets) = Self.stream([4, 150_000, 6], flushEvery: 1)
        let pages = Self.pages(bytes)
        var reader = OggReader()
        let read = reader.read(Array(bytes[..<pages[2]] + bytes[pages[3]...]))
        #expect(read.map(\.bytes) == [packets[0], packets[2]])
        #expect(read.last?.followsLoss == true)
        #expect(reader.lostPackets >= 1)
    }

    @Test func packetsAboveTheLimitAreDropped() {
        let (bytes, packets) = Self.stream([4, 150_000, 6], flushEvery: 1)
        var reader = OggReader(packetLimit: 1_000)
        #expect(reader.read(bytes).map(\.bytes) == [packets[0], packets[2]])
        #expect(reader.lostPackets == 1)
    }

    @Test func streamsSideBySideAreToldApart() {
        let (first, second) = (Self.stream([1, 2, 300], serial: 1, flushEvery: 1), Self.stream([4, 5, 6], serial: 2, flushEvery: 1))
        let (a, b) = (Self.pages(first.bytes), Self.pages(second.bytes))
        var mixed: [UInt8] = []
        for page in 0..<3 {
            mixed += first.bytes[a[page]..<a[page + 1]]
            mixed += second.bytes[b[page]..<b[page + 1]]
        }
        var reader = OggReader()
        let read = reader.read(mixed)
        #expect(read.filter { $0.serial == 1 }.map(\.bytes) == first.packets)
        #expect(read.filter { $0.serial == 2 }.map(\.bytes) == second.packets)
        #expect(reader.lostPages == 0)
    }

    @Test func moreStreamsThanTheLimitAreIgnored() {
        var reader = OggReader()
        for serial in 0..<20 {
            var writer = OggWriter(serial: UInt32(serial))
            writer.append([1], granule: 1)
            writer.flush()
            _ = reader.read(writer.drain())
        }
        #expect(reader.ignoredPages == 20 - OggReader.streamLimit)
    }

    @Test func madeUpHeadersDoNotCostWithoutEnd() {
        let header = [UInt8]("OggS".utf8) + [UInt8](repeating: 0, count: 22) + [255]
        var reader = OggReader()
        let bytes = (0..<8_000).flatMap { _ in header }
        #expect(reader.read(bytes).isEmpty)
        #expect(reader.invalidPages < 4_000)
    }

    @Test func noMutantOfAStreamCrashesTheReader() {
        var random = SeededGenerator(seed: 11)
        let (bytes, _) = Self.stream([19, 0, 254, 255, 256, 5, 5], flushEvery: 2)
        var packets = 0
        for _ in 0..<2_000 {
            var reader = OggReader()
            packets += reader.read(Mutation.mutate(bytes, &random)).count
        }
        #expect(packets > 2_000)
    }
}
