package import Engines
internal import Synchronization

/// Several language models as one: the first answers, the next where it fails with something that may pass before it has said a word.
package struct FallbackLanguageModel<C: Clock>: ToolCallingModel where C.Duration == Duration {
    package let name: String
    private let engines: [any LanguageModel]
    private let circuit: FallbackCircuit<C>

    /// - Parameters:
    ///   - engines: At least one, the best first.
    ///   - coolDown: How long an engine that failed is asked last.
    package init(_ engines: [any LanguageModel], coolDown: Duration = .seconds(30), clock: C) {
        name = engines.map(\.name).joined(separator: ", ")
        self.engines = engines
        circuit = FallbackCircuit(count: engines.count, coolDown: coolDown, clock: clock)
    }

    package func compose(_ request: ChatRequest, onPiece: @Sendable (ChatPiece) async throws -> Void) async throws -> ChatOutcome {
        let hasDelivered = Atomic(false)
        return try await circuit.ask(hasDelivered: { hasDelivered.load(ordering: .relaxed) }) { index in
            try await engines[index].compose(request) { piece in
                hasDelivered.store(true, ordering: .relaxed)
                try await onPiece(piece)
            }
        }
    }
}
