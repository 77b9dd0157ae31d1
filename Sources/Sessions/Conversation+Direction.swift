internal import Dialogue
internal import Engines
internal import Turns
internal import Wire

/// A client that directs the agent: what it changes, asks for and puts into the memory.
extension Conversation {
    /// Utterances taken by hand whose words may be awaited at once, and recognitions of one of them.
    private static let maximumTakings = 8
    private static let maximumPieces = 40

    /// What the client takes as one message: its name, once taken, and the words of its pieces as they come.
    struct Taking {
        var name: String?
        var pieces: [(recognition: Token, text: String?)] = []
        var failure: EngineError?
        /// What is known to have been said before it.
        var before = ""

        var isKnown: Bool { pieces.allSatisfy { $0.text != nil } }
        var text: String { pieces.reduce("") { History.join($0, $1.text ?? "") } }
    }

    mutating func direct(_ direction: Direction, at now: Instant) {
        guard plan.isDirected else { return send(.error(WireError(WireError.notDirected, "this session is not directed by its client"))) }
        switch direction {
        case .change(let change): self.change(change)
        case .respond(let request): respond(request, at: now)
        case .stop(let request): stopBeside(request, at: now)
        case .insert(let item): insert(item)
        case .remove(let name): remove(name, at: now)
        case .truncate(let epoch, let milliseconds): truncate(epoch, .milliseconds(milliseconds), at: now)
        case .take(let name): take(name)
        case .clear: clear()
        }
    }

    /// A token of the conversation's own, apart from those of the turn machine.
    mutating func ownToken() -> Token {
        ownTokens += 1
        return Token(1 << 40 | ownTokens)
    }

    // MARK: what changes

    private mutating func change(_ change: SessionChange) {
        if let instructions = change.instructions { (plan.system, isInstructed) = (instructions, true) }
        if let voice = change.voice { plan.voice = voice.isEmpty ? nil : voice }
        if let pace = change.pace { plan.pace = min(2, max(0.5, pace)) }
        if let tools = change.tools { plan.tools = tools.map(ToolDefinition.init) }
        if let choice = change.toolChoice { plan.toolChoice = ToolChoice(choice) }
        if let tokens = change.replyTokens { plan.replyTokens = tokens }
        if let isWritten = change.isWritten { plan.isWritten = isWritten }
        if let output = change.output { plan.output = output }
        if let input = change.input { plan.input = input }
        if let taking = change.turnTaking { takeTurns(taking) }
        guard change.turnTaking != nil || change.input != nil else { return }
        effects.append(.listen(Listening(isGathering: !plan.takesTurns, gate: plan.gate, input: plan.input, prefix: plan.prefix)))
    }

    private mutating func takeTurns(_ taking: TurnTaking) {
        var turns = agentTurns
        let asks = turns.endpointing.asks
        switch taking.end {
        case .usual: break
        case .eager: turns.endpointing = .eager
        case .patient: turns.endpointing = .patient
        case .silence:
            let silence = taking.silence.map { Duration.milliseconds($0) } ?? turns.endpointing.withoutModel
            (turns.endpointing.minimum, turns.endpointing.doubtful) = (silence, silence)
            (turns.endpointing.maximum, turns.endpointing.withoutModel) = (silence, silence)
        }
        turns.endpointing.asks = asks
        turns.answers = taking.answers
        if !taking.interrupts { turns.bargeIn = .append }
        plan.turns = turns
        self.turns.change(turns)
        var gate = agentGate
        if let threshold = taking.threshold {
            let lag = gate.on - gate.off
            gate.on = Float(min(0.95, max(0.05, threshold)))
            gate.off = max(0.02, gate.on - lag)
            gate.strong = max(gate.strong, gate.on)
        }
        plan.gate = gate
        if let prefix = taking.prefix { plan.prefix = .milliseconds(prefix) }
        plan.takesTurns = taking.isAutomatic
    }

    // MARK: replies on demand

    /// Replies that may wait for another to be over.
    private static let maximumWaiting = 8

    private mutating func respond(_ request: ReplyRequest, at now: Instant) {
        if runsAlong(request) { return takings.isEmpty ? replyBeside(request) : wait(request) }
        guard turns.state != .fresh else { return refuse(request, "reply.active") }
        guard wanted == nil, reply == nil, !isAnswering else {
            // Two cannot be heard at once: what stands beside the conversation has its turn after it, and it after that.
            return request.isBeside || !hasOwnReply ? wait(request) : refuse(request, "reply.active")
        }
        wanted = request
        respondIfHeard(at: now)
    }

    /// Whether a reply neither stands in the conversation nor is heard.
    private func runsAlong(_ request: ReplyRequest) -> Bool { request.isBeside && request.isWritten ?? plan.isWritten }

