/// The likeliest ways to write down one piece of audio, side by side while a decoder goes on token by token.
///
/// The likeliest token is not always part of the likeliest sentence: a decoder that may follow one sentence only writes "and whether" for "and what
/// are". How well it believes that one sentence says whether there was speech at all, though: among many, some phantom of its training fits any
/// noise. So both are followed. Source: beam search, with the ends compared by their mean, so that short sentences are not preferred.
struct TokenBeam: Sendable {
    struct Hypothesis: Sendable, Equatable {
        /// Without the end.
        var tokens: [Int] = []
        /// Sum of the natural logarithms of the probabilities of all tokens, the end included where there is one.
        var logProbability: Float = 0
        /// Tokens the sum counts.
        var decisions = 0

        var mean: Float { logProbability / Float(max(1, decisions)) }
        /// The mean if it ended now, for certain.
        fileprivate var highestMean: Float { logProbability / Float(decisions + 1) }

        fileprivate func adding(_ choice: Choice, unless end: Int) -> Hypothesis {
            Hypothesis(
                tokens: choice.token == end ? tokens : tokens + [choice.token], logProbability: logProbability + choice.logProbability,
                decisions: decisions + 1)
        }

        /// The text up to the end of its first round, where it goes in circles.
        fileprivate var cutAtLoop: Hypothesis? {
            TokenLoop(in: tokens).map { Hypothesis(tokens: Array(tokens.prefix($0.kept)), logProbability: logProbability, decisions: decisions) }
        }
    }

    /// A token that may come next, and the natural logarithm of its probability.
    struct Choice: Sendable, Equatable {
        var token: Int
        var logProbability: Float
    }

    /// The token that ends a text.
    let end: Int
    /// The most to follow at once, and how far behind the likeliest one may be, in natural logarithms of probability.
    static let width = 3
    private static let margin: Float = 3
    /// What followed the likeliest token each time.
    private(set) var greedy = Hypothesis()
    private var greedyHasEnded = false
    /// What else the decoder is to go on with, likeliest first.
    private var open = [Hypothesis()]
    private var ended: Hypothesis?

    init(end: Int) { self.end = end }

    /// How many choices a step needs of every row: one of them may be the end.
    var choices: Int { Self.width + 1 }
    /// What the next step is of, a row each.
    var rows: [Hypothesis] { greedyHasEnded || open.contains { $0.tokens == greedy.tokens } ? open : open + [greedy] }
    var isDecided: Bool { open.isEmpty && greedyHasEnded }
    /// The likeliest text; the likeliest beginning of one where none has ended.
    var best: Hypothesis { ended ?? open.first ?? greedy }

    /// Goes on by one token.
    ///
    /// - Parameter choices: What the decoder gave to each of ``rows``, in that order; likeliest first.
    /// - Returns: Of which row before each of the ``rows`` is a continuation.
    mutating func extend(by choices: [[Choice]]) -> [Int] {
        let before = rows
        followGreedy(before, choices)
        follow(zip(before, choices).prefix(open.count).map { ($0, $1) })
        return rows.compactMap { row in before.firstIndex { $0.tokens.elementsEqual(row.tokens.dropLast()) } }
    }

    private mutating func followGreedy(_ rows: [Hypothesis], _ choices: [[Choice]]) {
        guard !greedyHasEnded else { return }
        guard let row = rows.firstIndex(where: { $0.tokens == greedy.tokens }), choices.indices.contains(row), let likeliest = choices[row].first
        else {
            greedyHasEnded = true
            return
        }
        greedy = greedy.adding(likeliest, unless: end)
        if let cut = greedy.cutAtLoop { (greedy, greedyHasEnded) = (cut, true) }
        if likeliest.token == end { greedyHasEnded = true }
    }

    private mutating func follow(_ rows: [(hypothesis: Hypothesis, choices: [Choice])]) {
        var candidates = rows.flatMap { row in row.choices.map { (row.hypothesis.adding($0, unless: end), $0.token == end) } }
        candidates.sort { $0.0.logProbability > $1.0.logProbability }
        open = []
        guard let likeliest = candidates.first?.0.logProbability else { return }
        for (hypothesis, isEnd) in candidates {
            guard open.count < Self.width, hypothesis.logProbability >= likeliest - Self.margin else { break }
            if isEnd {
                finish(hypothesis)
            } else if let cut = hypothesis.cutAtLoop {
                // A decoder whose likeliest text goes in circles has nothing more to say of this audio; another that does is not worth following.
                guard open.isEmpty else { continue }
                finish(cut)
                break
            } else {
                open.append(hypothesis)
            }
        }
        if let ended, open.allSatisfy({ $0.highestMean <= ended.mean }) { open = [] }
    }

    private mutating func finish(_ hypothesis: Hypothesis) {
        if let ended, ended.mean >= hypothesis.mean { return }
        ended = hypothesis
    }
}
