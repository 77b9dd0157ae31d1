import Wire

@testable import Gateway

/// A translator with a client on one side and a session on the other, both played by a test.
struct RealtimeStand {
    var translator: RealtimeTranslator
    /// The session's time.
    var now = Duration.zero
    var actions: [RealtimeTranslator.Action] = []
    private var epoch: UInt16 = 0

    /// - Parameter isReady: Whether the session has begun and its first events are read.
    init(isReady: Bool = true, _ change: (inout RealtimeConfig) -> Void = { _ in }) {
        var config = RealtimeConfig(model: "m")
        change(&config)
        translator = RealtimeTranslator(identity: .init(salt: "x", model: "m", expiry: 1_767_233_035), config: config)
        if isReady { say(.ready(Self.ready)) }
    }

    static let ready = SessionReady(
        session: "s", resumeToken: "t", resumed: false, agent: "a", language: "en", input: AudioFormat(codec: .pcm16, sampleRate: 24_000),
        output: AudioFormat(codec: .pcm16, sampleRate: 24_000, packetMilliseconds: 40), limits: SessionLimits(), engines: [:])

    // MARK: what happens

    mutating func client(_ json: JSONValue) { actions = translator.take(client: json) }

    mutating func client(_ text: String) {
        guard let json = try? JSONValue(parsing: Array(text.utf8), depth: 64) else { return actions = [] }
        client(json)
    }

    mutating func say(_ event: ServerEvent) {
        now += .milliseconds(10)
        actions = translator.take(event, at: now)
    }

    mutating func report(_ report: ReplyReport) { say(.report(report)) }

    /// A whole packet of 40 ms.
    mutating func audio(_ epoch: UInt16, density: Int = 48) {
        actions = translator.take(AudioPacketHeader(epoch: epoch, sequence: 0, time: 0), payload: [UInt8](repeating: 1, count: 40 * density))
    }

    /// Text of the client's.
    mutating func item(_ id: String, _ text: String = "hello") {
        client([
            "type": "conversation.item.create",
            "item": ["id": .string(id), "type": "message", "role": "user", "content": [["type": "input_text", "text": .string(text)]]],
        ])
    }

    /// Asks for a response and has the session begin it; its epoch.
    mutating func respond(_ members: [JSONValue.Member] = []) -> UInt16 {
        client(["type": "response.create", "response": .object(members)])
        return begin(requests.last?.id)
    }

    mutating func begin(_ request: String?) -> UInt16 {
        epoch += 1
        report(.began(epoch: epoch, request: request))
        return epoch
    }

    /// A voice that becomes a turn with these words.
    mutating func turn(_ number: Int, _ text: String) -> [RealtimeTranslator.Action] {
        var all: [RealtimeTranslator.Action] = []
        say(.speechStarted(at: now))
        all += actions
        say(.state(.hearing, turn: number))
        all += actions
        say(.speechStopped(at: now))
        all += actions
        say(.userFinal(turn: number, text: text))
        return all + actions
    }

    // MARK: what came of it

    var sent: [JSONValue] { actions.sent }
    var types: [String] { actions.types }
    var error: String? { sent.last { $0["type"] == "error" }?["error"]?["code"]?.string }
    var directions: [Direction] { actions.directions }
    var requests: [ReplyRequest] { directions.compactMap { if case .respond(let request) = $0 { request } else { nil } } }

    func first(_ type: String) -> JSONValue? { sent.first { $0["type"]?.string == type } }
}

extension [RealtimeTranslator.Action] {
    var sent: [JSONValue] { compactMap { if case .send(let event) = $0 { event } else { nil } } }

    var types: [String] {
        compactMap { action in
            switch action {
            case .send(let event): event["type"]?.string
            case .sendAudio: "response.output_audio.delta"
            case .session, .hear, .hearAll, .forgetHeard, .hearAs, .startTimer: nil
            }
        }
    }

    var directions: [Direction] { compactMap { if case .session(.direct(let direction)) = $0 { direction } else { nil } } }
    var sessionEvents: [ClientEvent] { compactMap { if case .session(let event) = $0 { event } else { nil } } }
}
