import EmbeddedEngines
import Foundation
import Synchronization

/// One line on standard error that shows how far a fetch is: a bar on a terminal, a line a step elsewhere.
final class ProgressBar: Sendable {
    private let isTerminal = isatty(STDERR_FILENO) == 1
    private let last = Mutex("")

    func show(_ progress: FetchProgress) {
        let text: String
        switch progress.step {
        case .waiting: text = "waiting for another fetch"
        case .checking: text = isTerminal ? "checking \(progress.item)" : "checking"
        case .finished: return
        case .downloading, .unpacking:
            let percent = progress.total > 0 ? min(100, progress.done * 100 / progress.total) : 0
            let filled = String(repeating: "#", count: percent / 4) + String(repeating: ".", count: 25 - percent / 4)
            text =
                isTerminal
                ? "[\(filled)] \(percent)% \(progress.wheel)/\(progress.wheels) \(progress.step.rawValue) \(progress.item)"
                : "\(progress.wheel)/\(progress.wheels) \(progress.step.rawValue) \(progress.item)"
        }
        last.withLock { last in
            guard text != last else { return }
            last = text
            write(isTerminal ? "\r\u{1B}[K\(text)" : text + "\n")
        }
    }

    func end() { if isTerminal { write("\r\u{1B}[K") } }

    private func write(_ text: String) { try? FileHandle.standardError.write(contentsOf: Data(text.utf8)) }
}
