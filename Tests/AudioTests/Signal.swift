import Foundation

/// Test signals and their measurement.
enum Signal {
    static func tone(_ frequency: Double, rate: Int, count: Int, amplitude: Double = 0.5) -> [Float] {
        (0..<count).map { Float(amplitude * sin(2 * .pi * frequency * Double($0) / Double(rate))) }
    }

    static func noise(_ count: Int, seed: UInt64) -> [Float] {
        var random = SeededGenerator(seed: seed)
        return (0..<count).map { _ in Float.random(in: -0.5...0.5, using: &random) }
    }

    /// The sine that fits best, away from both ends: amplitude, phase against `tone` in radians, and the peak amplitude of a residual of equal power.
    static func fit(_ samples: [Float], frequency: Double, rate: Int, margin: Int) -> (amplitude: Double, phase: Double, residual: Double) {
        let step = 2 * Double.pi * frequency / Double(rate)
        var (ss, sc, cc, xs, xc, xx) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
        for index in margin..<(samples.count - margin) {
            let (x, s, c) = (Double(samples[index]), sin(step * Double(index)), cos(step * Double(index)))
            (ss, sc, cc) = (ss + s * s, sc + s * c, cc + c * c)
            (xs, xc, xx) = (xs + x * s, xc + x * c, xx + x * x)
        }
        let determinant = ss * cc - sc * sc
        let (a, b) = ((xs * cc - xc * sc) / determinant, (xc * ss - xs * sc) / determinant)
        let left = max(1e-30, xx - a * xs - b * xc) / Double(samples.count - 2 * margin)
        return ((a * a + b * b).squareRoot(), atan2(b, a), (2 * left).squareRoot())
    }
}

/// SplitMix64: the same numbers on every run.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
