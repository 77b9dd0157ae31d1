import Foundation
import Synchronization

/// One line on standard error that is written over again and again; elsewhere than on a terminal, a line a change.
final class ProgressLine: Sendable {
    let isTerminal = isatty(STDERR_FILENO) == 1
    private let last = Mutex("")

    func show(_ text: String) {
        last.withLock { last in
            guard text != last else { return }
            last = text
            write(isTerminal ? "\r\u{1B}[K\(text)" : text + "\n")
        }
    }

    func end() { if isTerminal { write("\r\u{1B}[K") } }

    private func write(_ text: String) { try? FileHandle.standardError.write(contentsOf: Data(text.utf8)) }
}
