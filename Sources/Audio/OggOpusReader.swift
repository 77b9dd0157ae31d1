/// One audio packet of an Ogg Opus stream. All times are ticks of 1/48,000 s.
package struct OggOpusPacket: Sendable, Equatable {
    package let bytes: [UInt8]
    /// How long it decodes to.
    package let duration: Int
    /// The stream's position at its end, pre-skip included.
    package let granule: Int64
    /// What to leave out at the beginning of its decoded audio (pre-skip), 0...duration.
    package let skip: Int
    /// What to keep after that; less than the rest only at the end of the stream.
    package let keep: Int
    /// How much audio was lost just before it, as far as the positions tell; at most one minute.
    package let missing: Int
}

/// Takes the bytes of an Ogg Opus file (RFC 7845) in any cuts and gives its packets with their times.
///
/// Chained streams follow each other, each beginning with its own head. Of streams side by side the first Opus one is read, all others are
/// ignored. A stream whose head is refused is ignored, too.
package struct OggOpusReader: Sendable {
    package enum Event: Sendable, Equatable {
        case head(OpusHead)
        case tags(OpusTags)
        case packet(OggOpusPacket)
    }

    /// Packets that were not valid Opus, and headers that were not valid.
    package private(set) var invalidPackets = 0
    /// The container's own counters.
    package private(set) var container = OggReader()

    private enum Stage { case idle, tags, audio }

    private struct Waiting {
        let bytes: [UInt8]
        let duration: Int
        let followsLoss: Bool
    }

    private static let packetsOnAPage = 255
    private static let longestMissing: Int64 = 60 * 48_000
    private static let latestGranule: Int64 = 1 << 60

    private var stage = Stage.idle
    private var serial: UInt32 = 0
    private var isOpening = false  // only first pages seen since the present group of streams began
    private var skip = 0
    private var position: Int64?
    private var waiting: [Waiting] = []  // packets of a page whose position is not known yet; at most packetsOnAPage
    private var followsLoss = false

    package init() {}

    /// Takes the next bytes and gives what they complete, in order.
    package mutating func read(_ bytes: [UInt8]) -> [Event] {
        var events: [Event] = []
        for packet in container.read(bytes) { accept(packet, into: &events) }
        return events
    }

    private mutating func accept(_ packet: OggPacket, into events: inout [Event]) {
        if packet.isFirst {
            begin(packet, into: &events)
            return
        }
        isOpening = false
        guard stage != .idle, packet.serial == serial else { return }
        switch stage {
        case .idle: break
        case .tags:
            stage = .audio
            do { events.append(.tags(try OpusTags(packet.bytes))) } catch { invalidPackets += 1 }
        case .audio: collect(packet)
        }
        if packet.endsPage || waiting.count >= Self.packetsOnAPage { place(packet.granule, isEnd: packet.isLast, into: &events) }
        if packet.isLast { stage = .idle }
    }

    private mutating func begin(_ packet: OggPacket, into events: inout [Event]) {
        let isBeside = isOpening && stage != .idle
        isOpening = true
        guard !isBeside, OpusHead.begins(packet.bytes) else { return }
        do {
            let head = try OpusHead(packet.bytes)
            (stage, serial, skip, position, waiting, followsLoss) = (.tags, packet.serial, head.preSkip, nil, [], false)
            events.append(.head(head))
        } catch {
            invalidPackets += 1
        }
    }

    private mutating func collect(_ packet: OggPacket) {
        do {
            let duration = try OpusPacket(packet.bytes).duration
            waiting.append(Waiting(bytes: packet.bytes, duration: duration, followsLoss: packet.followsLoss || followsLoss))
            followsLoss = false
        } catch {
            invalidPackets += 1
            followsLoss = true
        }
    }

    /// Gives the waiting packets their times, backwards from the position of their page.
    private mutating func place(_ granule: Int64?, isEnd: Bool, into events: inout [Event]) {
        guard !waiting.isEmpty else { return }
        let total = Int64(waiting.reduce(0) { $0 + $1.duration })
        let known = granule.flatMap { (0...Self.latestGranule).contains($0) ? $0 : nil }
        var start = position ?? max(0, (known ?? 0) - total)
        var missing: Int64 = 0
        if let known, position != nil, known - total > start, waiting[0].followsLoss {
            missing = min(known - total - start, Self.longestMissing)
            start = known - total
        }
        var left = total  // what is to be played of this page
        if isEnd, let known { left = max(0, min(total, known - start)) }
        for packet in waiting {
            let length = max(0, min(packet.duration, Int(left)))
            let skipped = min(skip, packet.duration)
            skip -= skipped
            left -= Int64(packet.duration)
            start += Int64(packet.duration)
            events.append(
                .packet(
                    OggOpusPacket(
                        bytes: packet.bytes, duration: packet.duration, granule: start, skip: skipped, keep: max(0, length - skipped),
                        missing: Int(missing))))
            missing = 0
        }
        position = isEnd ? start : max(start, known ?? start)
        waiting = []
    }
}
