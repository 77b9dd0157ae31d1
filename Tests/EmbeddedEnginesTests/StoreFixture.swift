import Foundation
import Subprocess
import Synchronization
import Testing

@testable import EmbeddedEngines

/// A catalog of three tiny wheels in a temporary folder, and a stand-in for Python whose pip serves them. Its folder goes with it.
final class StoreFixture: Sendable {
    let root: String
    let catalog: ModelCatalog
    /// Files whose presence changes what the stand-in's pip does; each is followed by `-` and a project, but `no-pip`.
    enum Switch: String { case fail, wait, bad, unpinned = "no-pip" }

    private static let stand = """
        #!/usr/bin/env python3
        import os, shutil, sys, time
        root = os.path.dirname(os.path.abspath(__file__))
        there = lambda name: os.path.exists(os.path.join(root, name))
        if sys.argv[1:2] != ["-m"]:
            os.execv(sys.executable, [sys.executable] + sys.argv[1:])
        if there("no-pip"):
            sys.exit("/usr/bin/python3: No module named pip")
        target = sys.argv[sys.argv.index("-d") + 1]
        text = open(sys.argv[sys.argv.index("-r") + 1]).read()
        project, version = text.split()[0].split("==")
        with open(os.path.join(root, "log"), "a") as log:
            log.write(project + "\\n")
        name = project.replace("-", "_") + "-" + version + "-py3-none-any.whl"
        wheel = os.path.join(root, "index", name)
        if there("fail-" + project):
            print("WARNING: trying again")
            print("ERROR: No matching distribution found at https://user:secret@index.example/simple for " + project)
            sys.exit(1)
        if there("wait-" + project):
            with open(os.path.join(root, "pid"), "w") as file:
                file.write(str(os.getpid()))
            with open(os.path.join(os.environ["TMPDIR"], "half"), "wb") as half:
                half.write(open(wheel, "rb").read()[: os.path.getsize(wheel) // 2])
            while there("wait-" + project):
                time.sleep(0.01)
        shutil.copy(wheel, target)
        if there("bad-" + project):
            with open(os.path.join(target, name), "r+b") as file:
                file.write(b"!")
        """

    private static let zip = """
        import os, sys, zipfile
        source, index = sys.argv[1:]
        for wheel in os.listdir(source):
            with zipfile.ZipFile(os.path.join(index, wheel), "w", zipfile.ZIP_DEFLATED) as archive:
                for folder, _, names in os.walk(os.path.join(source, wheel)):
                    for name in names:
                        path = os.path.join(folder, name)
                        archive.write(path, os.path.relpath(path, os.path.join(source, wheel)))
        """

    init() async throws {
        root = FileManager.default.temporaryDirectory.appending(path: "parley-store-\(UUID().uuidString)").path
        try ModelStore.makeFolder("\(root)/index")
        let detector = [UInt8](repeating: 7, count: 200_000).enumerated().map { UInt8(truncatingIfNeeded: $0.offset &* 31 ^ $0.offset >> 7) }
        let contents: [(wheel: String, member: String, bytes: [UInt8])] = [
            ("silero_vad-1.0-py3-none-any.whl", "vad/detector.onnx", detector),
            ("silero_vad-1.0-py3-none-any.whl", "vad/unwanted.txt", Array("unwanted".utf8)),
            ("some_runtime-2.1-py3-none-any.whl", "runtime/lib.so", Array("the runtime".utf8)),
            ("a_voice-3.0-py3-none-any.whl", "voice/voice.onnx", TinyVoice.bytes()),
            ("a_voice-3.0-py3-none-any.whl", "voice/voice.onnx.json", Array("{}".utf8)),
        ]
        for (wheel, member, bytes) in contents {
            try Self.write(bytes, to: "\(root)/source/\(wheel)/\(member)")
        }
        let made = try await Subprocess.run(
            .name("python3"), arguments: Arguments(["-c", Self.zip, "\(root)/source", "\(root)/index"]), output: .discarded,
            error: .string(limit: 10_000))
        try #require(made.terminationStatus.isSuccess, "\(made.standardError)")
        try Self.write(Array(Self.stand.utf8), to: "\(root)/python")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: "\(root)/python")

