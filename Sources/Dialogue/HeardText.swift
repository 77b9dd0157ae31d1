/// How much of a reply's text a caller has heard, from what was played of its audio.
package enum HeardText {
    /// When one word sounds, from the start of its sentence's audio.
    package struct Word: Sendable, Equatable {
        package var text: String
        package var start: Duration
        package var end: Duration

        package init(text: String, start: Duration, end: Duration) { (self.text, self.start, self.end) = (text, start, end) }
    }

    /// One sentence of the reply.
    package struct Sentence: Sendable, Equatable {
        /// As it shall stand in the history.
        package var text: String
        /// From the start of the reply's audio.
        package var start: Duration
        /// Length of its audio; nil while that is still being made.
        package var duration: Duration?
        /// Word times as far as they are known, in order; may be of the spoken form, which need not be the text letter by letter.
        package var words: [Word]

        package init(text: String, start: Duration, duration: Duration?, words: [Word] = []) {
            (self.text, self.start, self.duration, self.words) = (text, start, duration, words)
        }
    }

    /// The words heard after `played` of the reply's audio: whole words, whole characters of CJK. A word counts once half of
    /// it has sounded. Without word times a sentence is spread evenly over its duration by characters; without a duration, over a
    /// usual speaking pace.
    package static func heard(_ sentences: [Sentence], played: Duration) -> String {
        var text = ""
        for sentence in sentences {
            guard played > sentence.start else { break }
            let part = heard(sentence, played: played - sentence.start)
            text = History.join(text, part)
            if part.count < sentence.text.count { break }
        }
        return History.trimmed(text)
    }

    private static func heard(_ sentence: Sentence, played: Duration) -> String {
        if let duration = sentence.duration, played >= duration { return sentence.text }
        let units = self.units(of: sentence.text)
        guard !units.isEmpty else { return sentence.text }
        let total = units.reduce(0) { $0 + $1.weight }
        var target: Double
        if sentence.words.isEmpty {
            let length = sentence.duration ?? .milliseconds(70 * Int(total))
            target = length > .zero ? total * min(1, played / length) : total
        } else {
            let heard = sentence.words.map { soundedLetters($0, played: played) }
            let spoken = sentence.words.map { letters($0.text) }
            let written = units.flatMap(\.letters)
            // Where the spoken form is the text as far as it was heard, its words are the text's.
            var count = heard.reduce(0, +)
            if written.starts(with: spoken.joined().prefix(count)), count <= written.count {
                return join(
                    units.prefix { unit in
                        count -= unit.letters.count
                        return count >= 0
                    }, all: units.count, text: sentence.text)
            }
            let whole = spoken.reduce(0) { $0 + weight($1) }
            let part = zip(spoken, heard).reduce(0) { $0 + weight($1.0.prefix($1.1)) }
            target = whole > 0 ? total * part / whole : 0
        }
        target += 1e-6
        return join(
            units.prefix { unit in
                let half = unit.weight / 2
                defer { target -= unit.weight }
                return target >= half
            }, all: units.count, text: sentence.text)
    }

    /// Where a reply that was stopped after `played` of its audio goes on without leaving anything out: the start of the word, or of the CJK
    /// character, that was cut; `played` itself between two of them. Where no word times are known, words are spread as ``heard(_:played:)`` does.
    package static func restart(_ sentences: [Sentence], played: Duration) -> Duration {
        guard let sentence = sentences.last(where: { $0.start <= played }) else { return played }
        let place = played - sentence.start
        if let word = sentence.words.first(where: { $0.start < place && place < $0.end }) { return sentence.start + word.start }
        if let last = sentence.words.last, place <= last.end || sentence.duration != nil { return played }
        // Not among the words that are known: those after them are reckoned.
        let units = units(of: sentence.text)
        let total = units.reduce(0) { $0 + $1.weight }
        let length = sentence.duration ?? .milliseconds(70 * Int(total))
        guard total > 0, place < length else { return played }
        var start = 0.0
        for unit in units {
            if start + unit.weight > total * (place / length) { break }
            start += unit.weight
        }
        return sentence.start + min(place, .microseconds(Int(length / .microseconds(1) * start / total)))
    }

    /// One word with the signs around it, or one CJK character with the signs after it.
    private struct Unit {
        var text: String
        var letters: [Unicode.Scalar]
        var weight: Double
    }

    private static func join(_ units: ArraySlice<Unit>, all: Int, text: String) -> String {
        units.count == all ? text : History.trimmed(units.map(\.text).joined())
    }

    private static func units(of text: String) -> [Unit] {
        var parts: [String] = []
        var previous: Character = " "
        for character in text {
            let han = character.unicodeScalars.first?.isHan ?? false
            let wasHan = previous.unicodeScalars.first?.isHan ?? false
            let begins = han || (previous.isWhitespace && !character.isWhitespace) || (wasHan && isSound(character))
            if begins || parts.isEmpty { parts.append(String(character)) } else { parts[parts.count - 1].append(character) }
            previous = character
        }
        return parts.map { part in
            let letters = letters(part)
            return Unit(text: part, letters: letters, weight: weight(letters))
        }
    }

    private static func isSound(_ character: Character) -> Bool { character.unicodeScalars.first.map { $0.isLetter || $0.isDigit } ?? false }

    private static func letters(_ text: String) -> [Unicode.Scalar] {
        text.lowercased().unicodeScalars.filter { $0.isLetter || $0.properties.numericType != nil }
    }

    /// A CJK character takes about as long as three letters.
    private static func weight(_ letters: some Sequence<Unicode.Scalar>) -> Double { letters.reduce(0) { $0 + ($1.isHan ? 3 : 1) } }

    private static func soundedLetters(_ word: Word, played: Duration) -> Int {
        let letters = letters(word.text)
        if played >= word.end { return letters.count }
        guard played > word.start, word.end > word.start else { return 0 }
        let share = (played - word.start) / (word.end - word.start)
        if letters.first?.isHan ?? false { return Int((Double(letters.count) * share + 0.5).rounded(.down)) }
        return share >= 0.5 ? letters.count : 0
    }
}
