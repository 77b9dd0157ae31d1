internal import Wire

/// One telephone call, translated between a carrier's media stream and the events of a session. A value: it knows no socket and no clock.
struct PhoneCall {
    enum Action: Equatable {
        case open(SessionStart)
        case deliver(ClientEvent)
        /// Audio of the caller in the format of the start.
        case hear([UInt8])
        /// A message for the carrier that must arrive.
        case send([UInt8])
        /// A packet for the carrier, worth nothing when it is late.
        case play([UInt8])
        /// Calls ``keysRested(_:)`` with the token after ``keyPause``.
        case startKeyTimer(Int)
        /// The call is over without a session that could say so.
        case hangUp
    }

    /// After this long without another key the keys count as dialled.
    static let keyPause = Duration.milliseconds(1_500)
    /// Most keys of one entry; further ones begin another.
    private static let mostKeys = 32
    private static let packetMilliseconds = 20

    let carrier: Carrier
    /// What the address of the stream asks for; the carrier's own parameters count more.
    private let options: [String: String]
    private var start: CarrierStart?
    private var order = MediaOrder(disorder: 0, bytesPerMillisecond: 8)
    private var playout = PhonePlayout()
    private var keys = ""
    private var keyToken = 0
    private var isOver = false
    /// Whether the stream is to tell the events of the native protocol too.
    private var tellsEvents = false

    init(_ carrier: Carrier, options: [String: String] = [:]) { (self.carrier, self.options) = (carrier, options) }

    /// The format of the caller's audio, and of the agent's; nil before the stream begins.
    var format: AudioFormat? { start?.format }

    // MARK: from the carrier

    /// Takes a text message.
    ///
    /// - Throws: ``WireError`` for what cannot be read; the call goes on.
    mutating func take(_ text: [UInt8], at now: Duration) throws(WireError) -> [Action] {
        guard !isOver else { return [] }
        switch try CarrierMessage(text, from: carrier) {
        case .start(let start): return try begin(start)
        case .media(let chunk, let time, let payload): return heard(order.take(chunk: chunk, time: time, payload: payload))
        case .key(let key): return press(key)
        case .mark(let name): return played(name, at: now)
        case .stop:
            isOver = true
            return start == nil ? [.hangUp] : [.deliver(.end)]
        case .other: return []
        }
    }

    /// Takes audio in a binary message.
    ///
    /// - Throws: `wire.unknown_kind` where the carrier sends none.
    mutating func take(audio: [UInt8]) throws(WireError) -> [Action] {
        guard carrier.isBinary else { throw WireError(WireError.unknownKind, "audio comes in text messages") }
        return heard([.audio(audio)])
    }

    private mutating func begin(_ start: CarrierStart) throws(WireError) -> [Action] {
        guard self.start == nil else { throw WireError(WireError.alreadyStarted, "the stream has started already") }
        let options = options.merging(start.options) { $1 }
        var format = start.format
        format.packetMilliseconds = Self.packetMilliseconds
        self.start = start
        self.start?.format = format
        order = MediaOrder(disorder: carrier.disorder, bytesPerMillisecond: bytes(of: 1))
        tellsEvents = carrier == .twilio && options[Self.events] == "true"
        var variables: [String: String] = [:]
        for (name, value) in options where name.hasPrefix(Self.variable) && variables.count < 32 {
            variables[String(name.dropFirst(Self.variable.count))] = String(value.prefix(2000))
        }
        let client = String("\(carrier.rawValue) \(start.call)".prefix(200))
        return [
            .open(
                SessionStart(
                    agent: options["agent"], language: options["language"], variables: variables, input: format, output: format, client: client))
        ]
    }

    private static let variable = "variables."
    private static let events = "events"

