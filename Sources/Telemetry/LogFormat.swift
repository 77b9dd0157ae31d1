/// How log records look on standard error.
package enum LogFormat: String, Sendable, CaseIterable {
    /// For people: time, level, label, message, `key=value`.
    case text
    /// For programs: one JSON object a line.
    case json
}
