/// What the local model server is doing.
package enum LlamaServerState: Sendable, Equatable {
    case idle
    /// A child has been started and is loading its model.
    case starting
    /// It serves at this URL, which has no path and no slash at its end.
    case healthy(String)
    /// It died, for the given reason, and is started again after the given time.
    case restarting(after: Duration, reason: String)
    /// It is given up: `models.server_failed`.
    case failed(ModelError)
    /// ``LlamaServer/run()`` was cancelled; no child is left.
    case stopped
}

/// How patient the supervision of the local model server is.
package struct LlamaServerLimits: Sendable, Equatable {
    /// From the start of a child to its first good health.
    package var startup: Duration
    /// Between two looks while a child starts.
    package var startupInterval: Duration
    /// Between two looks at a healthy child.
    package var interval: Duration
    /// Bad looks in a row after which a child that lives is replaced; 1 or more.
    package var misses: Int
    /// From SIGTERM to SIGKILL.
    package var grace: Duration
    /// Callers that may wait for the server at once; more are refused.
    package var waiters: Int
    package var restarts: RestartPolicy

    package init(
        startup: Duration = .seconds(60), startupInterval: Duration = .milliseconds(50), interval: Duration = .seconds(5), misses: Int = 3,
        grace: Duration = .seconds(3), waiters: Int = 256, restarts: RestartPolicy = RestartPolicy()
    ) {
        (self.startup, self.startupInterval, self.interval, self.misses) = (startup, startupInterval, interval, misses)
        (self.grace, self.waiters, self.restarts) = (grace, waiters, restarts)
    }
}
