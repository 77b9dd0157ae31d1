extension PCMAudio {
    /// The same sound at another rate, unshifted in time.
    ///
    /// - Parameter rate: Hertz, 4000...192,000.
    /// - Returns: Exactly `ceil(samples.count * rate / sampleRate)` samples; itself if the rate is the same.
    /// - Throws: `unsupportedRate`, as ``Resampler``.
    package func resampled(to rate: Int) throws(AudioError) -> PCMAudio {
        if rate == sampleRate { return self }
        var resampler = try Resampler(from: sampleRate, to: rate)
        var output: [Float] = []
        output.reserveCapacity(samples.count * rate / sampleRate + 1)
        resampler.process(samples.span, appendingTo: &output)
        output.append(contentsOf: resampler.flush())
        return PCMAudio(sampleRate: rate, samples: output)
    }
}
