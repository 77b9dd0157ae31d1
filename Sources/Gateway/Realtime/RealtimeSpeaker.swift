internal import NIOCore
internal import Sessions
internal import Wire

/// Speaks the realtime protocol on one connection: carries out what the translator says.
final class RealtimeSpeaker: SocketSpeaker {
    /// Audio that may wait for its time; what is beyond is refused.
    private static let longestWait = 10 * 60 * 1000
    /// Milliseconds of audio that are heard at once after a pause; what comes faster than it sounds waits.
    private static let burst = 400
    private static let tick = TimeAmount.milliseconds(20)

    private var translator: RealtimeTranslator
    private let start: SessionStart
    private let isBeta: Bool
    private var events = 0
    /// What came before the session was there; nil from then on.
    private var early: [[UInt8]]? = []

    private var slicer: RawAudioSlicer
    /// Milliseconds that the session was given, and those of formats before this one.
    private var heard = 0
    private var heardBefore = 0
    /// Audio that came faster than it sounds.
    private var waiting = AudioBacklog()
    /// When the audio heard so far has sounded.
    private var soundsUntil = NIODeadline.now()
    private var pacer: Scheduled<Void>?
    private var timers: [Int: Scheduled<Void>] = [:]

    init(_ translator: RealtimeTranslator, start: SessionStart, isBeta: Bool) {
        (self.translator, self.start, self.isBeta) = (translator, start, isBeta)
        slicer = RawAudioSlicer(translator.config.input.format)
    }

    func begin(on connection: SocketConnection) { connection.open(start) }

    /// Nothing is answered before the session has said what it is.
    func opened(on connection: SocketConnection) {
        let early = early ?? []
        self.early = nil
        for text in early { hear(text: text, on: connection) }
    }

    // MARK: from the client

    func hear(text: [UInt8], on connection: SocketConnection) {
        guard early == nil else { return keep(text, on: connection) }
        let json: JSONValue
        do { json = try JSONValue(parsing: text, depth: 64) } catch {
            return connection.tell(WireError("invalid_event", "The event is not JSON: \(error.message)."))
        }
        let actions = translator.take(client: isBeta ? RealtimeBeta.incoming(json) : json)
        carryOut(actions, on: connection)
    }

    private func keep(_ text: [UInt8], on connection: SocketConnection) {
        let kept = early?.reduce(0) { $0 + $1.count } ?? 0
        guard early?.count ?? 0 < connection.settings.openingMessages, kept + text.count <= connection.settings.messageBytes else {
            return connection.close(code: CloseCode.policy, reason: "too much before session.created", overtakes: true)
        }
        early?.append(text)
    }

    func hear(packet: Span<UInt8>, on connection: SocketConnection) {
        // What is no event is answered as a text that is none.
        guard early == nil else { return keep([], on: connection) }
        connection.refuseAudio(WireError("invalid_event", "Events are text messages; audio stands in them as base64."))
    }

    // MARK: from the session

    func say(_ event: ServerEvent, seq: Int, at time: Duration, on connection: SocketConnection) {
        translator.heardMilliseconds = heard
        carryOut(translator.take(event, at: time), on: connection)
    }

    func say(_ header: AudioPacketHeader, payload: [UInt8], on connection: SocketConnection) {
        carryOut(translator.take(header, payload: payload), on: connection)
    }

    func say(_ error: WireError, on connection: SocketConnection) {
        write(["type": "error", "error": RealtimeFault(error).json(event: nil)], on: connection)
    }

    /// Nobody comes back to a session of this protocol.
    func hangsUp(closing code: UInt16) -> Bool { true }

    /// Clients that connect again by themselves do so after this code only.
    func closeCode(_ code: UInt16, because reason: String) -> UInt16 { reason == "session_limit" ? CloseCode.goingAway : code }

    func end() {
        pacer?.cancel()
        for timer in timers.values { timer.cancel() }
        (timers, waiting) = ([:], AudioBacklog())
    }

