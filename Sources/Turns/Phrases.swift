/// Lists of set phrases and how texts are compared with them.
enum Phrases {
    /// Words of the longest phrase of any list.
    private static let longest = 5

    /// Phrases divided by commas, on any number of lines.
    static func table(_ phrases: String) -> Set<[String]> {
        Set(phrases.split(separator: ",").map { $0.split(whereSeparator: \.isWhitespace).map(String.init) })
    }

    static func ends(_ words: some BidirectionalCollection<String>, with phrases: Set<[String]>) -> Bool {
        (1...longest).contains { $0 <= words.count && phrases.contains(Array(words.suffix($0))) }
    }

    /// The length of the longest phrase the words begin with; 0 for none.
    static func prefix(_ words: ArraySlice<String>, of phrases: Set<[String]>) -> Int {
        (1...longest).last { $0 <= words.count && phrases.contains(Array(words.prefix($0))) } ?? 0
    }

    /// Whether phrases of the lists follow one another from the first word to the last.
    static func covers(_ words: [String], english: Set<[String]>, chinese: Set<String>) -> Bool {
        var rest = words[...]
        while let word = rest.first {
            if SpokenText.isHan(word) {
                guard strip(word, of: chinese).isEmpty else { return false }
                rest.removeFirst()
            } else {
                let length = prefix(rest, of: english)
                guard length > 0 else { return false }
                rest.removeFirst(length)
            }
        }
        return true
    }

    /// Whether any place of the words begins with a phrase of the lists.
    static func any(_ words: [String], english: Set<[String]>, chinese: Set<String>) -> Bool {
        words.indices.contains { SpokenText.isHan(words[$0]) ? strip(words[$0], of: chinese) != words[$0] : prefix(words[$0...], of: english) > 0 }
    }

    /// What is left of a Chinese run when the listed words, the longest first, are taken from its beginning.
    static func strip(_ run: String, of words: Set<String>) -> String {
        var rest = run[...]
        while !rest.isEmpty {
            guard let length = (1...longest).last(where: { words.contains(String(rest.prefix($0))) && rest.prefix($0).count == $0 }) else { break }
            rest = rest.dropFirst(length)
        }
        return String(rest)
    }

    /// Whether a phrase stands in a text, whatever capitals and punctuation either has; between whole words, in Chinese anywhere.
    static func occurs(_ phrase: String, in text: String) -> Bool {
        let (phrase, words) = (SpokenText(phrase).words, SpokenText(text).words)
        guard let first = phrase.first, phrase.count <= words.count else { return false }
        if phrase.count == 1, SpokenText.isHan(first) { return words.contains { $0.contains(first) } }
        return (0...(words.count - phrase.count)).contains { words[$0..<$0 + phrase.count].elementsEqual(phrase) }
    }
}
