/// What a text is searched by: stems in English, characters and their pairs in Chinese.
struct SearchTerms {
    struct Term: Hashable {
        var text: String
        /// How much the term says, whatever the text.
        var weight: Double
        /// Made of two neighbouring words; counts only if it is found.
        var joined = false
        /// Which word of the text it is, or begins with.
        var word = 0
    }

    private(set) var terms: [Term] = []

    /// - Parameter asked: Whether it is a question, in which words may have been torn apart.
    init(_ text: String, language: Language, asked: Bool = false) {
        if language == .chinese { readHan(text) } else { readWords(text, asked: asked) }
    }

    /// Lower-case words without apostrophes.
    static func words(_ text: String) -> [String] {
        var words: [String] = []
        var word = String.UnicodeScalarView()
        for scalar in text.lowercased().unicodeScalars {
            if (scalar.isLetter && !scalar.isHan) || scalar.isDigit {
                word.append(scalar)
            } else if scalar != "'" && scalar != "’", !word.isEmpty {
                words.append(String(word))
                word = String.UnicodeScalarView()
            }
        }
        if !word.isEmpty { words.append(String(word)) }
        return words
    }

    static func stem(_ word: String) -> String {
        let count = word.utf8.count
        guard word.utf8.allSatisfy({ $0 < 0x80 }) else { return word }
        if count > 4, word.hasSuffix("ies") { return word.dropLast(3) + "y" }
        if count > 5, word.hasSuffix("ing") { return undoubled(String(word.dropLast(3))) }
        if count > 5, word.hasSuffix("sses") || word.hasSuffix("xes") || word.hasSuffix("ches") || word.hasSuffix("shes") {
            return String(word.dropLast(2))
        }
        if count > 4, word.hasSuffix("ed"), !word.hasSuffix("eed") { return undoubled(String(word.dropLast(2))) }
        if count > 3, word.hasSuffix("s"), !word.hasSuffix("ss"), !word.hasSuffix("us") { return unvoiced(String(word.dropLast())) }
        return unvoiced(word)
    }

    private static func undoubled(_ stem: String) -> String {
        let last = stem.utf8.suffix(2)
        guard last.count == 2, last.first == last.last, let letter = last.last, !"ls".utf8.contains(letter) else { return unvoiced(stem) }
        return String(stem.dropLast())
    }

    /// Without a silent e, so that `move`, `moving` and `moved` meet.
    private static func unvoiced(_ stem: String) -> String { stem.utf8.count > 3 && stem.hasSuffix("e") ? String(stem.dropLast()) : stem }

    private mutating func readWords(_ text: String, asked: Bool) {
        let words = Self.words(text).prefix(asked ? 80 : 4000).map { Self.same[$0] ?? $0 }
        for (index, word) in words.enumerated() {
            if !SearchWords.empty.contains(word) { terms.append(Term(text: Self.stem(word), weight: 1, word: index)) }
            let silent = SearchWords.empty.contains(word) && index + 1 < words.count && SearchWords.empty.contains(words[index + 1])
            if asked, !silent, index + 1 < words.count, word.utf8.count + words[index + 1].utf8.count < 24 {
                terms.append(Term(text: Self.stem(word + words[index + 1]), weight: 1, joined: true, word: index))
            }
        }
    }

    private static let same = [
        "mastercard": "card", "visa": "card", "atm": "machines", "abroard": "abroad", "overseas": "abroad", "foreign": "abroad",
    ]

    private mutating func readHan(_ text: String) {
        var run: [Unicode.Scalar] = []
        func pairs(_ run: [Unicode.Scalar]) -> [Term] {
            let single = run.map { Term(text: String($0), weight: run.count == 1 ? 0.7 : 0.3) }
            return single + zip(run, run.dropFirst()).map { Term(text: String($0) + String($1), weight: 1) }
        }
        let scalars = Array(text.unicodeScalars.prefix(4000))
        var at = 0
        while at < scalars.count {
            if let empty = SearchWords.emptyHan.first(where: { scalars[at...].starts(with: $0.unicodeScalars) }) {
                terms += pairs(run)
                run = []
                at += empty.unicodeScalars.count
                continue
            }
            if scalars[at].isHan {
                run.append(scalars[at])
            } else {
                terms += pairs(run)
                run = []
            }
            at += 1
        }
        terms += pairs(run)
        terms += Self.words(text).map { Term(text: $0, weight: 1) }
    }
}
