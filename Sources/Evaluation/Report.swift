/// The figures of all policies as one table of text: a row a figure, a column a policy.
package struct Report: Sendable {
    private let policies: [String]
    private var rows: [(name: String, cells: [String])] = []

    package init(_ scenes: [Scene], _ policies: [Policy], _ traces: [[TurnTrace]]) {
        self.policies = policies.map(\.name)
        let turns = traces.map { EndOfTurnScore(scenes, $0) }
        let sounds = traces.map { InterruptionScore(scenes, $0) }
        if let first = turns.first, !first.turns.isEmpty { add(turns, first) }
        if let first = sounds.first {
            if !first.categories(.bargeIn).isEmpty { addBargeIns(sounds, first) }
            if !first.categories(.falseInterruption).isEmpty { addFalseOnes(sounds, first) }
        }
    }

    private mutating func add(_ scores: [EndOfTurnScore], _ first: EndOfTurnScore) {
        title("end of turn (\(first.turns.count) turns, \(first.waits) waits)")
        row("wait, median", scores) { Self.ms($0.wait(0.5)) }
        row("wait, p95", scores) { Self.ms($0.wait(0.95)) }
        row("cut-ins", scores) { Self.percent($0.cutShort) }
        for category in first.categories {
            let part = scores.map { $0.filtered { $0.category == category } }
            row("  \(category) (\(part.first?.turns.count ?? 0))", part) { Self.percent($0.cutShort) }
        }
        row("a commit before the onset", scores) { Self.percent($0.early) }
        row("reply sounds before the end", scores) { Self.percent($0.spokenOver) }
        row("no commit", scores) { Self.percent($0.unanswered) }
        row("LLM requests a commit", scores) { Self.number($0.requestsPerCommit) }
    }

    private mutating func addBargeIns(_ scores: [InterruptionScore], _ first: InterruptionScore) {
        title("barge-in (\(first.sounds.count { $0.kind == .bargeIn }) utterances of the first policy)")
        row("scenes without a reply playing", scores) { "\($0.void)" }
        let all = scores
        let scores = all.map { $0.filtered { !ScenePlan.composed.contains($0.category) } }
        row("onsets that are sure", scores) { "\($0.sureOnsets) of \($0.bargeIns.count)" }
        row("onset to held, median", scores) { Self.ms($0.held(0.5)) }
        row("onset to held, p95", scores) { Self.ms($0.held(0.95)) }
        row("  by unsure labels too, median", scores) { Self.ms($0.heldByAnyLabel(0.5)) }
        row("  by unsure labels too, p95", scores) { Self.ms($0.heldByAnyLabel(0.95)) }
        row("onset to flush, median", scores) { Self.ms($0.flushed(0.5)) }
        row("onset to flush, p95", scores) { Self.ms($0.flushed(0.95)) }
        row("missed (speech >= 0.5 s)", scores) { Self.percent($0.missed) }
        for category in first.categories(.bargeIn) {
            let part = all.map { $0.filtered { $0.kind == .bargeIn && $0.category == category } }
            row("  \(category) (\(part.first?.sounds.count ?? 0))", part) { Self.percent($0.missed) }
        }
        for category in first.categories(.bargeIn) where ScenePlan.composed.contains(category) {
            let part = all.map { $0.filtered { $0.kind == .bargeIn && $0.category == category } }
            row("\(category): held, median / p95", part) { "\(Self.ms($0.held(0.5))) / \(Self.ms($0.held(0.95)))" }
            row("\(category): flush, median / p95", part) { "\(Self.ms($0.flushed(0.5))) / \(Self.ms($0.flushed(0.95)))" }
        }
        row("heard within one word", scores) { Self.percent($0.heardWithinOne) }
        row("words too many / missing", scores) { "\(Self.number($0.wordsTooMany)) / \(Self.number($0.wordsMissing))" }
    }

    private mutating func addFalseOnes(_ scores: [InterruptionScore], _ first: InterruptionScore) {
        title("false interruptions (\(first.sounds.count { $0.kind == .falseInterruption }) sounds of the first policy)")
        let all = scores
        let scores = all.map { $0.filtered { !ScenePlan.composed.contains($0.category) } }
        row("replies lost", scores) { Self.percent($0.lost) }
        for category in first.categories(.falseInterruption) {
            let part = all.map { $0.filtered { $0.kind == .falseInterruption && $0.category == category } }
            row("  \(category) (\(part.first?.sounds.count ?? 0))", part) { Self.percent($0.lost) }
        }
        row("only held", scores) { Self.percent($0.onlyHeld) }
        for category in first.categories(.falseInterruption) where category.hasPrefix("echo") {
            let part = all.map { $0.filtered { $0.kind == .falseInterruption && $0.category == category } }
            row("  \(category)", part) { Self.percent($0.onlyHeld) }
        }
        row("resumed after the sound, median", scores) { Self.ms($0.resumed(0.5)) }
        row("resumed after the sound, p95", scores) { Self.ms($0.resumed(0.95)) }
        row("most words repeated / skipped", scores) { "\($0.wordsRepeated) / \($0.wordsSkipped)" }
    }

    private mutating func title(_ text: String) { rows.append((text, [])) }
    private mutating func row<Score>(_ name: String, _ scores: [Score], _ cell: (Score) -> String) { rows.append((name, scores.map(cell))) }

    /// The table, a line a row.
    package var lines: [String] {
        let names = rows.filter { !$0.cells.isEmpty }.map(\.name.count).max() ?? 0
        let widths = policies.indices.map { column in
            max(policies[column].count, rows.map { $0.cells.isEmpty ? 0 : $0.cells[column].count }.max() ?? 0)
        }
        func line(_ name: String, _ cells: [String]) -> String {
            let padded = zip(cells, widths).map { cell, width in String(repeating: " ", count: width - cell.count) + cell }
            return ([name + String(repeating: " ", count: max(0, names - name.count))] + padded).joined(separator: "  ")
        }
        return [line("", policies)] + rows.map { $0.cells.isEmpty ? $0.name : line($0.name, $0.cells) }
    }

    package static func ms(_ duration: Duration?) -> String { duration.map { "\(Int(($0 / .milliseconds(1)).rounded())) ms" } ?? "-" }
    package static func percent(_ share: Double?) -> String { share.map { "\(fixed($0 * 100, 1)) %" } ?? "-" }
    package static func number(_ value: Double?) -> String { value.map { fixed($0, 2) } ?? "-" }

    private static func fixed(_ value: Double, _ digits: Int) -> String {
        let factor = digits == 1 ? 10 : 100
        let scaled = Int((value * Double(factor)).rounded())
        let fraction = String(scaled % factor)
        return "\(scaled / factor)." + String(repeating: "0", count: digits - fraction.count) + fraction
    }
}
