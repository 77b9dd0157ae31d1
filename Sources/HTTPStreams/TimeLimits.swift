/// How long each stage of a request may take; `nil` is no limit. Rounded up to whole milliseconds.
package struct TimeLimits: Sendable, Equatable {
    /// Name lookup, TCP and TLS together. Does not run while a connection is reused.
    package var connect: Duration
    /// From handing the request over to the last header line of the answer.
    package var firstByte: Duration?
    /// From handing the request over until the consumer calls ``HTTPBody/contentBegan()``.
    package var firstContent: Duration?
    /// Silence of the server between two pieces of the body; stands still while the consumer holds the stream back.
    package var idle: Duration?
    /// The whole exchange; also counts the time in which the consumer holds the stream back.
    package var total: Duration?

    package init(
        connect: Duration = .seconds(5), firstByte: Duration? = .seconds(30), firstContent: Duration? = nil,
        idle: Duration? = .seconds(30), total: Duration? = nil
    ) {
        (self.connect, self.firstByte, self.firstContent) = (connect, firstByte, firstContent)
        (self.idle, self.total) = (idle, total)
    }
}