    // MARK: actions

    private func carryOut(_ actions: [RealtimeTranslator.Action], on connection: SocketConnection) {
        for action in actions {
            switch action {
            case .send(let event):
                // Who causes too many errors loses the connection.
                if event["type"] == "error", !connection.mayErr() { return }
                write(event, on: connection)
            case .sendAudio(let audio): write(audio, on: connection)
            case .session(let event): connection.deliver(event)
            case .hear(let bytes): hear(bytes, on: connection)
            case .hearAll: drain(on: connection, all: true)
            case .forgetHeard: waiting = AudioBacklog()
            case .hearAs(let format):
                (heardBefore, slicer) = (heard, RawAudioSlicer(format))
            case .startTimer(let number, let after): startTimer(number, after, on: connection)
            }
        }
    }

    private func write(_ event: JSONValue, on connection: SocketConnection) {
        guard let shaped = isBeta ? RealtimeBeta.outgoing(event) : event, let members = shaped.members else { return }
        events += 1
        let id = JSONValue.Member("event_id", .string("event_\(translator.identity.salt)\(events)"))
        connection.sendText(JSONValue.object(members.prefix(1) + [id] + members.dropFirst()).bytes)
    }

    /// By hand, since most messages are of this kind.
    private func write(_ audio: RealtimeAudio, on connection: SocketConnection) {
        events += 1
        var text = Array(
            """
            {"type":"response.\(isBeta ? "" : "output_")audio.delta","event_id":"event_\(translator.identity.salt)\(events)",\
            "response_id":"\(audio.response)","item_id":"\(audio.item)","output_index":\(audio.output),"content_index":0,"delta":"
            """.utf8)
        Base64.append(audio.bytes, to: &text)
        text += "\"}".utf8
        connection.sendText(text)
    }

    private func startTimer(_ number: Int, _ after: Duration, on connection: SocketConnection) {
        timers[number] = connection.context?.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(after)) { [weak self, weak connection] in
            guard let self, let connection else { return }
            self.timers[number] = nil
            self.carryOut(self.translator.timer(number), on: connection)
        }
        timers = timers.filter { $0.key + 8 > number }
    }

    // MARK: audio in

    private func hear(_ bytes: [UInt8], on connection: SocketConnection) {
        let longest = Self.longestWait * translator.config.input.density
        guard waiting.count + bytes.count <= longest else {
            connection.status.add(.audioInDropped)
            return connection.tell(WireError("input_audio_buffer_full", "Audio comes far faster than it sounds; this piece is dropped."))
        }
        waiting.append(bytes)
        // Nobody looks for a voice in it where the client says when a turn is over.
        drain(on: connection, all: translator.config.turnDetection == nil)
    }

    /// Lets the session hear what waits, as far as its time has come.
    private func drain(on connection: SocketConnection, all: Bool) {
        let now = NIODeadline.now()
        soundsUntil = max(soundsUntil, now)
        // Piece by piece, so that a long message takes as long as it sounds.
        let most = all ? Int.max : Self.burst * translator.config.input.density
        while all || soundsUntil - now < .milliseconds(Int64(Self.burst)), let piece = waiting.next(upTo: most) { take(piece, on: connection) }
        guard waiting.count > 0, pacer == nil else { return }
        pacer = connection.context?.eventLoop.assumeIsolated().scheduleTask(in: Self.tick) { [weak self, weak connection] in
            guard let self, let connection else { return }
            self.pacer = nil
            self.drain(on: connection, all: false)
        }
    }

    private func take(_ bytes: ArraySlice<UInt8>, on connection: SocketConnection) {
        soundsUntil = soundsUntil + .microseconds(Int64(bytes.count * 1_000 / translator.config.input.density))
        slicer.take(bytes.span) { header, payload in
            heard = heardBefore + Int(header.time) / 48 + payload.count / translator.config.input.density
            connection.deliver(header, payload)
        }
    }
}
