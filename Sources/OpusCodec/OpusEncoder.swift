import COpus

/// Encodes mono samples of full scale 1 as Opus packets of one length.
///
/// It carries state from frame to frame, so it has one owner, frees itself with it, and must not be used from two places at once.
package struct OpusEncoder: ~Copyable {
    package enum Application: Sendable {
        /// SILK, and above 8 kHz CELT.
        case voip
        case audio
        /// CELT alone.
        case lowDelay
    }

    /// How to encode. Values out of range are refused by the encoder's `init`.
    package struct Settings: Sendable, Equatable {
        /// 8000, 12,000, 16,000, 24,000 or 48,000 hertz.
        package var sampleRate: Int
        package var application = Application.voip
        /// Bits a second, 6000...510,000; nil leaves it to the library.
        package var bitrate: Int?
        /// 0 (cheap)...10 (good).
        package var complexity = 5
        /// Frames of speech repeat the one before at low rate. It is used only with an `expectedLoss` above 0, from some 16 kbit/s on.
        package var fec = false
        /// Percent of packets that get lost, 0...100.
        package var expectedLoss = 0
        /// Silence is sent as packets of a byte or two, which need not be sent at all.
        package var dtx = false
        /// Milliseconds of a packet: 10, 20, 40 or 60.
        package var frameMilliseconds = 20

        package init(sampleRate: Int) { self.sampleRate = sampleRate }
    }

    /// Bytes that always hold a packet of this encoder.
    package static let longestPacket = 4_000

    package let settings: Settings
    /// Samples of one frame.
    package let frameSize: Int
    private let encoder: OpaquePointer
    private var scratch: [UInt8]

    /// - Throws: `unsupportedFormat` for settings out of range, `library` if there is no memory.
    package init(_ settings: Settings) throws(OpusError) {
        guard OpusFormat.rates.contains(settings.sampleRate), [10, 20, 40, 60].contains(settings.frameMilliseconds),
            (6_000...510_000).contains(settings.bitrate ?? 6_000), (0...10).contains(settings.complexity),
            (0...100).contains(settings.expectedLoss)
        else { throw OpusError(.unsupportedFormat, "\(settings)") }
        let application =
            switch settings.application {
            case .voip: OPUS_APPLICATION_VOIP
            case .audio: OPUS_APPLICATION_AUDIO
            case .lowDelay: OPUS_APPLICATION_RESTRICTED_LOWDELAY
            }
        var status = OPUS_OK
        guard let made = opus_encoder_create(Int32(settings.sampleRate), 1, application, &status), status == OPUS_OK else {
            throw OpusError(status: status)
        }
        for status in [
            copus_set_bitrate(made, settings.bitrate.map { Int32($0) } ?? OPUS_AUTO),
            copus_set_complexity(made, Int32(settings.complexity)),
            copus_set_inband_fec(made, settings.fec ? 1 : 0),
            copus_set_packet_loss(made, Int32(settings.expectedLoss)),
            copus_set_dtx(made, settings.dtx ? 1 : 0),
        ] where status != OPUS_OK {
            opus_encoder_destroy(made)
            throw OpusError(status: status)
        }
        encoder = made
        self.settings = settings
        frameSize = settings.sampleRate * settings.frameMilliseconds / 1_000
        scratch = [UInt8](repeating: 0, count: Self.longestPacket)
    }

    deinit { opus_encoder_destroy(encoder) }

    /// Samples by which what is decoded lags behind what was encoded.
    package var lookahead: Int {
        var samples: Int32 = 0
        _ = copus_get_lookahead(encoder, &samples)
        return Int(samples)
    }

    /// Encodes one frame; allocates nothing.
    ///
    /// - Parameters:
    ///   - pcm: Exactly ``frameSize`` samples; beyond full scale they may be clipped.
    ///   - output: Takes the packet; ``longestPacket`` bytes always suffice, fewer limit the bitrate.
    /// - Returns: Bytes of the packet. With DTX, one of 1 or 2 bytes need not be sent.
    /// - Throws: `unsupportedFormat` for another number of samples, `outputTooSmall`.
    package mutating func encode(_ pcm: Span<Float>, into output: inout MutableSpan<UInt8>) throws(OpusError) -> Int {
        try Self.encode(encoder, pcm, frameSize: frameSize, into: &output)
    }

    /// Encodes one frame of exactly ``frameSize`` samples.
    ///
    /// - Throws: As ``encode(_:into:)``.
    package mutating func encode(_ pcm: [Float]) throws(OpusError) -> [UInt8] {
        let count = try Self.encode(encoder, pcm.span, frameSize: frameSize, into: &scratch)
        return Array(scratch.prefix(count))
    }

    /// Changes the rate from the next frame on.
    ///
    /// - Parameter bitrate: Bits a second, 6000...510,000; clipped.
    package mutating func setBitrate(_ bitrate: Int) { _ = copus_set_bitrate(encoder, Int32(max(6_000, min(510_000, bitrate)))) }

    /// Adapts the redundancy to the loss that is observed.
    ///
    /// - Parameter percent: 0...100; clipped.
    package mutating func setExpectedLoss(_ percent: Int) { _ = copus_set_packet_loss(encoder, Int32(max(0, min(100, percent)))) }

    /// Forgets the stream; the next frame begins another one. The settings stay.
    package mutating func reset() { _ = copus_reset_encoder(encoder) }

    private static func encode(
        _ encoder: OpaquePointer, _ pcm: Span<Float>, frameSize: Int, into scratch: inout [UInt8]
    ) throws(OpusError) -> Int {
        var output = scratch.mutableSpan
        return try encode(encoder, pcm, frameSize: frameSize, into: &output)
    }

    private static func encode(
        _ encoder: OpaquePointer, _ pcm: Span<Float>, frameSize: Int, into output: inout MutableSpan<UInt8>
    ) throws(OpusError) -> Int {
        guard pcm.count == frameSize else { throw OpusError(.unsupportedFormat, "\(pcm.count) samples, not \(frameSize)") }
        guard !output.isEmpty else { throw OpusError(.outputTooSmall, "no room for a packet") }
        let status = pcm.withUnsafeBufferPointer { samples in
            output.withUnsafeMutableBufferPointer { bytes in
                guard let frame = samples.baseAddress, let room = bytes.baseAddress else { return OPUS_BUFFER_TOO_SMALL }
                return opus_encode_float(encoder, frame, Int32(frameSize), room, Int32(clamping: bytes.count))
            }
        }
        guard status >= 0 else { throw OpusError(status: status) }
        return Int(status)
    }
}
