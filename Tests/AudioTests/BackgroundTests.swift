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
}