    private var isAnswering: Bool { if case .answering = turns.state { true } else { false } }

    /// Whether a reply of the conversation's own is under way or has been promised.
    private var hasOwnReply: Bool {
        (reply.map { !$0.isBeside } ?? isAnswering) || wanted.map { !$0.isBeside } ?? false || waiting.contains { !$0.isBeside }
    }

    private mutating func wait(_ request: ReplyRequest) {
        guard waiting.count < Self.maximumWaiting else { return refuse(request, "reply.too_many") }
        waiting.append(request)
    }

    /// Begins what has waited, as soon as nobody speaks and the words of all that was said are known.
    mutating func startWaiting(at now: Instant) {
        guard takings.isEmpty else { return }
        while let index = waiting.firstIndex(where: { runsAlong($0) }) { replyBeside(waiting.remove(at: index)) }
        guard case .listening = turns.state, wanted == nil, reply == nil, !waiting.isEmpty else { return }
        wanted = waiting.removeFirst()
        respondIfHeard(at: now)
    }

    mutating func refuse(_ request: ReplyRequest, _ code: String) { send(.report(.refused(request: request.id, code: code))) }

    /// Answers once the words of everything taken before are known.
    private mutating func respondIfHeard(at now: Instant) {
        if wanted != nil, takings.isEmpty { turn(.respond, at: now) }
    }

    /// What the language model is asked for.
    func request(_ history: History, for asked: ReplyRequest? = nil) -> ChatRequest {
        var messages: [ChatMessage]
        let system = asked?.instructions ?? plan.system
        if let input = asked?.input {
            var other = History(language: plan.language, limits: plan.history)
            for item in input { other.put(ChatMessage(item), name: item.id) }
            messages = other.messages(system: system)
        } else {
            messages = history.messages(system: system)
        }
        if plan.isDirected, !messages.contains(where: { $0.role != .system }) {
            messages.append(ChatMessage(.user, History.placeholder(plan.language)))
        }
        var request = ChatRequest(
            messages: messages, maximumTokens: asked?.replyTokens ?? plan.replyTokens, temperature: plan.temperature,
            // An agent that was told something else does not answer from its own facts.
            agent: isInstructed || asked?.instructions != nil ? "" : plan.agent)
        request.tools = asked?.tools?.map(ToolDefinition.init) ?? plan.tools
        request.toolChoice = asked?.toolChoice.map(ToolChoice.init) ?? plan.toolChoice
        return request
    }

    // MARK: memory

    /// What would stand after something that is not remembered any more is older than all that is.
    private mutating func insert(_ item: MemoryItem) {
        let place: History.Place = item.after.map { $0.isEmpty ? .first : .after($0) } ?? .last
        if !history.put(ChatMessage(item), name: item.id, at: place) { history.put(ChatMessage(item), name: item.id, at: .first) }
        if let sound = item.sound { writeDown(sound.bytes, of: item) }
    }

    /// Has what a message says aloud written down, an utterance's length at a time. The message stands where it is meanwhile.
    private mutating func writeDown(_ sound: [UInt8], of item: MemoryItem) {
        guard let density = plan.input.bytesPerSample.map({ $0 * plan.input.sampleRate }) else { return drop(item, "input.unsupported_format") }
        let longest = max(density, Int(plan.limits.utterance / .seconds(1)) * density)
        let starts = Array(stride(from: 0, to: sound.count, by: longest))
        let awaited = takings.reduce(0) { $0 + $1.pieces.count }
        guard takings.count < Self.maximumTakings, awaited + starts.count <= Self.maximumPieces else { return drop(item, "input.too_many") }
        var taking = Taking(name: item.id, before: item.text)
        for (index, start) in starts.enumerated() {
            let token = ownToken()
            taking.pieces.append((token, nil))
            let piece = SentSound(bytes: Array(sound[start..<min(sound.count, start + longest)]), format: plan.input)
            effects += [.transcribe(token, piece), .startTimer(.take(token), after: plan.turns.recognitionLimit * (index + 1))]
        }
        takings.append(taking)
    }

    /// Forgets a message whose sound cannot be taken.
    private mutating func drop(_ item: MemoryItem, _ code: String) {
        history.remove(named: item.id)
        send(.report(.failed(id: item.id, code: code)))
    }

    /// What is forgotten needs no words any more.
    private mutating func remove(_ name: String, at now: Instant) {
        history.remove(named: name)
        guard let index = takings.firstIndex(where: { $0.name == name }) else { return }
        for piece in takings.remove(at: index).pieces where piece.text == nil { effects.append(.cancelRecognition(piece.recognition)) }
        tellKnown(at: now)
    }

