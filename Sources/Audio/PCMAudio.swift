/// A run of mono samples at one sample rate. Copies share storage until one is written.
package struct PCMAudio: Sendable, Equatable {
    /// Samples per second, in hertz; positive.
    package let sampleRate: Int
    /// Oldest first; full scale is -1...1, values beyond are clipped when they are made into integers.
    package var samples: [Float]

    package init(sampleRate: Int, samples: [Float]) {
        precondition(sampleRate > 0, "a sample rate is positive")
        (self.sampleRate, self.samples) = (sampleRate, samples)
    }

    /// How long it plays.
    package var duration: Duration { .microseconds(samples.count * 1_000_000 / sampleRate) }
}

extension Duration {
    /// How many samples of one rate it spans, whole ones.
    package func samples(at rate: Int) -> Int { Int(self / .microseconds(1)) * rate / 1_000_000 }
}
