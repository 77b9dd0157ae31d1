/// Changes the sample rate of a stream that arrives in pieces of any size.
///
/// Output sample `k` stands for the instant `k / to` seconds after the first input sample, so nothing is shifted in time; but it comes
/// only when ``latency`` further input samples have arrived, or with ``flush()``. In all, `ceil(inputs * to / from)` samples come out.
/// Flat to 0.1 dB up to 0.9 of the lower Nyquist frequency; images and aliases at least 80 dB down. A copy goes on independently.
package struct Resampler: Sendable {
    package let sourceRate, targetRate: Int

    private let filter: ResamplingFilter?  // nil: both rates are equal
    private var window: [Float] = []  // inputs that a later output still needs, oldest first
    private var base = 0  // where in the window the row of the next output begins
    private var phase = 0
    private var received = 0
    private var produced = 0

    /// - Parameters:
    ///   - from: Samples per second that come in, 4000...192,000 Hz.
    ///   - to: Samples per second that go out, same range.
    /// - Throws: `unsupportedRate` out of that range, or if the ratio in lowest terms is unreasonable (44,101 to 48,000).
    package init(from: Int, to: Int) throws(AudioError) {
        (sourceRate, targetRate) = (from, to)
        let filter = try ResamplingFilter.shared(from: from, to: to)
        self.filter = from == to ? nil : filter
        reset()
    }

    /// Input samples that must follow an instant before its output comes: half the filter, 0 if both rates are equal.
    package var latency: Int { (filter?.taps ?? 0) / 2 }

    /// Forgets the stream; the next sample is the first of another one.
    package mutating func reset() {
        window.removeAll(keepingCapacity: true)
        if let filter { window.append(contentsOf: repeatElement(0, count: filter.taps / 2 - 1)) }
        (base, phase, received, produced) = (0, 0, 0, 0)
    }

    /// Takes the next samples and gives those that are ready.
    package mutating func process(_ input: [Float]) -> [Float] {
        var output: [Float] = []
        process(input.span, appendingTo: &output)
        return output
    }

    /// Takes the next samples and appends those that are ready; allocates nothing once `output` and the window have their size.
    package mutating func process(_ input: Span<Float>, appendingTo output: inout [Float]) {
        received += input.count
        guard let filter else {
            for index in input.indices { output.append(input[index]) }
            produced += input.count
            return
        }
        for index in input.indices { window.append(input[index]) }
        run(filter, limit: .max, appendingTo: &output)
    }

    /// Gives the rest of the stream, as if silence followed, and begins a new one.
    package mutating func flush() -> [Float] {
        var output: [Float] = []
        if let filter {
            let expected = (received * filter.up + filter.down - 1) / filter.down
            window.append(contentsOf: repeatElement(0, count: filter.taps / 2 + 1))
            run(filter, limit: expected, appendingTo: &output)
        }
        reset()
        return output
    }

    private mutating func run(_ filter: ResamplingFilter, limit: Int, appendingTo output: inout [Float]) {
        var place = (base: base, phase: phase, count: produced)
        Self.convolve(window.span, filter, from: &place, limit: limit, appendingTo: &output)
        let used = min(place.base, window.count)
        window.removeFirst(used)
        (base, phase, produced) = (place.base - used, place.phase, place.count)
    }

    private static func convolve(
        _ samples: Span<Float>, _ filter: ResamplingFilter, from place: inout (base: Int, phase: Int, count: Int), limit: Int,
        appendingTo output: inout [Float]
    ) {
        let (taps, up) = (filter.taps, filter.up)
        let (step, remainder) = (filter.down / up, filter.down % up)
        let rows = filter.rows.span
        let ready = samples.count - taps  // the last place where a row fits
        while place.base <= ready, place.count < limit {
            let row = rows.extracting(place.phase * taps..<(place.phase + 1) * taps)
            output.append(product(samples.extracting(place.base..<place.base + taps), row))
            place.count += 1
            place.base += step
            place.phase += remainder
            if place.phase >= up { (place.phase, place.base) = (place.phase - up, place.base + 1) }
        }
    }

    /// The scalar product of two spans whose equal length is a multiple of 16, summed in sixteen lanes that the compiler keeps in registers.
    @inline(__always)
    private static func product(_ samples: Span<Float>, _ row: Span<Float>) -> Float {
        var (low, high) = (SIMD8<Float>.zero, SIMD8<Float>.zero)
        var index = 0
        let count = min(samples.count, row.count)
        while index &+ 16 <= count {
            low += eight(samples, index) * eight(row, index)
            high += eight(samples, index &+ 8) * eight(row, index &+ 8)
            index &+= 16
        }
        return (low + high).sum()
    }

    @inline(__always)
    private static func eight(_ values: Span<Float>, _ at: Int) -> SIMD8<Float> {
        SIMD8(
            values[at], values[at &+ 1], values[at &+ 2], values[at &+ 3],
            values[at &+ 4], values[at &+ 5], values[at &+ 6], values[at &+ 7])
    }
}
