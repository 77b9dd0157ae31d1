/// What a recogniser made of a caller's sound over the agent's.
package struct Overheard: Equatable, Sendable {
    /// As the recogniser writes it; empty where it hears no words.
    package var text: String
    /// 0...1, higher is surer; nil where the recogniser does not tell.
    package var confidence: Float?
    /// What the agent has said last, as far as it may have been heard.
    package var agent: String

    package init(text: String, confidence: Float? = nil, agent: String = "") {
        (self.text, self.confidence, self.agent) = (text, confidence, agent)
    }

    /// Words, and single characters of Chinese.
    var wordCount: Int { Self.units(SpokenText(text).words).count }

    /// What it is meant for, with what nobody can have said to the agent taken as no words.
    ///
    /// - Parameters:
    ///   - voiced: How much of the sound was voiced.
    ///   - language: As ``InterruptionCues/verdict(partial:language:)`` takes it.
    package func verdict(voiced: Duration, language: String) -> InterruptionCues.Verdict {
        let words = SpokenText(text).words
        let verdict = InterruptionCues.verdict(partial: text, language: language)
        switch verdict {
        case .unknown, .backchannel: return verdict
        case .command: return isEcho(words, least: 1) ? .unknown : verdict
        case .content:
            let isNone = isEcho(words, least: 0.66) || isBabble(words) || isTooQuick(words, voiced) || words.allSatisfy(Self.empty.contains)
            return isNone ? .unknown : verdict
        }
    }

    /// Words of the agent's that an echo is looked for in, the last ones.
    private static let agentWords = 16
    /// Words that nobody says in a second of voice; recognisers invent them for noise.
    private static let quickest = 8.0

    /// Whether the words are the agent's own of just now, in their order. One word alone may well be the caller's.
    private func isEcho(_ words: [String], least: Double) -> Bool {
        let said = SpokenText(agent).words.suffix(Self.agentWords)
        let (heard, own) = (Self.units(words), Self.units(Array(said)))
        guard heard.count >= 2, !own.isEmpty else { return false }
        return Double(Self.common(heard, own)) >= Double(heard.count) * least
    }

    /// The same over and over: what a recogniser makes of noise.
    private func isBabble(_ words: [String]) -> Bool { words.count >= 4 && Set(words).count * 3 <= words.count }

    private func isTooQuick(_ words: [String], _ voiced: Duration) -> Bool {
        guard words.count > 3, !words.contains(where: SpokenText.isHan) else { return false }
        return Double(words.count) > 2 + voiced / .seconds(1) * Self.quickest
    }

    /// Words that mean nothing alone. A recogniser hears them in a breath, and a sentence that begins with them brings others soon.
    private static let empty: Set<String> = [
        "the", "a", "an", "and", "of", "to", "in", "is", "it", "it's", "that", "that's", "at", "for", "as", "so", "but", "or", "if", "then", "than",
        "because", "with", "from", "by", "on", "this", "them", "they", "i", "i'm", "you", "he", "she", "we", "my", "your", "be", "are", "was",
    ]

    /// Words, and single characters of Chinese.
    private static func units(_ words: [String]) -> [String] {
        words.flatMap { word in SpokenText.isHan(word) ? word.map { String($0) } : [word] }
    }

    /// Whether two words are the same, or begin the same: a recogniser that hears only a part of one writes another.
    private static func isLike(_ one: String, _ other: String) -> Bool {
        one == other || one.unicodeScalars.count >= 3 && one.unicodeScalars.prefix(3).elementsEqual(other.unicodeScalars.prefix(3))
    }

    /// Length of the longest sequence that stands in both, in order.
    private static func common(_ a: [String], _ b: [String]) -> Int {
        var row = [Int](repeating: 0, count: b.count + 1)
        for one in a {
            var diagonal = 0
            for (index, other) in b.enumerated() {
                let above = row[index + 1]
                row[index + 1] = isLike(one, other) ? diagonal + 1 : max(above, row[index])
                diagonal = above
            }
        }
        return row[b.count]
    }
}
