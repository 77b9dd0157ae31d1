/// How loud a run of samples is, in decibels of full scale (dBFS); a full-scale square wave has 0, a full-scale sine -3.01.
package enum Loudness {
    /// What digital silence measures.
    package static let silence: Float = -120

    /// Root mean square; ``silence`` for no samples, and at least that.
    package static func rms(_ samples: Span<Float>) -> Float {
        guard !samples.isEmpty else { return silence }
        return decibels(power: energy(samples) / Float(samples.count))
    }

    /// Root mean square; ``silence`` for no samples, and at least that.
    package static func rms(_ samples: [Float]) -> Float { rms(samples.span) }

    /// The largest magnitude, 0 for no samples.
    package static func peak(_ samples: Span<Float>) -> Float {
        var peak: Float = 0
        for index in samples.indices { peak = max(peak, abs(samples[index])) }
        return peak
    }

    /// The largest magnitude, 0 for no samples.
    package static func peak(_ samples: [Float]) -> Float { peak(samples.span) }

    /// The gain that is so many decibels; -6.02 halves.
    package static func gain(decibels: Float) -> Float {
        Float(Elementary.exp(Double(max(-600, min(600, decibels))) / 20 * Elementary.ln10))
    }

    /// Decibels of a mean square, at least ``silence``; not-a-number counts as silence.
    package static func decibels(power: Float) -> Float {
        guard power > 1e-12 else { return silence }
        guard power.isFinite else { return -silence }
        return Float(10 * Elementary.log(Double(power)) / Elementary.ln10)
    }

    private static func energy(_ samples: Span<Float>) -> Float {
        var lanes = SIMD4<Float>.zero
        var index = 0
        while index &+ 4 <= samples.count {
            let four = SIMD4(samples[index], samples[index &+ 1], samples[index &+ 2], samples[index &+ 3])
            lanes += four * four
            index &+= 4
        }
        var energy = lanes.sum()
        while index < samples.count {
            energy += samples[index] * samples[index]
            index &+= 1
        }
        return energy
    }
}
