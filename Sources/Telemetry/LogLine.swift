import Foundation
import Logging

/// One log record as one line of bounded length. What stands in it cannot begin a new line nor hide behind control characters.
struct LogLine {
    /// Most characters of a message, an error or one metadata value; longer ones are cut and end in `...`.
    static let fieldLimit = 512
    /// Most metadata entries of one level; the rest is counted in `more`.
    static let entryLimit = 32
    /// Deepest nesting that is written.
    static let depthLimit = 4

    var time: Date
    var level: Logger.Level
    var label: String
    var message: String
    var error: String?
    /// Redacted by the writer, not by the caller.
    var metadata: Logger.Metadata

    func render(_ format: LogFormat) -> String {
        switch format {
        case .text: text()
        case .json: json()
        }
    }

    private func json() -> String {
        var out = "{\"time\":\"\(stamp)\",\"level\":\"\(level.rawValue)\",\"logger\":\(Self.quoted(label)),\"message\":\(Self.quoted(message))"
        if let error { out += ",\"error\":\(Self.quoted(error))" }
        if !metadata.isEmpty { out += ",\"metadata\":" + Self.json(Redaction.apply(to: metadata), depth: 1) }
        return out + "}\n"
    }

    private func text() -> String {
        var out = "\(stamp) \(level.rawValue) \(Self.bare(label)): \(Self.bare(message))"
        if let error { out += " error=\(Self.word(error))" }
        for (key, value) in Self.entries(Redaction.apply(to: metadata)) {
            switch value {
            case .string(let text): out += " \(Self.bare(key))=\(Self.word(text))"
            case .stringConvertible(let some): out += " \(Self.bare(key))=\(Self.word(some.description))"
            case .array, .dictionary: out += " \(Self.bare(key))=\(Self.json(value, depth: 1))"
            }
        }
        return out + "\n"
    }

    private var stamp: String { time.ISO8601Format(.init(includingFractionalSeconds: true)) }

    private static func json(_ value: Logger.MetadataValue, depth: Int) -> String {
        switch value {
        case .string(let text): quoted(text)
        case .stringConvertible(let some): scalar(some)
        case .dictionary(let inner): depth >= depthLimit ? "\"...\"" : json(inner, depth: depth + 1)
        case .array(let items):
            depth >= depthLimit ? "\"...\"" : "[" + items.prefix(entryLimit).map { json($0, depth: depth + 1) }.joined(separator: ",") + "]"
        }
    }

    private static func json(_ metadata: Logger.Metadata, depth: Int) -> String {
        "{" + entries(metadata).map { "\(quoted($0.key)):\(json($0.value, depth: depth))" }.joined(separator: ",") + "}"
    }

    /// Numbers and truth values stay what they are, so that programs can count them.
    private static func scalar(_ some: any CustomStringConvertible) -> String {
        switch some {
        case let number as Int: String(number)
        case let number as Double where number.isFinite: String(number)
        case let flag as Bool: String(flag)
        default: quoted(some.description)
        }
    }

    private static func entries(_ metadata: Logger.Metadata) -> [(key: String, value: Logger.MetadataValue)] {
        let sorted = metadata.sorted { $0.key < $1.key }
        guard sorted.count > entryLimit else { return sorted.map { ($0.key, $0.value) } }
        return sorted.prefix(entryLimit).map { ($0.key, $0.value) } + [("more", .stringConvertible(sorted.count - entryLimit))]
    }

    /// A value of the text form: in quotes where it would not be one word.
    private static func word(_ text: String) -> String {
        let plain = !text.isEmpty && isPlain(text) && text.utf8.allSatisfy { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "=") }
        return plain ? cut(text) : quoted(text)
    }

    private static func bare(_ text: String) -> String {
        isPlain(text) ? cut(text) : String(quoted(text).dropFirst().dropLast())
    }

    /// Whether nothing in it has to be escaped, as in nearly all that is written.
    private static func isPlain(_ text: String) -> Bool {
        text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
    }

    private static func cut(_ text: String) -> String {
        guard text.utf8.count > fieldLimit else { return text }
        // Scalars, since one Character may hold any number of combining marks.
        let head = text.unicodeScalars.prefix(fieldLimit)
        return head.endIndex == text.unicodeScalars.endIndex ? text : String(head) + "..."
    }

    /// A JSON string; control characters and the separators that some readers take for a line end are escaped.
    static func quoted(_ text: String) -> String {
        guard !isPlain(text) else { return "\"\(cut(text))\"" }
        var out = "\""
        for scalar in cut(text).unicodeScalars {
            switch scalar {
            case "\"": out += "\\\""
            case "\\": out += "\\\\"
            case "\n": out += "\\n"
            case "\r": out += "\\r"
            case "\t": out += "\\t"
            case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{200E}", "\u{200F}", "\u{2028}"..."\u{202E}", "\u{2066}"..."\u{2069}":
                let hex = String(scalar.value, radix: 16)
                out += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out + "\""
    }
}
