/// Lets through a steady rate and bursts up to a bound.
struct TokenBucket {
    private let perSecond: Double
    private let capacity: Double
    private var level: Double
    /// Nanoseconds on the caller's clock, never falling.
    private var last: UInt64?

    /// - Parameters:
    ///   - perSecond: What flows in.
    ///   - capacity: What may go at once after a pause.
    init(perSecond: Double, capacity: Double) {
        (self.perSecond, self.capacity, level) = (perSecond, capacity, capacity)
    }

    /// Takes an amount, or nothing if there is not enough.
    mutating func take(_ amount: Double = 1, at nanoseconds: UInt64) -> Bool {
        if let last, nanoseconds > last { level = min(capacity, level + Double(nanoseconds - last) / 1e9 * perSecond) }
        last = max(nanoseconds, last ?? 0)
        guard level >= amount else { return false }
        level -= amount
        return true
    }
}
