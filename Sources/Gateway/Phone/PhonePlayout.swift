internal import Wire

/// What has gone to a carrier and what of it the caller has heard, told by the marks that come back.
///
/// A mark names the reply, how often the carrier's buffer had been cleared before it, and the milliseconds of the reply that lie before it:
/// `e7.2:3400`. A cleared buffer gives back all its marks at once, so one from before the last clear tells nothing.
struct PhonePlayout {
    /// Milliseconds of audio between marks.
    private static let markEvery = 100

    /// The reply that was sent last; nil before the first.
    private(set) var epoch: UInt16?
    private(set) var isHeld = false
    private var clears = 0
    /// Milliseconds of the reply that lie before what is sent next.
    private var sent = 0
    private var heard = 0
    /// When a mark told of `heard`; nil while the sound stands still.
    private var heardAt: Duration?
    private var unmarked = 0
    /// Whether the carrier has something that it did not play yet, as far as is known.
    private var isEmpty = true
    private var flushed: UInt16?

    /// How much of the reply that was sent last the caller has heard: by the last mark carried on to now, at most what was sent.
    func heard(at now: Duration) -> Int {
        guard let heardAt else { return heard }
        return min(sent, heard + Int((now - heardAt) / .milliseconds(1)))
    }

    /// Takes note of a packet that is to be sent.
    ///
    /// - Returns: The mark to send behind it, if it is time for one; nil if the packet must not be sent.
    mutating func send(_ header: AudioPacketHeader, milliseconds: Int) -> (isMeant: Bool, mark: String?) {
        if let flushed, Int16(bitPattern: header.epoch &- flushed) <= 0 { return (false, nil) }
        if epoch != header.epoch {
            (epoch, sent, heard, heardAt, isHeld) = (header.epoch, 0, 0, nil, false)
            unmarked = Self.markEvery
        }
        guard !isHeld else { return (false, nil) }
        if header.flags.contains(.start) { unmarked = Self.markEvery }
        sent += milliseconds
        unmarked += milliseconds
        isEmpty = false
        guard unmarked >= Self.markEvery || header.flags.contains(.end) else { return (true, nil) }
        unmarked = 0
        return (true, "e\(header.epoch).\(clears):\(sent)")
    }

    /// Takes a mark that came back.
    ///
    /// - Returns: Milliseconds heard of the reply that was sent last; nil for a mark that tells nothing of it.
    mutating func played(_ mark: String, at now: Duration) -> Int? {
        let parts = mark.dropFirst().split(whereSeparator: { $0 == "." || $0 == ":" }).map { Int($0) }
        guard mark.hasPrefix("e"), parts.count == 3, let number = parts[0], let epoch, number == Int(epoch), parts[1] == clears,
            let position = parts[2], (heard...max(heard, sent)).contains(position)
        else { return nil }
        (heard, heardAt) = (position, now)
        if position == sent { isEmpty = true }
        return position
    }

    /// The caller may be interrupting: what was not heard is not to be heard until it is sent again.
    ///
    /// - Returns: Whether the carrier has to clear its buffer.
    mutating func hold(_ epoch: UInt16, at now: Duration) -> Bool {
        guard epoch == self.epoch, !isHeld else { return false }
        isHeld = true
        return stop(at: now)
    }

    /// The reply goes on at a place.
    mutating func resume(_ epoch: UInt16, position: Int) {
        guard epoch == self.epoch else { return }
        (sent, heard, heardAt, isHeld) = (position, position, nil, false)
        unmarked = Self.markEvery
    }

    /// Nothing of a reply and those before it is to be heard any more.
    ///
    /// - Returns: Whether the carrier has to clear its buffer, and what was heard of the reply.
    mutating func flush(_ epoch: UInt16, at now: Duration) -> (clears: Bool, heard: Int) {
        if flushed.map({ Int16(bitPattern: epoch &- $0) > 0 }) ?? true { flushed = epoch }
        guard epoch == self.epoch else { return (false, 0) }
        isHeld = false
        let clears = stop(at: now)
        return (clears, heard)
    }

    private mutating func stop(at now: Duration) -> Bool {
        (heard, heardAt) = (heard(at: now), nil)
        guard !isEmpty else { return false }
        isEmpty = true
        clears += 1
        return true
    }
}
