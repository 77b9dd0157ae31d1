internal import NIOCore
internal import Wire

/// How one caller speaks at a door: what it sends for what it means, and what it makes of what comes. A value: no socket, no clock.
///
/// What comes is told in the words of `parley.v1`, so that one kind of caller serves at every door. What goes out are whole frames.
protocol CallerDialect {
    /// Lines of the upgrade's head besides those of every WebSocket, each with its end.
    var headers: String { get }
    /// What begins the session once the connection is a WebSocket.
    mutating func open() -> [UInt8]
    /// Writes a packet that ``LoadDoor/encode(_:)`` has prepared.
    ///
    /// - Parameter tick: Packets' lengths since the session was ready; one is left out where nothing was sent.
    mutating func write(_ packet: [UInt8], tick: UInt32, into frame: inout ByteBuffer)
    /// Something that the server answers at once and in its place behind the audio; the answer is told as a pong of this number.
    mutating func ask(_ number: Int) -> [UInt8]
    /// Tells how much of a reply was heard; nil where the protocol has no such message.
    func tellPlayout(_ epoch: UInt16, _ heard: Duration) -> [UInt8]?
    /// Tells how much was heard of a reply that was cut short; nil where the protocol has no such message.
    func tellCut(_ epoch: UInt16, _ heard: Duration) -> [UInt8]?
    /// Hangs up.
    func hangUp() -> [UInt8]
    /// Takes what time brings, each 20 ms.
    ///
    /// - Returns: What is to be sent, and what is known now.
    mutating func pass(to now: Duration) -> (frames: [UInt8], heard: [CallerNews])
    /// Takes one whole message of the server; `opcode` is that of a text, binary or pong frame.
    ///
    /// - Throws: `WireError` for what cannot be read.
    mutating func read(_ opcode: FrameOpcode, _ payload: ByteBuffer, at now: Duration) throws(WireError) -> (frames: [UInt8], heard: [CallerNews])
}

/// What a caller learns.
enum CallerNews: Equatable {
    case event(ServerEvent)
    case packet(AudioPacketHeader)
}

extension CallerDialect {
    func tellPlayout(_ epoch: UInt16, _ heard: Duration) -> [UInt8]? { nil }
    func tellCut(_ epoch: UInt16, _ heard: Duration) -> [UInt8]? { nil }
    mutating func pass(to now: Duration) -> (frames: [UInt8], heard: [CallerNews]) { ([], []) }
}

/// What the server is told of a caller where its protocol has no name for a session: it stands in the agent's instructions, and so in what the
/// language model is asked.
enum CallerName {
    private static let stem = Array("caller-".utf8)

    static func of(_ number: Int) -> String { "caller-\(number)" }

    /// The first name in a text.
    static func find(in text: some Sequence<UInt8>) -> String? {
        let text = Array(text)
        for place in text.ranges(of: stem) {
            let digits = text[place.upperBound...].prefix { (0x30...0x39).contains($0) }
            if !digits.isEmpty { return String(decoding: stem + digits, as: UTF8.self) }
        }
        return nil
    }
}
