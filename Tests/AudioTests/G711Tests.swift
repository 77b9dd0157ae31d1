import Audio
import Testing

@Suite struct G711Tests {
    @Test(arguments: [
        (0x00, -32_124), (0x01, -31_100), (0x0F, -16_764), (0x10, -15_996), (0x7E, -8), (0x7F, 0), (0x80, 32_124), (0x8F, 16_764),
        (0xF0, 120), (0xFE, 8), (0xFF, 0),
    ]) func muLawCodesHaveTheirValues(code: UInt8, sample: Int16) {
        #expect(G711.muLaw.sample(code) == sample)
    }

    @Test(arguments: [
        (0x00, -5_504), (0x01, -5_248), (0x02, -6_016), (0x2A, -32_256), (0x55, -8), (0x7F, -848), (0x80, 5_504), (0xAA, 32_256),
        (0xD5, 8), (0xD4, 24), (0xF8, 944), (0xFF, 848),
    ]) func aLawCodesHaveTheirValues(code: UInt8, sample: Int16) {
        #expect(G711.aLaw.sample(code) == sample)
    }

    @Test(arguments: [(0, 0xFF), (-1, 0x7F), (3, 0xFF), (4, 0xFE), (11, 0xFE), (12, 0xFD), (32_767, 0x80), (-32_768, 0x00), (-32_635, 0x00)])
    func muLawDecisionsFallWhereTheyShould(sample: Int16, code: UInt8) {
        #expect(G711.muLaw.code(sample) == code)
    }

    @Test(arguments: [(0, 0xD5), (15, 0xD5), (16, 0xD4), (-1, 0x55), (-16, 0x55), (-17, 0x54), (32_767, 0xAA), (-32_768, 0x2A)])
    func aLawDecisionsFallWhereTheyShould(sample: Int16, code: UInt8) {
        #expect(G711.aLaw.code(sample) == code)
    }

    @Test(arguments: G711.allCases) func everyCodeSurvivesTheWayThereAndBack(law: G711) {
        for code in UInt8.min...UInt8.max {
            let expected = law == .muLaw && code == 0x7F ? 0xFF : code  // mu-law has two zeros
            #expect(law.code(law.sample(code)) == expected)
        }
    }

    @Test(arguments: G711.allCases) func theErrorIsAtMostHalfAStep(law: G711) {
        var previous = Int.min
        for sample in stride(from: -32_768, through: 32_767, by: 3) {
            let value = Int(law.sample(law.code(Int16(sample))))
            #expect(abs(value - sample) <= (abs(sample) + 132) / 32 + 8, "sixteen steps a segment")
            #expect(value >= previous, "a louder sample never sounds softer")
            previous = value
        }
    }

    @Test func runsAreDecodedAtFullScaleOne() {
        let loudest: Float = 32_256 / 32_768
        #expect(G711.aLaw.decode([0xAA, 0xD5]) == [loudest, 8 / 32_768])
        #expect(G711.muLaw.encode([2, 0, -2]) == [0x80, 0xFF, 0x00])
    }
}
