package import Logging
package import NIOCore
internal import Synchronization

/// Watches how late one event loop wakes, be it one of calls or one on which replies are encoded. Read from any thread.
package final class LoopStrain: Sendable {
    private let state: Mutex<(strain: Strain, due: NIODeadline)>
    private let work: String
    private let logger: Logger

    /// - Parameters:
    ///   - limit: As ``Strain/init(limit:)``.
    ///   - work: What the loop does, for the log.
    package init(limit: Duration, loop: any EventLoop, work: String = "calls", logger: Logger) {
        let interval = TimeAmount(Strain.interval)
        state = Mutex((Strain(limit: limit), NIODeadline.now() + interval))
        (self.work, self.logger) = (work, logger)
        guard limit > .zero else { return }
        loop.scheduleRepeatedTask(initialDelay: interval, delay: interval) { [weak self] task in
            guard let self else { return task.cancel() }
            self.wake()
        }
    }

    var relief: Relief { state.withLock { $0.strain.relief } }

    private func wake() {
        let now = NIODeadline.now()
        let (before, strain) = state.withLock { state in
            let before = state.strain.relief
            state.strain.note(.nanoseconds((now - state.due).nanoseconds))
            state.due = now + TimeAmount(Strain.interval)
            return (before, state.strain)
        }
        guard strain.relief != before else { return }
        let late = Int(strain.lateness / .milliseconds(1))
        logger.log(
            level: strain.relief > before ? .warning : .notice, strain.relief > before ? "behind with its callers" : "less behind",
            metadata: ["loop": "\(work)", "late_ms": "\(late)", "spares": "\(strain.relief.text)"])
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
