package import Engines
internal import Synchronization

/// Several synthesizers as one: the first speaks, the next where it fails with something that may pass before a sound was out.
///
/// A named voice means something to one engine only: the next ones are asked for their own.
package struct FallbackSynthesizer<C: Clock>: Synthesizer where C.Duration == Duration {
    package let name: String
    private let engines: [any Synthesizer]
    private let circuit: FallbackCircuit<C>

    /// - Parameters:
    ///   - engines: At least one, the best first.
    ///   - coolDown: How long an engine that failed is asked last.
    package init(_ engines: [any Synthesizer], coolDown: Duration = .seconds(30), clock: C) {
        name = engines.map(\.name).joined(separator: ", ")
        self.engines = engines
        circuit = FallbackCircuit(count: engines.count, coolDown: coolDown, clock: clock)
    }

    package func speak(_ request: SpeechRequest, onChunk: @Sendable (SpeechChunk) async throws -> Void) async throws {
        let hasDelivered = Atomic(false)
        try await circuit.ask(hasDelivered: { hasDelivered.load(ordering: .relaxed) }) { index in
            var request = request
            if index > 0 { request.voice = nil }
            try await engines[index].speak(request) { chunk in
                hasDelivered.store(true, ordering: .relaxed)
                try await onChunk(chunk)
            }
        }
    }
}
