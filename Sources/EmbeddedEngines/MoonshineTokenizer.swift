package import Engines
import Foundation

/// Token numbers to text, as `tokenizer.bin` of a Moonshine model spells them.
///
/// The file holds one entry a token: a length, in one byte, or in two (the first less 128, plus 128 times the second) from 128 on, and as many bytes.
package struct MoonshineTokenizer: Sendable {
    static let begin = 1
    static let end = 2

    private let bytes: [UInt8]
    /// Where each token's bytes lie.
    private let ranges: [Range<Int>]

    /// How many tokens there are.
    package var count: Int { ranges.count }

    /// - Throws: ``EngineError``, naming the file: `engine.unavailable` when it cannot be read, `engine.failed` when it is none or cut short.
    package init(path: String) throws(EngineError) {
        guard let data = FileManager.default.contents(atPath: path) else { throw EngineError(.unavailable, "\(path): cannot be read") }
        guard let tokenizer = MoonshineTokenizer([UInt8](data)) else { throw EngineError(.failed, "\(path): is no tokenizer") }
        self = tokenizer
    }

    /// nil when the bytes break off inside an entry, or hold fewer than the special tokens.
    init?(_ bytes: [UInt8]) {
        var ranges: [Range<Int>] = []
        var index = 0
        while index < bytes.count {
            var length = Int(bytes[index])
            index += 1
            if length >= 128 {
                guard index < bytes.count else { return nil }
                length += Int(bytes[index]) * 128 - 128
                index += 1
            }
            guard index + length <= bytes.count else { return nil }
            ranges.append(index..<index + length)
            index += length
        }
        guard ranges.count > Self.end else { return nil }
        (self.bytes, self.ranges) = (bytes, ranges)
    }

    /// The text, trimmed; nil when the bytes of the tokens together are no UTF-8. Special tokens (`<...>`) and unknown numbers are skipped.
    package func text(of tokens: [Int]) -> String? {
        var text: [UInt8] = []
        for token in tokens where ranges.indices.contains(token) {
            let entry = bytes[ranges[token]]
            if entry.count > 2, entry.first == UInt8(ascii: "<"), entry.last == UInt8(ascii: ">"), !isByte(entry) { continue }
            if isByte(entry), let value = UInt8(String(decoding: entry.dropFirst(3).prefix(2), as: UTF8.self), radix: 16) {
                text.append(value)
            } else {
                text += entry
            }
        }
        return String(validating: text, as: UTF8.self)?
            .replacing("\u{2581}", with: " ").trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// `<0x41>`: a byte that no other token spells.
    private func isByte(_ entry: ArraySlice<UInt8>) -> Bool {
        entry.count == 6 && entry.starts(with: Array("<0x".utf8)) && entry.last == UInt8(ascii: ">")
    }
}
