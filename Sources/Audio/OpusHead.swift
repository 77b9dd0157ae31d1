/// The identification header of an Ogg Opus stream (RFC 7845, section 5.1).
package struct OpusHead: Sendable, Equatable {
    private static let magic = Array("OpusHead".utf8)

    /// 1 or more; the reader refuses what it cannot map (see ``init(_:)``).
    package var channelCount: Int
    /// Ticks of 1/48,000 s to leave out at the beginning, 0...65,535.
    package var preSkip: Int
    /// Hertz of what was encoded, for people; 0 if unknown. Never the rate to decode at.
    package var inputSampleRate: Int
    /// Gain to apply to what is decoded, in 1/256 dB.
    package var outputGain: Int

    package init(channelCount: Int, preSkip: Int, inputSampleRate: Int, outputGain: Int = 0) {
        (self.channelCount, self.preSkip, self.inputSampleRate, self.outputGain) = (channelCount, preSkip, inputSampleRate, outputGain)
    }

    /// True if a packet begins like this header.
    package static func begins(_ bytes: [UInt8]) -> Bool { bytes.starts(with: magic) }

    /// - Throws: `badOpusHead` for anything but one mono or stereo stream of major version 0, mapping family 0.
    package init(_ bytes: [UInt8]) throws(AudioError) {
        var reader = ByteReader(bytes)
        guard let magic = reader.take(8), magic.elementsEqual(Self.magic) else { throw AudioError(.badOpusHead, "not an OpusHead") }
        guard let version = reader.int(1), let channels = reader.int(1), let preSkip = reader.int(2), let rate = reader.int(4),
            let gain = reader.int(2), let family = reader.int(1)
        else { throw AudioError(.badOpusHead, "a header of \(bytes.count) bytes") }
        guard version < 16, family == 0, (1...2).contains(channels) else {
            throw AudioError(.badOpusHead, "version \(version), mapping family \(family), \(channels) channels")
        }
        self.init(channelCount: channels, preSkip: preSkip, inputSampleRate: rate, outputGain: Int(Int16(truncatingIfNeeded: gain)))
    }

    /// The header's bytes, mapping family 0; numbers out of their range are clipped.
    package var bytes: [UInt8] {
        var bytes = Self.magic + [1, UInt8(max(1, min(2, channelCount)))]
        bytes.append(number: max(0, min(65_535, preSkip)), size: 2)
        bytes.append(number: max(0, min(0xFFFF_FFFF, inputSampleRate)), size: 4)
        bytes.append(number: max(-32_768, min(32_767, outputGain)), size: 2)
        bytes.append(0)
        return bytes
    }
}
