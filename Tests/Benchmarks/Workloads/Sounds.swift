import Audio
import EmbeddedEngines
import Engines
import Foundation
import OpusCodec
import Wire

/// What callers of the benchmarks send and hear with.
enum Sounds {
    static let rate = VoiceDetection.sampleRate
    private static let frame = rate / 50

    /// Two seconds of a room in which nobody speaks.
    static func quiet() throws -> [[UInt8]] {
        var generator = SeededGenerator(1, stream: 0)
        return try packets((0..<2 * rate).map { _ in Float.random(in: -0.0003...0.0003, using: &generator) })
    }

    /// A caller's question, with the pauses in it.
    static func speech() throws -> [[UInt8]] { try packets(try recording(rate).samples) }

    static func recording(_ rate: Int) throws -> PCMAudio {
        let path = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../Fixtures/demo-caller/1-lost-card.opus").path
        guard let data = FileManager.default.contents(atPath: path) else { throw Missing(description: "\(path) cannot be read") }
        return try OggOpusFile.decode([UInt8](data), sampleRate: rate)
    }

    /// 16 kHz, 24 kbit/s, 20 ms.
    private static func packets(_ samples: [Float]) throws -> [[UInt8]] {
        var settings = OpusEncoder.Settings(sampleRate: rate)
        settings.bitrate = 24_000
        var encoder = try OpusEncoder(settings)
        return try stride(from: 0, through: samples.count - frame, by: frame).map { try encoder.encode(Array(samples[$0..<$0 + frame])) }
    }

    static func silero() throws -> SileroDetectorMaker {
        let folder = try ModelStore.directory(environment: ProcessInfo.processInfo.environment)
        return try SileroDetectorMaker(modelPath: "\(folder)/models/vad/silero_vad_16k_op15.onnx")
    }
}
