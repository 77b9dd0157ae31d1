/// What a load showed.
package struct LoadFigures: Sendable {
    /// A distribution that is printed and may be limited.
    package enum Timing: String, Sendable, CaseIterable {
        case ready
        case greeting
        case refused
        case answered
        case turn
        case firstPacket = "first_packet"
        case firstPacketOwn = "first_packet_own"
        case asked
        case spoken
        case held
        case pacing
        case lateness

        package var title: String {
            switch self {
            case .ready: "connect to session ready"
            case .greeting: "connect to greeting's first packet"
            case .refused: "connect to refusal"
            case .answered: "send to answered, behind an audio packet"
            case .turn: "last sound to reply, by the server"
            case .firstPacket: "commit to first reply packet"
            case .firstPacketOwn: "  the same less the engines' own time"
            case .asked: "  commit to the language model's request"
            case .spoken: "  sentence to packet, less the voice's own"
            case .held: "onset to held"
            case .pacing: "pacing jitter of replies"
            case .lateness: "this tool's own lateness in sending"
            }
        }
    }

    /// A number that is printed and may be limited.
    package enum Count: String, Sendable, CaseIterable {
        case errors
        case engineErrors = "engine_errors"
        case failedTurns = "failed_turns"
        case gaps
        case outOfOrder = "out_of_order"
        case wrongTurn = "wrong_turn"
        case early
        case late
        case stalls
        case missedReplies = "missed_replies"
        case missedInterruptions = "missed_interruptions"
        case sessionsLeft = "sessions_left"
        case filesLeft = "fds_left"
        case threadsLeft = "threads_left"
        case serverCPU = "server_cpu_percent"
        case serverMemory = "server_memory_mb"
        case toolCPU = "tool_cpu_percent"
    }

    package var timings: [Timing: LatencyHistogram] = [:]
    package var faults = ReplyCheck.Faults()
    /// How often each code came: of the server, of HTTP, or the tool's own.
    package var errors: [String: Int] = [:]
    /// How often the server told of an engine's failure, by its code. What fails in this way is told and survived, and no fault of the server.
    package var engineErrors: [String: Int] = [:]
    /// Turns that an engine's failure ended.
    package var failedTurns = 0
    /// Answers that were asked of the stub, and those in which it failed on purpose.
    package var stubAnswers = 0
    package var stubFailures = 0
    package var calls = 0
    package var packetsSent = 0
    package var packetsReceived = 0
    package var turns = 0
    package var replies = 0
    package var interruptions = 0
    package var missedReplies = 0
    package var missedInterruptions = 0
    /// How much of the callers' time replies played, 0...1.
    package var replyShare = 0.0
    /// Of one core; nil where the server's metrics cannot be read or hardly any time was measured.
    package var serverCPU: Double?
    /// The most that was seen, in bytes.
    package var serverMemory: Int?
    package var sessionsLeft: Int?
    /// Whether what the server holds before and after is printed too.
    package var comparesServer = false
    /// The server before the first call and after the last; nil where its metrics cannot be read.
    package var server: (before: ServerSample, after: ServerSample)?
    /// The same of this process; nil where hardly any time was measured.
    package var toolCPU: Double?
    /// Seconds that were measured.
    package var measured = 0.0

    package init() {}

    package mutating func record(_ timing: Timing, _ value: Duration) { timings[timing, default: LatencyHistogram()].record(value) }
    package mutating func fail(_ code: String) { errors[code, default: 0] += 1 }

    /// Nil where it was not measured.
    package func value(_ count: Count) -> Double? {
        switch count {
        case .errors: Double(errors.values.reduce(0, +))
        case .engineErrors: Double(engineErrors.values.reduce(0, +))
        case .failedTurns: Double(failedTurns)
        case .gaps: Double(faults.gaps)
        case .outOfOrder: Double(faults.outOfOrder)
        case .wrongTurn: Double(faults.wrongTurn)
        case .early: Double(faults.early)
        case .late: Double(faults.late)
        case .stalls: Double(faults.stalls)
        case .missedReplies: Double(missedReplies)
        case .missedInterruptions: Double(missedInterruptions)
        case .sessionsLeft: sessionsLeft.map(Double.init)
        case .filesLeft: server.map { Double(max(0, $0.after.openFiles - $0.before.openFiles)) }
        case .threadsLeft: server.map { Double(max(0, $0.after.threads - $0.before.threads)) }
        case .serverCPU: serverCPU
        case .serverMemory: serverMemory.map { Double($0) / 1_000_000 }
        case .toolCPU: toolCPU
        }
    }

    /// The figures as a table and lines.
    package var lines: [String] {
        var lines = [Self.row("milliseconds", ["samples", "p50", "p90", "p99", "p99.9", "max"])]
        for timing in Timing.allCases {
            guard let histogram = timings[timing], histogram.count > 0 else { continue }
            let values = [0.5, 0.9, 0.99, 0.999, 1].map { histogram.percentile($0).map(Self.milliseconds) ?? "-" }
            lines.append(Self.row(timing.title, ["\(histogram.count)"] + values))
        }
        lines.append("")
        lines.append("calls \(calls), packets sent \(packetsSent), reply packets \(packetsReceived)")
        if replies > 0 {
            let share = (replyShare * 100).rounded()
            lines.append(
                "turns \(turns), replies \(replies), missed \(missedReplies); interruptions \(interruptions), missed \(missedInterruptions); "
                    + "replies played \(Int(share)) % of the time")
        }
        lines.append(
            "reply packets: gaps \(faults.gaps), out of order \(faults.outOfOrder), wrong turn \(faults.wrongTurn), early \(faults.early), "
                + "late \(faults.late), stalls \(faults.stalls)")
        lines.append("errors: \(Self.named(errors))")
        if !engineErrors.isEmpty || failedTurns > 0 || stubFailures > 0 {
            lines.append("engine errors that were told: \(Self.named(engineErrors)); turns failed \(failedTurns)")
        }
        if stubFailures > 0 { lines.append("stub: failed on purpose in \(stubFailures) of \(stubAnswers) answers") }
        func share(_ percent: Double?) -> String { percent.map { "\(Self.tenths($0)) % of a core" } ?? "not known" }
        let memory = serverMemory.map { "\($0 / 1_000_000) MB" } ?? "not known"
        let left = sessionsLeft.map(String.init) ?? "not known"
        lines.append("server: CPU \(share(serverCPU)), memory \(memory), sessions left \(left); this tool: CPU \(share(toolCPU))")
        if comparesServer, let server {
            let (before, after) = server
            lines.append(
                "server before and after: open files \(before.openFiles), \(after.openFiles); threads \(before.threads), \(after.threads); "
                    + "sessions \(before.sessions), \(after.sessions); memory \(before.residentBytes / 1_000_000), "
                    + "\(after.residentBytes / 1_000_000) MB")
        }
        return lines
    }

    private static func named(_ counts: [String: Int]) -> String {
        counts.isEmpty ? "none" : counts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    }

    private static func row(_ title: String, _ cells: [String]) -> String {
        let pad = { (text: String, width: Int) in String(repeating: " ", count: max(1, width - text.count)) + text }
        return title + String(repeating: " ", count: max(0, 42 - title.count)) + cells.map { pad($0, 10) }.joined()
    }

    static func milliseconds(_ value: Duration) -> String {
        let hundredths = Int(value / .microseconds(10))
        let rest = String(hundredths % 100)
        return "\(hundredths / 100)." + String(repeating: "0", count: 2 - rest.count) + rest
    }

    static func tenths(_ value: Double) -> String { String((value * 10).rounded() / 10) }
}
