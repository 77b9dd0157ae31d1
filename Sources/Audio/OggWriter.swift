/// Writes one logical Ogg stream (RFC 3533): packets in, pages out.
package struct OggWriter: Sendable {
    private let serial: UInt32
    private var sequence: UInt32 = 0
    private var lacing: [UInt8] = []
    private var body: [UInt8] = []
    private var granule = OggPage.noGranule
    private var isContinued = false
    private var isFinished = false
    private var output: [UInt8] = []

    /// - Parameter serial: The number of the stream, unlike that of any other in the same file.
    package init(serial: UInt32) { self.serial = serial }

    /// Packets, or parts of them, that are on no page yet.
    package var hasPending: Bool { !lacing.isEmpty }

    /// Adds a packet to the page that is being made; full pages go out by themselves.
    ///
    /// - Parameter granule: The stream's position at the end of the packet, at least 0.
    package mutating func append(_ packet: [UInt8], granule: Int64) {
        precondition(!isFinished, "a finished stream takes no packet")
        var rest = packet[...]
        var length = 255
        while length == 255 {
            if lacing.count == 255 {
                let isInside = rest.count < packet.count
                emit([])
                isContinued = isInside
            }
            length = min(255, rest.count)
            lacing.append(UInt8(length))
            body += rest.prefix(length)
            rest = rest.dropFirst(length)
        }
        self.granule = granule
    }

    /// Makes a page of the packets at hand, if there are any.
    package mutating func flush() {
        if hasPending { emit([]) }
    }

    /// Ends the stream with the packets at hand on its last page.
    ///
    /// - Parameter granule: The stream's length, if its last packet reaches beyond it.
    package mutating func finish(granule: Int64? = nil) {
        guard !isFinished else { return }
        if let granule { self.granule = granule }
        emit(.last)
        isFinished = true
    }

    /// Hands over the bytes of the pages made so far.
    package mutating func drain() -> [UInt8] {
        defer { output = [] }
        return output
    }

    private mutating func emit(_ last: OggPage.Flags) {
        var flags = last
        if sequence == 0 { flags.insert(.first) }
        if isContinued { flags.insert(.continued) }
        OggPage.write(flags: flags, granule: granule, serial: serial, sequence: sequence, lacing: lacing, body: body, to: &output)
        sequence &+= 1
        (lacing, body, granule, isContinued) = ([], [], OggPage.noGranule, false)
    }
}
