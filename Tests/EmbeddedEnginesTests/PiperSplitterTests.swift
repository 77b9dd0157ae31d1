import Foundation
import Testing

@testable import EmbeddedEngines

struct PiperSplitterTests {
    private static let realVoice = ProcessInfo.processInfo.environment["PARLEY_TEST_VOICE"]

    private func split(_ bytes: [UInt8]) async throws -> (encoder: Data, decoder: Data) {
        let root = FileManager.default.temporaryDirectory.appending(path: "parley-split-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: root) }
        try StoreFixture.write(bytes, to: "\(root)/voice")
        try await PiperSplitter.split(voice: "\(root)/voice", encoder: "\(root)/encoder", decoder: "\(root)/decoder")
        return (try Data(contentsOf: URL(filePath: "\(root)/encoder")), try Data(contentsOf: URL(filePath: "\(root)/decoder")))
    }

    private func graph(_ model: Data) throws -> [(number: Int, bytes: Data)] {
        let fields = try ProtobufFields.fields(model, 0..<model.count)
        #expect(fields.map(\.number) == [1, 8, 7])
        let graph = try #require(fields.last).body
        return try ProtobufFields.fields(model, graph).map { ($0.number, Data(model[$0.body])) }
    }

    private func weights(_ model: Data) throws -> [String] {
        try graph(model).filter { $0.number == 5 }.map { weight in
            let name = try #require(try ProtobufFields.fields(weight.bytes, 0..<weight.bytes.count).first { $0.number == 8 })
            return String(decoding: weight.bytes[name.body], as: UTF8.self)
        }
    }

    @Test(.timeLimit(.minutes(1))) func eachHalfKeepsOnlyWhatLeadsToItsOutput() async throws {
        let (encoder, decoder) = try await split(TinyVoice.bytes())
        #expect(try graph(encoder).map(\.number) == [1, 1, 1, 2, 5, 5, 11, 12])
        #expect(try weights(encoder) == ["w1", "w3"])
        #expect(try graph(decoder).map(\.number) == [1, 2, 5, 11, 12])
        #expect(try weights(decoder) == ["w2"])
        #expect(try graph(encoder).last?.bytes == graph(decoder)[3].bytes)
        #expect(try graph(decoder).last?.bytes == Data(TinyVoice.text(1, "y")))
    }

    @Test(.timeLimit(.minutes(1))) func aVoiceWithoutTheTensorIsRefused() async {
        let error = await modelError { _ = try await split(TinyVoice.bytes(cut: "elsewhere")) }
        #expect(error?.code == .badVoice)
        #expect(error?.detail.contains(PiperSplitter.cut) == true)
    }

    @Test(.timeLimit(.minutes(1))) func everyTruncationIsRefusedOrHarmless() async throws {
        let whole = TinyVoice.bytes()
        for length in Array(0..<120) + stride(from: 120, to: whole.count, by: 997) {
            let error = await modelError { _ = try await split(Array(whole[..<length])) }
            #expect(error?.code == .badVoice || error?.code == .fileFailed, "\(length) bytes")
        }
    }

    @Test(arguments: [
        [UInt8](repeating: 0xff, count: 40), [0x3a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f], [0x3b], [0x00, 0x01], [0x39, 1],
    ]) func hostileBytesAreRefused(_ bytes: [UInt8]) {
        #expect(throws: ModelError.self) { try ProtobufFields.fields(Data(bytes), 0..<bytes.count) }
    }

    @Test(.timeLimit(.minutes(1))) func subGraphsWithoutEndAreRefused() async {
        var node = TinyVoice.node(["a"], ["b"])
        for _ in 0..<40 { node = TinyVoice.node(["a"], ["b"]) + TinyVoice.field(5, TinyVoice.field(6, TinyVoice.field(1, node))) }
        let model = TinyVoice.field(7, TinyVoice.field(1, node) + TinyVoice.field(12, TinyVoice.text(1, "b")))
        #expect(await modelError { _ = try await split(model) }?.code == .badVoice)
    }

    @Test(.enabled(if: realVoice != nil, "on demand: PARLEY_TEST_VOICE names an unsplit voice"), .timeLimit(.minutes(1)))
    func theRealVoiceSplitsIntoThePinnedHalves() async throws {
        let voice = try #require(Self.realVoice)
        let root = FileManager.default.temporaryDirectory.appending(path: "parley-split-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: root) }
        try ModelStore.makeFolder(root)
        try await PiperSplitter.split(voice: voice, encoder: "\(root)/encoder", decoder: "\(root)/decoder")
        let pinned = ModelCatalog.pinned(for: .x86_64).files([.tts])
        #expect(try await DataFile.sha256("\(root)/encoder") == pinned[0].sha256)
        #expect(try await DataFile.sha256("\(root)/decoder") == pinned[1].sha256)
    }
}
