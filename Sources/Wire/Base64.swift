/// Bytes as text of 64 signs, with padding, as RFC 4648 has it.
package enum Base64 {
    private static let signs = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let pad = UInt8(ascii: "=")
    /// Value by sign; 255 is none.
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: 255, count: 256)
        for (value, sign) in signs.enumerated() { values[Int(sign)] = UInt8(value) }
        return values
    }()

    package static func text(_ bytes: [UInt8]) -> String {
        var out: [UInt8] = []
        append(bytes, to: &out)
        return String(decoding: out, as: UTF8.self)
    }

    /// Appends the text in ASCII.
    package static func append(_ bytes: [UInt8], to out: inout [UInt8]) {
        out.reserveCapacity(out.count + (bytes.count + 2) / 3 * 4)
        var place = 0
        while place < bytes.count {
            let left = bytes.count - place
            let first = bytes[place]
            let second = left > 1 ? bytes[place + 1] : 0
            let third = left > 2 ? bytes[place + 2] : 0
            out.append(signs[Int(first >> 2)])
            out.append(signs[Int((first & 3) << 4 | second >> 4)])
            out.append(left > 1 ? signs[Int((second & 15) << 2 | third >> 6)] : pad)
            out.append(left > 2 ? signs[Int(third & 63)] : pad)
            place += 3
        }
    }

    /// How many bytes a padded text stands for.
    package static func byteCount(_ text: String) -> Int { text.utf8.count / 4 * 3 - text.utf8.suffix(2).count { $0 == pad } }

    /// The bytes of a text; nil where it is not base64. Padding may be missing; nothing else may stand between the signs.
    package static func bytes(_ text: String) -> [UInt8]? {
        var signs = Array(text.utf8)
        while signs.last == pad, signs.count > 0, text.utf8.count - signs.count < 2 { signs.removeLast() }
        if signs.count < text.utf8.count, !text.utf8.count.isMultiple(of: 4) { return nil }
        guard signs.count % 4 != 1 else { return nil }
        var out: [UInt8] = []
        out.reserveCapacity(signs.count * 3 / 4)
        var (bits, count): (UInt32, Int) = (0, 0)
        for sign in signs {
            let value = values[Int(sign)]
            guard value != 255 else { return nil }
            bits = bits << 6 | UInt32(value)
            count += 6
            guard count >= 8 else { continue }
            count -= 8
            out.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            bits &= (1 << UInt32(count)) - 1
        }
        // What is left over is filled with zeros, or two texts would mean the same bytes.
        return bits == 0 ? out : nil
    }
}
