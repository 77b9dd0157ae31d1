/// The body of one answer, piece by piece as it came; one iterator only.
///
/// Dropping the body and its iterator, or cancelling the task in `next()`, ends the request on the server's side as
/// well: HTTP/1.1 closes the connection, HTTP/2 resets the stream. A consumer that stops taking holds the server back.
package struct HTTPBody: AsyncSequence, Sendable {
    package typealias Element = [UInt8]
    package typealias Failure = any Error

    let holder: BodyHolder

    package struct AsyncIterator: AsyncIteratorProtocol {
        let holder: BodyHolder

        /// The bytes that came since the last call, at least one; `nil` after the last.
        ///
        /// - Throws: `HTTPStreamError`, or `CancellationError` if the task is cancelled.
        package mutating func next() async throws -> [UInt8]? { try await holder.exchange.next() }
        package mutating func next(isolation actor: isolated (any Actor)?) async throws -> [UInt8]? {
            try await holder.exchange.next()
        }
    }

    package func makeAsyncIterator() -> AsyncIterator { AsyncIterator(holder: holder) }

    /// Tells that what the request was made for has begun to come: the limit on it no longer runs.
    package func contentBegan() { holder.exchange.contentBegan() }

    /// Tells that the consumer needs no more. An answer that ends by itself within 250 ms leaves its connection fit for the
    /// next request; a longer one is closed. Nothing is read after this.
    package func finish() { holder.exchange.finish() }

    /// The whole body, or `.tooLong` once it is longer than `limit` bytes.
    package func collect(upTo limit: Int) async throws -> [UInt8] {
        var all: [UInt8] = []
        for try await chunk in self {
            guard all.count + chunk.count <= limit else { throw HTTPStreamError(.tooLong, "a body over \(limit) bytes") }
            all += chunk
        }
        return all
    }
}

/// Lives as long as somebody can still read; its end cancels the transfer.
final class BodyHolder: Sendable {
    let exchange: Exchange

    init(_ exchange: Exchange) { self.exchange = exchange }

    deinit { exchange.cancel() }
}
