/// Where one service is, and how long it may take. A value of the settings.
package struct RemoteService: Sendable {
    /// How long the stages of a request may take.
    package struct Limits: Sendable, Equatable {
        /// Name lookup, TCP and TLS.
        package var connect: Duration
        /// From the request to the first text or audio; for whole answers, to the answer.
        package var first: Duration
        /// Silence within an answer, not counting what the consumer's own slowness causes.
        package var idle: Duration
        /// The whole answer, the consumer's slowness included; nil for none.
        package var total: Duration?

        package init(
            connect: Duration = .seconds(3), first: Duration = .seconds(10), idle: Duration = .seconds(10), total: Duration? = .seconds(180)
        ) {
            (self.connect, self.first, self.idle, self.total) = (connect, first, idle, total)
        }
    }

    /// Address up to and without the last part, e.g. `http://127.0.0.1:8080/v1`.
    package var baseURL: String
    package var key: ServiceKey?
    /// Sent with each request, after the adapter's own; may hold secrets.
    package var headers: [(name: String, value: String)]
    /// Fields added to the body of each JSON request; they win over the adapter's own.
    package var fields: [String: JSONValue]
    package var limits: Limits
    package var retry: RetryPolicy

    package init(
        baseURL: String, key: ServiceKey? = nil, headers: [(name: String, value: String)] = [], fields: [String: JSONValue] = [:],
        limits: Limits = Limits(), retry: RetryPolicy = RetryPolicy()
    ) {
        (self.baseURL, self.key, self.headers) = (baseURL, key, headers)
        (self.fields, self.limits, self.retry) = (fields, limits, retry)
    }
}
