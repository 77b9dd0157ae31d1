import Audio
import Testing

@Suite
struct BackgroundTests {
    private func noise(_ level: Float, _ count: Int) -> [Float] {
        var generator = SeededGenerator(seed: 5)
        return (0..<count).map { _ in Float.random(in: -level...level, using: &generator) }
    }

    @Test("it sounds as loud as the quietest stretch, without digital silence") func loudness() {
        var generator = SeededGenerator(seed: 1)
        let recording = noise(0.3, 16_000) + noise(0.001, 4_000) + noise(0.3, 16_000) + [Float](repeating: 0, count: 8_000)
        let background = Background(of: recording, sampleRate: 16_000, using: &generator).samples(32_000, using: &generator)
        #expect(background.count == 32_000)
        #expect(abs(Loudness.rms(background) - Loudness.rms(noise(0.001, 16_000))) < 1.5)
        #expect(background.count { $0 == 0 } < 100)
    }

    @Test("the recording stands untouched between its two ends") func around() {
        var generator = SeededGenerator(seed: 1)
        let recording = noise(0.3, 8_000)
        let background = Background(of: recording, sampleRate: 16_000, using: &generator)
        let whole = background.around(recording, before: 1_000, after: 2_000, using: &generator)
        #expect(whole.count == 11_000)
        #expect(Array(whole[1_320..<8_680]) == Array(recording[320..<7_680]))
    }

    @Test("a recording without any room sound gets a faint noise", arguments: [0, 100, 16_000]) func silent(count: Int) {
        var generator = SeededGenerator(seed: 1)
        let background = Background(of: [Float](repeating: 0, count: count), sampleRate: 16_000, using: &generator).samples(16_000, using: &generator)
        #expect((-76 ... -68).contains(Loudness.rms(background)))
    }

    @Test("it is taken from between the voices, not from the softest voice") func voices() {
        var generator = SeededGenerator(seed: 1)
        // Soft speech at -40 dB, a room at -30 dB.
        let recording = noise(0.5, 8_000) + noise(0.017, 8_000) + noise(0.055, 8_000) + noise(0.5, 8_000)
        let background = Background(of: recording, sampleRate: 16_000, voices: [0..<16_000, 24_000..<32_000], using: &generator)
        #expect(abs(Loudness.rms(background.samples(32_000, using: &generator)) - Loudness.rms(noise(0.055, 16_000))) < 1.5)
    }

    @Test(
        "voices without a pause go on as an even noise of their softest moment; gated ones as a faint one",
        arguments: [(false, Float(-45)), (true, -72)])
    func withoutAPause(isGated: Bool, level: Float) {
        var generator = SeededGenerator(seed: 1)
        let soft = noise(Loudness.gain(decibels: -45) * Float(3).squareRoot(), 640)
        let gap = isGated ? [Float](repeating: 0, count: 640) : soft
        let recording = noise(0.3, 8_000) + gap + noise(0.3, 8_000)
        let background = Background(of: recording, sampleRate: 16_000, voices: [0..<8_000, 8_640..<16_640], using: &generator)
        let sound = background.samples(16_000, using: &generator)
        #expect(abs(Loudness.rms(sound) - level) < 2)
        let loudest = stride(from: 0, to: 16_000, by: 320).map { Loudness.rms(Array(sound[$0..<$0 + 320])) }.max() ?? 0
        #expect(loudest < level + 5)
    }

    @Test("a quiet room rounded to a few steps is no digital silence") func rounded() {
        var generator = SeededGenerator(seed: 1)
        let step: Float = 1 / 32_768
        let room = (0..<8_000).map { _ in Float(Int.random(in: -2...2, using: &generator)) * step }
        let background = Background(of: noise(0.01, 8_000) + room, sampleRate: 16_000, using: &generator).samples(16_000, using: &generator)
        #expect(abs(Loudness.rms(background) - Loudness.rms(room)) < 1.5)
    }
}
