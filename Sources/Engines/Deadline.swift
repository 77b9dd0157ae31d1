/// Runs work that has to be done within a time.
///
/// - Parameters:
///   - limit: When it runs out the work is cancelled and `EngineError.timeout` is thrown.
///   - what: Names the limit in the error.
///   - clock: Times the limit.
/// - Throws: What the work throws, or ``EngineError`` with ``EngineError/Code/timeout``.
package func withDeadline<T: Sendable, C: Clock>(
    _ limit: Duration, _ what: String, clock: C, _ work: @escaping @Sendable () async throws -> T
) async throws -> T where C.Duration == Duration {
    try await withThrowingTaskGroup(of: T?.self) { group in
        group.addTask { try await work() }
        group.addTask {
            try await clock.sleep(for: limit)
            return nil
        }
        defer { group.cancelAll() }
        guard let first = try await group.next(), let value = first else {
            throw EngineError(.timeout, "\(what) took longer than \(limit)", isRetryable: true)
        }
        return value
    }
}
