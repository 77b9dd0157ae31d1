import Synchronization

/// The lines a process wrote, and a way to wait for one.
final class ServerLog: Sendable {
    private let arrivals = Arrivals<String>()
    /// What was written since the last whole line.
    private let rest = Mutex<[UInt8]>([])

    var lines: [String] { arrivals.all.map(\.received) }
    var text: String { lines.joined(separator: "\n") }
    /// Whether the process closed its output.
    var isClosed: Bool { arrivals.isOver }

    func take(_ bytes: [UInt8]) {
        rest.withLock { rest in
            rest += bytes
            while let end = rest.firstIndex(of: 10) {
                arrivals.take(String(decoding: rest[..<end], as: UTF8.self))
                rest.removeFirst(end + 1)
            }
        }
    }

    func close() {
        rest.withLock { rest in
            if !rest.isEmpty { arrivals.take(String(decoding: rest, as: UTF8.self)) }
            rest = []
        }
        arrivals.end()
    }

    /// The first line that holds a text; nil where the output ends without one or the task is cancelled.
    func line(with text: String) async -> String? { await arrivals.first { $0.contains(text) ? $0 : nil }?.found }
}