    /// What is not told from silence by the carrier is silence.
    private func heard(_ pieces: [MediaOrder.Piece]) -> [Action] {
        guard let format else { return [] }
        return pieces.compactMap { piece in
            switch piece {
            case .audio(let payload): payload.isEmpty ? nil : .hear(payload)
            case .silence(let milliseconds): .hear([UInt8](repeating: Self.silence(in: format), count: bytes(of: milliseconds)))
            }
        }
    }

    private func bytes(of milliseconds: Int) -> Int {
        guard let format else { return 8 * milliseconds }
        return milliseconds * format.sampleRate / 1000 * (format.bytesPerSample ?? 1)
    }

    private static func silence(in format: AudioFormat) -> UInt8 {
        switch format.codec {
        case .muLaw: 0xFF
        case .aLaw: 0xD5
        case .pcm16, .opus: 0
        }
    }

    private mutating func played(_ mark: String, at now: Duration) -> [Action] {
        guard let epoch = playout.epoch, let milliseconds = playout.played(mark, at: now) else { return [] }
        return [.deliver(.playout(epoch: epoch, milliseconds: milliseconds))]
    }

    // MARK: keys

    /// Keys are a typed turn: `#`, a pause or the longest entry ends it. The first key stops the agent, as people expect of a telephone.
    private mutating func press(_ key: Character) -> [Action] {
        guard start != nil else { return [] }
        let isFirst = keys.isEmpty
        if key != "#" || isFirst { keys.append(key) }
        keyToken += 1
        let stop: [Action] = isFirst ? [.deliver(.cancelReply)] : []
        guard key != "#", keys.count < Self.mostKeys else { return stop + dial() }
        return stop + [.startKeyTimer(keyToken)]
    }

    /// A timer has run out; one that is no longer wanted is ignored.
    mutating func keysRested(_ token: Int) -> [Action] { token == keyToken ? dial() : [] }

    private mutating func dial() -> [Action] {
        guard !keys.isEmpty, !isOver else { return [] }
        defer { keys = "" }
        return [.deliver(.text(keys))]
    }

    // MARK: from the session

    mutating func take(_ event: ServerEvent, at now: Duration) -> [Action] {
        switch event {
        case .hold(let epoch):
            guard epoch == playout.epoch, !playout.isHeld else { return [] }
            let clears = playout.hold(epoch, at: now)
            return clear(clears) + [.deliver(.playout(epoch: epoch, milliseconds: playout.heard(at: now)))]
        case .resume(let epoch, let position, _):
            playout.resume(epoch, position: Int(position / .milliseconds(1)))
            return []
        case .flush(let epoch, _):
            let (clears, heard) = playout.flush(epoch, at: now)
            return clear(clears) + [.deliver(.flushed(epoch: epoch, milliseconds: heard))]
        case .ready, .state, .speechStarted, .speechStopped, .userPartial, .userFinal, .agentStarted, .agentText, .agentFinished, .metrics, .error,
            .report, .pong, .ending, .ended:
            return []
        }
    }

    /// An event as it is, for who plays a carrier and wants to know more than one: no carrier understands it, so a stream has to ask.
    func tell(_ event: ServerEvent, seq: Int, at time: Duration) -> [Action] {
        guard tellsEvents, let start else { return [] }
        return [.send(Carrier.event(event.encoded(seq: seq, at: time), stream: start.stream))]
    }

    mutating func take(_ header: AudioPacketHeader, payload: [UInt8], at now: Duration) -> [Action] {
        guard let start else { return [] }
        let (isMeant, mark) = playout.send(header, milliseconds: Self.packetMilliseconds)
        guard isMeant else { return [] }
        let packet = carrier.isBinary ? payload : carrier.media(payload, stream: start.stream, format: start.format)
        return [.play(packet)] + (mark.map { [.send(carrier.mark($0, stream: start.stream))] } ?? [])
    }

    private func clear(_ isMeant: Bool) -> [Action] { isMeant ? [.send(carrier.clear(stream: start?.stream ?? ""))] : [] }
}
