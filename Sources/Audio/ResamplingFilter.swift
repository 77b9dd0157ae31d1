private import Synchronization

/// The coefficients that change one sample rate into another: a Kaiser-windowed sinc, cut into one row for each output phase.
///
/// Pass band to 0.9 of the lower Nyquist frequency, stop band from that frequency on, 90 dB by design. Equal ratios share one table.
struct ResamplingFilter: Sendable {
    /// Output and input samples of one period of the ratio, in lowest terms.
    let up, down: Int
    /// Length of one row; a multiple of 16.
    let taps: Int
    /// `up` rows of `taps` coefficients, oldest input first; each row sums to 1.
    let rows: [Float]

    private struct Ratio: Hashable { let up, down: Int }

    private static let stopBandDecibels = 90.0
    private static let transition = 0.1  // of the lower Nyquist frequency
    private static let largestTable = 1 << 18
    /// Tables are kept for good; beyond this bound further ratios build their own.
    private static let cacheLimit = 64
    private static let cache = Mutex<[Ratio: ResamplingFilter]>([:])

    /// - Throws: `unsupportedRate` if a rate is outside 4000...192,000 Hz or the ratio would need too large a table.
    static func shared(from: Int, to: Int) throws(AudioError) -> ResamplingFilter {
        guard (4_000...192_000).contains(from), (4_000...192_000).contains(to) else {
            throw AudioError(.unsupportedRate, "\(from) Hz to \(to) Hz")
        }
        let divisor = greatestCommonDivisor(from, to)
        let ratio = Ratio(up: to / divisor, down: from / divisor)
        if let known = cache.withLock({ $0[ratio] }) { return known }
        guard let made = ResamplingFilter(ratio) else { throw AudioError(.unsupportedRate, "\(from) Hz to \(to) Hz") }
        cache.withLock { if $0.count < cacheLimit { $0[ratio] = made } }
        return made
    }

    private init?(_ ratio: Ratio) {
        (up, down) = (ratio.up, ratio.down)
        let narrowing = min(1, Double(up) / Double(down))
        let edge = 0.5 * narrowing  // the lower Nyquist frequency, in cycles per input sample
        let width = Self.transition * edge
        let ideal = (Self.stopBandDecibels - 7.95) / (2.285 * 2 * Double.pi * width)
        taps = (Int(ideal) / 16 + 1) * 16
        guard up * taps <= Self.largestTable else { return nil }

        let cutoff = edge - width / 2
        let beta = 0.1102 * (Self.stopBandDecibels - 8.7)
        let scale = 1 / Elementary.besselI0(beta)
        let half = Double(taps / 2)
        var rows = [Float]()
        rows.reserveCapacity(up * taps)
        var row = [Double](repeating: 0, count: taps)
        for phase in 0..<up {
            var sum = 0.0
            for tap in 0..<taps {
                let time = Double(phase) / Double(up) + half - 1 - Double(tap)
                let across = time / half
                let window = Elementary.besselI0(beta * max(0, 1 - across * across).squareRoot()) * scale
                let value = window * (time == 0 ? 2 * cutoff : Elementary.sinPi(2 * cutoff * time) / (Double.pi * time))
                row[tap] = value
                sum += value
            }
            for value in row { rows.append(Float(value / sum)) }
        }
        self.rows = rows
    }

    private static func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int { b == 0 ? a : greatestCommonDivisor(b, a % b) }
}
