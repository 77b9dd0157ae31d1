internal import Dialogue
package import Logging
package import NIOCore
internal import OpusCodec
internal import Synchronization
internal import Turns
package import Wire

/// All calls of this process: begins them, finds them, limits them, lets a lost one be resumed, and drains them.
package actor SessionManager: CallHost {
    package struct Limits: Sendable {
        /// Calls at once; one more is refused.
        package var sessions: Int
        /// Calls at once of one tenant; 0 is no limit of its own.
        package var sessionsPerTenant: Int

        /// How far loops may be strained before a further call is refused.
        package var strain: Strain.Limits

        package init(sessions: Int = 400, sessionsPerTenant: Int = 0, strain: Strain.Limits = Strain.Limits()) {
            (self.sessions, self.sessionsPerTenant, self.strain) = (sessions, sessionsPerTenant, strain)
        }
    }

    /// One call that can be found.
    private struct Entry {
        let session: Session
        let tenant: String
        let token: String
        let plan: CallPlan
    }

    private let limits: Limits
    private let engines: EngineSet
    private let encoding: ReplyEncoding
    private let phrases = PhraseCache()
    private let lanes: [CodingLane]
    private let laneStrains: [LoopStrain]
    private var nextLane = 0
    private let logger: Logger
    private let observer: any SessionObserver
    private let makePlan: @Sendable (SessionStart) throws(CallRefusal) -> CallPlan
    private let chats: ChatDesk?
    private let threadTime: LoopStrain.ThreadTime
    private var seats = CallSeats() { didSet { noteCalls() } }
    private var newcomers = Newcomers()
    /// Connections that were let in for the sake of calls that wait; whether they are new ones, for which there is no time, shows when they say so.
    private var undecided: Set<UInt64> = [] { didSet { noteCalls() } }
    /// Callers refused because too many began at once, since that was told last.
    private var crowd = (refused: 0, told: Duration?.none)
    private let loops: Int
    private let began = ContinuousClock.now
    private var nextPlace: UInt64 = 0
    private var sessions: [String: Entry] = [:]
    private var byToken: [String: String] = [:]
    private var isDraining = false
    private var drainers: [CheckedContinuation<Void, Never>] = []
    private let keepers = Mutex<[ObjectIdentifier: Keeper]>([:])

    /// What the sessions on one loop share.
    private struct Keeper: Sendable {
        let ticker: NIOLoopBound<PacingTicker>
        let round: NIOLoopBound<VoiceRound>
        let strain: LoopStrain
    }

    /// - Parameters:
    ///   - lanes: Where replies are encoded; at least one.
    ///   - loops: How many event loops calls are spread over.
    ///   - chats: Written conversations that a call may go on with.
    ///   - threadTime: Asked on each loop, to see how much of the time it has work.
    ///   - makePlan: Finds the agent that a client asks for and fits its wishes; throws the refusal to send.
    package init(
        limits: Limits, engines: EngineSet, encoding: ReplyEncoding = ReplyEncoding(), lanes: [CodingLane], loops: Int = 1,
        observer: any SessionObserver, logger: Logger, chats: ChatDesk? = nil, threadTime: @escaping LoopStrain.ThreadTime = { nil },
        makePlan: @escaping @Sendable (SessionStart) throws(CallRefusal) -> CallPlan
    ) {
        precondition(!lanes.isEmpty)
        (self.limits, self.engines, self.encoding, self.lanes, self.loops) = (limits, engines, encoding, lanes, loops)
        laneStrains = lanes.map { LoopStrain(limits.strain, loop: $0.loop, work: "encoding", threadTime: threadTime, logger: logger) }
        (self.observer, self.logger, self.chats, self.threadTime, self.makePlan) = (observer, logger, chats, threadTime, makePlan)
    }

    /// Calls under way, those that wait for a lost connection to come back included.
    package var count: Int { sessions.count }
    /// Why no further call would be taken: `draining`, `full`, or nil. Being overloaded passes too quickly to be told.
    package var refusal: String? { isDraining ? "draining" : seats.load().calls < limits.sessions ? nil : "full" }

    /// Why there is no time for another call.
    private enum Overload {
        /// A loop is behind with the calls it has.
        case behind
        /// One will be when those speak that have only just begun.
        case crowded
    }

    private func overload() -> Overload? {
        noteCalls()
        let callStrains = keepers.withLock { $0.values.map(\.strain) }
        if (laneStrains + callStrains).contains(where: { $0.relief == .calls }) { return .behind }
        let isCrowded = [(laneStrains, lanes.count), (callStrains, max(loops, callStrains.count))].contains { kind, loops in
            kind.contains { $0.isTaken(by: newcomers, loops: loops) }
        }
        return isCrowded ? .crowded : nil
    }

    /// With every change, so that it is known since when there are how many.
    private func noteCalls() {
        let load = seats.load()
        newcomers.note(calls: load.calls - load.waiting - undecided.count, at: ContinuousClock.now - began)
    }

    /// The refusal to send. That a crowd is refused shows nowhere else while no loop is behind, so it is logged, many at a time.
    private func refusal(for overload: Overload) -> CallRefusal {
        let message: String
        switch overload {
        case .behind: message = "this server is behind with the calls it has"
        case .crowded:
            message = "more calls have begun in a few seconds than this server is sure to have time for"
            crowd.refused += 1
            let now = ContinuousClock.now - began
            if crowd.told.map({ now - $0 >= .seconds(10) }) ?? true {
                logger.warning("too many calls begin at once", metadata: ["refused": "\(crowd.refused)", "sessions": "\(sessions.count)"])
                crowd = (0, now)
            }
        }
        return CallRefusal(status: 503, code: "server.overloaded", message: message, retryAfter: Self.later)
    }

    private func refusal(of tenant: String, beside others: (CallSeats.Load) -> Int) -> CallRefusal? {
        guard others(seats.load()) < limits.sessions else {
            return CallRefusal(status: 503, code: "server.full", message: "all \(limits.sessions) calls are taken", retryAfter: Self.later)
        }
        guard limits.sessionsPerTenant == 0 || others(seats.load(of: tenant)) < limits.sessionsPerTenant else {
            return CallRefusal(status: 429, code: "server.tenant_full", message: "this key's calls are all taken", retryAfter: Self.later)
        }
        return nil
    }

    // MARK: CallHost

    package func admit(tenant: String) -> Result<Admission, CallRefusal> {
        if isDraining {
            return .failure(.draining)
        }
        // Who comes in may be one that waits for its connection; whether it is shows when it says so.
        let overload = overload()
        if let overload, seats.load().waiting == 0 { return .failure(refusal(for: overload)) }
        if let refusal = refusal(of: tenant, beside: { $0.calls - $0.waiting }) { return .failure(refusal) }
        nextPlace += 1
        seats.admit(nextPlace, tenant: tenant)
        if overload != nil { undecided.insert(nextPlace) }
        return .success(Admission(number: nextPlace, tenant: tenant))
    }

    package func leave(_ admission: Admission) {
        undecided.remove(admission.number)
        seats.leave(admission.number)
    }

    package func open(
        _ start: SessionStart, admission: Admission, transport: any CallTransport & Sendable, on loop: any EventLoop
    ) async throws -> any CallSession {
        guard let resume = start.resume else { return try await begin(try makePlan(start), admission, transport, loop) }
        guard byToken[resume.token] == nil, let chat = await chats?.chat(resume.token, tenant: admission.tenant) else {
            return try await goOn(resume, admission, transport, loop)
        }
        var plan = chat.plan
        (plan.input, plan.output, plan.memory) = (start.input, start.output, chat.history)
        plan.lines[.greeting] = nil
        let session = try await begin(plan, token: resume.token, admission, transport, loop)
        await chats?.forget(resume.token)
        return session
    }

    /// - Parameter chat: The token of the chat that the call goes on with.
    private func begin(
        _ plan: CallPlan, token chat: String? = nil, _ admission: Admission, _ transport: any CallTransport & Sendable, _ loop: any EventLoop
    ) async throws -> any CallSession {
        guard !isDraining else {
            throw CallRefusal.draining
        }
        if undecided.contains(admission.number), let overload = overload() { throw refusal(for: overload) }
        if let refusal = refusal(of: admission.tenant, beside: { $0.calls - 1 }) { throw refusal }
        undecided.remove(admission.number)
        let (id, token) = (Self.randomName(), chat ?? Self.randomName() + Self.randomName())
        let observer = SessionObservers([self.observer, Departure { [weak self] in await self?.ended($0) }])
        let (engines, encoding, phrases, logger) = (engines, encoding, phrases, logger)
        let (lane, laneStrain) = (lanes[nextLane % lanes.count], laneStrains[nextLane % lanes.count])
        nextLane += 1
        let session = try await loop.submit {
            let keeper = self.keeper(of: loop)
            return try Session(
                id: id, plan: plan, engines: engines, encoding: encoding, phrases: phrases, lane: lane, loop: loop,
                ticker: keeper.ticker, round: keeper.round, strains: [keeper.strain, laneStrain], observer: observer, logger: logger,
                phase: Int.random(in: 0..<8) * 64)
        }.get()
        guard !isDraining else {
            await session.hangUp("draining")
            throw CallRefusal.draining
        }
        sessions[id] = Entry(session: session, tenant: admission.tenant, token: token, plan: plan)
        byToken[token] = id
        seats.begin(id, tenant: admission.tenant)
        seats.sit(admission.number, in: id)
        await session.attach(transport, ready: ready(id, token, plan, isResumed: chat != nil), after: nil)
        return session
    }

    private func goOn(
        _ resume: SessionStart.Resume, _ admission: Admission, _ transport: any CallTransport & Sendable, _ loop: any EventLoop
    ) async throws -> any CallSession {
        guard let id = byToken[resume.token], let entry = sessions[id], entry.tenant == admission.tenant, await !entry.session.hasEnded else {
            throw CallRefusal(status: 404, code: "session.unknown", message: "no session can be resumed with this token")
        }
        guard await entry.session.canResume(after: resume.lastSeq) else {
            throw CallRefusal(status: 404, code: "session.resume_gap", message: "too much was missed to resume")
        }
        let ready = ready(id, entry.token, entry.plan, isResumed: true)
        let relay = CallRelay(session: entry.session, transport: transport, doorLoop: loop)
        guard let attachment = await entry.session.attach(relay, ready: ready, after: resume.lastSeq) else {
            throw CallRefusal(status: 404, code: "session.unknown", message: "no session can be resumed with this token")
        }
        seats.sit(admission.number, in: id)
        undecided.remove(admission.number)
        relay.attachment.store(attachment, ordering: .relaxed)
        return relay
    }

    private func ready(_ id: String, _ token: String, _ plan: CallPlan, isResumed: Bool) -> SessionReady {
        SessionReady(
            session: id, resumeToken: token, resumed: isResumed, agent: plan.agent, language: plan.language.rawValue, input: plan.input,
            output: plan.output, limits: plan.limits, engines: engines.names)
    }

    nonisolated private func keeper(of loop: any EventLoop) -> Keeper {
        keepers.withLock { keepers in
            let key = ObjectIdentifier(loop)
            if let known = keepers[key] { return known }
            let made = Keeper(
                ticker: NIOLoopBound(PacingTicker(loop: loop), eventLoop: loop),
                round: NIOLoopBound(VoiceRound(engines.voice, loop: loop), eventLoop: loop),
                strain: LoopStrain(limits.strain, loop: loop, threadTime: threadTime, logger: logger))
            keepers[key] = made
            return made
        }
    }

    /// Seconds after which who is refused may come again; drawn, so that not all come again at once.
    private static var later: Int { Int.random(in: 3...8) }

    /// 64 random bits as text.
    package static func randomName() -> String {
        let text = String(UInt64.random(in: .min ... .max), radix: 16)
        return String(repeating: "0", count: 16 - text.count) + text
    }

    // MARK: ends

    private func ended(_ id: String) {
        guard let entry = sessions.removeValue(forKey: id) else { return }
        byToken.removeValue(forKey: entry.token)
        seats.end(id)
        guard sessions.isEmpty else { return }
        for drainer in drainers { drainer.resume() }
        drainers = []
    }

    /// Lets every call finish what was begun, and ends those that have not by then. Returns when none is left.
    package func drain(within limit: Duration) async {
        isDraining = true
        logger.notice("draining", metadata: ["sessions": "\(sessions.count)"])
        for entry in sessions.values { await entry.session.drain(within: limit) }
        guard !sessions.isEmpty else { return }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.untilEmpty() }
            group.addTask {
                try? await Task.sleep(for: limit)
                await self.endAll()
            }
            await group.next()
            group.cancelAll()
        }
        if !sessions.isEmpty { await untilEmpty() }
    }

    private func endAll() async {
        for entry in sessions.values { await entry.session.hangUp("draining") }
    }

    private func untilEmpty() async {
        guard !sessions.isEmpty else { return }
        await withCheckedContinuation { drainers.append($0) }
    }
}

/// Tells the manager of a session's end.
private struct Departure: SessionObserver {
    let tell: @Sendable (String) async -> Void

    func ended(session: String, reason: String, heard: OpusStreamDecoder.Counters) { Task { await tell(session) } }
}
