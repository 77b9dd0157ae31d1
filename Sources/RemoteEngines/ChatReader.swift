internal import Engines
internal import HTTPStreams

/// Reads one answer in one service's format: payloads in, pieces out. A value without IO.
protocol ChatReader: Sendable {
    /// The answer is whole; what the body still holds is of no interest.
    var isComplete: Bool { get }
    /// What one payload holds of the answer, nothing for all that is neither said nor called.
    mutating func take(_ payload: [UInt8]) throws(RemoteFailure) -> [ChatPiece]
    /// The body has ended; `nil` if the answer is not whole.
    func outcome() -> ChatOutcome?
}

/// How the payloads of an answer are kept apart.
enum ChatFraming: Sendable {
    case events(ServerSentEventParser)
    case lines(LineSplitter)

    mutating func feed(_ bytes: [UInt8]) throws(HTTPStreamError) -> [[UInt8]] {
        switch self {
        case .events(var parser):
            self = .lines(LineSplitter(limit: 0))  // the parser is moved out, not copied
            defer { self = .events(parser) }
            return try parser.feed(bytes).map { Array($0.data.utf8) }
        case .lines(var splitter):
            self = .lines(LineSplitter(limit: 0))
            defer { self = .lines(splitter) }
            return try splitter.feed(bytes)
        }
    }

    mutating func finish() -> [[UInt8]] {
        guard case .lines(var splitter) = self else { return [] }
        let last = splitter.finish()
        self = .lines(splitter)
        return last.map { [$0] } ?? []
    }
}

extension RemoteCaller {
    /// Streams one answer of a language model.
    func chat<Reader: ChatReader>(
        _ request: HTTPRequest, _ framing: ChatFraming, _ empty: Reader, onPiece: @Sendable (ChatPiece) async throws -> Void
    ) async throws -> ChatOutcome {
        try await call(request) { attempt in
            var (framing, reader, filter) = (framing, empty, ThinkingFilter())
            let body = attempt.response.body
            func deliver(_ pieces: [ChatPiece]) async throws {
                for piece in pieces {
                    var piece = piece
                    if case .text(let text) = piece {
                        let said = filter.take(text)
                        if said.isEmpty { continue }
                        piece = .text(said)
                    }
                    let final = piece
                    try await attempt.deliver { try await onPiece(final) }
                }
            }
            do {
                for try await chunk in body {
                    for payload in try framing.feed(chunk) where !reader.isComplete { try await deliver(try reader.take(payload)) }
                    if reader.isComplete { break }
                }
                for payload in framing.finish() where !reader.isComplete { try await deliver(try reader.take(payload)) }
            } catch let error as HTTPStreamError {
                // Every word has come once the answer named its end: what breaks after that takes nothing away.
                guard reader.outcome() != nil else { throw error }
            }
            guard let outcome = reader.outcome() else {
                throw RemoteFailure(.brokenOff, "the answer ended without its end", isRetryable: true)
            }
            body.finish()
            let rest = filter.finish()
            if !rest.isEmpty { try await attempt.deliver { try await onPiece(.text(rest)) } }
            return outcome
        }
    }
}
