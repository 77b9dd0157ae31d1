import Testing

@testable import Turns

/// Random text of every kind of scalar; the same on each run.
private struct Scribe: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let mixed = (state ^ (state >> 33)) &* 0xff51_afd7_ed55_8ccd
        return mixed ^ (mixed >> 33)
    }

    private static let pieces = [
        "and", "um", "five", "at", "dot", "com", "555", "等一下", "月", "号", "是不是", "不对", "?", ".", ",", "...", "@", "(", "[", "*", "<", ")", "'", "-",
        "\u{301}", "\u{200D}", "👩‍👩‍👧", " ", "\n",
        "double", "march", "j", "我的", "。", "？", "_", "½", "٣", "ß", "İ", "\u{0}", "\u{FEFF}", "請", "yes", "stop", "sorry", "hundred",
    ]

    mutating func text() -> String {
        var text = ""
        for _ in 0..<Int.random(in: 0...40, using: &self) {
            if Bool.random(using: &self) {
                text += (Self.pieces.randomElement(using: &self) ?? "") + (Bool.random(using: &self) ? " " : "")
            } else if let scalar = Unicode.Scalar(UInt32.random(in: 0...0x10FFFF, using: &self)) {
                text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}

struct CueFuzzTests {
    private static let expectations: [Expectation] = [
        .nothing, .yesNo, .digits(count: nil), .phoneNumber, .digits(count: 1...1), .date, .name, .spelling, .email, .choice,
    ]

    @Test func noTextBreaksARuleAndEachIsJudgedAlikeTwice() {
        var scribe = Scribe(state: 7)
        for _ in 0..<1500 {
            let text = scribe.text()
            let language = ["en", "zh", "", "de"].randomElement(using: &scribe) ?? ""
            let expecting = Self.expectations.randomElement(using: &scribe) ?? .nothing
            let cue = TextCues.completeness(of: text, language: language, expecting: expecting)
            #expect(cue == TextCues.completeness(of: text, language: language, expecting: expecting))
            _ = Expectation.expectation(fromAgent: text, language: language)
            let verdict = InterruptionCues.verdict(partial: text, language: language)
            if SpokenText(text).words.isEmpty {
                #expect(verdict == .unknown)
                #expect(cue == .neutral)
            }
            if case .digits(nil) = expecting { #expect(!expecting.isComplete(text)) }
        }
    }

    @Test(arguments: ["a", "五", "5 ", "(", "[x", "\u{301}", "不对", "um, ", "👩‍👩‍👧", "no ", "?", "@.", "march "])
    func onlyTheEndOfALongTextIsRead(_ piece: String) {
        let clock = ContinuousClock()
        let short = String(repeating: piece, count: 4000)
        let long = String(repeating: piece, count: 400_000)
        let cost = { (text: String) in
            clock.measure {
                for expecting in Self.expectations { _ = TextCues.completeness(of: text, language: "", expecting: expecting) }
                _ = Expectation.expectation(fromAgent: text, language: "")
                _ = InterruptionCues.verdict(partial: text, language: "")
            }
        }
        let once = cost(short)
        // A hundred times the text, about the same work; the bound leaves room for a busy machine.
        #expect(cost(long) < once * 20 + .milliseconds(200))
        #expect(SpokenText(long).words == SpokenText(String(long.unicodeScalars.suffix(SpokenText.limit))).words)
    }
}
