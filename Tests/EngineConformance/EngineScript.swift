/// What the service behind an engine under test does with each request.
package enum EngineScript<Piece: Sendable>: Sendable {
    /// Delivers these and ends well.
    case delivers([Piece])
    /// Delivers these, then nothing, and keeps the request open until its end is seen.
    case waits(after: [Piece])
    /// Delivers this without end, until nobody takes any more or the request is gone.
    case floods(Piece)
    /// Delivers these and dies.
    case dies(after: [Piece])
    /// Refuses the key.
    case refusesKey
    /// Answers with something that is not the protocol.
    case babbles
}

/// An engine under test with the service behind it.
package struct EngineStand<Engine: Sendable>: Sendable {
    package var engine: Engine
    /// Returns once the service has got a request.
    package var asked: @Sendable () async -> Void
    /// Returns once the service has seen a request end before its answer was whole; says when.
    package var abandoned: @Sendable () async -> ContinuousClock.Instant
    /// Returns once a service that floods got rid of no more; says after how many bytes.
    package var heldBack: @Sendable () async -> Int

    package init(
        engine: Engine, asked: @escaping @Sendable () async -> Void, abandoned: @escaping @Sendable () async -> ContinuousClock.Instant,
        heldBack: @escaping @Sendable () async -> Int
    ) {
        (self.engine, self.asked) = (engine, asked)
        (self.abandoned, self.heldBack) = (abandoned, heldBack)
    }
}

/// What a consumer throws in the tests, to be known again.
struct ConsumerGaveUp: Error, Equatable {}

/// The most bytes a service may get rid of while the consumer stands still: buffers of the system on both sides, and the client's.
let mostBytesAhead = 24 << 20

/// How long a service may take to see that a request was cancelled; the median of several, as other work runs beside the tests.
let longestCancellation = Duration.milliseconds(50)
