package import Engines

/// Finds the sounds of English words. One instance serves all callers at once.
package protocol Phonemizer: Sendable {
    /// For logs: `espeak-ng`, `flite`.
    var name: String { get }
    /// Sounds of the words of one clause, in order; ``Pronunciation/Sound/word`` counts in `words`.
    ///
    /// Takes what ``WrittenClause`` makes: Latin letters, digits, apostrophes, hyphens. A word it cannot read gets no sounds. Takes well under a
    /// millisecond a clause; blocks while another thread is inside the same library.
    func sounds(of words: [String]) -> [Pronunciation.Sound]
}

extension Phonemizer {
    /// How `text` sounds, one element a sentence; over-long sentences are cut between clauses, or between words when need be.
    ///
    /// - Parameter maximumSounds: Most code points of an element; of a single word that has more, the rest is not said.
    func pronounce(_ text: String, maximumSounds: Int = 400) -> [Pronunciation] {
        var sentences: [Pronunciation] = []
        var sentence = Pronunciation()
        for clause in WrittenClause.clauses(of: text) {
            for piece in pieces(of: clause, maximumSounds: maximumSounds) {
                if sentence.sounds.count + piece.sounds.count >= maximumSounds, !sentence.isSilent {
                    sentences.append(sentence)
                    sentence = Pronunciation()
                }
                sentence.append(piece)
            }
            if clause.endsSentence, !sentence.isSilent {
                sentences.append(sentence)
                sentence = Pronunciation()
            }
        }
        // What is left cannot be said: its words go with the sentence before.
        guard !sentence.words.isEmpty else { return sentences }
        guard !sentences.isEmpty else { return [sentence] }
        sentences[sentences.count - 1].words += sentence.words
        return sentences
    }

    private func pieces(of clause: WrittenClause, maximumSounds: Int) -> [Pronunciation] {
        var piece = Pronunciation(words: clause.words.map(\.written))
        let tokens = clause.words.enumerated().flatMap { index, word in word.spoken.map { (index, $0) } }
        guard !tokens.isEmpty else { return [piece] }
        let isLong = tokens.reduce(0) { $0 + $1.1.utf8.count } > 2 * maximumSounds
        if !isLong || clause.words.count == 1 {
            piece.sounds = sounds(of: tokens.map(\.1)).map { Pronunciation.Sound($0.scalar, word: $0.word.map { tokens[$0].0 }) }
            if piece.sounds.count < maximumSounds || clause.words.count == 1 {
                piece.sounds = Array(piece.sounds.prefix(maximumSounds - 1))
                if let mark = clause.mark, !piece.isSilent { piece.sounds.append(.init(mark, word: nil)) }
                return [piece]
            }
        }
        let half = clause.words.count / 2
        let first = WrittenClause(words: Array(clause.words[..<half]), mark: ",")
        let second = WrittenClause(words: Array(clause.words[half...]), mark: clause.mark)
        return pieces(of: first, maximumSounds: maximumSounds) + pieces(of: second, maximumSounds: maximumSounds)
    }
}

/// Which phonemiser this machine has.
package enum Phonemizers {
    /// espeak-ng where it is installed, else Flite.
    ///
    /// - Throws: ``EngineError`` `engine.unavailable` naming the packages, when neither is there.
    package static func best() throws(EngineError) -> any Phonemizer {
        if let espeak = EspeakPhonemizer() { return espeak }
        if let flite = FlitePhonemizer() { return flite }
        throw EngineError(.unavailable, "no phonemiser: install the Debian package libespeak-ng1 (with espeak-ng-data) or libflite1")
    }
}
