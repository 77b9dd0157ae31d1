import Audio
import COpus

/// Decodes the Opus packets of one stream, in order, to mono samples of full scale 1.
///
/// Any packet of RFC 6716 is taken: mono and stereo, 2.5-120 ms, every bandwidth, changing at will. The decoder carries state from packet to
/// packet, so it has one owner, frees itself with it, and must not be used from two places at once. No method but `init` allocates.
package struct OpusDecoder: ~Copyable {
    /// Hertz of what comes out.
    package let sampleRate: Int
    private let decoder: OpaquePointer

    /// - Parameter sampleRate: 8000, 12,000, 16,000, 24,000 or 48,000 hertz.
    /// - Throws: `unsupportedFormat` for any other rate, `library` if there is no memory.
    package init(sampleRate: Int) throws(OpusError) {
        guard OpusFormat.rates.contains(sampleRate) else { throw OpusError(.unsupportedFormat, "a rate of \(sampleRate) Hz") }
        var status = OPUS_OK
        guard let made = opus_decoder_create(Int32(sampleRate), 1, &status), status == OPUS_OK else { throw OpusError(status: status) }
        (decoder, self.sampleRate) = (made, sampleRate)
    }

    deinit { opus_decoder_destroy(decoder) }

    /// Samples of the longest packet, 120 ms: room for that many always suffices.
    package var longestPacket: Int { OpusPacket.longestDuration * sampleRate / OpusPacket.clockRate }

    /// Decodes one packet.
    ///
    /// - Parameters:
    ///   - packet: One whole Opus packet.
    ///   - output: Takes the samples from its beginning on.
    /// - Returns: The number of samples written.
    /// - Throws: `corruptPacket` or `outputTooSmall`; the decoder stays usable.
    package mutating func decode(_ packet: Span<UInt8>, into output: inout MutableSpan<Float>) throws(OpusError) -> Int {
        let content: OpusPacket
        do { content = try OpusPacket(packet) } catch { throw OpusError(error) }
        let count = content.sampleCount(at: sampleRate)
        guard count <= output.count else { throw OpusError(.outputTooSmall, "\(count) samples into \(output.count)") }
        return try run(packet, into: &output, count: count, fec: false)
    }

    /// Fills a gap with what the decoder guesses from the packets before it; fades away within some 100 ms.
    ///
    /// - Parameters:
    ///   - samples: How many, a multiple of 2.5 ms, at most 120 ms.
    ///   - output: Takes the samples from its beginning on.
    /// - Throws: `unsupportedFormat` for another number, `outputTooSmall`.
    package mutating func conceal(samples: Int, into output: inout MutableSpan<Float>) throws(OpusError) {
        try check(samples, room: output.count)
        let nothing: [UInt8] = []
        _ = try run(nothing.span, into: &output, count: samples, fec: false)
    }

    /// Fills the gap just before a packet from the low-rate repetition it carries; then decode the packet itself.
    ///
    /// Where the packet has none (see ``OpusPacket/hasFEC``), or the gap is shorter than its frames, this conceals like
    /// ``conceal(samples:into:)``; a gap that is longer is concealed up to its last frame.
    /// - Parameters:
    ///   - nextPacket: The packet that came after the gap.
    ///   - samples: Length of the gap, a multiple of 2.5 ms, at most 120 ms.
    ///   - output: Takes the samples from its beginning on.
    /// - Throws: `corruptPacket`, `unsupportedFormat` for another number, `outputTooSmall`.
    package mutating func decodeFEC(_ nextPacket: Span<UInt8>, samples: Int, into output: inout MutableSpan<Float>) throws(OpusError) {
        do { _ = try OpusPacket(nextPacket) } catch { throw OpusError(error) }
        try check(samples, room: output.count)
        _ = try run(nextPacket, into: &output, count: samples, fec: true)
    }

    /// True if a valid packet repeats what the one before it said; false for anything else.
    package static func hasFEC(_ packet: Span<UInt8>) -> Bool { (try? OpusPacket(packet))?.hasFEC ?? false }

    /// Forgets the stream; the next packet begins another one. The gain stays.
    package mutating func reset() { _ = copus_reset_decoder(decoder) }

    /// Scales all that is decoded from now on.
    ///
    /// - Parameter gain: In 1/256 dB, -32,768...32,767 (clipped), as an Ogg Opus head gives it.
    package mutating func setOutputGain(_ gain: Int) { _ = copus_set_gain(decoder, Int32(max(-32_768, min(32_767, gain)))) }

    private func check(_ samples: Int, room: Int) throws(OpusError) {
        guard samples > 0, samples <= longestPacket, samples % (sampleRate / 400) == 0 else {
            throw OpusError(.unsupportedFormat, "\(samples) samples at \(sampleRate) Hz")
        }
        guard samples <= room else { throw OpusError(.outputTooSmall, "\(samples) samples into \(room)") }
    }

    /// An empty packet conceals.
    private mutating func run(
        _ packet: Span<UInt8>, into output: inout MutableSpan<Float>, count: Int, fec: Bool
    ) throws(OpusError) -> Int {
        let status = packet.withUnsafeBufferPointer { bytes in
            output.withUnsafeMutableBufferPointer { samples in
                guard let room = samples.baseAddress else { return OPUS_BUFFER_TOO_SMALL }
                let data = bytes.isEmpty ? nil : bytes.baseAddress
                return opus_decode_float(decoder, data, Int32(clamping: bytes.count), room, Int32(clamping: count), fec ? 1 : 0)
            }
        }
        guard status >= 0 else { throw OpusError(status: status) }
        return Int(status)
    }
}
