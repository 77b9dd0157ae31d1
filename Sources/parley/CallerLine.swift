import Audio
import OpusCodec
import Wire

/// What carries a caller's voice to the server.
enum CallerLine: String, Sendable {
    /// Opus of 16 kHz.
    case wideBand = "wide band"
    /// What a telephone leaves of a voice: G.711 mu-law of 8 kHz.
    case telephone

    var format: AudioFormat {
        switch self {
        case .wideBand: AudioFormat(sampleRate: CallerSide.inputRate)
        case .telephone: AudioFormat(codec: .muLaw, sampleRate: 8_000)
        }
    }
}

/// Makes packets of what a microphone hears, 20 ms at a time.
struct LineEncoder: ~Copyable {
    private var opus: OpusEncoder
    /// From the microphone's rate to the telephone's; nil on a line of wide band.
    private var narrowing: Resampler?

    /// - Throws: `OpusError` when there is no memory for an encoder.
    init(_ line: CallerLine) throws {
        narrowing = line == .telephone ? try Resampler(from: CallerSide.inputRate, to: line.format.sampleRate) : nil
        var settings = OpusEncoder.Settings(sampleRate: CallerSide.inputRate)
        settings.bitrate = 24_000
        opus = try OpusEncoder(settings)
    }

    /// - Parameter frame: 20 ms at the microphone's rate.
    mutating func encode(_ frame: [Float]) throws -> [UInt8] {
        guard let samples = narrowing?.process(frame) else { return try opus.encode(frame) }
        return G711.muLaw.encode(samples)
    }
}
