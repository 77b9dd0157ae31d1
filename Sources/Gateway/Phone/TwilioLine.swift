internal import DequeModule
package import Wire

/// The carrier's end of one media stream, kept as Twilio keeps it. A value: no clock, no IO.
///
/// What the caller says goes out in pieces of 20 ms. What the agent says waits in a buffer that plays at the pace of speech; a mark comes back once
/// all before it has been played, at once where nothing waits, and a clear drops what waits and gives back its marks.
package struct TwilioLine: Sendable {
    /// What the server said in one message.
    package enum Heard: Sendable, Equatable {
        /// Sound to be played, G.711 mu-law of 8 kHz.
        case media([UInt8])
        case mark(String)
        /// So many milliseconds waited and will not be played.
        case clear(dropped: Int)
        /// An event of the native protocol, which streams with the parameter `events` tell.
        case event(NumberedEvent)
    }

    private enum Waiting {
        case sound([UInt8])
        case mark(String)
    }

    /// Bytes of 20 ms.
    package static let frame = 160
    private static let frameMilliseconds = 20
    private static let bytesPerMillisecond = 8
    private static let silence: UInt8 = 0xFF

    private let stream: String
    private let call: String
    private var sent = 0
    private var chunks = 0
    private var waiting: Deque<Waiting> = []
    private var waitingBytes = 0
    /// Marks that have come to their end since the last 20 ms.
    private var reached: [String] = []

    /// - Parameters:
    ///   - stream: Names the stream; not empty.
    ///   - call: Names the call.
    package init(stream: String, call: String) { (self.stream, self.call) = (stream, call) }

    /// How much waits to be played, in milliseconds.
    package var buffered: Int { waitingBytes / Self.bytesPerMillisecond }

    /// The messages that a stream begins with.
    package mutating func open(_ parameters: [String: String]) -> [[UInt8]] {
        let connected: JSONValue = ["event": "connected", "protocol": "Call", "version": "1.0.0"]
        let members = parameters.sorted { $0.key < $1.key }.map { JSONValue.Member($0.key, .string($0.value)) }
        let start: JSONValue = [
            "streamSid": .string(stream), "accountSid": "AC0", "callSid": .string(call), "tracks": ["inbound"],
            "mediaFormat": ["encoding": "audio/x-mulaw", "sampleRate": 8_000, "channels": 1], "customParameters": .object(members),
        ]
        return [connected.bytes, message("start", start)]
    }

    /// 20 ms pass.
    ///
    /// - Parameter voice: What the caller says meanwhile; short of ``frame`` bytes the rest is silence. Nil is lost on the way to the carrier.
    /// - Returns: What is sent, and what was played; nothing where nothing waited.
    package mutating func pass(_ voice: [UInt8]?) -> (messages: [[UInt8]], played: [UInt8]) {
        chunks += 1
        var messages: [[UInt8]] = []
        if let voice { messages.append(media(voice)) }
        let played = play()
        for name in reached { messages.append(message("mark", ["name": .string(name)])) }
        reached = []
        return (messages, played)
    }

    private mutating func media(_ voice: [UInt8]) -> [UInt8] {
        let payload = voice + [UInt8](repeating: Self.silence, count: max(0, Self.frame - voice.count))
        let media: JSONValue = [
            "track": "inbound", "chunk": .string(String(chunks)), "timestamp": .string(String(chunks * Self.frameMilliseconds)),
            "payload": .string(Base64.text(payload)),
        ]
        return message("media", media)
    }

    /// A key of the caller's telephone.
    package mutating func press(_ key: Character) -> [UInt8] { message("dtmf", ["track": "inbound_track", "digit": .string(String(key))]) }

    /// The caller hangs up.
    package mutating func stop() -> [UInt8] { message("stop", ["accountSid": "AC0", "callSid": .string(call)]) }

    /// Takes a message of the server's.
    ///
    /// - Throws: `wire.bad_json`, `wire.bad_field` for what Twilio would not take, `wire.unknown_event`.
    package mutating func take(_ text: [UInt8]) throws(WireError) -> Heard {
        let said = try JSONValue(parsing: text)
        guard said["streamSid"]?.string == stream else { throw WireError(WireError.badField, "streamSid is missing, or not this stream's") }
        switch said["event"]?.string {
        case "media":
            guard let payload = said["media"]?["payload"]?.string.flatMap(Base64.bytes), !payload.isEmpty else {
                throw WireError(WireError.badField, "media.payload must be base64")
            }
            waiting.append(.sound(payload))
            waitingBytes += payload.count
            return .media(payload)
        case "mark":
            guard let name = said["mark"]?["name"]?.string, !name.isEmpty else { throw WireError(WireError.badField, "mark.name is missing") }
            if waitingBytes == 0 { reached.append(name) } else { waiting.append(.mark(name)) }
            return .mark(name)
        case "clear":
            defer { waitingBytes = 0 }
            for piece in waiting { if case .mark(let name) = piece { reached.append(name) } }
            waiting.removeAll()
            return .clear(dropped: buffered)
        case Carrier.eventName: return .event(try NumberedEvent(json: said[Carrier.eventName]?.bytes ?? []))
        default: throw WireError(WireError.unknownEvent, "Twilio knows no such event")
        }
    }

    private mutating func play() -> [UInt8] {
        var played: [UInt8] = []
        while let next = waiting.first {
            switch next {
            case .mark(let name):
                reached.append(name)
                waiting.removeFirst()
            case .sound(let bytes):
                guard played.count < Self.frame else { return played }
                let count = min(Self.frame - played.count, bytes.count)
                played += bytes.prefix(count)
                waitingBytes -= count
                if count == bytes.count { waiting.removeFirst() } else { waiting[0] = .sound(Array(bytes.dropFirst(count))) }
            }
        }
        return played
    }

    private mutating func message(_ event: String, _ content: JSONValue) -> [UInt8] {
        sent += 1
        let message: JSONValue = [
            "event": .string(event), "sequenceNumber": .string(String(sent)), "streamSid": .string(stream),
        ]
        return JSONValue.object((message.members ?? []) + [.init(event, content)]).bytes
    }
}
