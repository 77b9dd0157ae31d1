internal import Wire

/// The realtime protocol of one connection as a value: what the client says becomes events of the session, what the session says becomes
/// events of the protocol. No clock, no IO.
///
/// Items and responses are kept here because the protocol names, orders and gives them back; what they mean to the conversation is the session's.
struct RealtimeTranslator {
    enum Action: Equatable {
        /// One event for the client, without its `event_id`.
        case send(JSONValue)
        /// Audio for the client.
        case sendAudio(RealtimeAudio)
        case session(ClientEvent)
        /// Audio of the client, in the format in force.
        case hear([UInt8])
        /// What was heard so far belongs to what comes next: none of it may wait.
        case hearAll
        case forgetHeard
        /// The input's format from now on.
        case hearAs(AudioFormat)
        /// Tell of the timer when the time has passed.
        case startTimer(Int, after: Duration)
    }

    /// Names of one connection.
    struct Identity: Equatable {
        /// Stands in every id, so that ids of two connections differ.
        var salt: String
        var model: String
        /// Seconds since 1970 when the session ends.
        var expiry: Int
        /// Whether the client's names of voices are the synthesizer's.
        var passesVoices = false
    }

    /// A voice that may have become a turn.
    struct Speech {
        var item: String
        var isTold = false
    }

    /// What the client asked for and has not begun.
    struct Asked {
        var request: ReplyRequest
        var metadata: JSONValue
        var event: String?
        var isWritten: Bool
    }

    let identity: Identity
    var config: RealtimeConfig
    var isReady = false
    private var count = 0
    var actions: [Action] = []

    // Items, oldest first
    var items: [RealtimeItem] = []
    var lastItem: String? { items.last?.id }
    private static let maximumItems = 2_000

    // Responses
    var response: RealtimeResponse?
    var beside: [UInt16: RealtimeResponse] = [:]
    var asked: [String: Asked] = [:]
    /// Waits for the end of a response whose calls have been answered already.
    var next: (JSONValue, event: String?)?
    var hasSpoken = false

    // Input
    /// Milliseconds of audio that the session has been given, as the connection counts them.
    var heardMilliseconds = 0
    /// Bytes that came since the last commit.
    var uncommitted = 0
    var speech: Speech?
    /// The session's time of the last onset.
    var onset: Duration?
    var idleTimer = 0

    init(identity: Identity, config: RealtimeConfig? = nil) {
        self.identity = identity
        self.config = config ?? RealtimeConfig(model: identity.model)
    }

    var sessionID: String { "sess_\(identity.salt)" }
    var conversationID: String { "conv_\(identity.salt)" }

    mutating func newID(_ kind: String) -> String {
        count += 1
        return "\(kind)_\(identity.salt)\(String(count, radix: 36))"
    }

    /// Takes the actions that came together.
    private mutating func collected() -> [Action] {
        defer { actions = [] }
        return actions
    }

    mutating func send(_ type: String, _ members: KeyValuePairs<String, JSONValue>) {
        actions.append(.send(.object([.init("type", .string(type))] + members.map { JSONValue.Member($0, $1) })))
    }

    mutating func tell(_ fault: RealtimeFault, event: String?) { send("error", ["error": fault.json(event: event)]) }

    mutating func direct(_ direction: Direction) { actions.append(.session(.direct(direction))) }

    // MARK: doors

    /// Takes a message of the client.
    mutating func take(client json: JSONValue) -> [Action] {
        let event = json["event_id"]?.string.flatMap { $0.utf8.count <= 512 ? $0 : nil }
        do { try client(RealtimeFields(json), event: event) } catch { tell(error, event: event) }
        return collected()
    }

    /// Takes an event of the session.
    ///
    /// - Parameter time: Since the session began.
    mutating func take(_ event: ServerEvent, at time: Duration) -> [Action] {
        session(event, at: time)
        return collected()
    }

    /// Takes a packet of the session.
    mutating func take(_ header: AudioPacketHeader, payload: [UInt8]) -> [Action] {
        audio(header, payload)
        return collected()
    }

    mutating func timer(_ number: Int) -> [Action] {
        if number == idleTimer { idleTimedOut() }
        return collected()
    }

    // MARK: items

    func index(of id: String) -> Int? { items.lastIndex { $0.id == id } }

    /// Puts an item into the conversation and tells of it.
    ///
    /// - Parameter isDone: Whether nothing more will come of it.
    mutating func add(_ item: RealtimeItem, at index: Int? = nil, isDone: Bool = true) {
        let place = index ?? items.count
        let previous: JSONValue = place == 0 ? .null : .string(items[place - 1].id)
        items.insert(item, at: place)
        if items.count > Self.maximumItems { items.removeFirst() }
        send("conversation.item.added", ["previous_item_id": previous, "item": item.announced])
        if isDone { send("conversation.item.done", ["previous_item_id": previous, "item": item.json]) }
    }

    /// Tells that nothing more comes of an item, and keeps it as it is now.
    mutating func finish(_ item: RealtimeItem) {
        guard let index = index(of: item.id) else { return }
        items[index] = item
        let previous: JSONValue = index == 0 ? .null : .string(items[index - 1].id)
        send("conversation.item.done", ["previous_item_id": previous, "item": item.json])
    }

    /// Gives an item the words that are known of it.
    mutating func setText(_ text: String?, of index: Int) {
        guard case .message(let role, _, let isAudio) = items[index].body else { return }
        items[index].body = .message(role: role, text: text, isAudio: isAudio)
    }
}

/// One piece of the agent's voice.
struct RealtimeAudio: Equatable {
    var response: String
    var item: String
    var output: Int
    var bytes: [UInt8]
}
