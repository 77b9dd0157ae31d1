/// Counts durations so that any percentile can be told within a thousandth of its value, in memory that does not grow with their number.
///
/// Buckets are linear within each power of two microseconds. Copies count on their own.
package struct LatencyHistogram: Sendable, Equatable {
    /// Buckets that a power of two is cut into: 2^10.
    private static let bits = 10
    /// Longest duration that is told apart, in microseconds: a little over 19 hours.
    private static let longest = (1 << 36) - 1

    package private(set) var count = 0
    /// The longest, exactly. Zero without values.
    package private(set) var maximum = Duration.zero
    private var buckets: [UInt32] = []

    package init() {}

    /// Counts one value. Negative ones count as zero, which is what they are within the clock's accuracy.
    package mutating func record(_ value: Duration) {
        let microseconds = min(max(Int(value / .microseconds(1)), 0), Self.longest)
        let index = Self.index(of: microseconds)
        if index >= buckets.count { buckets += [UInt32](repeating: 0, count: index + 1 - buckets.count) }
        buckets[index] &+= 1
        count += 1
        maximum = max(maximum, value)
    }

    /// The value that a share of all does not exceed, at most 0.1 % too high; nil without values.
    ///
    /// - Parameter share: 0...1; 1 is the maximum.
    package func percentile(_ share: Double) -> Duration? {
        guard count > 0 else { return nil }
        let rank = min(max(Int((share * Double(count)).rounded(.up)), 1), count)
        if rank == count { return maximum }
        var seen = 0
        for (index, number) in buckets.enumerated() where number > 0 {
            seen += Int(number)
            if seen >= rank { return min(.microseconds(Self.highest(in: index)), maximum) }
        }
        return maximum
    }

    private static func index(of microseconds: Int) -> Int {
        let shift = max(0, Int.bitWidth - microseconds.leadingZeroBitCount - bits - 1)
        return shift << bits + microseconds >> shift
    }

    /// The largest value that falls into a bucket.
    private static func highest(in index: Int) -> Int {
        let shift = max(0, index >> bits - 1)
        return (index - shift << bits + 1) << shift - 1
    }
}
