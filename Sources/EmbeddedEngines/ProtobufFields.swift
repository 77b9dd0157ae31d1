import Foundation

/// Walks the fields of one protobuf message without copying them. Malformed input is an error, never a trap.
struct ProtobufFields {
    struct Field {
        let number: Int
        /// The whole field with its tag, as it stands in the file.
        let whole: Range<Int>
        /// What a length-delimited field holds; empty for other kinds.
        let body: Range<Int>
    }

    private let data: Data
    private var position: Int
    private let end: Int

    /// - Parameter range: Where the message lies; inside `data`, whose first index is 0.
    init(_ data: Data, _ range: Range<Int>) { (self.data, position, end) = (data, range.lowerBound, range.upperBound) }

    /// The next field, or nil at the end of the message.
    mutating func next() throws(ModelError) -> Field? {
        guard position < end else { return nil }
        let start = position
        let tag = try varint()
        var body = position..<position
        switch tag & 7 {
        case 0: _ = try varint()
        case 1: try skip(8)
        case 2:
            let count = try varint()
            guard count <= UInt64(end - position) else { throw Self.malformed }
            body = position..<position + Int(count)
            position = body.upperBound
        case 5: try skip(4)
        default: throw Self.malformed
        }
        guard let number = Int(exactly: tag >> 3), number > 0 else { throw Self.malformed }
        return Field(number: number, whole: start..<position, body: body)
    }

    /// All fields of the message at once.
    static func fields(_ data: Data, _ range: Range<Int>) throws(ModelError) -> [Field] {
        var (reader, fields) = (ProtobufFields(data, range), [Field]())
        while let field = try reader.next() { fields.append(field) }
        return fields
    }

    private mutating func varint() throws(ModelError) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            guard position < end else { throw Self.malformed }
            let byte = data[position]
            position += 1
            value |= UInt64(byte & 127) << shift
            if byte < 128 { return value }
        }
        throw Self.malformed
    }

    private mutating func skip(_ count: Int) throws(ModelError) {
        guard count <= end - position else { throw Self.malformed }
        position += count
    }

    static let malformed = ModelError(.badVoice, "the voice is not a well-formed ONNX file")
}
