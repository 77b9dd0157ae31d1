import Audio
import Foundation
import OpusCodec

/// Reads and writes the audio files that people have.
enum AudioFiles {
    /// An audio file as mono samples: Ogg Opus and WAV by our own readers, anything else through `sox` where it is installed.
    ///
    /// - Throws: ``Failure`` naming the file.
    static func load(_ path: String, sampleRate: Int) throws -> PCMAudio {
        guard let data = FileManager.default.contents(atPath: path) else { throw Failure("audio.missing: \(path) cannot be read") }
        let bytes = [UInt8](data)
        do {
            if bytes.starts(with: Array("OggS".utf8)) {
                return try OggOpusFile.decode(bytes, sampleRate: OpusFormat.rate(keeping: sampleRate)).resampled(to: sampleRate)
            }
            if bytes.starts(with: Array("RIFF".utf8)) { return try WAVFile(bytes).mono.resampled(to: sampleRate) }
        } catch { throw Failure("\(path): \(error)") }
        return try converted(path, sampleRate: sampleRate)
    }

    static func save(_ audio: PCMAudio, to path: String) throws { try write(WAVFile.encode(audio), to: path) }

    /// Caller left, agent right.
    static func save(left: PCMAudio, right: PCMAudio, to path: String) throws { try write(try WAVFile.encode(left: left, right: right), to: path) }

    private static func write(_ bytes: [UInt8], to path: String) throws {
        do { try Data(bytes).write(to: URL(filePath: path)) } catch { throw Failure("audio.not_written: \(path): \(error.localizedDescription)") }
    }

    private static func converted(_ path: String, sampleRate: Int) throws -> PCMAudio {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["sox", "-V1", path, "-t", "raw", "-e", "signed", "-b", "16", "-c", "1", "-r", "\(sampleRate)", "-"]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0, !data.isEmpty else {
            throw Failure("audio.unsupported: \(path): only Ogg Opus and WAV are read without sox; 'apt-get install sox' reads the rest")
        }
        return PCMAudio(sampleRate: sampleRate, samples: PCM16.floats(bytes: [UInt8](data)))
    }
}
