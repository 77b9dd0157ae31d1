import Engines
import Testing

@testable import EmbeddedEngines

struct PhonemizerTests {
    static let installed: [any Phonemizer] = [EspeakPhonemizer() as (any Phonemizer)?, FlitePhonemizer()].compactMap { $0 }
    static let names = installed.map(\.name)

    private static func named(_ name: String) throws -> any Phonemizer { try #require(installed.first { $0.name == name }) }

    private static func sounds(_ pronunciation: Pronunciation, of word: Int) -> String {
        String(String.UnicodeScalarView(pronunciation.sounds.filter { $0.word == word }.map(\.scalar)))
    }

    @Test(arguments: names) func wordsKeepTheirSounds(name: String) throws {
        let sentence = try #require(try Self.named(name).pronounce("One of the 42 cats, please!").first)
        #expect(sentence.words == ["One", "of", "the", "42", "cats,", "please!"])
        #expect(Self.sounds(sentence, of: 2).hasPrefix("ð"))
        #expect(Self.sounds(sentence, of: 3).hasPrefix("f"))
        #expect(Self.sounds(sentence, of: 4) == "kˈæts")
        #expect(sentence.text.hasSuffix("!"))
        #expect(sentence.sounds.filter { $0.word == nil }.allSatisfy { " ,!".unicodeScalars.contains($0.scalar) })
    }

    @Test(arguments: names) func functionWordsCarryNoStress(name: String) throws {
        let sentence = try #require(try Self.named(name).pronounce("I said that you can go to the shop.").first)
        for word in [0, 3, 6, 7] { #expect(!Self.sounds(sentence, of: word).contains("ˈ"), "\(sentence.words[word])") }
        #expect(Self.sounds(sentence, of: 8).contains("ˈ"))
    }

    @Test(arguments: names) func nothingCanBreakIt(name: String) throws {
        let phonemizer = try Self.named(name)
        let texts = [
            "", " ", ".", "...", "\u{0}", "\u{1B}[31m", "🎉🎉", "你好，世界。", "[[h@l'oU]]", "<speak>hi</speak>",
            "a\u{301}\u{302}\u{303}", "'", "-'-", "(((", "%s%n",
            "%%%", "1e999", String(repeating: "9", count: 400), String(repeating: "a", count: 2000), String(repeating: "no ", count: 700),
            String(repeating: "$", count: 2000), String(repeating: "🎉你\u{7}x ", count: 400), "ﬁ ß ÿ Ω ж", "\u{202E}abc", "don't 'n' 'twas",
        ]
        for text in texts {
            let sentences = phonemizer.pronounce(text)
            #expect(sentences.flatMap(\.words) == text.split(whereSeparator: \.isWhitespace).map(String.init))
            for sentence in sentences {
                #expect(sentence.sounds.count <= 400)
                #expect(sentence.sounds.allSatisfy { $0.word.map(sentence.words.indices.contains) ?? true })
            }
        }
    }

    @Test(arguments: names) func longSentencesAreCutAndShortOnesNot(name: String) throws {
        let phonemizer = try Self.named(name)
        let long = phonemizer.pronounce(String(repeating: "we went to the market and bought a fish, ", count: 12) + "then home.", maximumSounds: 200)
        #expect(long.count > 1)
        #expect(long.allSatisfy { $0.sounds.count <= 200 })
        #expect(phonemizer.pronounce("We went home. It rained.").count == 2)
        let unbroken = phonemizer.pronounce(String(repeating: "banana ", count: 200), maximumSounds: 200)
        #expect(unbroken.allSatisfy { $0.sounds.count <= 200 && !$0.isSilent })
    }

    @Test(arguments: names) func whatCannotBeSaidGoesWithTheSentenceBeside(name: String) throws {
        let phonemizer = try Self.named(name)
        #expect(phonemizer.pronounce("Hello. 🎉! 你好。").map(\.words) == [["Hello.", "🎉!", "你好。"]])
        #expect(phonemizer.pronounce("🎉! Hello.").map(\.words) == [["🎉!", "Hello."]])
        #expect(phonemizer.pronounce("🎉!").map(\.isSilent) == [true])
    }

    @Test(.timeLimit(.minutes(1)), arguments: names) func callersFromManyThreadsGetTheSame(name: String) async throws {
        let phonemizer = try Self.named(name)
        let texts = (0..<40).map { "Number \($0) is for the \($0 % 2 == 0 ? "green" : "yellow") house." }
        let serial = texts.map { phonemizer.pronounce($0) }
        let parallel = await withTaskGroup(of: (Int, [Pronunciation]).self) { group in
            for (index, text) in texts.enumerated() { group.addTask { @concurrent in (index, phonemizer.pronounce(text)) } }
            return await group.reduce(into: [Int: [Pronunciation]]()) { $0[$1.0] = $1.1 }
        }
        for (index, pronunciation) in serial.enumerated() { #expect(parallel[index] == pronunciation) }
    }

    @Test func aMissingLibraryIsNoPhonemizer() { #expect(EspeakPhonemizer(file: "libespeak-that-is-not.so.1") == nil) }

    @Test func aLibraryOfAnotherKindIsNoPhonemizer() { #expect(EspeakPhonemizer(file: "libm.so.6") == nil) }

    @Test(.enabled(if: EspeakPhonemizer() != nil, "espeak-ng is not installed")) func espeakComesFirst() throws {
        #expect(try Phonemizers.best().name == "espeak-ng")
    }

    @Test func alignmentFollowsChangedSounds() {
        let parts = ["ʌv", "ðə", "kæt"].enumerated().flatMap { index, word in word.unicodeScalars.map { ($0, index) } }
        let sounds = EspeakPhonemizer.align(Array("əvðə kˈæt".unicodeScalars), with: parts)
        #expect(sounds.map(\.word) == [0, 0, 1, 1, nil, 2, 2, 2, 2])
    }
}
