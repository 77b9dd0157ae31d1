/// The most that a figure may be, as given on a command line: `answered_p99_ms=5`, `errors=0`, `server_cpu_percent=80`.
package struct LoadLimit: Sendable, Equatable {
    package struct Malformed: Error, Equatable, CustomStringConvertible {
        package let description: String
    }

    private enum Figure: Sendable, Equatable {
        case timing(LoadFigures.Timing, share: Double)
        case count(LoadFigures.Count)
    }

    /// The text it was read from.
    package let text: String
    private let figure: Figure
    private let most: Double

    private static let shares = [("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("p999", 0.999), ("max", 1)]

    /// - Throws: ``Malformed`` with what was expected.
    package init(_ text: String) throws(Malformed) {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { throw Malformed(description: "a limit is NAME=VALUE, not '\(text)'") }
        guard let most = Double(parts[1]), most.isFinite, most >= 0 else {
            throw Malformed(description: "the limit '\(text)' has no number from 0 on")
        }
        guard let figure = Self.figure(String(parts[0])) else {
            throw Malformed(
                description: "there is no figure '\(parts[0])'; there are \(LoadFigures.Timing.allCases.map(\.rawValue).joined(separator: ", ")) "
                    + "with _p50_ms, _p90_ms, _p99_ms, _p999_ms or _max_ms, and \(LoadFigures.Count.allCases.map(\.rawValue).joined(separator: ", "))"
            )
        }
        (self.text, self.figure, self.most) = (text, figure, most)
    }

    private static func figure(_ name: String) -> Figure? {
        if let count = LoadFigures.Count(rawValue: name) { return .count(count) }
        for timing in LoadFigures.Timing.allCases {
            for (label, share) in shares where name == "\(timing.rawValue)_\(label)_ms" { return .timing(timing, share: share) }
        }
        return nil
    }

    /// Says how the limit was missed; nil where it holds. What was not measured misses every limit.
    package func missed(by figures: LoadFigures) -> String? {
        let value: Double? =
            switch figure {
            case .timing(let timing, let share): figures.timings[timing]?.percentile(share).map { $0 / .milliseconds(1) }
            case .count(let count): figures.value(count)
            }
        guard let value else { return "limit missed: \(text), and it was not measured" }
        return value <= most ? nil : "limit missed: \(text), and it was \((value * 100).rounded() / 100)"
    }
}
