package import Logging
package import NIOCore
internal import Synchronization

/// Watches how late one event loop wakes, and how much of the time it has work, be it one of calls or one on which replies are encoded. Read from any
/// thread.
package final class LoopStrain: Sendable {
    /// How long the thread that asks has run or waited for a core since it began; nil where that is not known.
    package typealias ThreadTime = @Sendable () -> Duration?

    private struct State {
        var strain: Strain
        var due: NIODeadline
        var wakes = 0
        /// When the demand was last asked for.
        var last: (time: NIODeadline, worked: Duration)?
    }

    private let state: Mutex<State>
    private let threadTime: ThreadTime
    private let work: String
    private let logger: Logger

    /// - Parameters:
    ///   - work: What the loop does, for the log.
    package init(_ limits: Strain.Limits, loop: any EventLoop, work: String = "calls", threadTime: @escaping ThreadTime, logger: Logger) {
        let interval = TimeAmount(Strain.interval)
        state = Mutex(State(strain: Strain(limits), due: NIODeadline.now() + interval))
        (self.work, self.threadTime, self.logger) = (work, threadTime, logger)
        guard limits.areSet else { return }
        loop.scheduleRepeatedTask(initialDelay: interval, delay: interval) { [weak self] task in
            guard let self else { return task.cancel() }
            self.wake()
        }
    }

    var relief: Relief { state.withLock { $0.strain.relief } }
    /// Whether calls that have only just begun will leave the loop no time for another.
    func isTaken(by newcomers: Newcomers, loops: Int) -> Bool { state.withLock { $0.strain.isTaken(by: newcomers, loops: loops) } }

    private func wake() {
        let now = NIODeadline.now()
        let isDemandDue = state.withLock { state in
            state.wakes += 1
            return state.wakes % Strain.demandEvery == 0
        }
        // The kernel is asked outside the lock: others read the relief meanwhile.
        let worked = isDemandDue ? threadTime() : nil
        let (before, strain) = state.withLock { state in
            let before = state.strain.relief
            state.strain.note(late: .nanoseconds((now - state.due).nanoseconds))
            state.due = now + TimeAmount(Strain.interval)
            if let worked {
                if let last = state.last, now > last.time {
                    state.strain.note(demand: (worked - last.worked) / .nanoseconds((now - last.time).nanoseconds))
                }
                state.last = (now, worked)
            }
            return (before, state.strain)
        }
        guard strain.relief != before else { return }
        let late = Int(strain.lateness / .milliseconds(1))
        logger.log(
            level: strain.relief > before ? .warning : .notice, strain.relief > before ? "behind with its callers" : "less behind",
            metadata: ["loop": "\(work)", "late_ms": "\(late)", "busy_percent": "\(Int(strain.demand * 100))", "spares": "\(strain.relief.text)"])
    }
}

extension Relief {
    fileprivate var text: String {
        switch self {
        case .nothing: "nothing"
        case .speculation: "speculation"
        case .partials: "speculation, partials"
        case .calls: "speculation, partials, new calls"
        }
    }
}
