import Foundation
import SharedFolder
import Testing

/// The recorded voices beside the checkout.
enum SharedClips {
    static let missing: Comment = "no recordings: set PARLEY_SHARED to the folder that has data/manifest.tsv (and install sox and flac)"

    struct Clip: Sendable {
        var id: String
        var path: String
        var transcript: String
    }

    static let folder = Recordings.directory

    static let soxIsThere = FileManager.default.isExecutableFile(atPath: "/usr/bin/sox")
    static let areThere = folder != nil && soxIsThere

    static func clips(of category: String) throws -> [Clip] {
        let data = try #require(folder) + "/"
        return try String(contentsOfFile: data + "manifest.tsv", encoding: .utf8).split(separator: "\n").dropFirst().compactMap { row in
            let columns = row.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            guard columns.count > 11, columns[2] == category else { return nil }
            return Clip(id: columns[0], path: data + columns[1], transcript: columns[11])
        }
    }

    /// 16 kHz mono, by sox.
    static func samples(of clip: Clip, effects: [String] = []) throws -> [Float] {
        try sox([clip.path, "-t", "f32", "-r", "16000", "-c", "1", "-"] + effects)
    }

    static func resampled(_ samples: [Float], from rate: Int) throws -> [Float] {
        let file = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try samples.withUnsafeBytes { Data($0) }.write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        return try sox(["-t", "f32", "-r", "\(rate)", "-c", "1", file.path, "-t", "f32", "-r", "16000", "-"])
    }

    private static func sox(_ arguments: [String]) throws -> [Float] {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/sox")
        process.arguments = ["-V1"] + arguments
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return [Float](unsafeUninitializedCapacity: data.count / 4) { buffer, count in
            count = data.copyBytes(to: buffer) / 4
        }
    }
}
