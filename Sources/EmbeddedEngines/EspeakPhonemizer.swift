import Foundation
import Synchronization

/// espeak-ng's English rules (`libespeak-ng.so.1`, GPL-3.0 or later), used only where the machine has it.
package final class EspeakPhonemizer: Phonemizer {
    private typealias Initialize = @convention(c) (Int32, Int32, UnsafePointer<CChar>?, Int32) -> Int32
    private typealias SetVoice = @convention(c) (UnsafePointer<CChar>) -> Int32
    private typealias TextToPhonemes = @convention(c) (UnsafeMutablePointer<UnsafeRawPointer?>, Int32, Int32) -> UnsafePointer<CChar>?

    /// espeak-ng keeps one global state for the process, so one lock serves all instances.
    private static let library = Mutex(())

    package let name = "espeak-ng"
    private let textToPhonemes: @Sendable (UnsafeMutablePointer<UnsafeRawPointer?>) -> UnsafePointer<CChar>?

    /// Opens the library, for good; nil when it or its voice data is not installed.
    ///
    /// - Parameter file: Name or path of the shared library.
    package init?(file: String = "libespeak-ng.so.1") {
        guard let handle = dlopen(file, RTLD_NOW | RTLD_LOCAL) else { return nil }
        guard let initialize = dlsym(handle, "espeak_Initialize"), let setVoice = dlsym(handle, "espeak_SetVoiceByName"),
            let convert = dlsym(handle, "espeak_TextToPhonemes")
        else { return nil }
        let convertText = unsafeBitCast(convert, to: TextToPhonemes.self)
        let utf8: Int32 = 1
        let ipa: Int32 = 2
        textToPhonemes = { convertText($0, utf8, ipa) }
        let isReady = Self.library.withLock { _ in
            let synchronous: Int32 = 2
            let noExit: Int32 = 0x8000
            let rate = unsafeBitCast(initialize, to: Initialize.self)(synchronous, 0, nil, noExit)
            return rate > 0 && unsafeBitCast(setVoice, to: SetVoice.self)("en-us") == 0
        }
        guard isReady else { return nil }
    }

    package func sounds(of words: [String]) -> [Pronunciation.Sound] {
        Self.library.withLock { _ in
            let whole = ipa(words.joined(separator: " "))
            // Short words are run together and numbers fall apart, so spaces tell nothing: the words' own sounds say which is which.
            let alone = words.enumerated().flatMap { index, word in ipa(word).filter { $0 != " " }.map { ($0, index) } }
            return Self.align(whole, with: alone)
        }
    }

    /// Some 10 ms of work; clauses are cut long before.
    private static let mostComparisons = 1_000_000

    /// IPA of one clause, the marks of language switches (`(en)`) removed. Called with the lock held.
    private func ipa(_ text: String) -> [Unicode.Scalar] {
        var result = ""
        text.withCString { start in
            var rest: UnsafeRawPointer? = UnsafeRawPointer(start)
            while rest != nil {
                let before = rest
                guard let part = textToPhonemes(&rest) else { break }
                result += (result.isEmpty ? "" : " ") + String(cString: part)
                if rest == before { break }
            }
        }
        var depth = 0
        var scalars: [Unicode.Scalar] = []
        for scalar in result.decomposedStringWithCanonicalMapping.unicodeScalars {
            switch scalar {
            case "(": depth += 1
            case ")": depth = max(0, depth - 1)
            case " ", "\n", "_": if depth == 0, scalars.last != " ", !scalars.isEmpty { scalars.append(" ") }
            default: if depth == 0 { scalars.append(scalar) }
            }
        }
        if scalars.last == " " { scalars.removeLast() }
        return scalars
    }

    /// Gives each code point of `whole` the word of the code point it corresponds to in `parts`, by the alignment of least edits.
    static func align(_ whole: [Unicode.Scalar], with parts: [(scalar: Unicode.Scalar, word: Int)]) -> [Pronunciation.Sound] {
        let heard = whole.filter { $0 != " " }
        guard !parts.isEmpty, !heard.isEmpty else { return [] }
        guard heard.count * parts.count <= mostComparisons else {
            return heard.enumerated().map { .init($1, word: parts[$0 * parts.count / heard.count].word) }
        }
        let columns = parts.count + 1
        var cost = [Int](repeating: 0, count: (heard.count + 1) * columns)
        for column in 0..<columns { cost[column] = column }
        for row in 1...heard.count {
            cost[row * columns] = row
            for column in 1..<columns {
                let change = heard[row - 1] == parts[column - 1].scalar ? 0 : 1
                let above = (row - 1) * columns + column
                cost[row * columns + column] = min(cost[above - 1] + change, cost[above] + 1, cost[row * columns + column - 1] + 1)
            }
        }
        var owners = [Int](repeating: 0, count: heard.count)
        var (row, column) = (heard.count, columns - 1)
        while row > 0 {
            owners[row - 1] = parts[max(column, 1) - 1].word
            let here = cost[row * columns + column]
            let change = column > 0 && heard[row - 1] == parts[column - 1].scalar ? 0 : 1
            if column > 0, here == cost[(row - 1) * columns + column - 1] + change {
                (row, column) = (row - 1, column - 1)
            } else if here == cost[(row - 1) * columns + column] + 1 {
                row -= 1
            } else {
                column -= 1
            }
        }
        var next = 0
        return whole.map { scalar in
            guard scalar != " " else { return Pronunciation.Sound(" ", word: nil) }
            defer { next += 1 }
            return Pronunciation.Sound(scalar, word: owners[next])
        }
    }
}
