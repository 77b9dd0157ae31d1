/// Two mono tracks as one of two channels, for recordings with a side for each speaker.
package enum StereoMix {
    /// Left and right sample by turns; the shorter track is followed by silence.
    ///
    /// - Throws: `rateMismatch` if the rates differ.
    package static func interleaved(left: PCMAudio, right: PCMAudio) throws(AudioError) -> [Float] {
        guard left.sampleRate == right.sampleRate else {
            throw AudioError(.rateMismatch, "left \(left.sampleRate) Hz, right \(right.sampleRate) Hz")
        }
        let frames = max(left.samples.count, right.samples.count)
        var mixed = [Float](repeating: 0, count: frames * 2)
        for (index, sample) in left.samples.enumerated() { mixed[index * 2] = sample }
        for (index, sample) in right.samples.enumerated() { mixed[index * 2 + 1] = sample }
        return mixed
    }

    /// One channel of interleaved samples; the mean of all of them if `channel` is nil. An incomplete last frame is left out.
    ///
    /// - Parameter channels: Samples a frame; positive. `channel` lies below it.
    package static func mono(_ interleaved: [Float], channels: Int, channel: Int? = nil) -> [Float] {
        precondition(channels > 0 && (channel ?? 0) < channels && (channel ?? 0) >= 0, "a channel that exists")
        if channels == 1 { return interleaved }
        return (0..<interleaved.count / channels).map { frame in
            if let channel { return interleaved[frame * channels + channel] }
            var sum: Float = 0
            for channel in 0..<channels { sum += interleaved[frame * channels + channel] }
            return sum / Float(channels)
        }
    }
}
