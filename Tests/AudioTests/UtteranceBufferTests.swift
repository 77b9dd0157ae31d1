import Audio
import Testing

struct UtteranceBufferTests {
    private func rounded(_ sample: Float) -> Float { PCM16.float(PCM16.sample(sample)) }

    private func filled(_ buffer: inout UtteranceBuffer, _ samples: [Float]) {
        let samples = samples
        buffer.append(samples.span)
    }

    @Test("an utterance may begin with less than is kept from before it") func shorterPrefix() {
        var buffer = UtteranceBuffer(prefix: 8, limit: 100)
        filled(&buffer, [0, 0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.07, 0.08, 0.09, 0.1, 0.11])
        buffer.begin(last: 3)
        let expected: [Float] = [0.09, 0.1, 0.11]
        #expect(buffer.samples == expected.map(rounded))
        buffer.clear()
        buffer.begin(last: 50)
        #expect(buffer.samples.isEmpty)
    }

    @Test("what was taken for an utterance and was none stands before the next") func givenBack() {
        var buffer = UtteranceBuffer(prefix: 4, limit: 100)
        filled(&buffer, [0.1, 0.1, 0.1])
        buffer.begin()
        filled(&buffer, [0.2, 0.3])
        buffer.giveBack()
        filled(&buffer, [0.4])
        buffer.begin()
        let expected: [Float] = [0.1, 0.2, 0.3, 0.4]
        #expect(buffer.samples == expected.map(rounded))
    }

    /// Samples that are told apart, -1...1.
    private func ramp(_ range: Range<Int>) -> [Float] { range.map { Float($0 % 30_000) / 32_768 } }

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
            #expect(buffer.samples == ramp(begin..<heard).map(rounded))
            buffer.giveBack()
            hear(2)
            buffer.begin()
            #expect(buffer.samples == ramp(heard - 2_500..<heard).map(rounded))
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
        #expect(buffer.samples == ramp(400..<3_400).map(rounded))
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
        #expect(buffer.samples == ramp(8_000..<10_000).map(rounded))
        buffer.giveBack()
        filled(&buffer, ramp(10_000..<13_000))
        buffer.prefix = 500
        filled(&buffer, ramp(13_000..<13_100))
        buffer.begin()
        #expect(buffer.samples == ramp(12_600..<13_100).map(rounded))
    }
}
