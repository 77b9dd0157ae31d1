import Foundation
import Sessions

/// The recorded calls that lie beside the sources.
enum FixtureCalls {
    static let names = ["barge-in", "engine-failure", "false-start-cough", "lost-late-packets", "pause-in-turn", "plain-question"]

    private static let folder: URL? = {
        var folder = URL(filePath: #filePath)
        while folder.path.count > 1 {
            folder.deleteLastPathComponent()
            let calls = folder.appending(path: "Fixtures/calls")
            if FileManager.default.fileExists(atPath: calls.path) { return calls }
        }
        return nil
    }()

    static func bytes(_ name: String, _ file: String) -> [UInt8]? {
        folder.flatMap { FileManager.default.contents(atPath: $0.appending(path: "\(name)/\(file)").path) }.map { Array($0) }
    }

    static func load(_ name: String) throws -> RecordedCall { try RecordedCall { bytes(name, $0) } }

    /// What a replay must give, byte for byte.
    static func timeline(_ name: String) -> String { String(decoding: bytes(name, "timeline.txt") ?? [], as: UTF8.self) }

    static func replay(_ call: RecordedCall) throws -> String {
        var virtual = try VirtualCall(call)
        return virtual.run().lines.map { $0 + "\n" }.joined()
    }

    /// The expected lines without their times.
    static func lines(_ name: String) -> [String] { timeline(name).split(separator: "\n").map { String($0.dropFirst(10)) } }

    /// Milliseconds at which the expected lines that begin so stand.
    static func times(_ name: String, _ beginning: String) -> [Int] {
        timeline(name).split(separator: "\n").filter { $0.dropFirst(10).hasPrefix(beginning) }
            .compactMap { Int($0.prefix(8).drop { $0 == " " }) }
    }
}
