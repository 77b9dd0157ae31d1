import Testing
import Turns

@testable import Sessions

struct TurnReasonTextTests {
    @Test(
        "the end of a row of digits is told with the pauses inside of it",
        arguments: [("Seven, six, nine, one", true), ("I want the red one now.", false)])
    func theRhythmIsTold(words: String, isRow: Bool) {
        var pace = CallerPace()
        for pause in [1200, 400] { pace.resumed(after: .milliseconds(pause)) }
        var evidence = EndEvidence(pace: pace)
        evidence.add(probability: 0.5)
        evidence.note(words: words, language: "en")
        let text = TurnReason.ended(turn: 1, by: .silence, silence: .milliseconds(1260), evidence: evidence).text
        #expect(text.hasPrefix("turn 1 is over, by silence of 1260 ms: likelihood 0."))
        #expect(text.hasSuffix("paused up to 1200 ms in it") == isRow)
    }
}