    private mutating func truncate(_ epoch: UInt16, _ played: Duration, at now: Instant) {
        if flushing.contains(where: { $0.reply.epoch == epoch }) { return settle(epoch, played: played) }
        if reply?.epoch == epoch {
            reply?.truncated = played
            return
        }
        guard let past = pastReplies.last(where: { $0.epoch == epoch }) else { return }
        let heard = past.heard(min(played, past.playout.sentUntil))
        history.setHeard(turn: past.entry, text: heard, interrupted: true)
        send(.report(.heard(epoch: epoch, text: heard)))
    }

    /// Keeps a reply that is over, in case the client says later how much of it was heard.
    mutating func keepPast(_ reply: Reply) {
        guard plan.isDirected, reply.line == nil, !reply.isWritten, !reply.isBeside else { return }
        pastReplies.append(reply)
        if pastReplies.count > 8 { pastReplies.removeFirst() }
    }

    // MARK: what was heard, taken by hand

    private mutating func take(_ name: String) {
        guard takings.count < Self.maximumTakings, takePiece() else { return send(.report(.failed(id: name, code: "input.too_many"))) }
        var taking = open
        open = Taking()
        taking.name = name
        takings.append(taking)
        history.put(ChatMessage(.user, ""), name: name)
    }

    /// Has what was heard so far written down, and begins anew.
    @discardableResult mutating func takePiece() -> Bool {
        guard open.pieces.count < Self.maximumPieces else { return false }
        let token = ownToken()
        open.pieces.append((token, nil))
        effects += [.recognize(token), .dropUtterance, .startTimer(.take(token), after: plan.turns.recognitionLimit)]
        return true
    }

    private mutating func clear() {
        for piece in open.pieces where piece.text == nil { effects.append(.cancelRecognition(piece.recognition)) }
        open = Taking()
        effects.append(.dropUtterance)
    }

    /// - Returns: Whether the recognition was of something taken by hand.
    mutating func takenWords(_ token: Token, _ result: Result<Transcript, EngineError>, at now: Instant) -> Bool {
        if Self.note(token, result, in: &open) { return true }
        guard let index = takings.firstIndex(where: { $0.pieces.contains { $0.recognition == token } }) else { return false }
        _ = Self.note(token, result, in: &takings[index])
        tellKnown(at: now)
        return true
    }

    /// Tells the words of what was taken first as far as they are known, and answers once all are.
    private mutating func tellKnown(at now: Instant) {
        while let first = takings.first, first.isKnown {
            takings.removeFirst()
            tell(first)
        }
        respondIfHeard(at: now)
    }

    private static func note(_ token: Token, _ result: Result<Transcript, EngineError>, in taking: inout Taking) -> Bool {
        guard let index = taking.pieces.firstIndex(where: { $0.recognition == token && $0.text == nil }) else { return false }
        switch result {
        case .success(let transcript): taking.pieces[index].text = transcript.text
        case .failure(let error):
            taking.pieces[index].text = ""
            taking.failure = error
        }
        return true
    }

    private mutating func tell(_ taking: Taking) {
        guard let name = taking.name else { return }
        let text = taking.text
        if let failure = taking.failure, text.isEmpty {
            if taking.before.isEmpty { history.remove(named: name) }
            return send(.report(.failed(id: name, code: failure.code.rawValue)))
        }
        history.put(ChatMessage(.user, History.join(taking.before, text)), name: name)
        send(.report(.taken(id: name, text: text)))
    }

    /// The words of something taken have not come in time.
    mutating func takingTimedOut(_ token: Token, at now: Instant) {
        let isAwaited = (takings + [open]).contains { $0.pieces.contains { $0.recognition == token && $0.text == nil } }
        guard isAwaited else { return }
        effects.append(.cancelRecognition(token))
        _ = takenWords(token, .failure(EngineError(.timeout, "the words have not come in time")), at: now)
    }
}

extension ToolDefinition {
    fileprivate init(_ offer: ToolOffer) { self.init(name: offer.name, description: offer.description, parameters: offer.parameters) }
}

extension ToolChoice {
    fileprivate init(_ wish: ToolWish) {
        self =
            switch wish {
            case .auto: .auto
            case .none: .none
            case .required: .required
            case .named(let name): .named(name)
            }
    }
}

extension ChatMessage {
    fileprivate init(_ item: MemoryItem) {
        switch item.kind {
        case .message:
            let role: Role =
                switch item.role {
                case .system: .system
                case .user: .user
                case .assistant: .assistant
                }
            self.init(role, item.text)
        case .call:
            self.init(
                .assistant, "", calls: [ToolCall(id: item.call ?? item.id, name: item.tool ?? "", arguments: item.arguments ?? "{}")])
        case .result: self.init(.tool, item.text, callID: item.call ?? item.id)
        }
    }
}