        let (index, source) = ("\(root)/index", "\(root)/source")
        func file(_ original: String, as path: String, _ part: ModelCatalog.Part) async throws -> ModelCatalog.File {
            let size = try #require(DataFile.size(original))
            return ModelCatalog.File(path, size: size, sha256: try await DataFile.sha256(original), part: part, licence: "none")
        }
        func wheel(
            _ project: String, _ version: String, _ part: ModelCatalog.Part, _ members: [ModelCatalog.Member]
        ) async throws -> ModelCatalog.Wheel {
            let path = "\(index)/\(project.replacing("-", with: "_"))-\(version)-py3-none-any.whl"
            let size = try #require(DataFile.size(path))
            return ModelCatalog.Wheel(project, version, size: size, sha256: try await DataFile.sha256(path), part: part, members: members)
        }
        let voice = "\(source)/a_voice-3.0-py3-none-any.whl/voice/voice.onnx"
        let halves = ("\(root)/encoder", "\(root)/decoder")
        try await PiperSplitter.split(voice: voice, encoder: halves.0, decoder: halves.1)
        catalog = ModelCatalog(
            architecture: .x86_64,
            wheels: [
                try await wheel(
                    "silero-vad", "1.0", .vad,
                    [
                        .keep(
                            "vad/detector.onnx",
                            as: try await file(
                                "\(source)/silero_vad-1.0-py3-none-any.whl/vad/detector.onnx", as: ModelCatalog.Location.voiceDetector, .vad))
                    ]),
                try await wheel(
                    "some-runtime", "2.1", .runtime,
                    [
                        .keep(
                            "runtime/lib.so",
                            as: try await file(
                                "\(source)/some_runtime-2.1-py3-none-any.whl/runtime/lib.so", as: ModelCatalog.Location.runtime, .runtime))
                    ]),
                try await wheel(
                    "a-voice", "3.0", .tts,
                    [
                        .split(
                            "voice/voice.onnx", size: try #require(DataFile.size(voice)), sha256: try await DataFile.sha256(voice),
                            encoder: try await file(halves.0, as: ModelCatalog.Location.voiceEncoder, .tts),
                            decoder: try await file(halves.1, as: ModelCatalog.Location.voiceDecoder, .tts)),
                        .keep("voice/voice.onnx.json", as: try await file("\(voice).json", as: ModelCatalog.Location.voiceSettings, .tts)),
                    ]),
            ])
    }

    deinit { try? FileManager.default.removeItem(atPath: root) }

    func store(_ name: String = "data", python: String? = nil, freeSpace: Int? = 1 << 40) -> ModelStore {
        ModelStore(catalog: catalog, directory: "\(root)/\(name)", python: python ?? "\(root)/python", freeSpace: { _ in freeSpace })
    }

    func set(_ switched: Switch, _ project: String = "") throws { try Self.write([], to: "\(root)/\(name(switched, project))") }
    func clear(_ switched: Switch, _ project: String = "") throws { try ModelStore.removeItem("\(root)/\(name(switched, project))") }
    private func name(_ switched: Switch, _ project: String) -> String {
        switched == .unpinned ? switched.rawValue : "\(switched.rawValue)-\(project)"
    }

    /// The projects pip was asked for, in order.
    var asked: [String] { ((try? String(contentsOfFile: "\(root)/log", encoding: .utf8)) ?? "").split(separator: "\n").map(String.init) }

    static func write(_ bytes: [UInt8], to path: String) throws {
        try ModelStore.makeFolder(String(path[..<(path.lastIndex(of: "/") ?? path.endIndex)]))
        try DataFile(creating: path).write(bytes.span.bytes)
    }
}

/// What a fetch reported, in order.
final class ProgressLog: Sendable {
    private let entries = Mutex<[FetchProgress]>([])
    let stream: AsyncStream<FetchProgress>
    private let continuation: AsyncStream<FetchProgress>.Continuation

    init() { (stream, continuation) = AsyncStream.makeStream() }

    func note(_ progress: FetchProgress) {
        entries.withLock { $0.append(progress) }
        continuation.yield(progress)
    }

    var all: [FetchProgress] { entries.withLock { $0 } }

    /// Returns at the first report that fits.
    func first(_ fits: (FetchProgress) -> Bool) async { for await progress in stream where fits(progress) { return } }
}

/// The code of the ``ModelError`` that a piece of work throws, and its detail; nil if it throws none.
func modelError(_ work: () async throws -> Void) async -> ModelError? {
    do {
        try await work()
        return nil
    } catch {
        return error as? ModelError
    }
}
