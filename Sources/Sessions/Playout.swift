import Audio
import DequeModule
import Turns

/// Gives out a reply's packets at the pace at which they are heard, a bounded lead ahead, and knows what has been heard.
///
/// Positions are media time from the start of the reply. While the queue runs dry or the reply is held, the clock of what is
/// heard stands still.
struct Playout {
    struct Packet: Equatable {
        var payload: [UInt8]
        /// How loud it is, frame by frame; empty where that is not known.
        var levels: ArraySlice<BandLevels>
        var position: Duration
        /// The first after a silence of the sender.
        var isStart: Bool
    }

    /// How far ahead of what is heard packets go out.
    let lead: Duration
    /// How long a packet plays.
    let packetDuration: Duration

    private var waiting: Deque<Packet> = []
    /// What went out last, in case the connection is lost before it was heard.
    private var sent: Deque<Packet> = []
    /// Media time of everything that was ever queued.
    private(set) var queued = Duration.zero
    /// Media time of everything that went out.
    private(set) var sentUntil = Duration.zero
    /// What was heard when the clock last stood still, and since when it runs; nil while it stands.
    private var heardBase = Duration.zero
    private var runningSince: Instant?
    private var isStart = true
    /// Whether somebody stopped the sound.
    private(set) var isStopped = false
    /// What the client last said that it played.
    private var report: (position: Duration, at: Instant)?

    /// Packets kept to be sent again: the longest lead and a long word.
    private static let kept = 256
    /// How long a report is carried on.
    private static let reportLife = Duration.seconds(2)

    init(lead: Duration, packetDuration: Duration) { (self.lead, self.packetDuration) = (lead, packetDuration) }

    /// Media time that has been queued and not gone out.
    var backlog: Duration { queued - sentUntil }
    var hasWaiting: Bool { !waiting.isEmpty }
    var hasClientReports: Bool { report != nil }

    mutating func append(_ payload: [UInt8], levels: ArraySlice<BandLevels> = []) {
        waiting.append(Packet(payload: payload, levels: levels, position: queued, isStart: false))
        queued += packetDuration
    }

    /// The next packet that is due, or nil.
    mutating func next(at now: Instant) -> Packet? {
        guard !isStopped, let first = waiting.first else {
            if !isStopped, sentUntil > .zero, played(at: now) >= sentUntil { stand(at: now) }
            return nil
        }
        let played = played(at: now)
        guard first.position - played < lead else { return nil }
        if runningSince == nil || played >= first.position {
            // Nothing was sent in time: what is heard goes on from here.
            heardBase = first.position
            runningSince = now
            isStart = true
        }
        waiting.removeFirst()
        var packet = first
        packet.isStart = isStart
        isStart = false
        sentUntil = packet.position + packetDuration
        sent.append(packet)
        if sent.count > Self.kept { sent.removeFirst() }
        return packet
    }

    /// How long until the next packet is due; nil while none waits or may go out.
    func untilNext(at now: Instant) -> Duration? {
        guard !isStopped, let first = waiting.first else { return nil }
        return max(.zero, first.position - played(at: now) - lead)
    }

    /// How much has been heard by the server's clock.
    func played(at now: Instant) -> Duration {
        guard let runningSince else { return heardBase }
        return min(sentUntil, heardBase + (now - runningSince))
    }

    /// How much has been heard: by the client's last report carried on to now, else by the server's clock.
    func heard(at now: Instant) -> Duration {
        guard let report else { return played(at: now) }
        // Who says nothing any more may hear nothing any more.
        let moving = runningSince == nil ? Duration.zero : min(now - report.at, Self.reportLife)
        return min(sentUntil, report.position + moving)
    }

    /// When a position sounds, or sounded, if nothing stops it from now on; by the server's clock.
    func sounds(_ position: Duration, at now: Instant) -> Instant { now + (position - played(at: now)) }

    /// Whether all that was queued has been heard.
    func isDone(at now: Instant) -> Bool { waiting.isEmpty && !isStopped && played(at: now) >= queued }

    /// Packets that went out and begin at or after a position.
    func sentCount(from position: Duration) -> Int { sent.reversed().prefix { $0.position >= position }.count }

    /// Takes what the client says that it played.
    mutating func note(report position: Duration, at now: Instant) { report = (min(position, sentUntil), now) }

    mutating func stop(at now: Instant) {
        guard !isStopped else { return }
        stand(at: now)
        isStopped = true
    }

    mutating func resume(at now: Instant) {
        guard isStopped else { return }
        isStopped = false
        isStart = true
        if sentUntil > .zero { runningSince = now }
        if let report { self.report = (report.position, now) }
    }

    /// Forgets what has not gone out from a position on; what is queued next follows there.
    mutating func dropWaiting(from position: Duration) {
        while let last = waiting.last, last.position >= position {
            waiting.removeLast()
            queued = last.position
        }
    }

    /// Takes back what went out and was not heard, so that it goes out again.
    mutating func rewind(at now: Instant) {
        let heard = heard(at: now)
        while let last = sent.last, last.position >= heard {
            sent.removeLast()
            waiting.prepend(last)
            sentUntil = last.position
        }
        // The new connection has nothing buffered: what goes out next is heard next.
        heardBase = sentUntil
        runningSince = runningSince.map { _ in now }
        report = nil
        isStart = true
    }

    /// Takes back what went out and sounds after a position, so that it goes out again: of the connection's buffer nothing is played any more. Only
    /// while it is stopped.
    ///
    /// - Returns: Where it goes on, at most a packet before the position.
    mutating func rewind(to position: Duration, at now: Instant) -> Duration {
        while let last = sent.last, last.position + packetDuration > position {
            sent.removeLast()
            waiting.prepend(last)
            sentUntil = last.position
        }
        heardBase = sentUntil
        if report != nil { report = (sentUntil, now) }
        isStart = true
        return sentUntil
    }

    private mutating func stand(at now: Instant) {
        if report != nil { report = (heard(at: now), now) }
        heardBase = played(at: now)
        runningSince = nil
    }
}
