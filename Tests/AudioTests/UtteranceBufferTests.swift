import Audio
import Foundation
import Testing

struct UtteranceBufferTests {
    private func filled(_ buffer: inout UtteranceBuffer, _ samples: [Float]) {
        let samples = samples
        buffer.append(samples.span)
    }

    @Test("an utterance may begin with less than is kept from before it") func shorterPrefix() {
        var buffer = UtteranceBuffer(prefix: 8, limit: 100)
        filled(&buffer, ramp(0..<12))
        buffer.begin(last: 3)
        #expect(buffer.samples == ramp(9..<12))
        buffer.clear()
        buffer.begin(last: 50)
        #expect(buffer.samples.isEmpty)
    }

    @Test("what was taken for an utterance and was none stands before the next") func givenBack() {
        var buffer = UtteranceBuffer(prefix: 4, limit: 100)
        filled(&buffer, ramp(0..<3))
        buffer.begin()
        filled(&buffer, ramp(3..<5))
        buffer.giveBack()
        filled(&buffer, ramp(5..<6))
        buffer.begin()
        #expect(buffer.samples == ramp(2..<6))
    }

    /// Samples that are told apart, so quiet that they are kept as they are.
    private func ramp(_ range: Range<Int>) -> [Float] { range.map { Float($0 % 251 - 125) / 32_768 } }

    @Test("sound of any length before and in an utterance is kept sample by sample", arguments: [1, 7, 320, 1_023, 1_024, 1_025, 5_000])
    func acrossPieces(packet: Int) {
        var buffer = UtteranceBuffer(prefix: 2_500, limit: 20_000)
        var heard = 0
        func hear(_ count: Int) {
            filled(&buffer, ramp(heard..<heard + count))
            heard += count
        }
        for _ in 0..<3 {
            while heard % 12_000 < 6_000 { hear(packet) }
            let begin = max(0, heard - 2_500)
            buffer.begin()
            hear(packet)
            hear(3)
            #expect(buffer.samples == ramp(begin..<heard))
            buffer.giveBack()
            hear(2)
            buffer.begin()
            #expect(buffer.samples == ramp(heard - 2_500..<heard))
            buffer.giveBack()
            while heard % 12_000 >= 6_000 { hear(packet) }
        }
    }

    @Test("an utterance ends at its limit, to the sample") func full() {
        var buffer = UtteranceBuffer(prefix: 100, limit: 3_000)
        filled(&buffer, ramp(0..<500))
        buffer.begin()
        #expect(!buffer.isFull)
        for start in stride(from: 500, to: 5_000, by: 300) { filled(&buffer, ramp(start..<start + 300)) }
        #expect(buffer.isFull)
        #expect(buffer.samples == ramp(400..<3_400))
        buffer.clear()
        #expect(!buffer.isFull)
        #expect(buffer.samples.isEmpty)
    }

    @Test("a longer prefix is had of what is heard from then on, a shorter one at once") func prefixChanges() {
        var buffer = UtteranceBuffer(prefix: 1_000, limit: 20_000)
        filled(&buffer, ramp(0..<9_000))
        buffer.prefix = 4_000
        filled(&buffer, ramp(9_000..<10_000))
        buffer.begin()
        #expect(buffer.samples == ramp(8_000..<10_000))
        buffer.giveBack()
        filled(&buffer, ramp(10_000..<13_000))
        buffer.prefix = 500
        filled(&buffer, ramp(13_000..<13_100))
        buffer.begin()
        #expect(buffer.samples == ramp(12_600..<13_100))
    }

    @Test("loud and quiet sound is kept 40 dB more exactly than it is loud, in packets of any length", arguments: [1, 63, 64, 320, 333])
    func precision(packet: Int) {
        var generator = SystemRandomNumberGenerator()
        for level in [Float(1), 0.1, 0.003] {
            var phase: Float = 0
            let sound = (0..<16_000).map { index -> Float in
                phase += 0.05 + 0.3 * abs(Float(index % 4_000) / 4_000 - 0.5)
                return level * (0.9 * sin(phase) + Float.random(in: -0.1...0.1, using: &generator))
            }
            var buffer = UtteranceBuffer(prefix: 1_000, limit: 20_000)
            buffer.begin()
            for start in stride(from: 0, to: sound.count, by: packet) {
                filled(&buffer, Array(sound[start..<min(sound.count, start + packet)]))
            }
            let kept = buffer.samples
            #expect(kept.count == sound.count)
            for start in stride(from: 0, to: sound.count - 64, by: 64) {
                let peak = sound[start..<start + 64].map(abs).max() ?? 0
                for index in start..<start + 64 {
                    #expect(abs(kept[index] - sound[index]) <= peak / 64 + 1 / 32_768)
                }
            }
            let noise = zip(kept, sound).reduce(Float(0)) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
            let power = sound.reduce(Float(0)) { $0 + $1 * $1 }
            #expect(noise < power * 1e-4)
        }
    }

    @Test("what lies beyond full scale is clipped, what is no number is silence") func extremes() {
        var buffer = UtteranceBuffer(prefix: 100, limit: 20_000)
        buffer.begin()
        filled(&buffer, [2, -2, .infinity, -.infinity, .nan, 1, -1, 0.5])
        let expected: [Float] = [0.992, -1, 0.992, -1, 0, 0.992, -1, 0.5]
        #expect(zip(buffer.samples, expected).allSatisfy { abs($0 - $1) < 0.001 })
    }
}
