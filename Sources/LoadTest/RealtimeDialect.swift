internal import NIOCore
internal import Wire

/// A caller of the OpenAI Realtime API over a WebSocket, who leaves it to the server when a turn is over.
struct RealtimeDialect: CallerDialect {
    enum Format {
        case pcm, muLaw

        var json: JSONValue { self == .pcm ? ["type": "audio/pcm", "rate": 24_000] : ["type": "audio/pcmu"] }
        /// Bytes a millisecond.
        var density: Int { self == .pcm ? 48 : 8 }
    }

    private enum Phase: Equatable {
        case connecting, settling, open
    }

    /// What the server's door does with every session.
    private static let output = AudioFormat(codec: .pcm16, sampleRate: 24_000, packetMilliseconds: 40)
    private static let lead = Duration.milliseconds(600)

    private let name: String
    private let format: Format
    private let isScripted: Bool
    private var phase = Phase.connecting
    private var asked: Int?
    private var turn = 0
    private var epoch: UInt16 = 0
    private var sequence: UInt32 = 0
    private var time: UInt32 = 0
    /// Whether the response that is open has sounded, and what item sounds.
    private var isSounding = false
    private var item = ""

    init(name: String, format: Format, isScripted: Bool) { (self.name, self.format, self.isScripted) = (name, format, isScripted) }

    /// The frame that gives the server 20 ms.
    static func append(_ bytes: [UInt8]) -> [UInt8] {
        var text = Array(#"{"type":"input_audio_buffer.append","audio":""#.utf8)
        Base64.append(bytes, to: &text)
        return ClientFrame.bytes(.text, text + Array(#""}"#.utf8))
    }

    var headers: String { "" }

    /// The server speaks first.
    mutating func open() -> [UInt8] { [] }

    mutating func write(_ packet: [UInt8], tick: UInt32, into frame: inout ByteBuffer) { frame.writeBytes(packet) }

    /// An update of nothing: it changes nothing, is answered in its place, and is no error.
    mutating func ask(_ number: Int) -> [UInt8] {
        asked = number
        return update([:])
    }

    private func update(_ members: KeyValuePairs<String, JSONValue?>) -> [UInt8] {
        let session = JSONValue.object([.init("type", "realtime")] + (JSONValue.object(members).members ?? []))
        return ClientFrame.bytes(.text, (["type": "session.update", "session": session] as JSONValue).bytes)
    }

    func tellCut(_ epoch: UInt16, _ heard: Duration) -> [UInt8]? {
        guard epoch == self.epoch, !item.isEmpty else { return nil }
        let event: JSONValue = [
            "type": "conversation.item.truncate", "item_id": .string(item), "content_index": 0, "audio_end_ms": .int(Int(heard / .milliseconds(1))),
        ]
        return ClientFrame.bytes(.text, event.bytes)
    }

    func hangUp() -> [UInt8] { ClientFrame.bytes(.close, [0x03, 0xE8]) }

    mutating func read(_ opcode: FrameOpcode, _ payload: ByteBuffer, at now: Duration) throws(WireError) -> (frames: [UInt8], heard: [CallerNews]) {
        guard opcode == .text else { return ([], []) }
        let event = try JSONValue(parsing: Array(payload.readableBytesView))
        switch event["type"]?.string ?? "" {
        case "session.created": return (settle(), [])
        case "session.updated": return ([], updated())
        case "input_audio_buffer.committed":
            turn += 1
            return ([], [.event(.userFinal(turn: turn, text: ""))])
        case "response.created":
            epoch &+= 1
            (isSounding, item) = (false, "")
            return ([], [.event(.agentStarted(turn: turn, epoch: epoch))])
        case "response.output_audio.delta":
            item = event["item_id"]?.string ?? item
            return ([], [packet(event["delta"]?.string ?? "")])
        case "response.output_audio_transcript.delta":
            let text = AgentText(turn: turn, epoch: epoch, text: event["delta"]?.string ?? "", start: .zero, duration: nil)
            return ([], [.event(.agentText(text))])
        case "response.done": return ([], [done(event["response"])])
        case "error": return ([], [.event(.error(WireError(event["error"]?["code"]?.string ?? "realtime.error", "")))])
        default: return ([], [])
        }
    }

    /// Turns are taken as at the other doors: by a model, not by silence alone.
    private mutating func settle() -> [UInt8] {
        guard phase == .connecting else { return [] }
        phase = .settling
        return update([
            "instructions": isScripted ? .string("You answer \(name) in a load test.") : nil,
            "audio": [
                "input": ["format": format.json, "turn_detection": ["type": "semantic_vad"]], "output": ["format": format.json],
            ],
        ])
    }

    private mutating func updated() -> [CallerNews] {
        if phase == .settling {
            phase = .open
            let ready = SessionReady(caller: name, agent: "", output: Self.output, lead: Self.lead, isScripted: isScripted)
            return [.event(.ready(ready))]
        }
        defer { asked = nil }
        return asked.map { [.event(.pong($0))] } ?? []
    }

    /// The protocol numbers no audio: it is numbered here as it comes.
    private mutating func packet(_ text: String) -> CallerNews {
        let header = AudioPacketHeader(flags: isSounding ? [] : .start, epoch: epoch, sequence: sequence, time: time)
        isSounding = true
        sequence &+= 1
        time &+= UInt32(Base64.byteCount(text) / format.density * 48)
        return .packet(header)
    }

    private func done(_ response: JSONValue?) -> CallerNews {
        switch response?["status"]?.string {
        case "cancelled" where isSounding: .event(.flush(epoch: epoch, fromSequence: sequence))
        case "cancelled": .event(.agentFinished(turn: turn, epoch: epoch, reason: .cancelled, heard: ""))
        case "failed": .event(.error(WireError(response?["status_details"]?["error"]?["code"]?.string ?? "realtime.failed", "")))
        default: .event(.agentFinished(turn: turn, epoch: epoch, reason: .completed, heard: ""))
        }
    }
}
