internal import NIOCore
internal import Wire

/// A telephone call as Twilio's media streams bring it: plays what comes one after the other, gives marks back once they are reached.
///
/// The protocol tells neither when a turn is taken nor when a reply is over. A reply begins with the first sound after another one, and is over when
/// nothing has been left to play for a while, or was cleared.
struct TwilioDialect: CallerDialect {
    /// Nothing to play for this long ends a reply.
    static let pause = Duration.milliseconds(400)
    private static let packet = Duration.milliseconds(20)
    private static let bytesPerMillisecond = 8
    /// What the server does where its settings do not say otherwise.
    private static let lead = Duration.milliseconds(120)

    private let name: String
    private let agent: String
    private let isScripted: Bool
    private var isReady = false
    private var messages = 1
    private var chunks = 0
    private var epoch: UInt16 = 0
    private var isPlaying = false
    private var sequence: UInt32 = 0
    private var time: UInt32 = 0
    /// When all that came has been played.
    private var playsUntil = Duration.zero
    private var marks: [(name: String, at: Duration)] = []

    init(name: String, agent: String, isScripted: Bool) { (self.name, self.agent, self.isScripted) = (name, agent, isScripted) }

    private var stream: String { "MZ-\(name)" }

    var headers: String { "" }

    /// The server answers nothing to a start; that it has read it shows by the ping behind it.
    mutating func open() -> [UInt8] {
        var parameters: [JSONValue.Member] = [.init("agent", .string(agent))]
        if isScripted { parameters.append(.init("variables.\(ScriptedEngines.Caller.variable)", .string(name))) }
        let connected: JSONValue = ["event": "connected", "protocol": "Call", "version": "1.0.0"]
        let start: JSONValue = [
            "event": "start", "sequenceNumber": "1", "streamSid": .string(stream),
            "start": [
                "streamSid": .string(stream), "accountSid": "AC-load", "callSid": .string("CA-\(name)"), "tracks": ["inbound"],
                "mediaFormat": ["encoding": "audio/x-mulaw", "sampleRate": 8_000, "channels": 1], "customParameters": .object(parameters),
            ],
        ]
        return ClientFrame.bytes(.text, connected.bytes) + ClientFrame.bytes(.text, start.bytes) + ask(0)
    }

    mutating func write(_ packet: [UInt8], tick: UInt32, into frame: inout ByteBuffer) {
        messages += 1
        chunks += 1
        var text: [UInt8] = []
        text.reserveCapacity(packet.count + 192)
        text += #"{"event":"media","sequenceNumber":"\#(messages)","streamSid":"\#(stream)","media":{"track":"inbound","chunk":""#.utf8
        text += #"\#(chunks)","timestamp":"\#(20 * Int(tick))","payload":""#.utf8
        text += packet
        text += #""}}"#.utf8
        frame.writeBytes(ClientFrame.bytes(.text, text))
    }

    /// A ping of the WebSocket itself: the protocol has nothing that is answered at once.
    mutating func ask(_ number: Int) -> [UInt8] { ClientFrame.bytes(.ping, Array(String(number).utf8)) }

    func hangUp() -> [UInt8] {
        let stop: JSONValue = [
            "event": "stop", "sequenceNumber": .string("\(messages + 1)"), "streamSid": .string(stream),
            "stop": ["accountSid": "AC-load", "callSid": .string("CA-\(name)")],
        ]
        return ClientFrame.bytes(.text, stop.bytes)
    }

    mutating func pass(to now: Duration) -> (frames: [UInt8], heard: [CallerNews]) {
        let frames = giveBack { $0.at <= now }
        guard isPlaying, now - playsUntil >= Self.pause else { return (frames, []) }
        isPlaying = false
        return (frames, [.event(.agentFinished(turn: 0, epoch: epoch, reason: .completed, heard: ""))])
    }

    mutating func read(_ opcode: FrameOpcode, _ payload: ByteBuffer, at now: Duration) throws(WireError) -> (frames: [UInt8], heard: [CallerNews]) {
        let bytes = Array(payload.readableBytesView)
        if opcode == .pong { return ([], ponged(Int(String(decoding: bytes, as: UTF8.self)))) }
        guard opcode == .text else { return ([], []) }
        let message = try JSONValue(parsing: bytes)
        switch message["event"]?.string ?? "" {
        case "media": return ([], play(message["media"]?["payload"]?.string ?? "", at: now))
        case "mark":
            marks.append((message["mark"]?["name"]?.string ?? "", max(now, playsUntil)))
            return ([], [])
        case "clear":
            playsUntil = now
            let frames = giveBack { _ in true }
            guard isPlaying else { return (frames, []) }
            isPlaying = false
            return (frames, [.event(.flush(epoch: epoch, fromSequence: sequence))])
        default: return ([], [])
        }
    }

    private mutating func ponged(_ number: Int?) -> [CallerNews] {
        guard let number else { return [] }
        if isReady { return [.event(.pong(number))] }
        isReady = true
        let output = AudioFormat(codec: .muLaw, sampleRate: 8_000, packetMilliseconds: Int(Self.packet / .milliseconds(1)))
        return [.event(.ready(SessionReady(caller: name, agent: agent, output: output, lead: Self.lead, isScripted: isScripted)))]
    }

    private mutating func play(_ text: String, at now: Duration) -> [CallerNews] {
        let length = Base64.byteCount(text) / Self.bytesPerMillisecond
        let begins = !isPlaying
        if begins { epoch &+= 1 }
        isPlaying = true
        playsUntil = max(now, playsUntil) + .milliseconds(length)
        let header = AudioPacketHeader(flags: begins ? .start : [], epoch: epoch, sequence: sequence, time: time)
        sequence &+= 1
        time &+= UInt32(48 * length)
        return (begins ? [.event(.agentStarted(turn: 0, epoch: epoch))] : []) + [.packet(header)]
    }

    /// Marks come back in the order in which they came.
    private mutating func giveBack(where isDue: ((name: String, at: Duration)) -> Bool) -> [UInt8] {
        var frames: [UInt8] = []
        while let mark = marks.first, isDue(mark) {
            marks.removeFirst()
            messages += 1
            let message: JSONValue = [
                "event": "mark", "sequenceNumber": .string("\(messages)"), "streamSid": .string(stream), "mark": ["name": .string(mark.name)],
            ]
            frames += ClientFrame.bytes(.text, message.bytes)
        }
        return frames
    }
}
