import Subprocess

/// Keeps the local language model server running: starts it, watches its health, restarts it when it dies, ends it when told.
package actor LlamaServer<C: Clock> where C.Duration == Duration {
    /// What the server is doing now.
    package private(set) var state = LlamaServerState.idle
    /// The last lines the child wrote, oldest first; at most 40.
    package private(set) var lastLines: [String] = []

    private let command: LlamaCommand
    private let limits: LlamaServerLimits
    private let clock: C
    private let isHealthy: @Sendable (String) async -> Bool
    private let onChange: @Sendable (LlamaServerState) -> Void
    private var isRunning = false
    private var waiters: [Int: CheckedContinuation<String, any Error>] = [:]
    private var waiterCount = 0
    /// Who waits for the end of the child that serves now.
    private var watchers: [Int: CheckedContinuation<Void, any Error>] = [:]

    /// - Parameters:
    ///   - isHealthy: Asks the given URL with GET and tells whether the answer was 200; must answer within a few seconds.
    ///   - onChange: Told every new state, in order; must be quick.
    package init(
        _ command: LlamaCommand, limits: LlamaServerLimits = LlamaServerLimits(), clock: C,
        isHealthy: @escaping @Sendable (String) async -> Bool, onChange: @escaping @Sendable (LlamaServerState) -> Void = { _ in }
    ) {
        (self.command, self.limits, self.clock) = (command, limits, clock)
        (self.isHealthy, self.onChange) = (isHealthy, onChange)
    }

    /// Serves until the task is cancelled, then returns with no child left. At most one call at a time.
    ///
    /// - Throws: `models.server_failed` when the child died more often than the policy allows; it names the child's last lines.
    package func run() async throws {
        precondition(!isRunning, "the local model server is running already")
        isRunning = true
        defer { isRunning = false }
        var restarts = limits.restarts
        let start = clock.now
        while !Task.isCancelled {
            change(to: .starting)
            let reason = await serveOnce()
            if Task.isCancelled { break }
            guard let wait = restarts.died(at: start.duration(to: clock.now)) else {
                let error = ModelError(.serverFailed, "the local model server was given up after \(restarts.most) restarts: \(reason)")
                change(to: .failed(error))
                throw error
            }
            change(to: .restarting(after: wait, reason: reason))
            try? await clock.sleep(for: wait)
        }
        change(to: .stopped)
    }

    /// Where the server serves, as `http://127.0.0.1:port`; waits until it is healthy.
    ///
    /// - Throws: `models.server_failed` or `models.server_stopped` if it will not be, `models.server_busy` if too many wait,
    ///   or `CancellationError`.
    package func baseURL() async throws -> String {
        switch state {
        case .healthy(let url): return url
        case .failed(let error): throw error
        case .stopped: throw Self.stopped
        case .idle, .starting, .restarting: break
        }
        guard waiters.count < limits.waiters else {
            throw ModelError(.serverBusy, "\(waiters.count) callers wait for the local model server already")
        }
        waiterCount += 1
        let id = waiterCount
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                if Task.isCancelled { continuation.resume(throwing: CancellationError()) } else { waiters[id] = continuation }
            }
        } onCancel: {
            Task { await self.giveUp(id) }
        }
    }

    /// Returns as soon as the child that serves at `url` serves no more: it died, is replaced or stopped. At once where none serves there.
    ///
    /// - Throws: `CancellationError`.
    package func left(_ url: String) async throws {
        guard state == .healthy(url) else { return try Task.checkCancellation() }
        waiterCount += 1
        let id = waiterCount
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                if Task.isCancelled { continuation.resume(throwing: CancellationError()) } else { watchers[id] = continuation }
            }
        } onCancel: {
            Task { await self.lookAway(id) }
        }
    }

    private func lookAway(_ id: Int) { watchers.removeValue(forKey: id)?.resume(throwing: CancellationError()) }

    /// How many callers wait for an address, and for the end of the child.
    var waiting: Int { waiters.count }
    var watching: Int { watchers.count }

    private func giveUp(_ id: Int) { waiters.removeValue(forKey: id)?.resume(throwing: CancellationError()) }

    private func change(to new: LlamaServerState) {
        state = new
        onChange(new)
        for watcher in watchers.values { watcher.resume() }
        watchers.removeAll()
        let outcome: Result<String, any Error>
        switch new {
        case .healthy(let url): outcome = .success(url)
        case .failed(let error): outcome = .failure(error)
        case .stopped: outcome = .failure(Self.stopped)
        case .idle, .starting, .restarting: return
        }
        for waiter in waiters.values { waiter.resume(with: outcome) }
        waiters.removeAll()
    }

    private static var stopped: ModelError { ModelError(.serverStopped, "the local model server was stopped") }

    private func note(_ lines: [String]) { lastLines = lines }

    /// Runs one child until it ends or is ended, and tells why, in words.
    private func serveOnce() async -> String {
        lastLines = []
        let teardown = [TeardownStep.gracefulShutDown(toProcessGroup: true, allowedDurationToNextStep: limits.grace)]
        var options = PlatformOptions()
        options.teardownSequence = teardown
        options.createSession = true  // a Ctrl-C at the terminal is for the parent, which may still need the child for calls under way
        let status: TerminationStatus
        let complaint: String?
        do {
            // The child watches its standard input, which this end holds open: it ends with this process, however that ends.
            let result = try await Subprocess.run(
                .name("env"), arguments: Arguments([command.program] + command.arguments), platformOptions: options, input: .inputWriter,
                output: .sequence, error: .combinedWithOutput
            ) { execution in
                let (announcements, announced) = AsyncStream.makeStream(of: String.self, bufferingPolicy: .bufferingOldest(1))
                return await withTaskGroup(of: String?.self) { group in
                    group.addTask {
                        await self.read(execution.standardOutput, announced)
                        return nil
                    }
                    group.addTask { await self.watch(announcements) }
                    let complaint = await group.next() ?? nil
                    await execution.teardown(using: teardown)
                    group.cancelAll()
                    return complaint
                }
            }
            (status, complaint) = (result.terminationStatus, result.closureResult)
        } catch {
            return "it could not be started: \(error)"
        }
        let words = lastLines.suffix(3).joined(separator: " | ")
        return (complaint ?? "it ended with \(status)") + (words.isEmpty ? "" : "; its last words: \(words)")
    }

    /// Keeps the last lines of the child and passes on the URL it announces; returns when the child closes its output.
    private func read(_ output: SubprocessOutputSequence, _ announced: AsyncStream<String>.Continuation) async {
        var tail = LineTail()
        do {
            for try await buffer in output {
                for line in buffer.withUnsafeBytes({ tail.append($0) }) where line.hasPrefix(LlamaCommand.announcement) {
                    announced.yield(String(line.dropFirst(LlamaCommand.announcement.count)))
                }
                note(tail.lines)
            }
        } catch {
            // The child is gone; its status tells more than this error.
        }
        tail.finish()
        note(tail.lines)
    }

    /// Watches one child's health; returns what is wrong with it, or nil when cancelled.
    private func watch(_ announcements: AsyncStream<String>) async -> String? {
        let ready = await withTaskGroup(of: String?.self) { group in
            group.addTask {
                for await url in announcements {
                    while await !self.isHealthy("\(url)/health") {
                        guard (try? await self.clock.sleep(for: self.limits.startupInterval)) != nil else { return nil }
                    }
                    return url
                }
                return nil
            }
            group.addTask {
                try? await self.clock.sleep(for: self.limits.startup)
                return nil
            }
            defer { group.cancelAll() }
            return await group.next() ?? nil
        }
        if Task.isCancelled { return nil }
        guard let url = ready else { return "it was not ready within \(limits.startup)" }
        change(to: .healthy(url))
        var misses = 0
        while misses < limits.misses {
            guard (try? await clock.sleep(for: limits.interval)) != nil else { return nil }
            let healthy = await isHealthy("\(url)/health")
            if Task.isCancelled { return nil }
            misses = healthy ? 0 : misses + 1
        }
        return "it lived, but did not answer \(misses) times in a row"
    }
}
