import CoreMetrics
import Synchronization

/// One line, or one block of lines, of a metric: a value for one set of labels. Safe from any thread.
protocol MetricSeries: AnyObject, Sendable {
    /// - Parameter labels: `a="x",b="y"`, or nothing.
    func write(to out: inout String, name: String, labels: String)
}

/// A whole number that only rises.
final class CounterSeries: MetricSeries, CounterHandler {
    private let total = Atomic<Int64>(0)

    /// Amounts below one are ignored: a counter never falls.
    func increment(by amount: Int64) {
        if amount > 0 { total.wrappingAdd(amount, ordering: .relaxed) }
    }
    func reset() { total.store(0, ordering: .relaxed) }

    func write(to out: inout String, name: String, labels: String) {
        out += "\(name)\(labels.isEmpty ? "" : "{\(labels)}") \(total.load(ordering: .relaxed))\n"
    }
}

/// A number that rises and falls.
final class GaugeSeries: MetricSeries, MeterHandler, RecorderHandler {
    private let bits = Atomic<UInt64>(Double(0).bitPattern)

    func set(_ value: Int64) { set(Double(value)) }
    func set(_ value: Double) { bits.store(value.bitPattern, ordering: .relaxed) }
    func increment(by amount: Double) {
        var old = bits.load(ordering: .relaxed)
        while true {
            let new = (Double(bitPattern: old) + amount).bitPattern
            let (done, current) = bits.weakCompareExchange(expected: old, desired: new, ordering: .relaxed)
            if done { return }
            old = current
        }
    }
    func decrement(by amount: Double) { increment(by: -amount) }
    func record(_ value: Int64) { set(Double(value)) }
    func record(_ value: Double) { set(value) }

    func write(to out: inout String, name: String, labels: String) {
        let value = Double(bitPattern: bits.load(ordering: .relaxed))
        out += "\(name)\(labels.isEmpty ? "" : "{\(labels)}") \(ExpositionText.number(value))\n"
    }
}

/// Durations, sorted into buckets, in seconds.
final class HistogramSeries: MetricSeries, TimerHandler {
    private struct Totals {
        var buckets: [Int]
        var count = 0
        var sum = 0.0
    }
    private let bounds: [Double]
    private let totals: Mutex<Totals>

    /// - Parameter bounds: Upper bounds in seconds, rising.
    init(bounds: [Double]) {
        self.bounds = bounds
        totals = Mutex(Totals(buckets: Array(repeating: 0, count: bounds.count)))
    }

    func recordNanoseconds(_ duration: Int64) {
        let seconds = Double(max(duration, 0)) / 1e9
        let bucket = bounds.firstIndex { seconds <= $0 }
        totals.withLock { totals in
            if let bucket { totals.buckets[bucket] += 1 }
            totals.count += 1
            totals.sum += seconds
        }
    }

    func write(to out: inout String, name: String, labels: String) {
        let totals = totals.withLock { $0 }
        let (comma, braces) = labels.isEmpty ? ("", "") : (labels + ",", "{\(labels)}")
        var running = 0
        for (bound, hits) in zip(bounds, totals.buckets) {
            running += hits
            out += "\(name)_bucket{\(comma)le=\"\(ExpositionText.number(bound))\"} \(running)\n"
        }
        out += "\(name)_bucket{\(comma)le=\"+Inf\"} \(totals.count)\n"
        out += "\(name)_sum\(braces) \(ExpositionText.number(totals.sum))\n\(name)_count\(braces) \(totals.count)\n"
    }
}

/// Values of any unit: how many and their sum. Values that are not finite are ignored.
final class SummarySeries: MetricSeries, RecorderHandler {
    private let totals = Mutex((count: 0, sum: 0.0))

    func record(_ value: Int64) { record(Double(value)) }
    func record(_ value: Double) {
        guard value.isFinite else { return }
        totals.withLock { totals in
            totals.count += 1
            totals.sum += value
        }
    }

    func write(to out: inout String, name: String, labels: String) {
        let (count, sum) = totals.withLock { $0 }
        let braces = labels.isEmpty ? "" : "{\(labels)}"
        out += "\(name)_sum\(braces) \(ExpositionText.number(sum))\n\(name)_count\(braces) \(count)\n"
    }
}
