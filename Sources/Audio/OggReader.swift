/// One packet of one logical stream of an Ogg file.
package struct OggPacket: Sendable, Equatable {
    package let serial: UInt32
    package let bytes: [UInt8]
    /// The position the stream's page gives for its end; nil if it is not the last to end on its page, or none is given.
    package let granule: Int64?
    /// True for the last to end on its page.
    package let endsPage: Bool
    /// True if it begins its logical stream.
    package let isFirst: Bool
    /// True if it ends its logical stream.
    package let isLast: Bool
    /// True if something of its stream was lost just before it.
    package let followsLoss: Bool
}

/// Takes the bytes of an Ogg file (RFC 3533) in any cuts and gives the packets of all its streams.
///
/// Garbage and pages with a wrong checksum are skipped and counted. At most one page (65,307 bytes), the unfinished packets of
/// eight streams and what one call brought are held.
package struct OggReader: Sendable {
    /// Logical streams followed at once; pages of further ones are ignored.
    package static let streamLimit = 8

    /// Pages that their streams' numbering shows to be missing; at most 1000 a gap.
    package private(set) var lostPages = 0
    /// Pages whose checksum was wrong, or that only seemed to be pages.
    package private(set) var invalidPages = 0
    /// Bytes that belonged to no page.
    package private(set) var skippedBytes = 0
    /// Packets given up because they were too long, or parts of them were lost.
    package private(set) var lostPackets = 0
    /// Pages ignored because of ``streamLimit``, or without a beginning of their stream.
    package private(set) var ignoredPages = 0

    private struct Stream {
        var nextSequence: UInt32
        var partial: [UInt8] = []
        var isPartial = false
        var followsLoss = false
    }

    private let packetLimit: Int
    private var buffer: [UInt8] = []
    private var start = 0
    private var streams: [UInt32: Stream] = [:]
    private var received = 0
    private var wasted = 0  // bytes whose checksum was computed in vain

    /// - Parameter packetLimit: Bytes of the longest packet; longer ones are dropped and counted.
    package init(packetLimit: Int = 1 << 20) { self.packetLimit = packetLimit }

    /// Takes the next bytes and gives the packets that are complete, in order.
    package mutating func read(_ bytes: [UInt8]) -> [OggPacket] { read(bytes.span) }

    /// Takes the next bytes and gives the packets that are complete, in order.
    package mutating func read(_ bytes: Span<UInt8>) -> [OggPacket] {
        for index in bytes.indices { buffer.append(bytes[index]) }
        received += bytes.count
        var packets: [OggPacket] = []
        scan: while findCapture() {
            switch OggPage.read(buffer, at: start) {
            case .incomplete: break scan
            case .page(let page):
                accept(page, into: &packets)
                start += page.size
            case .invalid(let work):
                invalidPages += 1
                wasted += work
                // Made-up headers must not cost a checksum of 64 KB each, without end.
                skip(wasted > 64 * received + 1 << 20 ? max(4, work) : 4)
            }
        }
        buffer.removeFirst(start)
        start = 0
        return packets
    }

    /// Moves to the next place where a page may begin; false if more bytes are needed to know.
    private mutating func findCapture() -> Bool {
        let (place, found) = Self.findCapture(buffer.span, from: start)
        skip(place - start)
        return found
    }

    private static func findCapture(_ bytes: Span<UInt8>, from start: Int) -> (place: Int, found: Bool) {
        let capture = OggPage.capture
        var place = start
        while place + 4 <= bytes.count {
            if bytes[place] == capture[0], bytes[place + 1] == capture[1], bytes[place + 2] == capture[2], bytes[place + 3] == capture[3] {
                return (place, true)
            }
            place += 1
        }
        return (place, false)
    }

    private mutating func skip(_ count: Int) {
        skippedBytes += count
        start += count
    }

    private mutating func accept(_ page: OggPage, into packets: inout [OggPacket]) {
        guard var stream = stream(for: page) else {
            ignoredPages += 1
            return
        }
        streams[page.serial] = nil  // moved out, changed in place, put back below
        follow(page, &stream)
        var place = page.body.lowerBound
        var ended: [Range<Int>] = []
        var from = place
        for length in page.lacing {
            place += Int(length)
            if length < 255 {
                ended.append(from..<place)
                from = place
            }
        }
        var isSkipping = page.flags.contains(.continued) && !stream.isPartial  // the end of a packet whose beginning is lost
        for (index, range) in ended.enumerated() {
            if isSkipping {
                (isSkipping, stream.followsLoss) = (false, true)
                lostPackets += 1
                continue
            }
            guard stream.partial.count + range.count <= packetLimit else {
                (stream.partial, stream.isPartial, stream.followsLoss) = ([], false, true)
                lostPackets += 1
                continue
            }
            let endsPage = index == ended.count - 1
            packets.append(
                OggPacket(
                    serial: page.serial, bytes: stream.partial + buffer[range],
                    granule: endsPage && page.granule != OggPage.noGranule ? page.granule : nil, endsPage: endsPage,
                    isFirst: index == 0 && page.flags.contains(.first), isLast: endsPage && page.flags.contains(.last),
                    followsLoss: stream.followsLoss))
            (stream.partial, stream.isPartial, stream.followsLoss) = ([], false, false)
        }
        if from < page.body.upperBound, !isSkipping {
            // Beyond the limit the bytes are not kept; the packet is dropped where it ends.
            if stream.partial.count <= packetLimit { stream.partial += buffer[from..<page.body.upperBound] }
            stream.isPartial = true
        }
        if !page.flags.contains(.last) { streams[page.serial] = stream }
    }

    private func stream(for page: OggPage) -> Stream? {
        if page.flags.contains(.first) {
            return streams[page.serial] != nil || streams.count < Self.streamLimit ? Stream(nextSequence: page.sequence) : nil
        }
        return streams[page.serial]
    }

    /// Notes missing pages and gives up a packet of which a part is missing.
    private mutating func follow(_ page: OggPage, _ stream: inout Stream) {
        let gap = Int32(bitPattern: page.sequence &- stream.nextSequence)
        stream.nextSequence = page.sequence &+ 1
        let isBroken = stream.isPartial && (gap != 0 || !page.flags.contains(.continued))
        if gap != 0 {
            lostPages += gap > 0 ? min(Int(gap), 1_000) : 1
            stream.followsLoss = true
        }
        if isBroken {
            lostPackets += 1
            (stream.partial, stream.isPartial, stream.followsLoss) = ([], false, true)
        }
    }
}
