/// What a server's metrics say of it at one moment.
package struct ServerSample: Sendable, Equatable {
    package var cpuSeconds: Double
    package var residentBytes: Int
    package var sessions: Int
    package var openFiles: Int
    package var threads: Int

    package init(cpuSeconds: Double, residentBytes: Int, sessions: Int, openFiles: Int, threads: Int) {
        (self.cpuSeconds, self.residentBytes, self.sessions) = (cpuSeconds, residentBytes, sessions)
        (self.openFiles, self.threads) = (openFiles, threads)
    }

    /// Reads Prometheus text; nil where one of the five is missing.
    package init?(prometheus text: String) {
        var values: [Substring: Double] = [:]
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            let parts = line.split(separator: " ")
            if parts.count == 2 { values[parts[0]] = Double(parts[1]) }
        }
        guard let cpu = values["process_cpu_seconds_total"], let memory = values["process_resident_memory_bytes"],
            let sessions = values["parley_sessions_active"], let files = values["process_open_fds"], let threads = values["process_threads"]
        else { return nil }
        self.init(cpuSeconds: cpu, residentBytes: Int(memory), sessions: Int(sessions), openFiles: Int(files), threads: Int(threads))
    }
}
