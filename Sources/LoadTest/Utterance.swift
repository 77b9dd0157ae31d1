package import Audio

/// Something that a caller says, encoded beforehand: packets of 20 ms, the first of which holds the onset of the voice.
package struct Utterance: Sendable, Equatable {
    /// As ``LoadDoor/encode(_:)`` makes them.
    package let packets: [[UInt8]]

    package init(packets: [[UInt8]]) { self.packets = packets }

    package static let sampleRate = 16_000
    private static let frame = sampleRate / 50
    /// Quiet that ends an utterance, in packets.
    private static let pause = 12
    /// Shorter sounds are left out, longer ones cut off, in packets.
    private static let length = 40...400

    /// Encodes a sound as one stream of its own.
    ///
    /// - Parameter audio: 16 kHz.
    /// - Throws: `OpusError` when there is no memory for an encoder.
    package init(_ audio: PCMAudio, for door: LoadDoor = .native) throws { packets = try door.encode(audio) }

    /// The utterances of a recording: what lies between its pauses, each from its onset on.
    ///
    /// - Parameter recording: 16 kHz. What is 30 dB below its loudest 20 ms, or below -50 dBFS, is a pause.
    package static func cut(_ recording: PCMAudio) -> [PCMAudio] {
        let levels = stride(from: 0, through: recording.samples.count - frame, by: frame).map {
            Loudness.rms(recording.samples.span.extracting($0..<$0 + frame))
        }
        let threshold = max(-50, (levels.max() ?? Loudness.silence) - 30)
        var found: [Range<Int>] = []
        for (index, level) in levels.enumerated() where level >= threshold {
            if let last = found.last, index - last.upperBound < pause {
                found[found.count - 1] = last.lowerBound..<index + 1
            } else {
                found.append(index..<index + 1)
            }
        }
        return found.filter { $0.count >= length.lowerBound }.map { range in
            let end = range.lowerBound + min(range.count, length.upperBound)
            return PCMAudio(sampleRate: sampleRate, samples: Array(recording.samples[range.lowerBound * frame..<end * frame]))
        }
    }

    /// A second of a room in which nobody speaks, to be sent round and round.
    package static func quiet(seed: UInt64, for door: LoadDoor = .native) throws -> Utterance {
        var generator = SeededGenerator(seed, stream: 0)
        return try Utterance(
            PCMAudio(sampleRate: sampleRate, samples: (0..<sampleRate).map { _ in Float.random(in: -0.0003...0.0003, using: &generator) }), for: door)
    }
}
