/// The bytes are no protobuf message.
struct ProtobufError: Error {}

/// Walks the fields of one protobuf message; never past its end, whatever the bytes say.
struct ProtobufReader {
    enum Value {
        case number(UInt64)
        /// A text, a nested message, packed numbers, or a number of fixed width; where it lies in the bytes.
        case bytes(Range<Int>)
    }

    private let content: [UInt8]
    private var position: Int
    private let end: Int

    /// - Parameter range: Where the message lies; must lie in the bytes.
    init(_ content: [UInt8], _ range: Range<Int>) { (self.content, position, end) = (content, range.lowerBound, range.upperBound) }

    var isAtEnd: Bool { position >= end }

    /// The next field and its number; nil at the end.
    mutating func next() throws(ProtobufError) -> (field: Int, value: Value)? {
        if isAtEnd { return nil }
        let tag = try number()
        let field = Int(truncatingIfNeeded: tag >> 3)
        switch tag & 7 {
        case 0: return (field, .number(try number()))
        case 1: return (field, .bytes(try take(8)))
        case 2: return (field, .bytes(try take(try number())))
        case 5: return (field, .bytes(try take(4)))
        default: throw ProtobufError()
        }
    }

    /// A number of variable width.
    mutating func number() throws(ProtobufError) -> UInt64 {
        var number: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            guard position < end else { throw ProtobufError() }
            let byte = content[position]
            position += 1
            number |= UInt64(byte & 0x7f) << shift
            if byte < 0x80 { return number }
        }
        throw ProtobufError()
    }

    private mutating func take(_ count: UInt64) throws(ProtobufError) -> Range<Int> {
        guard count <= UInt64(end - position) else { throw ProtobufError() }
        defer { position += Int(count) }
        return position..<position + Int(count)
    }
}
