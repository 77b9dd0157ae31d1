import Foundation
import Testing

@testable import EmbeddedEngines

struct ModelStoreTests {
    private let fixture: StoreFixture

    init() async throws { fixture = try await StoreFixture() }

    @Test(.timeLimit(.minutes(1))) func anEmptyDirectoryNamesTheFileAndTheCommand() async throws {
        let store = fixture.store()
        #expect(try await store.status().allSatisfy { $0.state == .missing })
        let error = #expect(throws: ModelError.self) { try store.paths.voiceDetector() }
        #expect(error?.code == .missing)
        #expect(error?.detail.contains("models/vad/silero_vad_16k_op15.onnx") == true)
        #expect(error?.detail.contains("parley models fetch vad") == true)
    }

    @Test(.timeLimit(.minutes(1))) func aChangedByteIsSeenByTheFullLookOnly() async throws {
        let store = fixture.store()
        try await store.fetch([.vad])
        let path = try store.paths.voiceDetector()
        var bytes = try Data(contentsOf: URL(filePath: path))
        bytes[100] ^= 1
        try bytes.write(to: URL(filePath: path))
        #expect(try await store.status([.vad], verify: .quick).map(\.state) == [.present])
        #expect(await modelError { try await store.verify([.vad]) }?.code == .corrupt)
        try await store.fetch([.vad])
        try await store.verify([.vad])
        #expect(fixture.asked == ["silero-vad", "silero-vad"])
    }

    @Test(.timeLimit(.minutes(1))) func aShortFileIsRefusedByItsPath() async throws {
        let store = fixture.store()
        try await store.fetch([.vad])
        try StoreFixture.write([1, 2, 3], to: try store.paths.voiceDetector())
        let error = #expect(throws: ModelError.self) { try store.paths.voiceDetector() }
        #expect(error?.code == .corrupt)
        #expect(error?.detail.contains("has 3 bytes instead of 200000") == true)
    }

    @Test(.timeLimit(.minutes(1))) func removingLeavesTheOtherParts() async throws {
        let store = fixture.store()
        try await store.fetch()
        try await store.remove([.tts])
        #expect(try await store.status([.tts]).allSatisfy { $0.state == .missing })
        #expect(!FileManager.default.fileExists(atPath: "\(store.directory)/models/tts"))
        try await store.verify([.vad, .runtime])
        try await store.remove([.tts])
    }

    @Test(.timeLimit(.minutes(1))) func removingAllLeavesNothingButTheLock() async throws {
        let store = fixture.store()
        try await store.fetch()
        try await store.remove(Set(ModelCatalog.Part.allCases))
        #expect(try FileManager.default.contentsOfDirectory(atPath: store.directory) == [".lock"])
    }

    @Test(.timeLimit(.minutes(1))) func aFolderWithTheFilesServesAsSource() async throws {
        let (first, second) = (fixture.store("one"), fixture.store("two", python: "/nowhere/python"))
        try await first.fetch()
        try await second.fetch(from: .folder(first.directory))
        try await second.verify()
        #expect(try second.paths.voice().settings.hasPrefix(second.directory))
    }

    @Test(.timeLimit(.minutes(1))) func aFolderWithWheelsServesAsSource() async throws {
        let store = fixture.store()
        try await store.fetch(from: .folder("\(fixture.root)/index"))
        try await store.verify()
        #expect(fixture.asked.isEmpty)
    }

    @Test(.timeLimit(.minutes(1))) func aFolderWithACorruptFileIsRefused() async throws {
        let (first, second) = (fixture.store("one"), fixture.store("two"))
        try await first.fetch([.vad])
        let path = try first.paths.voiceDetector()
        try StoreFixture.write([UInt8](repeating: 0, count: 200_000), to: path)
        let error = await modelError { try await second.fetch([.vad], from: .folder(first.directory)) }
        #expect(error?.code == .corrupt)
        #expect(error?.detail.contains(path) == true)
        #expect(try await second.status([.vad]).map(\.state) == [.missing])
    }

    @Test(.timeLimit(.minutes(1))) func aFolderWithoutTheFileIsRefused() async throws {
        let error = await modelError { try await fixture.store().fetch([.vad], from: .folder("/nowhere")) }
        #expect(error?.code == .missing)
        #expect(error?.detail.contains("/nowhere has neither models/vad") == true)
    }
}
