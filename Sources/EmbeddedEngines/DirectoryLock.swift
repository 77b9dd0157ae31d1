import Glibc

/// A lock on a directory that holds between tasks and between processes, and ends with the process that holds it.
struct DirectoryLock {
    private static let interval = Duration.milliseconds(100)
    private static let name = ".lock"

    /// Runs `body` while no one else works on the directory.
    ///
    /// - Parameters:
    ///   - patience: How long to wait for others; zero tries once.
    ///   - waiting: Called once, when there is someone to wait for.
    /// - Throws: `models.locked` when patience runs out, `models.file_failed`, what `body` throws, or `CancellationError` while waiting.
    static func hold<Result>(
        _ directory: String, patience: Duration, waiting: () -> Void = {}, body: () async throws -> Result
    ) async throws -> Result {
        let path = "\(directory)/\(name)"
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw DataFile.failure("cannot open", path) }
        defer { close(descriptor) }
        let deadline = ContinuousClock.now + patience
        var told = false
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            guard errno == EWOULDBLOCK || errno == EINTR else { throw DataFile.failure("cannot lock", path) }
            guard ContinuousClock.now < deadline else {
                throw ModelError(.locked, "another process is working on \(directory); wait until it has finished, or end it")
            }
            if !told { waiting() }
            told = true
            try await Task.sleep(for: interval)
        }
        // Closing alone would leave the lock to a child of another task that has been forked and not yet run its program.
        defer { flock(descriptor, LOCK_UN) }
        return try await body()
    }
}
