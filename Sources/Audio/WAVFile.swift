/// A WAVE file in memory, and the writing of one.
package struct WAVFile: Sendable, Equatable {
    /// Hertz, 1...768,000.
    package let sampleRate: Int
    /// Samples a frame, 1...64.
    package let channelCount: Int
    /// All channels by turns; full scale 1; whole frames only, finite values only.
    package let samples: [Float]

    init(sampleRate: Int, channelCount: Int, samples: [Float]) {
        (self.sampleRate, self.channelCount, self.samples) = (sampleRate, channelCount, samples)
    }

    /// The mean of all channels.
    package var mono: PCMAudio {
        PCMAudio(sampleRate: sampleRate, samples: StereoMix.mono(samples, channels: channelCount))
    }

    /// One channel, 0..<channelCount.
    package func channel(_ index: Int) -> PCMAudio {
        PCMAudio(sampleRate: sampleRate, samples: StereoMix.mono(samples, channels: channelCount, channel: index))
    }

    /// A 16-bit mono file; samples beyond full scale are clipped.
    package static func encode(_ audio: PCMAudio) -> [UInt8] {
        encode(audio.samples, channels: 1, sampleRate: audio.sampleRate)
    }

    /// A 16-bit stereo file; the shorter side is followed by silence.
    ///
    /// - Throws: `rateMismatch` if the rates differ.
    package static func encode(left: PCMAudio, right: PCMAudio) throws(AudioError) -> [UInt8] {
        encode(try StereoMix.interleaved(left: left, right: right), channels: 2, sampleRate: left.sampleRate)
    }

    /// The 44 bytes before the samples of a 16-bit file.
    ///
    /// - Parameter sampleBytes: Bytes of samples that follow; nil if not known yet, which readers take as "until the end".
    package static func header(channels: Int, sampleRate: Int, sampleBytes: Int?) -> [UInt8] {
        let size = min(sampleBytes ?? 0xFFFF_FFFF, 0xFFFF_FFFF)
        var header = [UInt8]("RIFF".utf8)
        header.append(number: min(size + 36, 0xFFFF_FFFF), size: 4)
        header.append(contentsOf: "WAVEfmt ".utf8)
        header.append(number: 16, size: 4)
        header.append(number: 1, size: 2)
        header.append(number: channels, size: 2)
        header.append(number: sampleRate, size: 4)
        header.append(number: sampleRate * channels * 2, size: 4)
        header.append(number: channels * 2, size: 2)
        header.append(number: 16, size: 2)
        header.append(contentsOf: "data".utf8)
        header.append(number: size, size: 4)
        return header
    }

    private static func encode(_ samples: [Float], channels: Int, sampleRate: Int) -> [UInt8] {
        var file = header(channels: channels, sampleRate: sampleRate, sampleBytes: samples.count * 2)
        file.reserveCapacity(file.count + samples.count * 2)
        PCM16.append(samples.span, to: &file)
        return file
    }
}
