/// What one Opus packet says of itself (RFC 6716, sections 3 and 4.2), read without decoding and without allocating.
package struct OpusPacket: Sendable, Equatable {
    package enum Mode: Sendable { case silk, hybrid, celt }

    /// Audio bandwidth; the raw value is its upper end in hertz.
    package enum Bandwidth: Int, Sendable, Comparable {
        case narrow = 4_000
        case medium = 6_000
        case wide = 8_000
        case superWide = 12_000
        case full = 20_000

        package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
    }

    /// The rate of every duration here: ticks of 1/48,000 s.
    package static let clockRate = 48_000
    /// 120 ms in ticks, the longest packet.
    package static let longestDuration = 5_760

    package let mode: Mode
    package let bandwidth: Bandwidth
    /// 1 or 2.
    package let channelCount: Int
    /// Ticks of one frame: 120, 240, 480, 960, 1920 or 2880.
    package let frameDuration: Int
    /// 1...48.
    package let frameCount: Int
    /// True if no frame carries more than one byte: the sender is silent.
    package let isDTX: Bool
    /// True if the packet repeats, at low rate, what the packet before it said.
    package let hasFEC: Bool
    /// Whether the sender's encoder found voice in it; nil where it does not tell: in anything but a single SILK frame. Without voice a frame needs next
    /// to nothing of the packets before it.
    package let hasVoice: Bool?

    /// Ticks of the whole packet, at most ``longestDuration``.
    package var duration: Int { frameDuration * frameCount }

    /// Samples of the whole packet at an Opus rate.
    package func sampleCount(at rate: Int) -> Int { duration * rate / Self.clockRate }

    /// Reads and checks a packet against every rule of RFC 6716, section 3.4.
    ///
    /// - Throws: `badOpusPacket`.
    package init(_ bytes: Span<UInt8>) throws(AudioError) {
        guard !bytes.isEmpty else { throw AudioError(.badOpusPacket, "an empty packet") }
        let toc = Int(bytes[0])
        let configuration = toc >> 3
        channelCount = toc & 4 == 0 ? 1 : 2
        (mode, bandwidth, frameDuration) = Self.layout(configuration)

        let frames = try Self.frames(bytes, code: toc & 3, frameDuration: frameDuration)
        frameCount = frames.count
        isDTX = frames.longest <= 1
        hasFEC = mode != .celt && frames.firstLength > 0 && Self.hasFEC(bytes[frames.first], frameDuration, channelCount)
        let tellsVoice = mode == .silk && frames.count == 1 && frames.firstLength > 1
        hasVoice = tellsVoice ? Self.hasVoice(bytes[frames.first], frameDuration, channelCount) : nil
    }

    /// What `init(_:)` reads, for an array.
    package init(_ bytes: [UInt8]) throws(AudioError) { try self.init(bytes.span) }

    private static func layout(_ configuration: Int) -> (Mode, Bandwidth, Int) {
        switch configuration {
        case 0..<12:
            let bandwidth: Bandwidth = configuration < 4 ? .narrow : configuration < 8 ? .medium : .wide
            return (.silk, bandwidth, configuration & 3 == 3 ? 2_880 : 480 << (configuration & 3))
        case 12..<16:
            return (.hybrid, configuration < 14 ? .superWide : .full, configuration & 1 == 0 ? 480 : 960)
        default:
            let bandwidth: Bandwidth = configuration < 20 ? .narrow : configuration < 24 ? .wide : configuration < 28 ? .superWide : .full
            return (.celt, bandwidth, 120 << (configuration & 3))
        }
    }

    private struct Frames {
        var count: Int
        var first: Int  // where the first frame begins
        var firstLength: Int
        var longest: Int
    }

    private static func frames(_ bytes: Span<UInt8>, code: Int, frameDuration: Int) throws(AudioError) -> Frames {
        let left = bytes.count - 1
        switch code {
        case 0:
            guard left <= 1_275 else { throw AudioError(.badOpusPacket, "a frame above 1275 bytes") }
            return Frames(count: 1, first: 1, firstLength: left, longest: left)
        case 1:
            guard left % 2 == 0, left / 2 <= 1_275 else { throw AudioError(.badOpusPacket, "two frames cannot be equal") }
            return Frames(count: 2, first: 1, firstLength: left / 2, longest: left / 2)
        case 2:
            let (size, used) = try length(bytes, at: 1)
            let rest = left - used - size
            guard (0...1_275).contains(rest) else { throw AudioError(.badOpusPacket, "a frame beyond the packet") }
            return Frames(count: 2, first: 1 + used, firstLength: size, longest: max(size, rest))
        default:
            return try manyFrames(bytes, frameDuration: frameDuration)
        }
    }

    private static func manyFrames(_ bytes: Span<UInt8>, frameDuration: Int) throws(AudioError) -> Frames {
        guard bytes.count >= 2 else { throw AudioError(.badOpusPacket, "no frame count") }
        let count = Int(bytes[1] & 0x3F)
        guard count > 0, count * frameDuration <= longestDuration else { throw AudioError(.badOpusPacket, "no frames, or above 120 ms") }
        var (place, end) = (2, bytes.count)
        if bytes[1] & 0x40 != 0 {
            var step = 255
            while step == 255 {
                guard place < end else { throw AudioError(.badOpusPacket, "padding beyond the packet") }
                step = Int(bytes[place])
                place += 1
                end -= step == 255 ? 254 : step
            }
            guard place <= end else { throw AudioError(.badOpusPacket, "padding beyond the packet") }
        }
        guard bytes[1] & 0x80 != 0 else {
            let size = (end - place) / count
            guard size * count == end - place, size <= 1_275 else { throw AudioError(.badOpusPacket, "frames cannot be equal") }
            return Frames(count: count, first: place, firstLength: size, longest: size)
        }
        var (first, longest, sum) = (0, 0, 0)
        for frame in 0..<(count - 1) {
            let (size, used) = try length(bytes.extracting(0..<end), at: place)
            if frame == 0 { first = size }
            (longest, sum, place) = (max(longest, size), sum + size, place + used)
        }
        let last = end - place - sum
        guard (0...1_275).contains(last) else { throw AudioError(.badOpusPacket, "a frame beyond the packet") }
        return Frames(count: count, first: place, firstLength: count == 1 ? last : first, longest: max(longest, last))
    }

    /// A frame length of one or two bytes, section 3.2.1.
    private static func length(_ bytes: Span<UInt8>, at place: Int) throws(AudioError) -> (size: Int, used: Int) {
        guard place < bytes.count else { throw AudioError(.badOpusPacket, "no frame length") }
        let first = Int(bytes[place])
        guard first >= 252 else { return (first, 1) }
        guard place + 1 < bytes.count else { throw AudioError(.badOpusPacket, "half a frame length") }
        return (first + 4 * Int(bytes[place + 1]), 2)
    }

    // The first bits of a SILK frame are, a channel at a time, one voice flag for each 20 ms and then the flag of redundancy. They have
    // even odds, so they stand in the first byte as they are.

    private static func hasFEC(_ byte: UInt8, _ frameDuration: Int, _ channels: Int) -> Bool {
        let voiceFlags = max(1, frameDuration / 960)
        let bits = Int(byte)
        return (bits >> (7 - voiceFlags)) & 1 == 1 || (channels == 2 && (bits >> (6 - 2 * voiceFlags)) & 1 == 1)
    }

    private static func hasVoice(_ byte: UInt8, _ frameDuration: Int, _ channels: Int) -> Bool {
        let voiceFlags = max(1, frameDuration / 960)
        let flags = (1 << voiceFlags) - 1
        let bits = Int(byte)
        return bits >> (8 - voiceFlags) & flags != 0 || (channels == 2 && bits >> (7 - 2 * voiceFlags) & flags != 0)
    }
}
