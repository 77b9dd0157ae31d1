/// How a text sounds: IPA code points in spoken order, each with the word it belongs to.
package struct Pronunciation: Sendable, Equatable {
    /// One code point: a sound, a stress or length mark, a space between words, or a punctuation mark that asks for a pause.
    package struct Sound: Sendable, Equatable {
        package var scalar: Unicode.Scalar
        /// Index into ``Pronunciation/words``; nil for spaces and punctuation.
        package var word: Int?

        package init(_ scalar: Unicode.Scalar, word: Int?) { (self.scalar, self.word) = (scalar, word) }
    }

    /// The words as they are written, punctuation included. A word nobody can say (an emoji) is listed and has no sounds.
    package var words: [String]
    package var sounds: [Sound]

    package init(words: [String] = [], sounds: [Sound] = []) { (self.words, self.sounds) = (words, sounds) }

    /// Whether nothing of it can be heard.
    package var isSilent: Bool { !sounds.contains { $0.word != nil } }
    /// All code points, for logs of tests and for looking at.
    package var text: String { String(String.UnicodeScalarView(sounds.map(\.scalar))) }

    mutating func append(_ other: Pronunciation) {
        if !sounds.isEmpty, !other.sounds.isEmpty { sounds.append(Sound(" ", word: nil)) }
        sounds += other.sounds.map { Sound($0.scalar, word: $0.word.map { $0 + words.count }) }
        words += other.words
    }
}
