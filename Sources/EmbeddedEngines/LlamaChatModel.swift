package import Engines
internal import Synchronization

/// The language model of a ``LlamaServer``: asks for its address with each answer, since a restart changes it.
///
/// A request lives no longer than the child that it was sent to. One that ends with its child before anything was answered is sent once more, to the
/// child's successor.
package struct LlamaChatModel<C: Clock>: ToolCallingModel where C.Duration == Duration {
    /// How long a child may take to be known to be gone, once a request to it has failed.
    private static var knowledge: Duration { .seconds(1) }

    package let name: String
    private let server: LlamaServer<C>
    private let clock: C
    private let model: @Sendable (String) -> any ToolCallingModel

    /// - Parameter model: The model that a child serves at a URL without path.
    package init(name: String, server: LlamaServer<C>, clock: C, model: @escaping @Sendable (String) -> any ToolCallingModel) {
        (self.name, self.server, self.clock, self.model) = (name, server, clock, model)
    }

    package func compose(_ request: ChatRequest, onPiece: @Sendable (ChatPiece) async throws -> Void) async throws -> ChatOutcome {
        let url = try await address()
        let progress = Progress()
        do {
            return try await compose(request, at: url, progress, onPiece: onPiece)
        } catch let error as EngineError where error.isRetryable && (error.code == .unavailable || error.code == .brokenOff) {
            guard !progress.hasBegun else { throw error }
            // The connection breaks before anybody knows that the child is dead. One that lives on has its reasons.
            guard try await hasLeft(url) else { throw error }
        }
        return try await compose(request, at: try await address(), progress, onPiece: onPiece)
    }

    private func address() async throws -> String {
        do { return try await server.baseURL() } catch let error as ModelError {
            throw EngineError(.unavailable, "\(error)", isRetryable: true)
        }
    }

    private func compose(
        _ request: ChatRequest, at url: String, _ progress: Progress, onPiece: @Sendable (ChatPiece) async throws -> Void
    ) async throws -> ChatOutcome {
        let (model, server) = (model(url), server)
        return try await withoutActuallyEscaping(onPiece) { onPiece in
            try await withThrowingTaskGroup(of: ChatOutcome?.self) { group in
                group.addTask {
                    try await model.compose(request) { piece in
                        progress.begin()
                        try await onPiece(piece)
                    }
                }
                group.addTask {
                    try await server.left(url)
                    return nil
                }
                defer { group.cancelAll() }
                guard let first = try await group.next(), let outcome = first else {
                    throw EngineError(
                        progress.hasBegun ? .brokenOff : .unavailable, "the local model server ended with the request under way", isRetryable: true)
                }
                return outcome
            }
        }
    }

    private func hasLeft(_ url: String) async throws -> Bool {
        let server = server
        do {
            try await withDeadline(Self.knowledge, "the end of the local model server", clock: clock) { try await server.left(url) }
            return true
        } catch is EngineError {
            return false
        }
    }

    /// Whether anything of an answer was passed on.
    private final class Progress: Sendable {
        private let begun = Atomic(false)

        var hasBegun: Bool { begun.load(ordering: .relaxed) }

        func begin() { begun.store(true, ordering: .relaxed) }
    }
}
