/// Writes Opus packets as an Ogg Opus file (RFC 7845), a page for every second or so.
package struct OggOpusWriter: Sendable {
    private var container: OggWriter
    private let preSkip: Int
    private let pageDuration: Int
    private var position: Int64 = 0
    private var pageStart: Int64 = 0

    /// - Parameters:
    ///   - head: Its `preSkip` is what players leave out: the encoder's lookahead.
    ///   - serial: The stream's number, best drawn at random.
    ///   - pageDuration: Ticks of 1/48,000 s after which a page goes out; a recording cut short loses at most that.
    package init(head: OpusHead, tags: OpusTags = OpusTags(), serial: UInt32, pageDuration: Int = OpusPacket.clockRate) {
        container = OggWriter(serial: serial)
        (preSkip, self.pageDuration) = (head.preSkip, pageDuration)
        container.append(head.bytes, granule: 0)
        container.flush()
        container.append(tags.bytes, granule: 0)
        container.flush()
    }

    /// Ticks of 1/48,000 s written so far, pre-skip included.
    package var duration: Int { Int(position) }

    /// Adds the next packet.
    ///
    /// - Throws: `badOpusPacket`; the file goes on without it.
    package mutating func append(_ packet: [UInt8]) throws(AudioError) {
        let duration = try OpusPacket(packet).duration
        // A page waits for the packet after it, so that the last page of the file is never an empty one.
        if position - pageStart >= pageDuration {
            container.flush()
            pageStart = position
        }
        position += Int64(duration)
        container.append(packet, granule: position)
    }

    /// Ends the file.
    ///
    /// - Parameter length: Ticks of audio to be played, without pre-skip; nil plays all. It can only shorten what the last page holds.
    package mutating func finish(length: Int? = nil) {
        guard let length else { return container.finish(granule: position) }
        container.finish(granule: max(pageStart, min(position, Int64(preSkip) + Int64(max(0, length)))))
    }

    /// Hands over the bytes made so far; they may be written out at once.
    package mutating func drain() -> [UInt8] { container.drain() }
}
