/// Base64 of RFC 4648, for audio in text messages.
enum Base64 {
    private static let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    /// The value of each byte; 255 for what is no letter, 254 for padding.
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: 255, count: 256)
        for (value, letter) in letters.enumerated() { values[Int(letter)] = UInt8(value) }
        values[Int(UInt8(ascii: "-"))] = 62
        values[Int(UInt8(ascii: "_"))] = 63
        values[Int(UInt8(ascii: "="))] = 254
        return values
    }()

    /// The bytes that a text stands for, padded or not; nil if it is no base64.
    static func decoded(_ text: String) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count / 4 * 3 + 3)
        var (bits, count, padding): (UInt32, Int, Int) = (0, 0, 0)
        for letter in text.utf8 {
            let value = values[Int(letter)]
            if value == 254 {
                padding += 1
                continue
            }
            guard value < 64, padding == 0 else { return nil }
            bits = bits << 6 | UInt32(value)
            count += 1
            guard count == 4 else { continue }
            bytes.append(UInt8(truncatingIfNeeded: bits >> 16))
            bytes.append(UInt8(truncatingIfNeeded: bits >> 8))
            bytes.append(UInt8(truncatingIfNeeded: bits))
            (bits, count) = (0, 0)
        }
        guard padding <= 2 else { return nil }
        switch count {
        case 0: break
        case 2: bytes.append(UInt8(truncatingIfNeeded: bits >> 4))
        case 3:
            bytes.append(UInt8(truncatingIfNeeded: bits >> 10))
            bytes.append(UInt8(truncatingIfNeeded: bits >> 2))
        default: return nil
        }
        return bytes
    }

    /// Appends the text that stands for the bytes, padded.
    static func append(_ bytes: [UInt8], to text: inout [UInt8]) {
        text.reserveCapacity(text.count + (bytes.count + 2) / 3 * 4)
        var place = 0
        while place < bytes.count {
            let rest = bytes.count - place
            let bits =
                UInt32(bytes[place]) << 16 | (rest > 1 ? UInt32(bytes[place + 1]) << 8 : 0) | (rest > 2 ? UInt32(bytes[place + 2]) : 0)
            text.append(letters[Int(bits >> 18)])
            text.append(letters[Int(bits >> 12 & 63)])
            text.append(rest > 1 ? letters[Int(bits >> 6 & 63)] : UInt8(ascii: "="))
            text.append(rest > 2 ? letters[Int(bits & 63)] : UInt8(ascii: "="))
            place += 3
        }
    }
}
