/// Cuts a stream of text into sentences as soon as each is sure to be over.
///
/// The sentences depend on the text alone, not on how it was cut into pieces. Runs of blanks become one; apart from blanks, and from
/// code, nothing is lost. A fenced code block is one sentence, shortened to the maximum. Time is linear in the text.
package struct SentenceSplitter: Sendable {
    /// Lengths in Unicode scalars.
    package struct Limits: Sendable, Equatable {
        /// The first sentence ends at a comma once it is this long, so that speech can begin; nil: never.
        package var firstClause: Int?
        /// The same for a CJK comma.
        package var firstWideClause: Int?
        /// Longest sentence; at least 20. Longer ones are cut at the best place in their last two thirds.
        package var maximum: Int

        package init(firstClause: Int? = 40, firstWideClause: Int? = 12, maximum: Int = 300) {
            (self.firstClause, self.firstWideClause, self.maximum) = (firstClause, firstWideClause, max(20, maximum))
        }
    }

    private enum State: Sendable {
        case text
        /// Behind a stop and perhaps what closes after it; `mark` is where the run of stops began.
        case stop(mark: Int)
        /// Behind a stop and a blank at `end`: what comes next decides.
        case blank(end: Int, rule: SentenceRules.FullStop)
        /// In the word that decides, which began at `from`.
        case word(end: Int, from: Int)
        /// In a code block, behind `ticks` ticks.
        case code(ticks: Int)
    }

    private let limits: Limits
    private var state = State.text
    private var buffer: [Unicode.Scalar] = []
    private var sentences: [String] = []
    private var first = true
    /// Whether the sentence has a letter or digit; without one, a stop does not end it.
    private var sounds = false
    /// Whether a straight double quote is open; a line's end closes it.
    private var quoted = false
    /// Whether emphasis is open in this sentence.
    private var emphasised = false
    private var lastWasBlank = false

    package init(limits: Limits = Limits()) { self.limits = limits }

    /// Takes the next piece and gives the sentences that it completes, trimmed, none empty.
    package mutating func append(_ piece: String) -> [String] {
        for scalar in piece.unicodeScalars {
            // A run of blanks counts once, but a line's end is always seen.
            if scalar.isBlank {
                let breaks = scalar.isLineBreak
                if buffer.isEmpty || (lastWasBlank && (!breaks || buffer.last == "\n")) {
                    if breaks { quoted = false }
                    continue
                }
                take(breaks ? "\n" : " ")
                lastWasBlank = true
            } else {
                take(scalar)
                lastWasBlank = false
            }
        }
        defer { sentences.removeAll() }
        return sentences
    }

    /// Ends the stream and gives what is left. The splitter is as new afterwards.
    package mutating func finish() -> [String] {
        emit(buffer.count)
        defer { self = SentenceSplitter(limits: limits) }
        return sentences
    }

    private mutating func take(_ scalar: Unicode.Scalar) {
        if buffer.isEmpty, scalar.isBlank { return }
        switch state {
        case .text: takeText(scalar)
        case .stop(let mark): takeStop(scalar, mark: mark)
        case .blank(let end, let rule): takeBlank(scalar, end: end, rule: rule)
        case .word(let end, let from): takeWord(scalar, end: end, from: from)
        case .code(let ticks): takeCode(scalar, ticks: ticks)
        }
        if buffer.count > limits.maximum {
            if case .code = state { return }
            cut(at: bestPlace())
        }
    }

    private mutating func takeText(_ scalar: Unicode.Scalar) {
        let previous = buffer.last
        push(scalar)
        if scalar == "\n" { return cut(at: buffer.count) }
        if scalar == "`", buffer.count == 3, buffer.allSatisfy({ $0 == "`" }) {
            state = .code(ticks: 0)
        } else if SentenceRules.isStop(scalar), sounds {
            state = .stop(mark: buffer.count - 1)
        } else if first, sounds {
            if let least = limits.firstClause, scalar == " ", previous == "," || previous == ";" || previous == "—", buffer.count > least {
                cut(at: buffer.count)
            } else if let least = limits.firstWideClause, SentenceRules.isWideComma(scalar), buffer.count >= least {
                cut(at: buffer.count)
            }
        }
    }

    private mutating func takeStop(_ scalar: Unicode.Scalar, mark: Int) {
        if SentenceRules.isStop(scalar) || closes(scalar) { return push(scalar) }
        let run = buffer[mark...]
        let before = mark > 0 ? buffer[mark - 1] : " "
        if scalar == "\n" {
            push(scalar)
            return cut(at: buffer.count)
        }
        let dots = run.reduce(0) { $0 + ($1 == "." ? 1 : $1 == "…" ? 3 : 0) }
        if run.contains(where: SentenceRules.isWideStop) || (before.isHan && dots > 1) { return cut(at: buffer.count, then: scalar) }
        if run.contains("!") || run.contains("?") {
            if scalar == " " || scalar.isWide || SentenceRules.isOpener(scalar) { return cut(at: buffer.count, then: scalar) }
            // A sign or picture behind the stop still belongs to it; a letter shows that this was no end, as in an address.
            if scalar.value > 0x2000, !scalar.isLetter { return push(scalar) }
            return resume(scalar)
        }
        if dots > 1 {
            if scalar.isHan { return cut(at: buffer.count, then: scalar) }
            return scalar == " " ? wait(.endsBeforeUpper) : resume(scalar)
        }
        if scalar.isHan, !before.isDigit { return cut(at: buffer.count, then: scalar) }
        guard scalar == " " else { return resume(scalar) }
        var from = mark
        while from > 0, mark - from < 14, !buffer[from - 1].isBlank, !SentenceRules.isOpener(buffer[from - 1]), !buffer[from - 1].isHan { from -= 1 }
        switch SentenceRules.fullStop(after: Array(buffer[from..<mark]), alone: from == 0) {
        case .ends: cut(at: buffer.count, then: scalar)
        case .goesOn: resume(scalar)
        case let rule: wait(rule)
        }
    }

    private mutating func takeBlank(_ scalar: Unicode.Scalar, end: Int, rule: SentenceRules.FullStop) {
        push(scalar)
        if scalar == "\n" { return cut(at: buffer.count) }
        if SentenceRules.isOpener(scalar) { return }
        switch rule {
        case .endsUnlessDigit where !scalar.isDigit && scalar != "#": cut(at: end)
        case .endsBeforeUpper where !scalar.isLower && !scalar.isDigit: cut(at: end)
        case .endsBeforeStarter where scalar.isUpper: state = .word(end: end, from: buffer.count - 1)
        case .endsBeforeStarter where scalar.isHan: cut(at: end)
        default: again(scalar)
        }
    }

    private mutating func takeWord(_ scalar: Unicode.Scalar, end: Int, from: Int) {
        if scalar.isLatin, buffer.count - from < 12 { return push(scalar) }
        if !scalar.isLatin, scalar != ".", SentenceRules.isStarter(Array(buffer[from...])) { return cut(at: end, then: scalar) }
        resume(scalar)
    }

    private mutating func takeCode(_ scalar: Unicode.Scalar, ticks: Int) {
        let ticks = scalar == "`" ? ticks + 1 : 0
        if buffer.count < limits.maximum { push(scalar) }
        if ticks == 3 {
            if buffer.count == limits.maximum { buffer.append(contentsOf: "\n```".unicodeScalars) }
            cut(at: buffer.count)
        } else {
            state = .code(ticks: ticks)
        }
    }

    private mutating func wait(_ rule: SentenceRules.FullStop) {
        state = .blank(end: buffer.count, rule: rule)
        push(" ")
    }

    private mutating func resume(_ scalar: Unicode.Scalar) {
        state = .text
        take(scalar)
    }

    /// Looks at the scalar just pushed once more, as plain text.
    private mutating func again(_ scalar: Unicode.Scalar) {
        buffer.removeLast()
        resume(scalar)
    }

    private mutating func push(_ scalar: Unicode.Scalar) {
        if scalar == "\"" { quoted.toggle() } else if scalar == "*" || scalar == "_", buffer.last != scalar { emphasised.toggle() }
        if !sounds { sounds = scalar.isLetter || scalar.isDigit || scalar.properties.numericType != nil }
        buffer.append(scalar)
    }

    private func closes(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "\"": quoted
        case "*", "_": emphasised || buffer.last == scalar
        case "`": true
        default: SentenceRules.isCloser(scalar)
        }
    }

    /// Emits the first `count` scalars and takes the rest anew, and then `next`.
    private mutating func cut(at count: Int, then next: Unicode.Scalar? = nil) {
        let rest = Array(buffer[count...])
        for scalar in rest where scalar == "\"" { quoted.toggle() }
        if buffer.last == "\n" { quoted = false }
        emit(count)
        for scalar in rest { take(scalar) }
        if let next { take(next) }
    }

    private mutating func emit(_ count: Int) {
        let sentence = History.trimmed(buffer[..<count].text)
        if !sentence.isEmpty {
            if sounds { first = false }
            sentences.append(sentence)
        }
        buffer.removeAll(keepingCapacity: true)
        (state, sounds, emphasised) = (.text, false, false)
    }

    /// Where a sentence that is too long is cut: behind the last mark of its last two thirds, else blank, else letter.
    private func bestPlace() -> Int {
        let least = limits.maximum / 3
        var blank: Int?
        for index in stride(from: limits.maximum, to: least, by: -1) {
            let (before, after) = (buffer[index - 1], buffer[index])
            if SentenceRules.isWideComma(before) || SentenceRules.isWideStop(before) || before == "、" { return index }
            if after == " " {
                if ",;:—–".unicodeScalars.contains(before) { return index }
                if blank == nil { blank = index }
            }
        }
        if let blank { return blank }
        var index = limits.maximum
        while index > least, buffer[index].joinsBackwards || buffer[index - 1].value == 0x200D { index -= 1 }
        return index > least ? index : limits.maximum
    }
}
