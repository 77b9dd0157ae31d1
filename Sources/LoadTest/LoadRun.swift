internal import NIOCore
internal import NIOPosix

/// Runs a load: connects, measures, hangs up, and sees whether the server let go of everything.
package struct LoadRun: Sendable {
    /// How long callers may take to get their sessions after the ramp.
    private static let settling = Duration.seconds(15)
    /// How long calls may take to end.
    private static let ending = Duration.seconds(5)

    private let plan: LoadPlan

    package init(_ plan: LoadPlan) { self.plan = plan }

    /// - Parameters:
    ///   - sample: Asks the server for its metrics; nil where they cannot be had.
    ///   - ownCPU: CPU seconds of this process so far.
    ///   - isWanted: Asked about each second whether to go on; what was measured until then is told.
    ///   - progress: Called about each second.
    /// - Throws: ``LoadError`` where nothing could be measured; cancelling breaks the calls.
    package func run(
        sample: @escaping @Sendable () async -> ServerSample?, ownCPU: @escaping @Sendable () -> Double,
        isWanted: @escaping @Sendable () -> Bool = { true }, progress: @escaping @Sendable (LoadProgress) -> Void
    ) async throws -> LoadFigures {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let loop = group.next()
        let floor = try await loop.submit { [plan] in NIOLoopBound(LoadFloor(plan, on: loop), eventLoop: loop) }.get()
        do {
            let stub = try await plan.stubPort.asyncMap { try await StubModel.listen(on: $0, floor: floor, loop: loop) }
            let figures = try await load(floor, loop, sample, ownCPU, isWanted, progress)
            try await stub?.close().get()
            try await group.shutdownGracefully()
            return figures
        } catch {
            try? await loop.submit { floor.value.stop() }.get()
            try? await group.shutdownGracefully()
            throw error
        }
    }

    private func load(
        _ floor: NIOLoopBound<LoadFloor>, _ loop: any EventLoop, _ sample: @escaping @Sendable () async -> ServerSample?,
        _ ownCPU: @Sendable () -> Double, _ isWanted: @Sendable () -> Bool, _ progress: @escaping @Sendable (LoadProgress) -> Void
    ) async throws -> LoadFigures {
        let before = await sample()
        try await connect(floor, loop, progress)
        let clock = ContinuousClock()
        let (start, own) = (clock.now, ownCPU())
        let first = await sample()
        try await loop.submit { floor.value.measure() }.get()
        var (last, memory) = (first, first?.residentBytes)
        while clock.now < start + plan.duration, isWanted() {
            try await clock.sleep(until: min(start + plan.duration, clock.now + .seconds(1)))
            let next = await sample()
            var line = try await loop.submit { floor.value.progress() }.get()
            if let next, let first {
                memory = max(memory ?? 0, next.residentBytes)
                line.serverCPU = (next.cpuSeconds - first.cpuSeconds) * 100 / ((clock.now - start) / .seconds(1))
            }
            last = next ?? last
            progress(line)
        }
        let seconds = max((clock.now - start) / .seconds(1), 0.001)
        let ownShare = (ownCPU() - own) * 100 / seconds
        try await hangUp(floor, loop)
        var figures = try await loop.submit { floor.value.figures }.get()
        figures.measured = seconds
        // A share of next to no time says nothing; a run that is stopped before it measures has none.
        let hasShares = seconds >= 0.5
        if hasShares { figures.toolCPU = ownShare }
        figures.replyShare /= Double(max(1, figures.timings[.ready]?.count ?? 1))
        if hasShares, let first, let last { figures.serverCPU = (last.cpuSeconds - first.cpuSeconds) * 100 / seconds }
        figures.serverMemory = memory
        if let before, let after = try await settled(after: before, sample) {
            figures.server = (before, after)
            figures.comparesServer = plan.mix == .churn
            figures.sessionsLeft = max(0, after.sessions - before.sessions)
        }
        if let left = figures.sessionsLeft, left > 0 { figures.errors["load.sessions_left", default: 0] += left }
        return figures
    }

    private func connect(_ floor: NIOLoopBound<LoadFloor>, _ loop: any EventLoop, _ progress: @escaping @Sendable (LoadProgress) -> Void) async throws
    {
        let settled = loop.flatSubmit { floor.value.begin() }
        let reporter = Task {
            while true {
                try await Task.sleep(for: .seconds(1))
                progress(try await loop.submit { floor.value.progress() }.get())
            }
        }
        defer { reporter.cancel() }
        // Whoever has no session by then is measured as an error at the end.
        let limit = loop.scheduleTask(in: TimeAmount(plan.ramp + Self.settling)) {}
        try await settled.or(limit.futureResult, on: loop).get()
        limit.cancel()
        let (connected, errors) = try await loop.submit { (floor.value.connected, floor.value.figures.errors) }.get()
        guard connected > 0 || plan.mix == .churn else {
            throw LoadError(code: "load.no_session", detail: "no caller got a session: \(errors.keys.sorted().joined(separator: ", "))")
        }
    }

    private func hangUp(_ floor: NIOLoopBound<LoadFloor>, _ loop: any EventLoop) async throws {
        let emptied = loop.flatSubmit { floor.value.end() }
        let limit = loop.scheduleTask(in: TimeAmount(Self.ending)) { floor.value.stop() }
        try await emptied.get()
        limit.cancel()
    }

    /// The server once it has let go of what it took for the calls, or when the time for that is over.
    private func settled(after before: ServerSample, _ sample: @Sendable () async -> ServerSample?) async throws -> ServerSample? {
        let end = ContinuousClock.now + Self.ending
        var last: ServerSample?
        while ContinuousClock.now < end {
            last = await sample() ?? last
            if let last, last.sessions <= before.sessions, plan.mix != .churn || last.openFiles <= before.openFiles { break }
            try await Task.sleep(for: .milliseconds(100))
        }
        return last
    }
}

extension Optional where Wrapped: Sendable {
    fileprivate func asyncMap<T: Sendable>(_ transform: (Wrapped) async throws -> T) async throws -> T? {
        guard let self else { return nil }
        return try await transform(self)
    }
}

extension EventLoopFuture where Value == Void {
    /// Fulfilled with whichever comes first.
    fileprivate func or(_ other: EventLoopFuture<Void>, on loop: any EventLoop) -> EventLoopFuture<Void> {
        let first = loop.makePromise(of: Void.self)
        for future in [self, other] { future.whenComplete { _ in first.succeed() } }
        return first.futureResult
    }
}
