/// Judges from the sound of an utterance whether its speaker has finished.
package protocol EndOfTurnDetector: Sendable {
    var name: String { get }
    /// How likely the turn is complete, 0...1.
    ///
    /// - Parameter sound: The utterance up to now; the detector looks at as much of its end as it needs.
    /// - Throws: ``EngineError``. Cancelling the task drops work that has not begun.
    func probabilityOfEnd(_ sound: HeardSound) async throws -> Float
}

extension EndOfTurnDetector {
    /// The same for samples, 16 kHz mono, -1...1.
    package func probabilityOfEnd(_ samples: [Float]) async throws -> Float { try await probabilityOfEnd(HeardSound(samples)) }
}
