internal import Audio
internal import Engines
internal import NIOCore
internal import OpusCodec
internal import Wire

/// Turns the sentences of one reply into packets: synthesis, resampling, encoding. The encoder's state runs through the whole reply.
///
/// Encoding costs a hundred times what pacing does, so it happens away from the callers' loops, on a lane for nothing else. What is ready is handed on
/// in slices, and between two slices others have their turn: a reply that begins does not wait for another's long sentence.
actor ReplyVoice {
    nonisolated var unownedExecutor: UnownedSerialExecutor { lane.unownedExecutor }
    private let lane: CodingLane
    private let format: AudioFormat
    private let encoding: ReplyEncoding
    private let pause: Duration
    private var meter: BandMeter
    /// Of the packets that were made and not handed on yet.
    private var levels: [BandLevels] = []

    /// Takes packets, how loud they are frame by frame, and words that are known with them. Returns how much is ready that has not gone out.
    typealias Deliver = @Sendable ([[UInt8]], [BandLevels], [SpokenWord]) async throws -> Duration
    private var encoder: OpusEncoder?
    private var resampler: Resampler?
    private var resampledFrom = 0
    /// Samples at the output rate that are no packets yet, from `encoded` on.
    private var samples: [Float] = []
    private var encoded = 0

    /// Packets of one slice.
    private static let slice = 4

    /// - Parameter lane: Where to encode; many voices share it.
    init(format: AudioFormat, encoding: ReplyEncoding, pause: Duration, on lane: CodingLane) {
        (self.format, self.encoding, self.pause, self.lane) = (format, encoding, pause, lane)
        meter = BandMeter(sampleRate: format.sampleRate)
    }

    /// Makes the encoder ahead of the first sentence, so that its first packet does not wait for that.
    nonisolated func prepare() {
        // What goes wrong is told with the sentence that needs it.
        lane.loop.execute { self.assumeIsolated { try? $0.makeEncoder() } }
    }

    private func makeEncoder() throws {
        guard encoder == nil, format.codec == .opus else { return }
        var settings = OpusEncoder.Settings(sampleRate: format.sampleRate)
        settings.application = encoding.isForSpeech ? .voip : .lowDelay
        settings.bitrate = encoding.bitrate
        settings.complexity = encoding.complexity
        settings.fec = encoding.fec
        settings.expectedLoss = encoding.fec ? 10 : 0
        settings.dtx = encoding.dtx
        settings.frameMilliseconds = format.packetMilliseconds
        do { encoder = try OpusEncoder(settings) } catch { throw EngineError(.failed, "\(error)") }
    }

    /// Speaks one sentence and hands on its packets as they are ready.
    ///
    /// - Returns: How long the sentence's audio is, the pause after it not counted.
    nonisolated func speak(_ request: SpeechRequest, by synthesizer: any Synthesizer, deliver: Deliver) async throws -> Duration {
        // Not by way of the lane: others may be encoding there.
        try await synthesizer.speak(request) { chunk in try await self.take(chunk, deliver) }
        return try await finish(deliver)
    }

    private func finish(_ deliver: Deliver) async throws -> Duration {
        endSentence()
        let spoken = taken
        taken = 0
        try await encode([], deliver)
        hasBegun = false
        return .microseconds(spoken * 1_000_000 / format.sampleRate)
    }

    /// Samples of the sentence at the output rate, the pause after it not counted.
    private var taken = 0
    /// Whether packets of the sentence were handed on.
    private var hasBegun = false

    private func take(_ chunk: SpeechChunk, _ deliver: Deliver) async throws {
        if chunk.audio.sampleRate == format.sampleRate {
            add(chunk.audio.samples)
        } else {
            if resampler == nil || resampledFrom != chunk.audio.sampleRate {
                resampler = try Resampler(from: chunk.audio.sampleRate, to: format.sampleRate)
                resampledFrom = chunk.audio.sampleRate
            }
            add(resampler?.process(chunk.audio.samples) ?? [])
        }
        try await encode(chunk.words, deliver)
    }

    private func add(_ more: [Float]) {
        taken += more.count
        samples += more
    }

    /// Ends a sentence with its pause, filled up to a whole packet, so that the next begins with one.
    private func endSentence() {
        if let tail = resampler?.flush() { add(tail) }
        resampler = nil
        let size = packetSize
        let silent = samples.count - encoded + pause.samples(at: format.sampleRate)
        let total = (silent + size - 1) / size * size
        samples += [Float](repeating: 0, count: encoded + total - samples.count)
    }

    private var packetSize: Int { format.sampleRate * format.packetMilliseconds / 1000 }

    /// Encodes all whole packets.
    private func encode(_ words: [SpokenWord], _ deliver: Deliver) async throws {
        var words = words
        while true {
            let packets = try encodeSlice()
            guard !packets.isEmpty || !words.isEmpty else { return }
            let ready = try await deliver(packets, takeLevels(), words)
            words = []
            if ready > CodingLane.ahead { await lane.giveWay() }
        }
    }

    /// A sentence's first packet goes alone: somebody may be waiting for it.
    private func encodeSlice() throws -> [[UInt8]] {
        let size = packetSize
        let slice = hasBegun ? Self.slice : 1
        var packets: [[UInt8]] = []
        while packets.count < slice, samples.count - encoded >= size {
            let frame = Array(samples[encoded..<encoded + size])
            meter.measure(frame.span) { levels.append(BandLevels(decibels: $0)) }
            packets.append(try encode(frame))
            encoded += size
        }
        hasBegun = hasBegun || !packets.isEmpty
        if packets.isEmpty {
            samples.removeFirst(encoded)
            encoded = 0
        }
        return packets
    }

    private func takeLevels() -> [BandLevels] {
        defer { levels.removeAll() }
        return levels
    }

    private func encode(_ frame: [Float]) throws -> [UInt8] {
        switch format.codec {
        case .opus:
            try makeEncoder()
            return try encoder?.encode(frame) ?? []
        case .pcm16: return PCM16.bytes(frame)
        case .muLaw: return G711.muLaw.encode(frame)
        case .aLaw: return G711.aLaw.encode(frame)
        }
    }
}

/// How replies are encoded.
package struct ReplyEncoding: Sendable, Hashable {
    /// Opus's mode for speech, which takes three times the work of the plain one and sounds better below 48 kbit/s. Redundancy and cheap silence need it.
    package var isForSpeech: Bool
    /// Bits a second, 6000...128000.
    package var bitrate: Int
    /// 0...10; more costs more and sounds better.
    package var complexity: Int
    /// Whether packets carry redundancy for the one before.
    package var fec: Bool
    /// Whether silence is sent as next to nothing.
    package var dtx: Bool

    package init(isForSpeech: Bool = false, bitrate: Int = 48_000, complexity: Int = 5, fec: Bool = false, dtx: Bool = false) {
        (self.isForSpeech, self.bitrate, self.complexity, self.fec, self.dtx) = (isForSpeech, bitrate, complexity, fec, dtx)
    }
}
