import Foundation
import Logging
import Sessions
import Synchronization

/// Keeps recordings of calls as folders, one a call, each written whole before it gets its name.
final class RecordingWriter: Sendable {
    private let folder: String
    private let logger: Logger
    private let writing = Mutex<[String: Task<Void, Never>]>([:])

    /// - Throws: ``StartError`` for a folder that cannot be written to.
    init(folder: String, logger: Logger) throws {
        (self.folder, self.logger) = (folder, logger)
        try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        guard FileManager.default.isWritableFile(atPath: folder) else {
            throw StartError("record.unwritable", "record.directory: \(folder) cannot be written to")
        }
    }

    func write(_ session: String, _ call: RecordedCall, _ timeline: CallTimeline) {
        writing.withLock { writing in
            writing[session] = Task.detached { [self] in
                do {
                    try Self.save(call, live: timeline, to: "\(folder)/\(session)")
                    logger.info("call recorded", metadata: ["session": "\(session)"])
                } catch {
                    logger.error("call not recorded", metadata: ["session": "\(session)", "error": "\(error)"])
                }
                _ = self.writing.withLock { $0.removeValue(forKey: session) }
            }
        }
    }

    /// Returns when every recording that was handed over lies in the folder.
    func finish() async {
        for task in writing.withLock({ $0.values.map { $0 } }) { await task.value }
    }

    /// Writes a recording with the timeline that it gives in virtual time, and the live one beside it.
    static func save(_ call: RecordedCall, live: CallTimeline?, to path: String) throws {
        // Files keep times more coarsely than the call had them: what is expected is what the kept call gives.
        let kept = try call.files(timeline: nil)
        let again = try RecordedCall { kept[$0] }
        var virtual = try VirtualCall(again)
        var files = try again.files(timeline: virtual.run())
        if let live { files["live.txt"] = Array(live.lines.map { $0 + "\n" }.joined().utf8) }
        let partial = path + ".partial"
        try? FileManager.default.removeItem(atPath: partial)
        try FileManager.default.createDirectory(atPath: partial, withIntermediateDirectories: true)
        for (name, bytes) in files { try Data(bytes).write(to: URL(filePath: "\(partial)/\(name)")) }
        try? FileManager.default.removeItem(atPath: path)
        try FileManager.default.moveItem(atPath: partial, toPath: path)
    }

    static func load(_ path: String) throws -> RecordedCall {
        try RecordedCall { name in FileManager.default.contents(atPath: "\(path)/\(name)").map { Array($0) } }
    }
}
