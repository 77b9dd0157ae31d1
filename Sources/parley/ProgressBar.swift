import EmbeddedEngines

/// Shows how far a fetch is: a bar on a terminal, a line a step elsewhere.
final class ProgressBar: Sendable {
    private let line = ProgressLine()

    func show(_ progress: FetchProgress) {
        let text: String
        switch progress.step {
        case .waiting: text = "waiting for another fetch"
        case .checking: text = line.isTerminal ? "checking \(progress.item)" : "checking"
        case .finished: return
        case .downloading, .unpacking:
            let percent = progress.total > 0 ? min(100, progress.done * 100 / progress.total) : 0
            let filled = String(repeating: "#", count: percent / 4) + String(repeating: ".", count: 25 - percent / 4)
            text =
                line.isTerminal
                ? "[\(filled)] \(percent)% \(progress.wheel)/\(progress.wheels) \(progress.step.rawValue) \(progress.item)"
                : "\(progress.wheel)/\(progress.wheels) \(progress.step.rawValue) \(progress.item)"
        }
        line.show(text)
    }

    func end() { line.end() }
}
