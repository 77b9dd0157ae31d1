import Evaluation
import Foundation

/// The curves of all policies in one picture: cut-ins against waits, and missed interruptions against lost replies.
struct EvalPicture {
    let evaluation: Evaluation
    let scenes: [Scene]
    let partials: Duration?

    private typealias Point = (x: Double, y: Double)

    private static let swept = ["agora", "pipecat", "livekit", "balanced"]

    /// Plays each policy's rules sooner and later, and writes `curves.svg`.
    ///
    /// - Parameters:
    ///   - policies: Those played already, shown as dots.
    ///   - traces: What they did.
    /// - Returns: The points as lines of text.
    /// - Throws: What playing throws; what writing the file throws.
    func draw(_ policies: [Policy], _ traces: [[TurnTrace]], into directory: String) async throws -> [String] {
        let endings = try await series(policies, traces, .silence) { scenes, traces in
            let score = EndOfTurnScore(scenes, traces)
            guard let wait = score.wait(0.5), let cut = score.cutShort else { return nil }
            return (wait / .milliseconds(1), cut * 100)
        }
        let interruptions = try await series(policies, traces, .voice) { scenes, traces in
            let score = InterruptionScore(scenes, traces)
            guard let lost = score.lost, let missed = score.missed else { return nil }
            return (lost * 100, missed * 100)
        }
        let charts = [
            Chart(title: "Cut-ins against waits", xAxis: "median wait, ms", yAxis: "turns cut short, %", series: endings),
            Chart(
                title: "Missed interruptions against lost replies", xAxis: "replies lost to other sounds, %",
                yAxis: "interruptions missed, %", series: interruptions),
        ].filter { !$0.series.isEmpty }
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        try Data(Chart.sheet(charts).utf8).write(to: URL(filePath: "\(directory)/curves.svg"))
        return charts.flatMap { chart in
            chart.series.filter { $0.points.count > 1 }.map { one in
                "\(chart.title), \(one.name): "
                    + one.points.map { "\(Report.number($0.x)) \(Report.number($0.y)) %" }.joined(separator: "; ")
            }
        }
    }

    private func series(
        _ policies: [Policy], _ traces: [[TurnTrace]], _ sweep: Policy.Sweep, _ point: ([Scene], [TurnTrace]) -> Point?
    ) async throws -> [Chart.Series] {
        let dots = zip(policies, traces).compactMap { policy, traces in
            point(scenes, traces).map { Chart.Series(name: policy.name, points: [$0]) }
        }
        guard !dots.isEmpty else { return [] }
        let chosen = scenes.filter { ($0.kind == .endOfTurn) == (sweep == .silence) }
        let points = try Self.swept.flatMap { try Policy.swept($0, sweep, partials: partials) }
        let played = try await evaluation.run(chosen, policies: points)
        var curves: [Chart.Series] = []
        for (policy, traces) in zip(points, played) {
            guard let name = policy.curve, let point = point(chosen, traces) else { continue }
            if let index = curves.firstIndex(where: { $0.name == "\(name), swept" }) {
                curves[index].points.append(point)
            } else {
                curves.append(Chart.Series(name: "\(name), swept", points: [point]))
            }
        }
        return curves + dots
    }
}
