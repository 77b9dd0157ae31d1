import Testing

@testable import Dialogue

struct EarTextFuzzTests {
    @Test(arguments: [Language.english, .chinese]) func `whatever comes in, only speakable text comes out`(language: Language) {
        var random = SeededRandom(seed: 42)
        let ear = EarText(language: language)
        for _ in 0..<400 {
            let text = RandomText.make(length: Int.random(in: 0...60, using: &random), using: &random)
            let spoken = ear.spoken(text)
            for scalar in spoken.unicodeScalars {
                let category = scalar.properties.generalCategory
                #expect(![.control, .format, .privateUse, .surrogate, .unassigned, .lineSeparator, .paragraphSeparator].contains(category))
                #expect(
                    !scalar.isDigit && !"*_`#|<>[]{}\\^~@$%&=+".unicodeScalars.contains(scalar),
                    "\(scalar.debugDescription) of \(text.debugDescription)")
            }
            #expect(!spoken.contains("  ") && History.trimmed(spoken) == spoken)
        }
    }

    @Test(arguments: ["(", "[", "*", "1", "1-", "a.", "<a", "$", "https://", "&", "`", "1.", " ", "-", "1,", "+1 ", "[a](", "😀", "我1"])
    func `long runs of one kind are read in linear time`(unit: String) {
        let text = String(repeating: unit, count: 10_000)
        for language in [Language.english, .chinese] {
            #expect(EarText(language: language).spoken(text).unicodeScalars.allSatisfy { !$0.isDigit })
        }
    }
}
