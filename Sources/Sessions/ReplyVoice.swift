internal import Audio
internal import Engines
internal import OpusCodec
internal import Wire

/// Turns the sentences of one reply into packets: synthesis, resampling, encoding. The encoder's state runs through the whole reply.
///
/// Encoding costs a hundred times what pacing does, so it happens here, off the event loop.
actor ReplyVoice {
    private let format: AudioFormat
    private let pause: Duration
    private var meter: BandMeter
    /// Of the packets that were made and not handed on yet.
    private var levels: [BandLevels] = []

    /// Takes packets, how loud they are frame by frame, and words that are known with them.
    typealias Deliver = @Sendable ([[UInt8]], [BandLevels], [SpokenWord]) async throws -> Void
    private var encoder: OpusEncoder?
    private var resampler: Resampler?
    private var resampledFrom = 0
    /// Samples at the output rate that do not fill a packet yet.
    private var remainder: [Float] = []

    init(format: AudioFormat, encoding: ReplyEncoding, pause: Duration) throws {
        (self.format, self.pause) = (format, pause)
        meter = BandMeter(sampleRate: format.sampleRate)
        if format.codec == .opus {
            var settings = OpusEncoder.Settings(sampleRate: format.sampleRate)
            settings.bitrate = encoding.bitrate
            settings.complexity = encoding.complexity
            settings.fec = encoding.fec
            settings.expectedLoss = encoding.fec ? 10 : 0
            settings.dtx = encoding.dtx
            settings.frameMilliseconds = format.packetMilliseconds
            encoder = try OpusEncoder(settings)
        }
    }

    /// Speaks one sentence and hands on its packets as they are ready.
    ///
    /// - Returns: How long the sentence's audio is, the pause after it not counted.
    func speak(
        _ request: SpeechRequest, by synthesizer: any Synthesizer,
        deliver: Deliver
    ) async throws -> Duration {
        var spoken = 0
        try await synthesizer.speak(request) { chunk in
            let packets = try await self.take(chunk.audio)
            if !packets.isEmpty || !chunk.words.isEmpty { try await deliver(packets, self.takeLevels(), chunk.words) }
        }
        let tail = try endSentence()
        spoken = taken
        taken = 0
        if !tail.isEmpty { try await deliver(tail, takeLevels(), []) }
        return .microseconds(spoken * 1_000_000 / format.sampleRate)
    }

    /// Samples of the sentence at the output rate.
    private var taken = 0

    private func take(_ audio: PCMAudio) throws -> [[UInt8]] {
        guard audio.sampleRate != format.sampleRate else { return try packets(audio.samples) }
        if resampler == nil || resampledFrom != audio.sampleRate {
            resampler = try Resampler(from: audio.sampleRate, to: format.sampleRate)
            resampledFrom = audio.sampleRate
        }
        return try packets(resampler?.process(audio.samples) ?? [])
    }

    private func packets(_ samples: [Float]) throws -> [[UInt8]] {
        taken += samples.count
        remainder += samples
        return try wholePackets()
    }

    /// Ends a sentence with its pause, filled up to a whole packet, so that the next begins with one.
    private func endSentence() throws -> [[UInt8]] {
        if let tail = resampler?.flush() {
            taken += tail.count
            remainder += tail
        }
        resampler = nil
        let size = format.sampleRate * format.packetMilliseconds / 1000
        let silent = remainder.count + pause.samples(at: format.sampleRate)
        let total = (silent + size - 1) / size * size
        remainder += [Float](repeating: 0, count: total - remainder.count)
        return try wholePackets()
    }

    private func wholePackets() throws -> [[UInt8]] {
        let size = format.sampleRate * format.packetMilliseconds / 1000
        var packets: [[UInt8]] = []
        var start = 0
        while remainder.count - start >= size {
            let frame = Array(remainder[start..<start + size])
            meter.measure(frame.span) { levels.append(BandLevels(decibels: $0)) }
            packets.append(try encode(frame))
            start += size
        }
        remainder.removeFirst(start)
        return packets
    }

    private func takeLevels() -> [BandLevels] {
        defer { levels.removeAll() }
        return levels
    }

    private func encode(_ frame: [Float]) throws -> [UInt8] {
        switch format.codec {
        case .opus: try encoder?.encode(frame) ?? []
        case .pcm16: PCM16.bytes(frame)
        case .muLaw: G711.muLaw.encode(frame)
        case .aLaw: G711.aLaw.encode(frame)
        }
    }
}

/// How replies are encoded.
package struct ReplyEncoding: Sendable, Hashable {
    /// Bits a second, 6000...128000.
    package var bitrate: Int
    /// 0...10; more costs more and sounds better.
    package var complexity: Int
    /// Whether packets carry redundancy for the one before.
    package var fec: Bool
    /// Whether silence is sent as next to nothing.
    package var dtx: Bool

    package init(bitrate: Int = 32_000, complexity: Int = 5, fec: Bool = false, dtx: Bool = false) {
        (self.bitrate, self.complexity, self.fec, self.dtx) = (bitrate, complexity, fec, dtx)
    }
}
