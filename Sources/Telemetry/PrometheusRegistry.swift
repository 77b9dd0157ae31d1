import Synchronization

/// Keeps every metric of the process and writes them as Prometheus text (format 0.0.4).
///
/// A series is made once for its labels and then updated without the registry's lock. What cannot be kept, because the name is taken
/// by another kind of metric or the bound of series is reached, gets a series that is never written, and ``refusals`` grows: a gap on
/// a dashboard is better than a dead server.
package final class PrometheusRegistry: Sendable {
    /// Upper bounds of the buckets of every duration, in seconds.
    package static let voiceBounds = [0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1, 2, 5]

    enum Kind: String {
        case counter, gauge, histogram, summary

        /// Names that a family of this kind writes besides its own.
        var suffixes: [String] {
            switch self {
            case .counter, .gauge: []
            case .histogram: ["_bucket", "_sum", "_count"]
            case .summary: ["_sum", "_count"]
            }
        }
        var reservedLabels: Set<String> {
            switch self {
            case .counter, .gauge: []
            case .histogram: ["le"]
            case .summary: ["quantile"]
            }
        }
    }

    private struct Family {
        let kind: Kind
        var series: [String: any MetricSeries] = [:]
    }

    private struct State {
        var families: [String: Family] = [:]
        var count = 0
        var refusals = 0

        /// Whether a family of this kind can be told from all others in the text.
        func canAdd(_ name: String, _ kind: Kind) -> Bool {
            if families[name] != nil || kind.suffixes.contains(where: { families[name + $0] != nil }) { return false }
            return !["_bucket", "_sum", "_count"].contains { suffix in
                name.hasSuffix(suffix) && families[String(name.dropLast(suffix.count))]?.kind.suffixes.contains(suffix) == true
            }
        }
    }

    private let state = Mutex(State())
    private let bounds: [Double]
    private let maximumSeries: Int
    private let help: [String: String]

    /// - Parameters:
    ///   - bounds: Upper bounds of the buckets of every duration, in seconds; sorted here.
    ///   - maximumSeries: How many series are kept; positive. Further ones are refused.
    package init(bounds: [Double] = PrometheusRegistry.voiceBounds, maximumSeries: Int = 2_000) {
        self.bounds = Set(bounds.filter(\.isFinite)).sorted()
        self.maximumSeries = maximumSeries
        help = Dictionary(MetricName.all.map { ($0.text, $0.help) }) { first, _ in first }
    }

    /// How many series were asked for and could not be kept.
    package var refusals: Int { state.withLock { $0.refusals } }

    /// All metrics, sorted by name and labels; the registry's own and the process's come last.
    ///
    /// - Parameter process: Written with them; nil leaves the process out.
    package func text(process: ProcessSample? = nil) -> String {
        let (families, refusals) = state.withLock { ($0.families, $0.refusals) }
        var out = ""
        for (name, family) in families.sorted(by: { $0.key < $1.key }) {
            writeHead(to: &out, name: name, kind: family.kind)
            for (labels, series) in family.series.sorted(by: { $0.key < $1.key }) {
                series.write(to: &out, name: name, labels: labels)
            }
        }
        writeValue(to: &out, .refusedSeries, .counter, Double(refusals))
        if let process {
            writeValue(to: &out, .cpuTime, .counter, process.cpuSeconds)
            writeValue(to: &out, .openFiles, .gauge, Double(process.openFiles))
            writeValue(to: &out, .residentMemory, .gauge, Double(process.residentBytes))
            writeValue(to: &out, .threads, .gauge, Double(process.threads))
        }
        return out
    }

    /// The series of these labels, made if there is none yet; one that is never written where it cannot be kept.
    func series<Series: MetricSeries>(_ label: String, _ dimensions: [(String, String)], _ kind: Kind, make: ([Double]) -> Series) -> Series {
        let name = ExpositionText.metricName(label)
        let labels = ExpositionText.labels(dimensions, reserved: kind.reservedLabels)
        return state.withLock { state in
            if let known = state.families[name]?.series[labels] as? Series, state.families[name]?.kind == kind { return known }
            let made = make(bounds)
            let fits = state.families[name].map { $0.kind == kind } ?? state.canAdd(name, kind)
            guard fits, state.count < maximumSeries, !Self.ownNames.contains(name) else {
                state.refusals += 1
                return made
            }
            state.families[name, default: Family(kind: kind)].series[labels] = made
            state.count += 1
            return made
        }
    }

    /// Names the registry writes itself.
    private static let ownNames = Set([MetricName.refusedSeries, .cpuTime, .openFiles, .residentMemory, .threads].map(\.text))

    private func writeHead(to out: inout String, name: String, kind: Kind) {
        if let help = help[name] { out += "# HELP \(name) \(ExpositionText.help(help))\n" }
        out += "# TYPE \(name) \(kind.rawValue)\n"
    }

    private func writeValue(to out: inout String, _ name: MetricName, _ kind: Kind, _ value: Double) {
        writeHead(to: &out, name: name.text, kind: kind)
        out += "\(name.text) \(ExpositionText.number(value))\n"
    }
}
