internal import Audio
package import Engines

/// What the agent says in scenes, with the moment of each word: a stand-in for speech whose truth is known.
package struct ScriptedReply: Sendable, Equatable {
    package let words: [SpokenWord]
    package let duration: Duration

    /// Speaks a text: 45 ms and 55 ms a letter for each word, a fifth more or less by the word and its place, and a pause after a comma, so
    /// that the words are not spread evenly.
    package init(_ text: String) {
        var words: [SpokenWord] = []
        var now = Duration.zero
        for (index, word) in text.split(separator: " ").enumerated() {
            var generator = SeededGenerator(UInt64(index), String(word))
            let letters = word.count { $0.isLetter || $0.isNumber }
            let length = Duration.microseconds((45_000 + 55_000 * letters) * Int.random(in: 80...120, using: &generator) / 100)
            words.append(SpokenWord(text: String(word), start: now, end: now + length))
            now += length
            if word.hasSuffix(",") { now += .milliseconds(180) }
        }
        (self.words, duration) = (words, now)
    }

    /// What is said in a recording; where its words are not known, a text's spread evenly over it.
    init(_ text: String, in echo: EchoReturn) {
        duration = echo.duration
        guard echo.words.isEmpty else {
            words = echo.words
            return
        }
        let all = text.split(separator: " ").map(String.init)
        let length = duration / max(1, all.count)
        words = all.enumerated().map { SpokenWord(text: $1, start: length * $0, end: length * ($0 + 1)) }
    }

    /// Words for a length of sound, two and a half a second, as one sentence.
    static func unpunctuated(during duration: Duration) -> String {
        let count = max(1, Int(duration / .milliseconds(400)))
        let all = sentences.joined(separator: " ").split(separator: " ").map { $0.filter(\.isLetter).lowercased() }
        return (0..<min(count, 45)).map { all[$0 % all.count] }.joined(separator: " ") + "."
    }

    /// A reply of several sentences that takes at least so long.
    package static func text(atLeast duration: Duration) -> String {
        var chosen: [String] = []
        var length = Duration.zero
        while length < duration {
            let next = sentences[chosen.count % sentences.count]
            chosen.append(next)
            length += ScriptedReply(next).duration
        }
        return chosen.joined(separator: " ")
    }

    private static let sentences = [
        "Your parcel left the warehouse on Monday morning, and it should be with you by the end of this week.",
        "If nobody is at home, the driver will leave a card, and you can choose another day or a shop nearby.",
        "The delivery itself costs nothing, but a signature is needed, so please have a document ready for him.",
        "I can also send you a message one hour before he comes, if you would like to tell me which number to use.",
    ]
    /// What the agent answers where nothing else is scripted.
    static let short = "All right, I will see to that now."
}
