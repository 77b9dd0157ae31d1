import Testing

@testable import Audio

struct BandLevelsTests {
    private func levels(of samples: [Float], sampleRate: Int) -> [SIMD8<Float>] {
        var meter = BandMeter(sampleRate: sampleRate)
        var frames: [SIMD8<Float>] = []
        meter.measure(samples.span) { frames.append($0) }
        return frames
    }

    @Test(arguments: [8_000, 16_000, 24_000, 48_000]) func aToneIsLoudInItsBandAlone(sampleRate: Int) {
        let tone = (0..<sampleRate / 5).map { Float(0.1 * Elementary.sinPi(2 * 1078 * Double($0) / Double(sampleRate))) }
        let frames = levels(of: tone, sampleRate: sampleRate)
        #expect(frames.count == 20)
        // 1078 Hz is the middle of the fourth band; a sine of a tenth has -23 dBFS.
        let last = frames[19]
        #expect(abs(last[3] + 23) < 0.7)
        for band in [0, 1, 6, 7] { #expect(last[band] < last[3] - 8) }
    }

    @Test func levelsSurviveEightBytes() {
        let decibels = SIMD8<Float>(-100, -77.5, -60, -42, -30.5, -12, 0, 27.5)
        #expect(BandLevels(decibels: decibels).decibels == decibels)
        #expect(BandLevels(decibels: SIMD8(repeating: .nan)) == .silence)
        #expect(BandLevels(decibels: SIMD8(repeating: -.infinity)) == .silence)
        #expect(BandLevels(decibels: SIMD8(repeating: .infinity)).decibels == SIMD8(repeating: 27.5))
    }

    @Test func whatIsNoNumberIsForgotten() {
        var meter = BandMeter(sampleRate: 16_000)
        let bad: [Float] = [.nan, .infinity, -.infinity, 1e30] + [Float](repeating: 0, count: 156)
        meter.measure(bad.span) { _ in }
        var last = SIMD8<Float>.zero
        let tone = (0..<1600).map { Float(0.1 * Elementary.sinPi(2 * 1078 * Double($0) / 16_000)) }
        meter.measure(tone.span) { last = $0 }
        #expect(abs(last[3] + 23) < 0.7)
    }
}
