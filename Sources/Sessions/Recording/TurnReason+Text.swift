package import Turns

extension TurnReason {
    /// In one line, for people; times in milliseconds. Holds what a cue is called, never what was said.
    package var text: String {
        switch self {
        case .waits(let turn, let since, let wait, let evidence):
            "turn \(turn) ends \(Self.ms(wait)) ms after the voice, at \(Self.ms(since.sinceStart + wait)): \(Self.text(evidence))"
        case .wentOn(let turn, let pause): "turn \(turn) goes on after a pause of \(Self.ms(pause)) ms"
        case .stirs(let turn): "turn \(turn) would end, but a sound has begun"
        case .ended(let turn, let ending, let silence, let evidence):
            "turn \(turn) is over, by \(ending.rawValue)\(silence.map { " of \(Self.ms($0)) ms" } ?? "")\(evidence.map { ": \(Self.text($0))" } ?? "")"
        case .ignored(let turn, let why): "turn \(turn) was none: \(why)"
        case .sound(let what, let voiced, let grounds):
            "sound of \(Self.ms(voiced)) ms over the reply: the agent \(what.rawValue) (\(Self.text(grounds)))"
        case .filler(let delay): "filler: no answer after \(Self.ms(delay)) ms"
        case .line(let line, let why): "\(line.rawValue): \(why)"
        }
    }

    private static func text(_ grounds: SoundGrounds) -> String {
        if grounds.lacksWords { return "no words to be had, the voiced time decides" }
        guard let verdict = grounds.verdict else { return "words not known" }
        return "words: \(verdict.rawValue)" + (grounds.evidence > 0 ? ", confidence \(hundredths(Double(grounds.evidence)))" : "")
    }

    private static func text(_ evidence: EndEvidence) -> String {
        var parts: [String] = []
        if let likelihood = evidence.likelihood, let model = evidence.probability {
            parts.append("likelihood \(hundredths(likelihood)), model \(hundredths(model)) from \(evidence.answers)")
        } else {
            parts.append("no word of the model yet")
        }
        if evidence.cue != .neutral { parts.append("words \(evidence.cue)") }
        parts.append(evidence.size.map { "length \($0.rawValue)" } ?? "words not known")
        if evidence.expectation != .nothing { parts.append("asked for \(name(evidence.expectation))") }
        if evidence.pace != 1 { parts.append("pauses \(hundredths(evidence.pace)) of usual") }
        if evidence.rhythm > .zero { parts.append("paused up to \(ms(evidence.longestPause)) ms in it") }
        return parts.joined(separator: ", ")
    }

    private static func name(_ expectation: Expectation) -> String {
        switch expectation {
        case .nothing: "nothing"
        case .yesNo: "yes or no"
        case .digits(let count):
            count.map { $0.lowerBound == $0.upperBound ? "\($0.lowerBound) digits" : "\($0.lowerBound) to \($0.upperBound) digits" } ?? "a number"
        case .date: "a date"
        case .name: "a name"
        case .spelling: "a spelling"
        case .email: "an address"
        case .choice: "a choice"
        }
    }

    static func ms(_ duration: Duration) -> Int { Int(duration / .milliseconds(1)) }

    private static func hundredths(_ value: Double) -> String {
        let whole = Int((value * 100).rounded())
        return "\(whole / 100).\(whole % 100 < 10 ? "0" : "")\(whole % 100)"
    }
}
