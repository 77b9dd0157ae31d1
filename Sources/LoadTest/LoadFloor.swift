internal import Audio
internal import NIOCore
internal import NIOPosix
internal import Wire

/// All callers of a load and the clock that paces them. Confined to its event loop: one timer a millisecond for all, no task a caller.
final class LoadFloor {
    private static let interval = TimeAmount.milliseconds(1)
    /// Ticks a packet.
    private static let slotCount = 20

    let plan: LoadPlan
    let loop: any EventLoop
    var figures = LoadFigures()
    /// Whether durations are counted now.
    private(set) var isMeasuring = false
    /// Callers by the millisecond of each 20 in which they send.
    private var slots = [[LoadCaller]](repeating: [], count: slotCount)
    private let epoch = NIODeadline.now()
    private var nextTick = NIODeadline.now()
    private var ticks = 0
    private var begun = 0
    private var present = 0
    private(set) var connected = 0
    private var isEnding = false
    private var isStopped = false
    private var nextArrival = Duration.zero
    private var generator: SeededGenerator
    private var callers: [String: LoadCaller] = [:]
    private var answers = 0
    private var faults: StubFaults
    private var settled: EventLoopPromise<Void>?
    private var emptied: EventLoopPromise<Void>?

    init(_ plan: LoadPlan, on loop: any EventLoop) {
        (self.plan, self.loop) = (plan, loop)
        generator = SeededGenerator(plan.seed, stream: 0)
        faults = StubFaults(rate: plan.stubFailures, seed: plan.seed)
    }

    /// Since the floor was made.
    var now: Duration { time(.now()) }

    private func time(_ deadline: NIODeadline) -> Duration { .nanoseconds((deadline - epoch).nanoseconds) }

    /// Begins to call.
    ///
    /// - Returns: Fulfilled once every caller of the ramp has its session or has failed.
    func begin() -> EventLoopFuture<Void> {
        let promise = loop.makePromise(of: Void.self)
        settled = promise
        nextTick = .now()
        tick()
        return promise.futureResult
    }

    func measure() { isMeasuring = true }

    /// Ends the measuring and every call.
    ///
    /// - Returns: Fulfilled once the last connection is closed.
    func end() -> EventLoopFuture<Void> {
        isMeasuring = false
        isEnding = true
        let promise = loop.makePromise(of: Void.self)
        emptied = promise
        for caller in slots.joined() { caller.leave() }
        if present == 0 { empty() }
        return promise.futureResult
    }

    /// Breaks what is still connected.
    func stop() {
        for caller in slots.joined() { caller.abandon() }
        empty()
    }

    // MARK: the clock

    private func tick() {
        guard !isStopped else { return }
        let now = NIODeadline.now()
        launch(at: time(now))
        while nextTick <= now {
            let slot = ticks % Self.slotCount
            var hasGone = false
            for caller in slots[slot] {
                let moment = NIODeadline.now()
                if caller.tick(at: time(moment)), isMeasuring { figures.record(.lateness, .nanoseconds((moment - nextTick).nanoseconds)) }
                hasGone = hasGone || caller.isClosed
            }
            if hasGone { slots[slot].removeAll(where: \.isClosed) }
            ticks += 1
            nextTick = nextTick + Self.interval
        }
        loop.assumeIsolated().scheduleTask(deadline: nextTick) { self.tick() }
    }

    private func launch(at now: Duration) {
        guard !isEnding else { return }
        guard plan.mix == .churn else {
            while begun < plan.callers, plan.ramp * begun <= now * plan.callers { call(at: now) }
            return
        }
        while nextArrival <= now {
            nextArrival += .microseconds(Int(1_000_000 / plan.rate * Double.random(in: 0.5...1.5, using: &generator)))
            if present < plan.callers { call(at: now) } else { figures.fail("load.too_many_at_once") }
        }
        settle()
    }

    private func call(at now: Duration) {
        let caller = LoadCaller(begun, floor: self, born: now)
        slots[begun % Self.slotCount].append(caller)
        begun += 1
        present += 1
        figures.calls += 1
        let bound = NIOLoopBound(caller, eventLoop: loop)
        ClientBootstrap(group: loop)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(bound.value) }
            }
            .connect(host: plan.target.host, port: plan.target.port)
            .assumeIsolated()
            .whenFailure { _ in caller.fail("client.unreachable") }
    }

    // MARK: what callers tell

    func ready(_ caller: LoadCaller, session: String, after wait: Duration) {
        callers[session] = caller
        connected += 1
        figures.record(.ready, wait)
        settle()
    }

    /// A caller's connection is over, or never came to be; told once.
    func closed(_ caller: LoadCaller, session: String?) {
        present -= 1
        if let session {
            callers[session] = nil
            connected -= 1
        }
        caller.account(into: &figures)
        settle()
        if isEnding, present == 0 { empty() }
    }

    private func settle() {
        let isSettled = plan.mix == .churn || (begun == plan.callers && connected + begun - present >= plan.callers)
        guard isSettled, let settled else { return }
        self.settled = nil
        settled.succeed()
    }

    private func empty() {
        isStopped = true
        settled?.succeed()
        settled = nil
        emptied?.succeed()
        emptied = nil
    }

    // MARK: what the stub tells

    /// Whether a caller has this session, or this name.
    func isPresent(_ session: String) -> Bool { callers[session] != nil }

    /// A request for a session's answer arrived.
    func requested(session: String) -> StubAnswer {
        answers += 1
        let answer = StubAnswer(answers)
        callers[session]?.requested(answer, at: now)
        return answer
    }

    /// How the answer that was just asked for fails; nil where it does not.
    func nextFault() -> StubFaults.Fault? {
        figures.stubAnswers += 1
        guard let fault = faults.next() else { return nil }
        figures.stubFailures += 1
        return fault
    }

    /// The token that ends the first sentence of a session's answer was sent.
    func sentSentence(session: String) { callers[session]?.sentSentence(at: now) }

    // MARK: sums

    func progress() -> LoadProgress {
        LoadProgress(
            elapsed: now, connected: connected, isMeasuring: isMeasuring, errors: Int(figures.value(.errors) ?? 0), replies: figures.replies,
            answeredP99: figures.timings[.answered]?.percentile(0.99))
    }
}
