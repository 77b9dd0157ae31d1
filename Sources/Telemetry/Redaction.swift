package import Logging

/// Keeps what people said and what opens doors out of the logs.
package enum Redaction {
    package static let mask = "[redacted]"

    /// The last word of a key that is hidden: `text`, `api_key`, `resumeToken`, `http.authorization`; not `first_token_ms`.
    static let hidden: Set<String> = [
        "text", "texts", "transcript", "transcripts", "prompt", "prompts", "authorization", "key", "keys", "token", "secret", "password",
        "cookie",
    ]

    package static func isHidden(_ key: String) -> Bool { hidden.contains(lastWord(of: key)) || hidden.contains(key.lowercased()) }

    /// The metadata with every hidden value masked, at any depth.
    package static func apply(to metadata: Logger.Metadata) -> Logger.Metadata {
        var clean: Logger.Metadata = [:]
        for (key, value) in metadata { clean[key] = isHidden(key) ? .string(mask) : apply(to: value) }
        return clean
    }

    private static func apply(to value: Logger.MetadataValue) -> Logger.MetadataValue {
        switch value {
        case .dictionary(let inner): .dictionary(apply(to: inner))
        case .array(let items): .array(items.map { apply(to: $0) })
        case .string, .stringConvertible: value
        }
    }

    /// Words end at what is no letter and where a small letter is followed by a capital one.
    private static func lastWord(of key: String) -> String {
        var word = ""
        var wasSmall = false
        if key.utf8.allSatisfy({ $0 == UInt8(ascii: "_") || UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 }) {
            // As the house writes its keys.
            return key.utf8.lastIndex(of: UInt8(ascii: "_")).map { String(key[key.index(after: $0)...]) } ?? key
        }
        for character in key {
            if !character.isLetter {
                word = ""
                wasSmall = false
                continue
            }
            if wasSmall, character.isUppercase { word = "" }
            word.append(character)
            wasSmall = character.isLowercase
        }
        return word.lowercased()
    }
}
