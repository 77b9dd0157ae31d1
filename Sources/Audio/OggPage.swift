/// One page of an Ogg stream (RFC 3533): its header, its lacing and how to write it.
struct OggPage {
    struct Flags: OptionSet {
        let rawValue: UInt8
        static let continued = Flags(rawValue: 1)
        static let first = Flags(rawValue: 2)
        static let last = Flags(rawValue: 4)
    }

    static let headerSize = 27
    static let capture: [UInt8] = Array("OggS".utf8)
    /// What stands where no packet ends on a page.
    static let noGranule: Int64 = -1

    let flags: Flags
    let granule: Int64
    let serial: UInt32
    let sequence: UInt32
    /// Lengths of 0...255; a packet ends with the first below 255.
    let lacing: ArraySlice<UInt8>
    let body: Range<Int>
    /// Bytes of the whole page.
    let size: Int

    enum Outcome {
        case page(OggPage)
        case incomplete
        /// No page begins here; `work` is how many bytes were looked at to know.
        case invalid(work: Int)
    }

    /// Reads the page at `place`, where the capture pattern has been found.
    static func read(_ bytes: [UInt8], at place: Int) -> Outcome {
        guard bytes.count - place >= headerSize else { return .incomplete }
        let segments = Int(bytes[place + 26])
        guard bytes[place + 4] == 0, bytes[place + 5] < 8 else { return .invalid(work: 6) }
        guard bytes.count - place >= headerSize + segments else { return .incomplete }
        let lacing = bytes[(place + headerSize)..<(place + headerSize + segments)]
        let start = place + headerSize + segments
        let end = start + lacing.reduce(0) { $0 + Int($1) }
        guard bytes.count >= end else { return .incomplete }
        let promised = UInt32(truncatingIfNeeded: ByteReader.number(bytes, at: place + 22, 4))
        var checksum = OggChecksum()
        checksum.update(bytes, place..<(place + 22))
        checksum.update([0, 0, 0, 0], 0..<4)
        checksum.update(bytes, (place + 26)..<end)
        guard checksum.value == promised else { return .invalid(work: end - place) }
        return .page(
            OggPage(
                flags: Flags(rawValue: bytes[place + 5]),
                granule: Int64(bitPattern: ByteReader.number(bytes, at: place + 6, 8)),
                serial: UInt32(truncatingIfNeeded: ByteReader.number(bytes, at: place + 14, 4)),
                sequence: UInt32(truncatingIfNeeded: ByteReader.number(bytes, at: place + 18, 4)),
                lacing: lacing, body: start..<end, size: end - place))
    }

    static func write(
        flags: Flags, granule: Int64, serial: UInt32, sequence: UInt32, lacing: [UInt8], body: [UInt8], to output: inout [UInt8]
    ) {
        let start = output.count
        output.append(contentsOf: capture)
        output.append(0)
        output.append(flags.rawValue)
        output.append(number: UInt64(bitPattern: granule), size: 8)
        output.append(number: UInt64(serial), size: 4)
        output.append(number: UInt64(sequence), size: 4)
        output.append(number: 0, size: 4)
        output.append(UInt8(lacing.count))
        output.append(contentsOf: lacing)
        output.append(contentsOf: body)
        var checksum = OggChecksum()
        checksum.update(output, start..<output.count)
        for index in 0..<4 { output[start + 22 + index] = UInt8(truncatingIfNeeded: checksum.value >> UInt32(8 * index)) }
    }
}

/// The cyclic redundancy check of Ogg: polynomial 0x04C11DB7, highest bit first, from 0, not inverted.
struct OggChecksum {
    private(set) var value: UInt32 = 0

    private static let table: [UInt32] = (0..<256).map { byte in
        var value = UInt32(byte) << 24
        for _ in 0..<8 { value = value & 0x8000_0000 == 0 ? value << 1 : value << 1 ^ 0x04C1_1DB7 }
        return value
    }

    mutating func update(_ bytes: [UInt8], _ range: Range<Int>) {
        let table = Self.table.span
        let span = bytes.span
        var value = value
        for index in range { value = value << 8 ^ table[Int(UInt8(truncatingIfNeeded: value >> 24) ^ span[index])] }
        self.value = value
    }
}
