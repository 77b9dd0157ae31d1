import Audio

/// What Opus offers.
package enum OpusFormat {
    /// Hertz that packets can be encoded from and decoded to.
    package static let rates = [8_000, 12_000, 16_000, 24_000, 48_000]

    /// The lowest Opus rate that keeps all of a signal: the rate itself if it is one, 48,000 above.
    package static func rate(keeping sampleRate: Int) -> Int { rates.first { $0 >= sampleRate } ?? 48_000 }
}
