import Engines
import Foundation
import Testing

@testable import EmbeddedEngines

struct MoonshineTokenizerTests {
    private static func file(_ entries: [[UInt8]]) -> [UInt8] {
        entries.flatMap { entry -> [UInt8] in
            let length = entry.count < 128 ? [UInt8(entry.count)] : [UInt8(128 + entry.count % 128), UInt8(entry.count / 128)]
            return length + entry
        }
    }

    private static let special = ["<unk>", "<s>", "</s>"].map { Array($0.utf8) }

    @Test func entriesOfEveryLengthAreRead() throws {
        let long = [UInt8](repeating: UInt8(ascii: "x"), count: 300)
        let tokenizer = try #require(MoonshineTokenizer(Self.file(Self.special + [[], long, Array("\u{2581}yes".utf8)])))
        #expect(tokenizer.count == 6)
        #expect(tokenizer.text(of: [3]) == "")
        #expect(tokenizer.text(of: [4, 5]) == String(repeating: "x", count: 300) + " yes")
    }

    @Test func specialTokensAndUnknownNumbersAreSkipped() throws {
        let tokenizer = try #require(MoonshineTokenizer(Self.file(Self.special + [Array("\u{2581}hi".utf8)])))
        #expect(tokenizer.text(of: [1, 3, -1, 99, 2]) == "hi")
    }

    @Test func bytesJoinToCharactersAndBrokenOnesAreRefused() throws {
        let tokenizer = try #require(MoonshineTokenizer(Self.file(Self.special + [Array("<0xC3>".utf8), Array("<0xA9>".utf8), [0xC3]])))
        #expect(tokenizer.text(of: [3, 4]) == "é")
        #expect(tokenizer.text(of: [3]) == nil)
        #expect(tokenizer.text(of: [5]) == nil)
    }

    @Test(arguments: [[], [5, 65], [200], [0, 0]] as [[UInt8]]) func aFileCutShortIsRefused(bytes: [UInt8]) {
        #expect(MoonshineTokenizer(bytes) == nil)
    }

    @Test(.enabled(if: InstalledModels.areThere, InstalledModels.missing)) func theInstalledFileHasAllTokens() throws {
        let tokenizer = try MoonshineTokenizer(path: InstalledModels.path("models/asr/tokenizer.bin"))
        #expect(tokenizer.count == 32_768)
    }

    @Test func aMissingFileIsNamed() {
        #expect(throws: EngineError(.unavailable, "/nowhere/tokenizer.bin: cannot be read")) {
            try MoonshineTokenizer(path: "/nowhere/tokenizer.bin")
        }
    }
}
