import Subprocess

/// Runs the Python interpreter as a child process, for what only its packages can do.
struct PythonTool: Sendable {
    /// How a run ended that was not cancelled.
    struct Outcome: Sendable {
        let isSuccess: Bool
        /// The last lines it wrote, oldest first.
        let lines: [String]
    }

    /// A name looked up in PATH, or a path.
    let interpreter: String

    /// Runs until the interpreter exits; cancelling the task ends it with SIGTERM, and with SIGKILL two seconds later.
    ///
    /// - Parameter environment: Added to this process's own.
    /// - Throws: `models.no_python`, `models.fetch_failed` if no process can be started, or `CancellationError`.
    func run(_ arguments: [String], environment: [String: String] = [:]) async throws -> Outcome {
        var options = PlatformOptions()
        options.createSession = true  // the interpreter may be a wrapper with children of its own, to be ended with it
        options.teardownSequence = [.gracefulShutDown(toProcessGroup: true, allowedDurationToNextStep: .seconds(2))]
        var changes: [Environment.Key: String?] = [:]
        for (name, value) in environment { if let key = Environment.Key(rawValue: name) { changes[key] = value } }
        var tail = LineTail()
        let status: TerminationStatus
        do {
            // `env` finds names and paths alike and becomes the interpreter, so signals reach it.
            status = try await Subprocess.run(
                .name("env"), arguments: Arguments([interpreter] + arguments), environment: .inherit.updating(changes),
                platformOptions: options, input: .none, output: .sequence, error: .combinedWithOutput
            ) { execution in
                for try await buffer in execution.standardOutput { buffer.withUnsafeBytes { _ = tail.append($0) } }
            }.terminationStatus
        } catch {
            try Task.checkCancellation()
            throw ModelError(.fetchFailed, "\(interpreter) could not be run: \(error)")
        }
        try Task.checkCancellation()
        tail.finish()
        if status == .exited(127) || status == .exited(126) {
            throw ModelError(
                .noPython, "\(interpreter) cannot be run; install it with `apt-get install python3 python3-pip` or name another in the settings")
        }
        if tail.lines.contains(where: { $0.hasSuffix("No module named pip") }) {
            throw ModelError(.noPython, "\(interpreter) has no pip; install it with `apt-get install python3-pip`")
        }
        return Outcome(isSuccess: status.isSuccess, lines: tail.lines)
    }

    /// What went wrong in a run of pip, in one line that names no credentials.
    static func reason(_ lines: [String]) -> String {
        let line = lines.last { $0.hasPrefix("ERROR:") } ?? lines.last ?? "it said nothing"
        return line.split(separator: " ", omittingEmptySubsequences: false).map(withoutCredentials).joined(separator: " ")
    }

    private static func withoutCredentials(_ word: Substring) -> Substring {
        guard let scheme = word.firstRange(of: "://"), let at = word.lastIndex(of: "@"), scheme.upperBound < at else { return word }
        return word[..<scheme.upperBound] + "****" + word[at...]
    }
}
