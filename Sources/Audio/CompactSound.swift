/// A stretch of sound in a byte a sample: blocks of 64 share a scale, which their loudest sample sets (block floating point).
///
/// A sample is off by at most 1/64 of the loudest in its block, and not at all where that is under 1/256 of full scale. In speech this is a noise some
/// 40 dB under the sound of the moment, far less than what a speech codec changes.
struct CompactSound: Sendable {
    private static let block = 64
    /// The most samples.
    let capacity: Int
    private(set) var count = 0
    /// Of each block the bits by which its samples were shifted, then the samples.
    private var bytes: [Int8]

    /// - Parameter capacity: A multiple of 64.
    init(capacity: Int) {
        self.capacity = capacity
        bytes = [Int8](repeating: 0, count: capacity / Self.block + capacity)
    }

    var isFull: Bool { count == capacity }

    /// Begins anew, in the same memory.
    mutating func removeAll() { count = 0 }

    /// Takes samples, at most as many as there is room for.
    mutating func append(_ samples: Span<Float>) {
        var taken = 0
        while taken < samples.count, count < capacity {
            let run = min(samples.count - taken, Self.block - count % Self.block)
            appendToBlock(samples.extracting(taken..<taken + run))
            taken += run
        }
    }

    private mutating func appendToBlock(_ samples: Span<Float>) {
        let (number, place) = (count / Self.block, count % Self.block)
        var peak: Int32 = 0
        for index in samples.indices {
            let value = Int32(PCM16.sample(samples[index]))
            peak = max(peak, value ^ (value >> 31))
        }
        var shift = Int32(max(0, Int32.bitWidth - peak.leadingZeroBitCount - 7))
        let start = capacity / Self.block + number * Self.block
        var bytes = bytes.mutableSpan
        if place > 0 {
            let more = shift - Int32(bytes[number])
            if more > 0 {
                for index in start..<start + place { bytes[index] = Self.shifted(Int32(bytes[index]), by: more) }
            } else {
                shift -= more
            }
        }
        bytes[number] = Int8(truncatingIfNeeded: shift)
        for index in samples.indices {
            bytes[start + place + index] = Self.shifted(Int32(PCM16.sample(samples[index])), by: shift)
        }
        count += samples.count
    }

    /// The nearest value, but for those that would need a bit more.
    @inline(__always)
    private static func shifted(_ value: Int32, by shift: Int32) -> Int8 {
        let half = (1 &<< shift) &>> 1 as Int32
        return Int8(truncatingIfNeeded: min(127, (value &+ half) &>> shift))
    }

    /// Appends the samples from one on, -1...1.
    func write(from start: Int, to samples: inout OutputSpan<Float>) {
        let values = bytes.span
        var place = max(0, start)
        while place < count {
            let number = place / Self.block
            let end = min(count, (number + 1) * Self.block)
            let scale = PCM16.float(1) * Float(1 << Int(values[number]))
            let block = values.extracting(capacity / Self.block + place..<capacity / Self.block + end)
            for index in block.indices { samples.append(Float(block[index]) * scale) }
            place = end
        }
    }
}
