/// How long callers wait for their turn to be taken as over, and how often they are cut short.
package struct EndOfTurnScore: Sendable, Equatable {
    package struct Turn: Sendable, Equatable {
        package var id: String
        package var category: String
        /// From the labelled end of speech to the first commit after it; nil where there is none, or the end is not sure.
        package var wait: Duration?
        /// A commit came before the labelled end, and a reply began to sound before it.
        package var isCutShort: Bool
        package var isSpokenOver: Bool
        /// A commit came even before the labelled onset, on a sound that nobody labelled.
        package var isEarly: Bool
        /// Nothing was committed at all.
        package var isUnanswered: Bool
        /// Commits, and requests to a language model.
        package var commits: Int
        package var requests: Int
    }

    package private(set) var turns: [Turn] = []

    package init(_ scenes: [Scene], _ traces: [TurnTrace]) {
        for (scene, trace) in zip(scenes, traces) where scene.kind == .endOfTurn {
            let (end, commits) = (scene.event.upperBound, trace.times(.committed))
            let after = commits.first { $0 >= end }
            turns.append(
                Turn(
                    id: scene.id, category: scene.category, wait: scene.hasSureEnd ? after.map { $0 - end } : nil,
                    isCutShort: commits.contains { $0 < end }, isSpokenOver: trace.times(.audible).contains { $0 < end },
                    isEarly: commits.contains { $0 < scene.event.lowerBound },
                    isUnanswered: commits.isEmpty, commits: commits.count, requests: trace.times(.asked).count))
        }
    }

    /// The score of some of its turns.
    package func filtered(_ isIncluded: (Turn) -> Bool) -> EndOfTurnScore {
        var part = self
        part.turns = turns.filter(isIncluded)
        return part
    }

    package var categories: [String] { Array(Set(turns.map(\.category))).sorted() }
    package var waits: Int { turns.count { $0.wait != nil } }

    /// Nil where no wait is known.
    package func wait(_ share: Double) -> Duration? { Quantiles(turns.compactMap(\.wait))(share) }

    /// Shares of all turns, 0...1; nil without turns.
    package var cutShort: Double? { share(\.isCutShort) }
    package var spokenOver: Double? { share(\.isSpokenOver) }
    package var early: Double? { share(\.isEarly) }
    package var unanswered: Double? { share(\.isUnanswered) }
    /// Requests to a language model for each committed turn; nil without commits.
    package var requestsPerCommit: Double? {
        let commits = turns.reduce(0) { $0 + $1.commits }
        return commits == 0 ? nil : Double(turns.reduce(0) { $0 + $1.requests }) / Double(commits)
    }

    private func share(_ property: KeyPath<Turn, Bool>) -> Double? {
        turns.isEmpty ? nil : Double(turns.count { $0[keyPath: property] }) / Double(turns.count)
    }
}
