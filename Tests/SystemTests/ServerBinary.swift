import Foundation
import Testing

/// Where the program under test is, and what this machine has for it.
enum ServerBinary {
    /// `PARLEY_BINARY`, else the program beside the test bundle, else the one of this package's debug build.
    static let path: String? = {
        let files = FileManager.default
        var candidates = ProcessInfo.processInfo.environment["PARLEY_BINARY"].map { [$0] } ?? []
        candidates += CommandLine.arguments.prefix(1).map { URL(filePath: $0).deletingLastPathComponent().appending(path: "parley").path }
        var folder = URL(filePath: #filePath).deletingLastPathComponent()
        for _ in 0..<3 {
            candidates.append(folder.appending(path: ".build/debug/parley").path)
            folder = folder.deletingLastPathComponent()
        }
        return candidates.first { files.isExecutableFile(atPath: $0) }
    }()

    static let isThere = path != nil
    static let missing: Comment = "no parley program: build the package, or set PARLEY_BINARY"

    /// The data directory with the models of the embedded engines.
    static let models: String? = {
        let environment = ProcessInfo.processInfo.environment
        let home = environment["XDG_DATA_HOME"] ?? NSHomeDirectory() + "/.local/share"
        let folder = environment["PARLEY_MODELS"] ?? home + "/parley"
        let wanted = ["lib/libonnxruntime.so", "models/asr/encoder_model.ort", "models/tts/split/enc.onnx", "models/turn", "models/vad"]
        return wanted.allSatisfy { FileManager.default.fileExists(atPath: folder + "/" + $0) } ? folder : nil
    }()

    static let hasModels = isThere && models != nil
    static let noModels: Comment = "no models: run 'parley models fetch', or set PARLEY_MODELS to a data directory of Parley"

    static let languageModel: String? = models.flatMap {
        FileManager.default.fileExists(atPath: $0 + "/python/xllamacpp/xllamacpp.abi3.so") ? $0 : nil
    }
}

/// A folder of one test, gone with it.
final class TestFolder: Sendable {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appending(path: "parley-system-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ name: String, _ text: String) throws {
        let file = URL(filePath: path).appending(path: name)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }

    func text(_ name: String) -> String? { FileManager.default.contents(atPath: path + "/" + name).map { String(decoding: $0, as: UTF8.self) } }

    func names(_ folder: String = "") -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: path + "/" + folder)) ?? []).filter { !$0.hasSuffix(".partial") }.sorted()
    }
}
