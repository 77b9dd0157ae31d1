/// What the stub for a language model answers: two sentences whose first words are no other answer's, so that a reply that reaches the wrong
/// caller is seen.
package struct StubAnswer: Sendable, Equatable {
    /// When the model would speak.
    package struct Timing: Sendable, Equatable {
        package var firstToken = Duration.milliseconds(120)
        package var token = Duration.milliseconds(15)

        package init() {}
    }

    private static let words = [
        "amber", "birch", "cedar", "delta", "ember", "fjord", "grove", "heron", "ivory", "jade", "kelp", "lotus", "maple", "north", "olive", "pearl",
        "quartz", "river", "sable", "tulip", "umber", "velvet", "willow", "yarrow", "zephyr", "acorn", "basil", "coral", "dune", "elm", "fern",
        "gale",
    ]

    /// Each with the blank behind it, as models give them.
    package let tokens: [String]
    /// How many tokens end the first sentence.
    package let firstSentence: Int

    /// - Parameter number: Answers repeat after 32,768.
    package init(_ number: Int) {
        let base = Self.words.count
        let name = [number / base / base % base, number / base % base, number % base].map { Self.words[$0] }
        let first = ["The", "number", "is"] + [name[0], name[1], name[2] + "."]
        let rest = ["It", "takes", "three", "days", "from", "here", "and", "costs", "nothing."]
        tokens = (first + rest).map { $0 + " " }
        firstSentence = first.count
    }

    /// Whether a sentence is one of this answer's.
    package func holds(_ sentence: String) -> Bool { tokens.joined().contains(sentence) }

    /// The events of one token on the wire.
    static func event(_ token: String) -> String {
        #"data: {"choices":[{"index":0,"delta":{"content":"\#(token)"},"finish_reason":null}]}"# + "\n\n"
    }

    static let end =
        #"data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"# + "\n\ndata: [DONE]\n\n"
}
