/// Reads little-endian numbers from bytes; every read past the end is nil.
struct ByteReader {
    let bytes: [UInt8]
    private(set) var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var left: Int { bytes.count - position }

    mutating func number(_ size: Int) -> UInt64? {
        guard size <= left else { return nil }
        defer { position += size }
        return ByteReader.number(bytes, at: position, size)
    }

    mutating func int(_ size: Int) -> Int? { number(size).map { Int(truncatingIfNeeded: $0) } }

    mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
        guard count >= 0, count <= left else { return nil }
        defer { position += count }
        return bytes[position..<position + count]
    }

    static func number(_ bytes: [UInt8], at position: Int, _ size: Int) -> UInt64 {
        var value: UInt64 = 0
        for index in 0..<size { value |= UInt64(bytes[position + index]) << UInt64(8 * index) }
        return value
    }
}

extension [UInt8] {
    /// Appends the low `size` bytes of a number, lowest first.
    mutating func append(number: UInt64, size: Int) {
        for index in 0..<size { append(UInt8(truncatingIfNeeded: number >> UInt64(8 * index))) }
    }

    mutating func append(number: Int, size: Int) { append(number: UInt64(bitPattern: Int64(number)), size: size) }
}
