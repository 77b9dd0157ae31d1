extension AudioPacketHeader {
    /// Reads the first twelve bytes of a binary message; what follows them is the payload, which may be empty. Allocates nothing.
    ///
    /// Flags that are not known are kept and mean nothing.
    ///
    /// - Throws: `wire.short_packet`, `wire.unknown_kind`.
    package init(parsing bytes: Span<UInt8>) throws(WireError) {
        guard bytes.count >= Self.byteCount else { throw WireError(WireError.shortPacket, "a packet has at least 12 bytes") }
        guard bytes[0] == Self.audioKind else { throw WireError(WireError.unknownKind, "only kind 1, audio, is known") }
        self.init(
            flags: Flags(rawValue: bytes[1]), epoch: UInt16(bytes[2]) << 8 | UInt16(bytes[3]),
            sequence: Self.word(bytes, at: 4), time: Self.word(bytes, at: 8))
    }

    /// Appends the twelve bytes.
    package func write(into bytes: inout [UInt8]) {
        bytes.append(Self.audioKind)
        bytes.append(flags.rawValue)
        bytes.append(UInt8(truncatingIfNeeded: epoch >> 8))
        bytes.append(UInt8(truncatingIfNeeded: epoch))
        for word in [sequence, time] {
            bytes.append(UInt8(truncatingIfNeeded: word >> 24))
            bytes.append(UInt8(truncatingIfNeeded: word >> 16))
            bytes.append(UInt8(truncatingIfNeeded: word >> 8))
            bytes.append(UInt8(truncatingIfNeeded: word))
        }
    }

    private static func word(_ bytes: Span<UInt8>, at place: Int) -> UInt32 {
        UInt32(bytes[place]) << 24 | UInt32(bytes[place + 1]) << 16 | UInt32(bytes[place + 2]) << 8 | UInt32(bytes[place + 3])
    }
}
