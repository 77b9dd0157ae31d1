import Audio
import Foundation
import OpusCodec

/// What the caller of `Fixtures/demo-caller` says: a synthetic voice, but the same samples in every run.
enum DemoCaller {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Fixtures/demo-caller")

    /// - Parameter name: Of the file, without its ending.
    static func says(_ name: String, sampleRate: Int) throws -> PCMAudio {
        let file = folder.appending(path: "\(name).opus")
        return try OggOpusFile.decode([UInt8](Data(contentsOf: file)), sampleRate: 48_000).resampled(to: sampleRate)
    }
}
