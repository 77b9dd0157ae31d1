import Audio
import OpusCodec

/// What carries a caller's voice to the server.
enum CallerLine: String, Sendable {
    /// Opus of 16 kHz.
    case wideBand = "wide band"
    /// What a telephone leaves of a voice, G.711 mu-law of 8 kHz, brought as Twilio brings it.
    case telephone

    /// Samples a second of a telephone.
    static let telephoneRate = 8_000
}

/// Makes packets of what a microphone hears, 20 ms at a time.
struct LineEncoder: ~Copyable {
    private var opus: OpusEncoder
    /// From the microphone's rate to the telephone's; nil on a line of wide band.
    private var narrowing: Resampler?

    /// - Parameter loss: Percent of packets that get lost, 0...100; Opus then carries each frame of speech twice, as callers on such lines have it.
    /// - Throws: `OpusError` when there is no memory for an encoder, or the loss is out of range.
    init(_ line: CallerLine, loss: Int = 0) throws {
        narrowing = line == .telephone ? try Resampler(from: CallerSide.inputRate, to: CallerLine.telephoneRate) : nil
        var settings = OpusEncoder.Settings(sampleRate: CallerSide.inputRate)
        settings.bitrate = 24_000
        (settings.fec, settings.expectedLoss) = (loss > 0, loss)
        opus = try OpusEncoder(settings)
    }

    /// - Parameter frame: 20 ms at the microphone's rate.
    mutating func encode(_ frame: [Float]) throws -> [UInt8] {
        guard let samples = narrowing?.process(frame) else { return try opus.encode(frame) }
        return G711.muLaw.encode(samples)
    }
}

/// Makes of what a telephone plays what its caller hears, at the loudspeaker's rate.
struct TelephoneSound: ~Copyable {
    private static let frame = CallerSide.outputRate / 50
    private var widening: Resampler
    private var ready: [Float] = []

    /// - Throws: `AudioError`.
    init() throws { widening = try Resampler(from: CallerLine.telephoneRate, to: CallerSide.outputRate) }

    /// - Parameter played: At most 20 ms; silence follows.
    /// - Returns: 20 ms.
    mutating func hear(_ played: [UInt8]) -> [Float] {
        let silence = [Float](repeating: 0, count: CallerLine.telephoneRate / 50 - played.count)
        ready += widening.process(G711.muLaw.decode(played) + silence)
        let heard = ready.prefix(Self.frame)
        ready.removeFirst(heard.count)
        // The resampler keeps a few samples back.
        return [Float](repeating: 0, count: Self.frame - heard.count) + heard
    }
}
