internal import Foundation

/// Where a server takes calls.
package struct LoadTarget: Sendable, Equatable {
    package let host: String
    package let port: Int
    /// Path and query.
    package let path: String

    /// - Parameters:
    ///   - url: `ws://host:port/path`; nil where it is no such URL. Port 80 and the path of the door may be left out.
    package init?(_ url: String, door: LoadDoor = .native) {
        guard let parts = URLComponents(string: url), parts.scheme == "ws", let host = parts.host, !host.isEmpty else { return nil }
        self.host = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
        port = parts.port ?? 80
        path = (parts.path.isEmpty ? door.path : parts.path) + (parts.query.map { "?\($0)" } ?? "")
    }
}

/// What is to be done to a server, and with what.
package struct LoadPlan: Sendable {
    package var target: LoadTarget
    package var door: LoadDoor
    package var key: String?
    package var mix: LoadMix
    /// Callers at once; for ``LoadMix/churn`` the most at once.
    package var callers: Int
    /// From the moment that all are connected.
    package var duration: Duration
    /// Over which the callers connect.
    package var ramp: Duration
    /// Calls begun a second, for ``LoadMix/churn``.
    package var rate: Double
    package var seed: UInt64
    /// Name of the agent; nil takes the scripted one for this kind of caller.
    package var agent: String?
    /// Where the stub for a language model listens on 127.0.0.1; nil for none, 0 for any free port.
    package var stubPort: Int?
    /// Share of the stub's answers that fail, 0...1.
    package var stubFailures: Double
    /// At least one, encoded for the door.
    package var utterances: [Utterance]
    package var quiet: Utterance

    package init(
        target: LoadTarget, door: LoadDoor = .native, mix: LoadMix, callers: Int, duration: Duration, ramp: Duration = .seconds(1),
        rate: Double = 5, seed: UInt64 = 1, key: String? = nil, agent: String? = nil, stubPort: Int? = nil, stubFailures: Double = 0,
        utterances: [Utterance], quiet: Utterance
    ) {
        self.door = door
        (self.target, self.mix, self.callers, self.duration, self.ramp) = (target, mix, callers, duration, ramp)
        (self.rate, self.seed, self.key, self.agent, self.stubPort) = (rate, seed, key, agent, stubPort)
        self.stubFailures = stubFailures
        (self.utterances, self.quiet) = (utterances, quiet)
    }

    /// Path and query of the door for one caller.
    var path: String {
        guard let query = door.query(agent: agentName) else { return target.path }
        return target.path + (target.path.contains("?") ? "&" : "?") + query
    }

    var agentName: String {
        if let agent { return agent }
        switch mix {
        case .listening, .idle: return ScriptedEngines.Caller.listener.rawValue
        case .conversation, .churn: return ScriptedEngines.Caller.talker.rawValue
        }
    }
}

/// How far a load is.
package struct LoadProgress: Sendable, Equatable {
    package var elapsed: Duration
    package var connected: Int
    package var isMeasuring: Bool
    package var errors: Int
    package var replies: Int
    package var answeredP99: Duration?
    package var serverCPU: Double?

    /// One line for people.
    package var line: String {
        var parts = ["\(Int(elapsed / .seconds(1))) s", isMeasuring ? "measuring" : "connecting", "\(connected) connected"]
        if let answeredP99 { parts.append("answered p99 \(LoadFigures.milliseconds(answeredP99)) ms") }
        if replies > 0 { parts.append("\(replies) replies") }
        if let serverCPU { parts.append("server CPU \(LoadFigures.tenths(serverCPU)) %") }
        parts.append("\(errors) errors")
        return parts.joined(separator: ", ")
    }
}

/// Why a load could not be run.
package struct LoadError: Error, Sendable, Equatable, CustomStringConvertible {
    /// `load.port_taken` or `load.no_session`.
    package let code: String
    package let detail: String

    package var description: String { "\(code): \(detail)" }
}
