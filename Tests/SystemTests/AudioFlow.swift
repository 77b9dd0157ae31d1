import Wire

/// What can be said of the packets of a call as a whole.
struct AudioFlow {
    private let packets: [(at: ContinuousClock.Instant, header: AudioPacketHeader, payload: [UInt8])]
    private let caller: Caller

    init(_ caller: Caller) { (self.caller, packets) = (caller, caller.packets) }

    /// Packets whose number does not follow that of the one before.
    var gaps: [String] {
        zip(packets, packets.dropFirst()).compactMap { a, b in
            b.header.sequence == a.header.sequence &+ 1 ? nil : "\(a.header.sequence) then \(b.header.sequence)"
        }
    }

    /// Packets whose time does not follow that of the one before: 20 ms later within a run, never earlier at the start of one.
    var jumps: [String] {
        zip(packets, packets.dropFirst()).compactMap { a, b in
            let step = Int(Int32(bitPattern: b.header.time &- a.header.time))
            let isRight = b.header.flags.contains(.start) ? step >= 960 : step == 960
            return isRight ? nil : "\(b.header.sequence): \(step)"
        }
    }

    /// By how much the packet furthest ahead came before its time, in milliseconds. Both are measured on the session's clock, as far as the
    /// quickest event shows where that stands, so a slow network or machine makes it less, never more.
    var largestLead: Int {
        let start = caller.all.first?.at ?? .now
        let delays = caller.timedEvents.filter { $0.event.seq > 0 }.map { start.duration(to: $0.at) - $0.event.time }
        let offset = delays.min() ?? .zero
        return packets.map { packet in
            let arrival = start.duration(to: packet.at) - offset
            return Int(packet.header.time) / 48 - Int(arrival / .milliseconds(1))
        }.max() ?? 0
    }
}
