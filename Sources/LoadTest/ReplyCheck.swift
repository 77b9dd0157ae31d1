package import Wire

/// Checks each packet of an agent's replies for order, gaps, pace and belonging, and knows what of them was heard. No clock, no IO.
package struct ReplyCheck: Sendable {
    /// What was wrong, in packets unless it says otherwise.
    package struct Faults: Sendable, Equatable {
        /// Numbers, or media time within a run, that were left out.
        package var gaps = 0
        /// Numbers that came late or twice.
        package var outOfOrder = 0
        /// Of a reply that was over, or was never announced; also announcements and texts that belong to no turn of this caller.
        package var wrongTurn = 0
        /// Further ahead of their time than the lead allows.
        package var early = 0
        /// After the moment at which a client without a buffer would play them.
        package var late = 0
        /// Runs that began anew within a reply because nothing had been sent in time.
        package var stalls = 0

        package init() {}

        package static func + (one: Faults, other: Faults) -> Faults {
            var sum = one
            sum.gaps += other.gaps
            sum.outOfOrder += other.outOfOrder
            sum.wrongTurn += other.wrongTurn
            sum.early += other.early
            sum.late += other.late
            sum.stalls += other.stalls
            return sum
        }
    }

    /// What is known of one packet that was in order.
    package struct Packet: Sendable, Equatable {
        /// Whether it is the first of its reply.
        package var begins: Bool
        /// How far it came from the moment at which it should have been sent; nil for the first of a run, which sets the clock.
        package var jitter: Duration?
    }

    /// Earlier than the lead by this much is early: a tick of the server's pacing and the network.
    private static let tolerance = Duration.milliseconds(25)
    /// How much a client has buffered before it plays.
    private static let buffer = Duration.milliseconds(60)
    private static let clock: Int = 48_000

    package private(set) var faults = Faults()
    private let lead: Duration
    private let packetTime: UInt32
    private var expected: UInt32?
    /// The reply that is being received: since when its present run goes, at which media time and place of the reply that began.
    private var run: Run?
    private var isResuming = false
    /// Replies that were announced and are not over.
    private var announced: Set<UInt16> = []
    /// Packets of replies that were not announced yet.
    private var unannounced: [UInt16: Int] = [:]
    /// The last reply that is over; those before it are too.
    private var over: UInt16?
    private var lastTurn = 0

    private struct Run {
        var epoch: UInt16
        var began: Duration
        var time: UInt32
        var place: Duration
        /// Place in the reply up to which audio was received.
        var received: Duration
        var next: UInt32
        var held: Duration?
    }

    /// - Parameters:
    ///   - lead: How far replies run ahead, by `session.ready`.
    ///   - packet: How long a packet plays.
    package init(lead: Duration, packet: Duration) {
        self.lead = lead
        packetTime = UInt32(packet / .microseconds(1)) * 48 / 1000
    }

    /// Takes a packet.
    ///
    /// - Parameter now: When it arrived.
    /// - Returns: Nil where it was not in order or belongs to no reply under way.
    package mutating func receive(_ header: AudioPacketHeader, at now: Duration) -> Packet? {
        let ahead = expected.map { Int32(bitPattern: header.sequence &- $0) } ?? 0
        guard ahead >= 0 else {
            faults.outOfOrder += 1
            return nil
        }
        faults.gaps += Int(ahead)
        expected = header.sequence &+ 1
        if let over, !Self.isLater(header.epoch, than: over) {
            faults.wrongTurn += 1
            return nil
        }
        if !announced.contains(header.epoch) { unannounced[header.epoch, default: 0] += 1 }
        guard let current = run, current.epoch == header.epoch else {
            if let run, !Self.isLater(header.epoch, than: run.epoch) {
                faults.wrongTurn += 1
                return nil
            }
            begin(header, at: now, place: .zero)
            return Packet(begins: true, jitter: nil)
        }
        if header.flags.contains(.start) || isResuming {
            if !isResuming { faults.stalls += 1 }
            begin(header, at: now, place: current.received)
            return Packet(begins: false, jitter: nil)
        }
        return Packet(begins: false, jitter: pace(header, current, at: now))
    }

    private mutating func begin(_ header: AudioPacketHeader, at now: Duration, place: Duration) {
        isResuming = false
        run = Run(
            epoch: header.epoch, began: now, time: header.time, place: place, received: place + duration(packetTime),
            next: header.time &+ packetTime)
    }

    private mutating func pace(_ header: AudioPacketHeader, _ current: Run, at now: Duration) -> Duration {
        if header.time != current.next { faults.gaps += 1 }
        let place = duration(header.time &- current.time)
        let received = current.place + place + duration(packetTime)
        run?.received = received
        run?.next = header.time &+ packetTime
        let plays = current.began + place
        if now > plays { faults.late += 1 }
        if now + lead + Self.tolerance < plays { faults.early += 1 }
        let due = max(current.began, plays - lead)
        return now > due ? now - due : due - now
    }

    private func duration(_ time: UInt32) -> Duration { .microseconds(Int(Int32(bitPattern: time)) * 1_000_000 / Self.clock) }

    private static func isLater(_ one: UInt16, than other: UInt16) -> Bool { Int16(bitPattern: one &- other) > 0 }

    // MARK: events

    /// `agent.started`.
    package mutating func started(turn: Int, epoch: UInt16) {
        if turn < lastTurn { faults.wrongTurn += 1 }
        lastTurn = max(lastTurn, turn)
        announced.insert(epoch)
        unannounced[epoch] = nil
    }

    /// A reply was announced for another turn than the caller's last, or has words that were never meant for this caller.
    package mutating func foundStranger() { faults.wrongTurn += 1 }

    /// `audio.hold`.
    package mutating func hold(_ epoch: UInt16, at now: Duration) {
        guard let heard = heard(at: now), heard.epoch == epoch else { return }
        run?.held = heard.place
    }

    /// `audio.resume`: it goes on at a place of the reply.
    package mutating func resume(_ epoch: UInt16, at place: Duration) {
        guard run?.epoch == epoch else { return }
        run?.held = nil
        run?.received = place
        isResuming = true
    }

    /// `audio.flush`, or `agent.finished`: no packet of this reply or an earlier one is to come.
    ///
    /// - Returns: How much of it was heard.
    @discardableResult package mutating func end(_ epoch: UInt16, at now: Duration) -> Duration {
        let heard = run?.epoch == epoch ? heard(at: now)?.place ?? .zero : .zero
        if over.map({ Self.isLater(epoch, than: $0) }) ?? true { over = epoch }
        if run?.epoch == epoch { run = nil }
        isResuming = false
        announced = announced.filter { Self.isLater($0, than: epoch) }
        for (strange, count) in unannounced where !Self.isLater(strange, than: epoch) {
            faults.wrongTurn += count
            unannounced[strange] = nil
        }
        return heard
    }

    /// The reply that plays and the place up to which it was heard.
    package func heard(at now: Duration) -> (epoch: UInt16, place: Duration)? {
        guard let run else { return nil }
        if let held = run.held { return (run.epoch, held) }
        return (run.epoch, min(run.received, run.place + max(.zero, now - run.began - Self.buffer)))
    }
}
