internal import Audio
package import Engines
internal import Synchronization

/// Lets an engine fail at random, in the ways in which engines do. The same draws in every process.
package final class ScriptedFaults: Sendable {
    package enum Fault: Sendable, Equatable {
        /// No answer but an error.
        case refuses(EngineError)
        /// The answer begins and ends in an error, where the engine gives it in pieces; else as above.
        case breaksOff(EngineError)
        /// No answer at all, until the work is cancelled.
        case stalls
    }

    private static let refusals: [EngineError] = [
        EngineError(.unavailable, "scripted: cannot be reached", isRetryable: true),
        EngineError(.timeout, "scripted: took too long", isRetryable: true),
        EngineError(.rateLimited, "scripted: asks to slow down", isRetryable: true),
        EngineError(.overloaded, "scripted: has too much work", isRetryable: true),
        EngineError(.badAnswer, "scripted: answers nonsense"),
        EngineError(.failed, "scripted: went wrong"),
    ]
    /// Longer than any deadline.
    private static let stall = Duration.seconds(3600)

    private let rate: Double
    private let generator: Mutex<SeededGenerator>

    /// - Parameters:
    ///   - rate: Share of requests that fail, 0...1.
    ///   - name: Of the engine; each draws on its own.
    package init(rate: Double, name: String, seed: UInt64 = 1) {
        self.rate = rate
        generator = Mutex(SeededGenerator(seed, name))
    }

    /// What happens to the next request; nil where it is served.
    package func next() -> Fault? {
        guard rate > 0 else { return nil }
        return generator.withLock { generator in
            guard Double.random(in: 0..<1, using: &generator) < rate else { return nil }
            switch Int.random(in: 0..<8, using: &generator) {
            case 0: return .stalls
            case 1: return .breaksOff(EngineError(.brokenOff, "scripted: broke off", isRetryable: true))
            case let other: return .refuses(Self.refusals[other - 2])
            }
        }
    }

    /// Fails now, if it is this request's turn to.
    ///
    /// - Throws: ``EngineError``, or `CancellationError` once a stalled request is given up.
    package func strike() async throws {
        switch next() {
        case nil: break
        case .refuses(let error), .breaksOff(let error): throw error
        case .stalls: try await Self.hang()
        }
    }

    /// - Throws: As ``strike()``.
    static func hang() async throws {
        try await Task.sleep(for: stall)
        throw EngineError(.timeout, "scripted: stalled", isRetryable: true)
    }
}
