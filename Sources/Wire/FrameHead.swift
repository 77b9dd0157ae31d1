/// The head of one WebSocket frame (RFC 6455, section 5.2). Read without allocating.
package struct FrameHead: Equatable, Sendable {
    package enum Reading: Equatable, Sendable {
        /// The bytes end within the head.
        case more
        case whole(FrameHead)
        /// No frame can look like this; the rule that is broken.
        case malformed(String)
    }

    /// Whether it is the last of its message.
    package var isLast: Bool
    /// Whether it uses a bit that an extension would have to give a meaning.
    package var hasReserved: Bool
    package var opcode: UInt8
    /// Four bytes that the payload is masked with; nil where it is not.
    package var key: SIMD4<UInt8>?
    /// Bytes of the head, and of the payload behind it; what no number holds is the largest one.
    package var size: Int
    package var payload: Int

    package init(isLast: Bool, hasReserved: Bool, opcode: UInt8, key: SIMD4<UInt8>?, size: Int, payload: Int) {
        (self.isLast, self.hasReserved, self.opcode) = (isLast, hasReserved, opcode)
        (self.key, self.size, self.payload) = (key, size, payload)
    }

    package static func read(_ bytes: Span<UInt8>) -> Reading {
        guard bytes.count >= 2 else { return .more }
        let (first, second) = (bytes[0], bytes[1])
        let opcode = first & 0x0F
        let isLast = first & 0x80 != 0
        var payload = Int(second & 0x7F)
        if opcode >= FrameOpcode.close.rawValue {
            guard isLast else { return .malformed("a control frame in pieces") }
            guard payload < 126 else { return .malformed("a control frame has at most 125 bytes") }
        }
        var size = 2
        if payload >= 126 {
            let width = payload == 126 ? 2 : 8
            guard bytes.count >= 2 + width else { return .more }
            var length: UInt64 = 0
            for place in 2..<(2 + width) { length = length << 8 | UInt64(bytes[place]) }
            payload = Int(clamping: length)
            size += width
        }
        var key: SIMD4<UInt8>?
        if second & 0x80 != 0 {
            guard bytes.count >= size + 4 else { return .more }
            key = SIMD4(bytes[size], bytes[size + 1], bytes[size + 2], bytes[size + 3])
            size += 4
        }
        return .whole(
            FrameHead(isLast: isLast, hasReserved: first & 0x70 != 0, opcode: opcode, key: key, size: size, payload: payload))
    }
}
