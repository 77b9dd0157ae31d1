internal import Foundation

/// What the kernel knows of the time of a thread.
package enum ThreadTime {
    /// How long the thread that asks has run, or was ready to run and waited for a core, since it began; nil where the kernel does not tell. Takes some 20
    /// microseconds.
    package static var demanded: Duration? {
        guard let text = try? String(contentsOfFile: "/proc/thread-self/schedstat", encoding: .utf8) else { return nil }
        return demanded(text)
    }

    /// - Parameter text: As Linux writes it: nanoseconds run, nanoseconds waited, how often it was its turn.
    static func demanded(_ text: String) -> Duration? {
        let fields = text.split(whereSeparator: \.isWhitespace)
        guard fields.count == 3, let ran = Int64(fields[0]), let waited = Int64(fields[1]), ran >= 0, waited >= 0 else { return nil }
        return .nanoseconds(ran) + .nanoseconds(waited)
    }
}
