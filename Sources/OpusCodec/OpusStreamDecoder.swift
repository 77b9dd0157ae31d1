import Audio

/// Decodes packets as they come from a network: numbered, timed, and some of them missing.
///
/// Late and repeated packets are dropped. A gap is filled before the packet after it is decoded: by guessing for up to
/// ``Policy/concealedPackets`` packets, by silence for the rest, and its last packet from the redundancy of the next one if that has any.
/// A gap in time without one in the numbers (a silent sender that sends nothing) is filled the same way. Gaps longer than
/// ``Policy/longestGap`` are not filled: the stream begins anew. A packet without voice can be postponed, and decoded when it is wanted or not at all. Nothing
/// allocates but the first packet, the first that is postponed, and each that is longer than all before.
package struct OpusStreamDecoder: ~Copyable {
    package struct Policy: Sendable, Equatable {
        /// Packets of a gap that are guessed; what remains is silence.
        package var concealedPackets = 5
        /// Ticks of 1/48,000 s: the longest gap that is filled at all.
        package var longestGap = 2 * OpusPacket.clockRate
        /// Numbers by which a packet may lie before or after the expected one. Beyond, two packets in a row show that the sender began anew.
        package var longestJump = 1_000

        package init() {}
    }

    package struct Counters: Sendable, Equatable {
        /// All packets that were handed in.
        package var received = 0
        /// Dropped because a later one was decoded already, or too far from all others.
        package var late = 0
        /// Dropped because it was decoded already.
        package var duplicate = 0
        /// Not valid Opus.
        package var corrupt = 0
        /// Packets that never came, or came corrupt, as the numbers show.
        package var lost = 0
        /// Lost packets, or stretches as long as one, whose sound was guessed.
        package var concealed = 0
        /// Lost packets whose sound came from the redundancy of the next one.
        package var recoveredByFEC = 0
        /// Ticks of 1/48,000 s filled with silence.
        package var silence = 0
        /// Packets that were postponed and never decoded.
        package var passedOver = 0
        /// Times that the stream began anew.
        package var restarts = 0

        package init() {}
    }

    package let policy: Policy
    package private(set) var counters = Counters()

    private struct Place {
        var sequence: UInt32  // of the next packet
        var time: UInt32
        var duration: Int  // of the packet before, in ticks
        var seen: UInt64  // bit n: the packet n + 1 before the next one came

        /// The place behind a packet that came.
        static func behind(_ sequence: UInt32, time: UInt32, duration: Int, seen: UInt64) -> Place {
            Place(sequence: sequence &+ 1, time: time &+ UInt32(duration), duration: duration, seen: seen << 1 | 1)
        }
    }

    private var decoder: OpusDecoder
    private let space: DecodingSpace
    /// The space while a packet is decoded; as long as the longest packet so far.
    private var scratch: [Float] = []
    private var place: Place?
    private var candidate: UInt32?  // number that would confirm a new beginning
    private var backlog: PacketBacklog
    /// Whether the sender's encoder has been seen to find voice: one that never does says nothing by finding none.
    private var tellsVoice = false
    /// Ticks of 1/48,000 s of packets since the sender's encoder last found voice; 0 where it does not tell. Postponed packets do not count.
    package private(set) var quietTicks = 0
    /// Ticks of postponed packets that were passed over since the last that was decoded.
    private var passedTicks = 0

    /// - Parameters:
    ///   - sampleRate: 8000, 12,000, 16,000, 24,000 or 48,000 hertz.
    ///   - space: Where packets are decoded to.
    ///   - backlog: Ticks of 1/48,000 s of postponed packets that are kept; 0 where none is ever postponed.
    /// - Throws: As ``OpusDecoder``.
    package init(
        sampleRate: Int, policy: Policy = Policy(), space: DecodingSpace = DecodingSpace(), backlog: Int = 0
    ) throws(OpusError) {
        decoder = try OpusDecoder(sampleRate: sampleRate)
        (self.policy, self.space) = (policy, space)
        self.backlog = PacketBacklog(span: max(0, backlog))
    }

    /// Hertz of what comes out.
    package var sampleRate: Int { decoder.sampleRate }

    /// Forgets the stream, keeps the counters.
    package mutating func reset() {
        decoder.reset()
        (place, candidate, tellsVoice, quietTicks) = (nil, nil, false, 0)
        backlog.removeAll()
        passedTicks = 0
    }

    // MARK: later

    /// Whether packets are postponed.
    package var isBehind: Bool { backlog.count > 0 || passedTicks > 0 }

    /// Keeps a packet undecoded if little is lost by that: it is the next one, and its sender's encoder, which has found voice before, found none in it,
    /// nor in the time before it in which nothing was sent. What the backlog does not keep is passed over for good.
    ///
    /// - Parameter longestGap: Ticks in which nothing was sent, at most.
    /// - Returns: How many samples it is, with the time before it; nil if it is to be decoded now.
    package mutating func postpone(sequence: UInt32, time: UInt32, packet: Span<UInt8>, longestGap: Int = .max) -> Int? {
        guard backlog.span > 0, tellsVoice, packet.count <= PacketBacklog.longestPacket, let place, sequence == place.sequence else { return nil }
        let gap = self.gap(until: time, after: place, lost: 0)
        guard gap <= min(longestGap, policy.longestGap), let content = try? OpusPacket(packet), content.hasVoice == false,
            content.duration >= PacketBacklog.shortest
        else { return nil }
        counters.received += 1
        candidate = nil
        let packets = backlog.count + 1
        passedTicks += backlog.append(packet, ticks: content.duration, gap: gap)
        counters.passedOver += packets - backlog.count
        self.place = .behind(sequence, time: time, duration: content.duration, seen: place.seen)
        return (gap + content.duration) * sampleRate / OpusPacket.clockRate
    }

    /// Decodes what was postponed, oldest first; the first of it differs a little from what it would have been in its time, as always after a gap.
    ///
    /// - Parameters:
    ///   - skip: Called first, if packets were passed over, with the number of their samples.
    ///   - sink: As in ``decode(sequence:time:packet:longestGap:into:)``.
    /// - Returns: How many packets were no valid Opus; they count as lost and are guessed.
    package mutating func catchUp(skip: (Int) -> Void, into sink: (Span<Float>) -> Void) -> Int {
        guard isBehind else { return 0 }
        if passedTicks > 0 { skip(passedTicks * sampleRate / OpusPacket.clockRate) }
        passedTicks = 0
        swap(&scratch, &space.samples)
        defer { swap(&scratch, &space.samples) }
        // Taken out, since what is decoded must not borrow the whole of self.
        var late = PacketBacklog(span: 0)
        swap(&late, &backlog)
        defer { swap(&late, &backlog) }
        var corrupt = 0
        while late.count > 0 {
            late.takeFirst { packet, ticks, gap in
                makeRoom(ticks * sampleRate / OpusPacket.clockRate)
                _ = try? fill(gap, step: ticks, into: sink)
                if (try? play(packet, into: sink)) != nil { return }
                corrupt += 1
                counters.lost += 1
                _ = try? conceal(ticks, step: ticks, into: sink)
            }
        }
        return corrupt
    }

    private mutating func makeRoom(_ samples: Int) {
        if scratch.count < samples { scratch = [Float](repeating: 0, count: samples) }
    }

    // MARK: now

    /// Takes one packet and hands on what can be heard now, oldest first; what was postponed goes before it.
    ///
    /// - Parameters:
    ///   - sequence: The packet's number; wraps around.
    ///   - time: When its audio begins, in ticks of 1/48,000 s; wraps around. Used for the length of gaps; if it contradicts the
    ///     numbers, they count.
    ///   - packet: One whole Opus packet.
    ///   - sink: Called with up to 120 ms of mono samples at a time, valid during the call only; not called for a dropped packet.
    /// - Returns: The number of samples handed on, without those that were postponed.
    /// - Throws: `corruptPacket`; the packet then counts as lost and the stream goes on.
    @discardableResult
    package mutating func decode(
        sequence: UInt32, time: UInt32, packet: Span<UInt8>, longestGap: Int = .max, into sink: (Span<Float>) -> Void
    ) throws(OpusError) -> Int {
        if isBehind { _ = catchUp(skip: { _ in }, into: sink) }
        counters.received += 1
        let content: OpusPacket
        do { content = try OpusPacket(packet) } catch {
            counters.corrupt += 1
            throw OpusError(error)
        }
        if content.hasVoice == true { tellsVoice = true }
        guard let lost = admit(sequence) else { return 0 }
        quietTicks = tellsVoice && content.hasVoice == false ? quietTicks + content.duration : 0
        // Taken out while it is used, so that nothing the sink does can touch it.
        swap(&scratch, &space.samples)
        defer { swap(&scratch, &space.samples) }
        makeRoom(content.sampleCount(at: sampleRate))
        var count = try fillGap(lost: lost, until: time, before: packet, content, atMost: min(longestGap, policy.longestGap), into: sink)
        // The gap is filled even if the packet then turns out to be undecodable.
        let seen = place.map { lost >= 64 ? 0 : $0.seen << UInt64(lost) } ?? 0
        place = Place(sequence: sequence, time: time, duration: content.duration, seen: seen)
        count += try play(packet, into: sink)
        place = .behind(sequence, time: time, duration: content.duration, seen: seen)
        return count
    }

    /// Decides whether a packet is to be decoded: how many are missing before it, or nil if it is dropped.
    private mutating func admit(_ sequence: UInt32) -> Int? {
        guard let place else { return 0 }
        let ahead = Int(Int32(bitPattern: sequence &- place.sequence))
        if abs(ahead) > policy.longestJump {
            guard candidate == sequence else {
                candidate = sequence &+ 1
                counters.late += 1
                return nil
            }
            counters.restarts += 1
            reset()
            return 0
        }
        candidate = nil
        guard ahead < 0 else {
            counters.lost += ahead
            return ahead
        }
        let wasSeen = ahead >= -64 && place.seen >> UInt64(-ahead - 1) & 1 == 1
        if wasSeen { counters.duplicate += 1 } else { counters.late += 1 }
        return nil
    }

    private mutating func fillGap(
        lost: Int, until time: UInt32, before packet: Span<UInt8>, _ content: OpusPacket, atMost longest: Int, into sink: (Span<Float>) -> Void
    ) throws(OpusError) -> Int {
        guard let place else { return 0 }
        let gap = gap(until: time, after: place, lost: lost)
        guard gap > 0 else { return 0 }
        guard gap <= longest else {
            counters.restarts += 1
            decoder.reset()
            return 0
        }
        let recoverable = lost > 0 && content.hasFEC && gap >= content.frameDuration ? content.frameDuration : 0
        var count = try fill(gap - recoverable, step: place.duration, into: sink)
        if recoverable > 0 {
            let samples = recoverable * sampleRate / OpusPacket.clockRate
            try Self.recover(samples, from: packet, &decoder, &scratch)
            sink(scratch.span.extracting(0..<samples))
            counters.recoveredByFEC += 1
            count += samples
        }
        return count
    }

    /// Ticks between a packet and the next.
    private func gap(until time: UInt32, after place: Place, lost: Int) -> Int {
        let gap = Int(Int32(bitPattern: time &- place.time))
        // Fewer ticks than the shortest packets would fill, or time running backwards: the numbers count.
        guard gap >= lost * 120 else { return lost * place.duration }
        return gap - gap % 120  // concealment comes in steps of 2.5 ms
    }

    /// Fills a gap by guessing as far as that goes, and by silence.
    private mutating func fill(_ ticks: Int, step: Int, into sink: (Span<Float>) -> Void) throws(OpusError) -> Int {
        let guessed = min(ticks, policy.concealedPackets * step)
        return try conceal(guessed, step: step, into: sink) + silence(ticks - guessed, into: sink)
    }

    private mutating func conceal(_ ticks: Int, step: Int, into sink: (Span<Float>) -> Void) throws(OpusError) -> Int {
        var (left, count) = (ticks, 0)
        while left > 0 {
            let samples = min(left, step) * sampleRate / OpusPacket.clockRate
            try Self.conceal(samples, &decoder, &scratch)
            sink(scratch.span.extracting(0..<samples))
            counters.concealed += 1
            left -= min(left, step)
            count += samples
        }
        return count
    }

    private mutating func silence(_ ticks: Int, into sink: (Span<Float>) -> Void) -> Int {
        guard ticks > 0 else { return 0 }
        counters.silence += ticks
        var output = scratch.mutableSpan
        output.update(repeating: 0)
        var (left, count) = (ticks * sampleRate / OpusPacket.clockRate, 0)
        while left > 0 {
            let samples = min(left, scratch.count)
            sink(scratch.span.extracting(0..<samples))
            left -= samples
            count += samples
        }
        return count
    }

    private mutating func play(_ packet: Span<UInt8>, into sink: (Span<Float>) -> Void) throws(OpusError) -> Int {
        let samples: Int
        do { samples = try Self.decode(packet, &decoder, &scratch) } catch {
            counters.corrupt += 1
            throw error
        }
        sink(scratch.span.extracting(0..<samples))
        return samples
    }

    // Decoder and scratch are passed apart, since a span of one must not borrow the whole of self.

    private static func decode(_ packet: Span<UInt8>, _ decoder: inout OpusDecoder, _ scratch: inout [Float]) throws(OpusError) -> Int {
        var output = scratch.mutableSpan
        return try decoder.decode(packet, into: &output)
    }

    private static func conceal(_ samples: Int, _ decoder: inout OpusDecoder, _ scratch: inout [Float]) throws(OpusError) {
        var output = scratch.mutableSpan
        try decoder.conceal(samples: samples, into: &output)
    }

    private static func recover(
        _ samples: Int, from packet: Span<UInt8>, _ decoder: inout OpusDecoder, _ scratch: inout [Float]
    ) throws(OpusError) {
        var output = scratch.mutableSpan
        try decoder.decodeFEC(packet, samples: samples, into: &output)
    }
}

/// Memory that packets are decoded to. Streams whose packets come one after the other on one thread share one, so that it stays near the processor.
package final class DecodingSpace {
    fileprivate var samples: [Float] = []

    package init() {}
}
