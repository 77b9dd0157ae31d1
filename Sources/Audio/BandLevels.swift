/// How loud eight bands of the telephone range are in one frame, in eight bytes: half decibels from ``floor`` on.
///
/// Small enough to travel beside every packet, and exact enough to tell one voice from another.
package struct BandLevels: Sendable, Equatable {
    /// The least level that is told apart, in dBFS; digital silence has it.
    package static let floor: Float = -100
    /// How long one frame is.
    package static let frame = Duration.milliseconds(10)
    /// Every band at ``floor``.
    package static let silence = BandLevels(decibels: SIMD8(repeating: floor))

    private let bits: UInt64

    /// - Parameter decibels: dBFS, lowest band first; what is no number or beyond -100...27.5 counts as the nearest that is.
    package init(decibels: SIMD8<Float>) {
        var bits: UInt64 = 0
        for band in 0..<8 {
            // max and min in this order make not-a-number the least.
            let steps = min(255, max(0, (decibels[band] - Self.floor) * 2))
            bits |= UInt64(steps.rounded()) << UInt64(8 * band)
        }
        self.bits = bits
    }

    /// dBFS, lowest band first.
    package var decibels: SIMD8<Float> {
        let bytes = SIMD8<UInt64>(repeating: bits) &>> SIMD8(0, 8, 16, 24, 32, 40, 48, 56) & 0xFF
        return SIMD8<Float>(bytes) * 0.5 + Self.floor
    }
}

/// Measures the levels of eight bands from 200 to 3600 Hz, frame by frame, as samples come. Allocates nothing.
package struct BandMeter: Sendable {
    private let frameSize: Int
    private let b0, a1, a2: SIMD8<Float>
    /// The two past inputs, the same for all bands, and the two past outputs of each band.
    private var x1: Float = 0
    private var x2: Float = 0
    private var y1 = SIMD8<Float>.zero
    private var y2 = SIMD8<Float>.zero
    private var energy = SIMD8<Float>.zero
    private var count = 0

    /// Edges at equal steps of the mel scale, in hertz.
    private static let edges = [200, 394.3, 630.6, 917.9, 1267.2, 1692, 2208.5, 2836.4, 3600]

    /// - Parameter sampleRate: Hertz, at least 8000.
    package init(sampleRate: Int) {
        precondition(sampleRate >= 8000, "the bands reach to 3600 Hz")
        frameSize = sampleRate / 100
        var (b0, a1, a2) = (SIMD8<Float>.zero, SIMD8<Float>.zero, SIMD8<Float>.zero)
        for band in 0..<8 {
            let (low, high) = (Self.edges[band], Self.edges[band + 1])
            // A band-pass of second order whose gain is 1 at the middle.
            let turn = 2 * (low * high).squareRoot() / Double(sampleRate)
            let alpha = Elementary.sinPi(turn) * (high - low) / (2 * (low * high).squareRoot())
            b0[band] = Float(alpha / (1 + alpha))
            a1[band] = Float(-2 * Elementary.cosPi(turn) / (1 + alpha))
            a2[band] = Float((1 - alpha) / (1 + alpha))
        }
        (self.b0, self.a1, self.a2) = (b0, a1, a2)
    }

    /// Takes samples, and hands on the levels of each frame that they complete, in dBFS and at least ``BandLevels/floor``.
    package mutating func measure(_ samples: Span<Float>, frame: (SIMD8<Float>) -> Void) {
        for index in samples.indices {
            let x = samples[index]
            let y = b0 * SIMD8(repeating: x - x2) - a1 * y1 - a2 * y2
            (x2, x1, y2, y1) = (x1, x, y1, y)
            energy += y * y
            count += 1
            guard count == frameSize else { continue }
            frame(Self.decibels(power: energy * (1 / Float(frameSize))))
            (energy, count) = (.zero, 0)
            // What is no number would stay in the filters for ever, and what is next to nothing would make them slow.
            let size = (y1 * y1 + y2 * y2).sum()
            if !(size > 1e-24 && size < 1e12) { (x1, x2, y1, y2) = (0, 0, .zero, .zero) }
        }
    }

    /// Decibels by the exponent and a polynomial for the mantissa: within 0.01 dB.
    static func decibels(power: SIMD8<Float>) -> SIMD8<Float> {
        let least = SIMD8<Float>(repeating: 1e-10)
        let clean = power.replacing(with: least, where: .!(power .> least)).replacing(with: 1e4, where: power .> 1e4)
        let bits = SIMD8<UInt32>(
            clean[0].bitPattern, clean[1].bitPattern, clean[2].bitPattern, clean[3].bitPattern, clean[4].bitPattern, clean[5].bitPattern,
            clean[6].bitPattern, clean[7].bitPattern)
        let exponent = SIMD8<Float>(bits &>> 23) - 127
        let m = SIMD8<Float>(bits & 0x7F_FFFF) * (1 / 8_388_608)
        let mantissa = m * (1.438_073 + m * (-0.674_767 + m * (0.317_001 - m * 0.080_307)))
        return (exponent + mantissa) * 3.010_3
    }
}
