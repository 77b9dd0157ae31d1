import Audio
import Testing

struct UtteranceBufferTests {
    private func filled(_ buffer: inout UtteranceBuffer, _ samples: [Float]) {
        let samples = samples
        buffer.append(samples.span)
    }

    @Test("an utterance may begin with less than is kept from before it") func shorterPrefix() {
        var buffer = UtteranceBuffer(prefix: 8, limit: 100)
        filled(&buffer, [0, 0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.07, 0.08, 0.09, 0.1, 0.11])
        buffer.begin(last: 3)
        let expected: [Float] = [0.09, 0.1, 0.11]
        #expect(buffer.samples == expected.map { PCM16.sample($0) })
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
        #expect(buffer.samples == expected.map { PCM16.sample($0) })
    }
}
