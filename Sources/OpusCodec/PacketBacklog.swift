import Audio

/// The last packets of a stream, as they came: a ring that drops the oldest once those behind it last for long enough. Allocates with the first packet
/// alone.
struct PacketBacklog {
    /// Bytes of a packet, at most: 20 ms at 64 kbit/s.
    static let longestPacket = 160
    /// Ticks of a packet, at least: 20 ms.
    static let shortest = 960

    private struct Place {
        var bytes: UInt8 = 0
        var ticks: Int32 = 0
        var gap: Int32 = 0
        var all: Int { Int(ticks) + Int(gap) }
    }

    /// Ticks of 1/48,000 s that are kept at least, where so many came. What is kept has at most one packet more.
    let span: Int
    private(set) var count = 0
    private var first = 0
    /// Ticks of all.
    private var length = 0
    private var places: [Place] = []
    private var bytes: [UInt8] = []

    init(span: Int) { self.span = span }

    private var room: Int { span / Self.shortest + 2 }

    /// Takes a packet in; those that are not needed any more go.
    ///
    /// - Parameters:
    ///   - packet: At most ``longestPacket`` bytes.
    ///   - ticks: How long it is; at least ``shortest``.
    ///   - gap: Ticks before it in which nothing was sent.
    /// - Returns: The ticks of what went.
    mutating func append(_ packet: Span<UInt8>, ticks: Int, gap: Int) -> Int {
        precondition(packet.count <= Self.longestPacket && ticks >= Self.shortest && gap >= 0, "a packet fits its place")
        if places.isEmpty {
            places = [Place](repeating: Place(), count: room)
            bytes = [UInt8](repeating: 0, count: room * Self.longestPacket)
        }
        let place = (first + count) % room
        places[place] = Place(bytes: UInt8(packet.count), ticks: Int32(clamping: ticks), gap: Int32(clamping: gap))
        let start = place * Self.longestPacket
        var into = bytes.mutableSpan
        for index in packet.indices { into[start + index] = packet[index] }
        count += 1
        length += places[place].all
        var gone = 0
        while length - places[first].all >= span {
            gone += places[first].all
            removeFirst()
        }
        return gone
    }

    private mutating func removeFirst() {
        length -= places[first].all
        first = (first + 1) % room
        count -= 1
    }

    /// Hands out the oldest packet and forgets it.
    mutating func takeFirst(_ body: (_ packet: Span<UInt8>, _ ticks: Int, _ gap: Int) -> Void) {
        guard count > 0 else { return }
        let place = places[first]
        let start = first * Self.longestPacket
        body(bytes.span.extracting(start..<start + Int(place.bytes)), Int(place.ticks), Int(place.gap))
        removeFirst()
    }

    mutating func removeAll() { (count, first, length) = (0, 0, 0) }
}
