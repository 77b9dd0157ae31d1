/// What a server's metrics say of it at one moment.
package struct ServerSample: Sendable, Equatable {
    package var cpuSeconds: Double
    package var residentBytes: Int
    package var sessions: Int

    package init(cpuSeconds: Double, residentBytes: Int, sessions: Int) {
        (self.cpuSeconds, self.residentBytes, self.sessions) = (cpuSeconds, residentBytes, sessions)
    }

    /// Reads Prometheus text; nil where one of the three is missing.
    package init?(prometheus text: String) {
        var values: [Substring: Double] = [:]
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            let parts = line.split(separator: " ")
            if parts.count == 2 { values[parts[0]] = Double(parts[1]) }
        }
        guard let cpu = values["process_cpu_seconds_total"], let memory = values["process_resident_memory_bytes"],
            let sessions = values["parley_sessions_active"]
        else { return nil }
        self.init(cpuSeconds: cpu, residentBytes: Int(memory), sessions: Int(sessions))
    }
}
