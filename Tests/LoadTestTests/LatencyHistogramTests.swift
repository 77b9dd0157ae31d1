import Testing

@testable import LoadTest

struct LatencyHistogramTests {
    @Test func withoutValuesThereIsNoPercentile() {
        #expect(LatencyHistogram().percentile(0.5) == nil)
    }

    @Test func percentilesOfSmallValuesAreExact() {
        var histogram = LatencyHistogram()
        for value in 1...1_000 { histogram.record(.microseconds(value)) }
        #expect(histogram.percentile(0.5) == .microseconds(500))
        #expect(histogram.percentile(0.99) == .microseconds(990))
        #expect(histogram.percentile(0.999) == .microseconds(999))
        #expect(histogram.percentile(1) == .microseconds(1_000))
        #expect(histogram.percentile(0) == .microseconds(1))
        #expect(histogram.count == 1_000)
    }

    @Test(arguments: [2_047, 2_048, 2_049, 4_095, 4_096, 123_456, 7_654_321, 3_600_000_000])
    func everyValueIsToldWithinAThousandth(value: Int) throws {
        var histogram = LatencyHistogram()
        histogram.record(.microseconds(value))
        histogram.record(.microseconds(value * 2))  // so that the answer is not the exact maximum
        let told = try #require(histogram.percentile(0.5)) / .microseconds(1)
        #expect(told >= Double(value) && told <= Double(value) * 1.001)
    }

    @Test func whatIsOutOfRangeIsHeldAtItsEnds() {
        var histogram = LatencyHistogram()
        histogram.record(.microseconds(-5))
        #expect(histogram.percentile(0.5) == .zero)
        histogram.record(.seconds(1_000_000))
        #expect(histogram.percentile(1) == .seconds(1_000_000))
        #expect(histogram.count == 2)
    }
}
