/// Judges from the sound of an utterance whether its speaker has finished.
package protocol EndOfTurnDetector: Sendable {
    var name: String { get }
    /// How likely the turn is complete, 0...1.
    ///
    /// - Parameter audio: The utterance up to now, 16 kHz mono, -1...1; the detector looks at as much of its end as it needs.
    /// - Throws: ``EngineError``. Cancelling the task drops work that has not begun.
    func probabilityOfEnd(_ audio: [Float]) async throws -> Float
}
