import CSpeech
import Engines

/// The spectrum that smart-turn listens to; one for all threads.
final class LogMel: Sendable {
    /// What ``spectrum(of:)`` gives, as a model takes it.
    static let shape = [1, Int(MEL_BANDS), Int(MEL_FRAMES)]
    // Sendable: written before it is handed out, and only read after.
    private nonisolated(unsafe) let tables: OpaquePointer

    init() throws(EngineError) {
        guard let tables = mel_create() else { throw EngineError(.failed, "no memory for the log-mel tables") }
        self.tables = tables
    }

    deinit { mel_destroy(tables) }

    /// The log-mel spectrum of the last 8 s of 16 kHz audio, silence put before shorter ones.
    func spectrum(of audio: [Float]) throws(EngineError) -> [Float] {
        var isDone = false
        let values = [Float](unsafeUninitializedCapacity: Self.shape.reduce(1, *)) { values, filled in
            audio.withUnsafeBufferPointer { audio in
                guard let into = values.baseAddress else { return }
                // No samples are silence, but C wants an address.
                isDone = audio.baseAddress.map { mel_compute(tables, $0, audio.count, into) } ?? mel_compute(tables, into, 0, into)
            }
            filled = isDone ? values.count : 0
        }
        if !isDone { throw EngineError(.failed, "no memory for a log-mel spectrum") }
        return values
    }
}
