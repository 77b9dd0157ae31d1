/// Finds facts by words, and forgives what a recogniser does to them.
struct FactIndex {
    struct Hit: Equatable {
        var fact: Int
        /// 0...1: how well question and fact cover each other.
        var score: Double
    }

    private struct Line {
        var fact: Int
        var terms: Set<Int>
        var weight: Double
    }

    private struct Entry {
        var text: String
        var letters: [UInt8]
        var sound: [UInt8]
        var weight: Double
        var idf = 0.0
        /// How much it counts in each fact that has it.
        var facts: [Int: Double] = [:]
    }

    private let language: Language
    private var entries: [Entry] = []
    private var numbers: [String: Int] = [:]
    private var lines: [Line] = []
    private var titles: [Set<Int>] = []
    private var rarest = 1.0

    init(facts: [Fact], language: Language) {
        self.language = language
        for (index, fact) in facts.enumerated() {
            titles.append(add(fact.title, fact: index, counts: 1))
            for line in [fact.title] + fact.asked {
                let terms = add(line, fact: index, counts: 1)
                if !terms.isEmpty { lines.append(Line(fact: index, terms: terms, weight: 0)) }
            }
            _ = add(fact.answer, fact: index, counts: 0.4)
        }
        for index in entries.indices {
            // A word that only stands in answers says less about what is asked there.
            let found = entries[index].facts.values.reduce(0, +)
            entries[index].idf = entries[index].weight * Self.log(1 + Double(facts.count) / max(1, found))
        }
        rarest = Self.log(1 + Double(facts.count))
        for index in lines.indices { lines[index].weight = lines[index].terms.reduce(0) { $0 + entries[$1].idf } }
    }

    /// Facts that have something of the question, best first.
    func hits(for question: String) -> [Hit] {
        var total = 0.0
        var found: [[(entry: Int, likeness: Double)]] = []
        var all = SearchTerms(question, language: language, asked: true).terms
        // Two words that make a known one stand for it, not for themselves, unless one of them is known as it is.
        let exact = Set(all.filter { !$0.joined && numbers[$0.text] != nil }.map(\.word))
        all.removeAll { $0.joined && (exact.contains($0.word) || exact.contains($0.word + 1) || like($0).isEmpty) }
        let torn = Set(all.flatMap { $0.joined ? [$0.word, $0.word + 1] : [] })
        all.removeAll { !$0.joined && torn.contains($0.word) && numbers[$0.text] == nil }
        var unknown = 0
        var seen: Set<SearchTerms.Term> = []
        for term in all {
            var plain = term
            (plain.word, plain.joined) = (0, false)
            guard seen.insert(plain).inserted else { continue }
            let matches = like(term)
            if let best = matches.max(by: { $0.likeness < $1.likeness }) {
                total += entries[best.entry].idf
                found.append(matches)
            } else {
                total += rarest * term.weight
                unknown += 1
            }
        }
        guard total > 0, !found.isEmpty else { return [] }
        var covered: [Int: Double] = [:]
        for matches in found {
            var best: [Int: Double] = [:]
            for match in matches {
                for (fact, counts) in entries[match.entry].facts {
                    best[fact] = max(best[fact] ?? 0, counts * match.likeness * entries[match.entry].idf)
                }
            }
            covered.merge(best, uniquingKeysWith: +)
        }
        // One known word beside unknown ones is a chance, unless it is all that a fact is about.
        let lone = language != .chinese && found.count == 1 && unknown > 0
        let known = Set(found[0].map(\.entry))
        var lineScores: [Int: Double] = [:]
        for line in lines where covered[line.fact] != nil {
            let both = found.reduce(0) { sum, matches in
                sum + (matches.filter { line.terms.contains($0.entry) }.map { $0.likeness * entries[$0.entry].idf }.max() ?? 0)
            }
            guard both > 0 else { continue }
            lineScores[line.fact] = max(lineScores[line.fact] ?? 0, 2 * both / (total + line.weight))
        }
        return covered.map { fact, value in
            let score = min(1, 0.5 * value / total + 0.5 * (lineScores[fact] ?? 0))
            return Hit(fact: fact, score: lone && !titles[fact].isSubset(of: known) ? score * 0.4 : score)
        }
        .sorted { ($0.score, $1.fact) > ($1.score, $0.fact) }
    }

    /// How many words the question has to search by, beside those that only ask for a side of a topic.
    func terms(of question: String) -> Int {
        SearchTerms(question, language: language, asked: true).terms.count { !$0.joined && !SearchWords.aspects.contains($0.text) }
    }

    private mutating func add(_ text: String, fact: Int, counts: Double) -> Set<Int> {
        var found: Set<Int> = []
        for term in SearchTerms(text, language: language).terms {
            let number = numbers[term.text] ?? entries.count
            if number == entries.count {
                numbers[term.text] = number
                entries.append(Entry(text: term.text, letters: Array(term.text.utf8), sound: SoundCode.code(term.text), weight: term.weight))
            }
            entries[number].facts[fact] = max(entries[number].facts[fact] ?? 0, counts)
            found.insert(number)
        }
        return found
    }

    /// Known terms that this one may be; the very term alone where it is known.
    private func like(_ term: SearchTerms.Term) -> [(entry: Int, likeness: Double)] {
        if let number = numbers[term.text] { return term.joined && term.text.utf8.count < 5 ? [] : [(number, 1)] }
        guard language != .chinese, let first = term.text.utf8.first, first < 0x80 else { return [] }
        let letters = Array(term.text.utf8)
        guard letters.count >= (term.joined ? 5 : 3) else { return [] }
        let sound = SoundCode.code(term.text)
        return entries.indices.compactMap { number in
            let entry = entries[number]
            guard abs(entry.letters.count - letters.count) <= 3, entry.letters.count >= 3 else { return nil }
            if sound.count > 1, entry.sound == sound {
                // Short words sound alike too easily: `book` is not `back`.
                let limit = letters.count < 5 ? 1 : letters.count / 2
                return Spelling.distance(letters, entry.letters, limit: limit) <= limit ? (number, 0.8) : nil
            }
            let same = entry.letters.first == letters.first && entry.letters.last == letters.last
            let limit = min(letters.count, entry.letters.count) >= 8 && same ? 2 : min(letters.count, entry.letters.count) >= 5 ? 1 : 0
            guard limit > 0 else { return nil }
            let distance = Spelling.distance(letters, entry.letters, limit: limit)
            return distance <= limit ? (number, distance == 1 ? 0.75 : 0.6) : nil
        }
    }

    /// Natural logarithm of a number from 1 on, by halving and a series: nothing of Foundation is needed here.
    private static func log(_ value: Double) -> Double {
        var (rest, sum) = (max(1, value), 0.0)
        while rest > 1.5 {
            rest /= 2
            sum += 0.693_147_180_559_945_3
        }
        let ratio = (rest - 1) / (rest + 1)
        let square = ratio * ratio
        return sum + 2 * ratio * (1 + square * (1.0 / 3 + square * (0.2 + square / 7)))
    }
}
