/// Evidence that adds up: the logarithm of the odds that something is so. 0 is even, 2 is 0.88, -2 is 0.12.
///
/// Computed by fractions that are right within a few hundredths inside 0.05...0.95 and end at ±3.67, so that no single answer counts for
/// more than that.
enum LogOdds {
    /// - Parameter probability: 0...1; what lies outside is taken as the nearest, NaN as even.
    static func of(_ probability: Double) -> Double {
        guard !probability.isNaN else { return 0 }
        let y = 2 * min(max(probability, 0), 1) - 1
        return 2 * y * (15 - 4 * y * y) / (15 - 9 * y * y)
    }

    /// The probability that log odds stand for, 0...1, for people to read.
    static func probability(_ odds: Double) -> Double {
        let z = min(max(odds / 2, -3), 3)
        return 0.5 + 0.5 * z * (27 + z * z) / (27 + 9 * z * z)
    }
}
