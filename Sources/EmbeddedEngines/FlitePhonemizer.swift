import CSpeech
import Foundation
import Synchronization

/// Flite's English lexicon and rules (`libflite.so.1`), used where the machine has no espeak-ng.
package final class FlitePhonemizer: Phonemizer {
    package let name = "flite"
    /// The address of the library's front end, which has one state for the process: the lock serves all instances. 0 when it is not installed.
    private static let frontEnd = Mutex(UInt(bitPattern: openFrontEnd()))

    /// Opens the library, for good; nil when libflite or its English is not installed.
    package init?() {
        guard Self.frontEnd.withLock({ $0 }) != 0 else { return nil }
    }

    package func sounds(of words: [String]) -> [Pronunciation.Sound] {
        let words = words.map(Self.ascii)
        let (sounds, tokens) = Self.frontEnd.withLock { Self.segments($0, words) }
        guard tokens != words.count else { return Self.pronounce(sounds) }
        // The library cut the words otherwise than they are written: ask for each alone.
        var result: [Pronunciation.Sound] = []
        for (index, word) in words.enumerated() {
            let alone = Self.frontEnd.withLock { Self.segments($0, [word]).sounds }
            if !result.isEmpty, !alone.isEmpty { result.append(.init(" ", word: nil)) }
            result += Self.pronounce(alone).map { .init($0.scalar, word: $0.word.map { _ in index }) }
        }
        return result
    }

    private struct Segment {
        var phone: String
        var token: Int
        var isStressed: Bool
    }

    private static func openFrontEnd() -> OpaquePointer? {
        var reason = [CChar](repeating: 0, count: 256)
        return flite_g2p_open(&reason, reason.count)
    }

    private static func segments(_ frontEnd: UInt, _ words: [String]) -> (sounds: [Segment], tokens: Int) {
        let text = words.joined(separator: " ")
        guard let pointer = OpaquePointer(bitPattern: frontEnd), !text.allSatisfy({ $0 == " " }) else { return ([], words.count) }
        let capacity = min(40 * text.utf8.count + 64, 40_000)
        var tokens: Int32 = 0
        let segments = withUnsafeTemporaryAllocation(of: flite_g2p_sound.self, capacity: capacity) { buffer -> [Segment] in
            let count = flite_g2p_sounds(pointer, text, buffer.baseAddress, Int32(capacity), &tokens)
            return (0..<max(0, Int(count))).map { index in
                let phone = withUnsafeBytes(of: buffer[index].phone) { string($0) }
                let word = withUnsafeBytes(of: buffer[index].word) { string($0) }
                let isStressed = buffer[index].stressed == 1 && !weak.contains(word)
                return Segment(phone: phone, token: Int(buffer[index].token), isStressed: isStressed)
            }
        }
        return (segments, Int(tokens))
    }

    private static func string(_ bytes: UnsafeRawBufferPointer) -> String { String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self) }

    /// Accents folded, everything beyond ASCII dropped.
    private static func ascii(_ word: String) -> String {
        String(String.UnicodeScalarView(word.decomposedStringWithCanonicalMapping.unicodeScalars.filter { $0.isASCII && $0.value > 32 }))
    }

    private static func pronounce(_ segments: [Segment]) -> [Pronunciation.Sound] {
        var result: [Pronunciation.Sound] = []
        for (index, segment) in segments.enumerated() {
            if let last = result.last?.word, last != segment.token { result.append(.init(" ", word: nil)) }
            let next = index + 1 < segments.count && segments[index + 1].token == segment.token ? segments[index + 1].phone : ""
            let isVowel = segment.phone.first.map { "aeiou".contains($0) } ?? false
            let mark = segment.isStressed && isVowel ? "ˈ" : ""
            result += (mark + ipa(segment, before: next)).unicodeScalars.map { .init($0, word: segment.token) }
        }
        return result
    }

    private static func ipa(_ segment: Segment, before next: String) -> String {
        switch segment.phone {
        case "ah" where !segment.isStressed, "ax": "ə"
        case "er" where segment.isStressed: "ɜː"
        case "er", "axr": "ɚ"
        case "iy" where !segment.isStressed: "i"
        case "eh" where next == "r": "ɛ"
        default: symbols[segment.phone] ?? ""
        }
    }

    /// The lexicon's phones in the IPA that English Piper voices were taught with.
    private static let symbols: [String: String] = [
        "aa": "ɑː", "ae": "æ", "ah": "ʌ", "ao": "ɔː", "aw": "aʊ", "ay": "aɪ", "eh": "ɛ", "ey": "eɪ", "ih": "ɪ", "ix": "ɪ", "iy": "iː",
        "ow": "oʊ", "oy": "ɔɪ", "uh": "ʊ", "uw": "uː", "ux": "uː", "el": "əl", "em": "əm", "en": "ən", "b": "b", "ch": "tʃ", "d": "d",
        "dh": "ð", "dx": "ɾ", "f": "f", "g": "ɡ", "hh": "h", "hv": "h", "jh": "dʒ", "k": "k", "l": "l", "m": "m", "n": "n", "ng": "ŋ",
        "nx": "n", "p": "p", "r": "ɹ", "s": "s", "sh": "ʃ", "t": "t", "th": "θ", "v": "v", "w": "w", "y": "j", "z": "z", "zh": "ʒ",
    ]

    /// Function words, said without stress though the lexicon gives them one.
    private static let weak: Set<String> = [
        "a", "an", "the", "and", "or", "but", "of", "to", "in", "on", "at", "for", "from", "by", "with", "as", "is", "are", "was", "were", "be",
        "been", "am", "it", "its", "he", "she", "we", "you", "they", "i", "me", "him", "her", "us", "them", "my", "your", "his", "our", "their",
        "this", "that", "than", "if", "can", "could", "will", "would", "shall", "should", "has", "have", "had", "do", "does", "did", "so",
    ]
}
