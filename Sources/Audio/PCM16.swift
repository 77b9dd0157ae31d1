/// Signed 16-bit samples and their little-endian bytes. Full scale 1 is 32,768; what lies beyond is clipped, not-a-number becomes 0.
package enum PCM16 {
    /// The nearest 16-bit value; of two that are as near, the even one. Without branches or checks, so that loops of it become vector code.
    @inline(__always)
    package static func sample(_ value: Float) -> Int16 {
        let number = value * 32_768
        let clipped = number < 32_767 ? (number > -32_768 ? number : -32_768) : (number >= 32_767 ? 32_767 : 0)
        // Adding 1.5 * 2^23 leaves the nearest integer in the low bits.
        return Int16(truncatingIfNeeded: (clipped + 12_582_912).bitPattern)
    }

    /// A 16-bit value at full scale 1, exact.
    @inline(__always)
    package static func float(_ sample: Int16) -> Float { Float(sample) * (1 / 32_768) }

    /// Two bytes a sample, low byte first.
    package static func bytes(_ values: [Float]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(values.count * 2)
        append(values.span, to: &bytes)
        return bytes
    }

    /// Appends two bytes a sample, low byte first.
    package static func append(_ values: Span<Float>, to bytes: inout [UInt8]) {
        for index in values.indices {
            let sample = UInt16(bitPattern: sample(values[index]))
            bytes.append(UInt8(truncatingIfNeeded: sample))
            bytes.append(UInt8(truncatingIfNeeded: sample >> 8))
        }
    }

    /// The samples of little-endian bytes; an odd last byte is left out.
    package static func floats(bytes: [UInt8]) -> [Float] {
        var values: [Float] = []
        values.reserveCapacity(bytes.count / 2)
        append(bytes.span, to: &values)
        return values
    }

    /// Appends the samples of little-endian bytes; an odd last byte is left out.
    package static func append(_ bytes: Span<UInt8>, to values: inout [Float]) {
        for index in stride(from: 0, to: bytes.count - 1, by: 2) {
            values.append(float(Int16(bitPattern: UInt16(bytes[index]) | UInt16(bytes[index + 1]) << 8)))
        }
    }
}
