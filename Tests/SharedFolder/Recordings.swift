import Foundation

/// The shared recordings, for tests that need them: 16 kHz mono, read through the `flac` program.
package enum Recordings {
    package struct Recording: Sendable, CustomStringConvertible {
        package var id: String
        package var category: String
        package var file: String
        package var labels: String
        package var description: String { id }
    }

    /// Where `shared/data` is; nil when there is none, or no `flac` to read it.
    package static let directory: String? =
        FileManager.default.isExecutableFile(atPath: "/usr/bin/flac") ? SharedFolder.path.map { $0 + "/data" } : nil
    package static let areHere = directory != nil

    package static let all: [Recording] = {
        guard let directory, let manifest = try? String(contentsOfFile: directory + "/manifest.tsv", encoding: .utf8) else { return [] }
        let rows = manifest.split(separator: "\n").map { $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init) }
        guard let header = rows.first else { return [] }
        let column = Dictionary(header.enumerated().map { ($1, $0) }) { first, _ in first }
        guard let id = column["id"], let category = column["category"], let file = column["file"], let labels = column["labels"] else { return [] }
        return rows.dropFirst().map {
            Recording(id: $0[id], category: $0[category], file: directory + "/" + $0[file], labels: directory + "/" + $0[labels])
        }
    }()

    package static func category(_ name: String) -> [Recording] { all.filter { $0.category == name } }

    /// The samples, -1...1.
    package static func samples(_ recording: Recording) throws -> [Float] {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/flac")
        process.arguments = ["-dcs", "--force-raw-format", "--endian=little", "--sign=signed", recording.file]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return [Int16](unsafeUninitializedCapacity: data.count / 2) { integers, filled in
            filled = data.copyBytes(to: integers) / 2
        }.map { Float($0) / 32768 }
    }

    /// Start and end in seconds, and the label.
    package static func labels(_ recording: Recording) throws -> [(start: Double, end: Double, label: String)] {
        try String(contentsOfFile: recording.labels, encoding: .utf8).split(separator: "\n").compactMap { line in
            let fields = line.split(separator: "\t")
            guard fields.count >= 3, let start = Double(fields[0]), let end = Double(fields[1]) else { return nil }
            return (start, end, String(fields[2]))
        }
    }
}
