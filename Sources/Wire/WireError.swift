/// What a client is told went wrong.
package struct WireError: Error, Sendable, Equatable {
    /// Stable, for programs: `wire.bad_json`, `engine.timeout`, ...
    package var code: String
    /// For people; never holds a secret.
    package var message: String
    /// Whether the connection closes after this event.
    package var isFatal: Bool

    package init(_ code: String, _ message: String, isFatal: Bool = false) {
        (self.code, self.message, self.isFatal) = (code, message, isFatal)
    }
}
