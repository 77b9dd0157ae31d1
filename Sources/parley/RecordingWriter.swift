import Foundation
import Logging
import Sessions

/// Keeps recordings of calls as folders, one a call, each written whole before it gets its name.
struct RecordingWriter: Sendable {
    let folder: String
    let logger: Logger

    func write(_ session: String, _ call: RecordedCall, _ timeline: CallTimeline) {
        let (folder, logger) = (folder, logger)
        Task.detached {
            do {
                try Self.save(call, live: timeline, to: "\(folder)/\(session)")
                logger.info("call recorded", metadata: ["session": "\(session)"])
            } catch {
                logger.error("call not recorded", metadata: ["session": "\(session)", "error": "\(error)"])
            }
        }
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
