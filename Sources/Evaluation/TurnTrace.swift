/// What one policy did in one scene.
package struct TurnTrace: Sendable, Equatable {
    package enum Mark: Sendable, Equatable {
        /// The caller's turn was taken to be over.
        case committed
        /// A language model was asked.
        case asked
        /// The first packet of a reply went out.
        case audible
        /// The agent's sound was held, went on, or was given up for good.
        case held, resumed, flushed
        /// A reply had been heard to its end.
        case finished
    }

    package struct Entry: Sendable, Equatable {
        package var at: Duration
        package var mark: Mark
    }

    /// What an interrupted reply's account says, beside what the client played.
    package struct Heard: Sendable, Equatable {
        package var recorded: Int
        package var played: Int

        package init(recorded: Int, played: Int) { (self.recorded, self.played) = (recorded, played) }
    }

    /// What the recogniser made of a sound that was not over.
    package struct Look: Sendable, Equatable {
        /// When it was asked.
        package var at: Duration
        package var text: String
        package var confidence: Float?

        package init(at: Duration, text: String, confidence: Float?) { (self.at, self.text, self.confidence) = (at, text, confidence) }
    }

    package private(set) var entries: [Entry] = []
    package var heard: [Heard] = []
    package var looks: [Look] = []
    /// Words of which the client played more than 20 ms twice when a reply was resumed, at most; and those of which it left anything out, in all.
    package var wordsRepeated = 0
    package var wordsSkipped = 0
    /// What our own conversation decided and sent, line by line; empty for a rule.
    package var timeline: [String] = []

    package init() {}

    package mutating func note(_ mark: Mark, at: Duration) { entries.append(Entry(at: at, mark: mark)) }

    /// Whether a reply has begun and has neither ended nor been given up.
    package func isPlaying(at time: Duration) -> Bool {
        let marks = entries.filter { $0.at <= time && [.audible, .flushed, .finished].contains($0.mark) }
        return marks.last?.mark == .audible
    }

    package func times(_ mark: Mark) -> [Duration] { entries.filter { $0.mark == mark }.map(\.at) }
    package func first(_ mark: Mark, from: Duration) -> Duration? { entries.first { $0.mark == mark && $0.at >= from }?.at }
}
