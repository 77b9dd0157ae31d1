package import Engines

/// Several recognisers as one: the first is asked, the next where it fails with something that may pass.
package struct FallbackRecognizer<C: Clock>: Recognizer where C.Duration == Duration {
    package let name: String
    /// As the first serves them.
    package let servesPartials: Bool
    private let engines: [any Recognizer]
    private let circuit: FallbackCircuit<C>

    /// - Parameters:
    ///   - engines: At least one, the best first.
    ///   - coolDown: How long an engine that failed is asked last.
    package init(_ engines: [any Recognizer], coolDown: Duration = .seconds(30), clock: C) {
        name = engines.map(\.name).joined(separator: ", ")
        servesPartials = engines.first?.servesPartials ?? false
        self.engines = engines
        circuit = FallbackCircuit(count: engines.count, coolDown: coolDown, clock: clock)
    }

    package func transcribe(_ request: RecognitionRequest) async throws -> Transcript {
        try await circuit.ask(hasDelivered: { false }) { try await engines[$0].transcribe(request) }
    }
}
