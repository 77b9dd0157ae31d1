package import Engines
internal import Turns
internal import Wire

/// Plays a recorded call again in virtual time: the same ear, the same conversation, engine answers from the record, timers that
/// fire to the microsecond. Reads no clock, so an hour takes seconds and every run gives the same timeline.
package struct VirtualCall {
    private enum Happening {
        case packet(Int)
        case moment(Int)
        case timer(TimerName)
        case event(ConversationEvent)
        case tick(Int)
        case stallCheck
    }

    private struct Entry {
        let at: Int
        let order: Int
        let happening: Happening
    }

    private let call: RecordedCall
    private let ear: Ear
    private var conversation: Conversation
    private var timeline = CallTimeline()
    /// A binary heap by time, then by order of entry.
    private var queue: [Entry] = []
    private var order = 0
    private var isPacing = false
    /// Which run of ticks is the present one.
    private var pacings = 0
    /// Work that was cancelled; as in a live call nothing comes of it any more.
    private var givenUp: Set<Token> = []
    /// Looks at unfinished words that are under way, and how many ever were at once.
    private var looks: Set<Int> = []
    package private(set) var mostLooks = 0
    private var isWatching = false
    private let isExplaining: Bool
    private var requests: [RecordedCall.Request: Int] = [:]
    private let answers: [Key: [RecordedCall.Answer]]

    private struct Key: Hashable {
        let request: RecordedCall.Request
        let number: Int
    }

    /// - Parameters:
    ///   - detector: Hears the packets; nil takes the recorded probabilities.
    ///   - isExplaining: Whether the timeline tells why each decision fell.
    /// - Throws: As making an ``Ear`` does.
    package init(_ call: RecordedCall, detector: (any VoiceDetector)? = nil, isExplaining: Bool = false) throws {
        self.isExplaining = isExplaining
        self.call = call
        ear = try Ear(plan: call.plan, detector: detector ?? RecordedVoice(call.voice), phase: call.phase)
        conversation = Conversation(plan: call.plan)
        answers = Dictionary(grouping: call.answers) { Key(request: $0.request, number: $0.number) }
    }

    /// Plays the whole call.
    ///
    /// - Parameter limit: Virtual time after which it is cut off.
    package mutating func run(limit: Duration = .seconds(4 * 3600)) -> CallTimeline {
        let limit = Int(limit / .microseconds(1))
        for index in call.packets.indices { enter(.packet(index), at: call.packets[index].at) }
        for index in call.moments.indices { enter(.moment(index), at: call.moments[index].at) }
        handle(.opened, at: 0)
        while let next = pop(), next.at <= limit, !conversation.hasEnded { happen(next.happening, at: next.at) }
        timeline.finish()
        return timeline
    }

    private mutating func happen(_ happening: Happening, at now: Int) {
        switch happening {
        case .packet(let index):
            let packet = call.packets[index]
            if ear.hear(packet.header, payload: packet.payload.span, at: Self.instant(now)) { takeEarEvents(at: now) }
        case .moment(let index): moment(call.moments[index].kind, at: now)
        case .timer(let name): handle(.timer(name), at: now)
        case .event(let event):
            guard !isGivenUp(event) else { return }
            if case .partial(let number, _) = event { looks.remove(number) }
            handle(event, at: now)
        case .tick(let pacing):
            guard isPacing, pacing == pacings else { return }
            handle(.tick, at: now)
            if isPacing, pacing == pacings { enter(.tick(pacing), at: now + untilNextTick(at: now)) }
        case .stallCheck:
            isWatching = false
            guard ear.stallWait(at: Self.instant(now)) == .zero else { return watchForStall(at: now) }
            if ear.audioStopped(at: Self.instant(now)) { takeEarEvents(at: now) }
        }
    }

    /// Microseconds, and a few more, so that what is due by then is found due.
    private func untilNextTick(at now: Int) -> Int { Int(conversation.untilNextTick(at: Self.instant(now)) / .microseconds(1)) + 100 }

    private mutating func moment(_ kind: RecordedCall.Moment.Kind, at now: Int) {
        switch kind {
        case .client(let event): handle(.client(event), at: now)
        case .transportLost:
            isPacing = false
            if ear.audioStopped(at: Self.instant(now)) { takeEarEvents(at: now) }
            handle(.transportLost, at: now)
        case .transportBack:
            ear.connectionChanged()
            handle(.transportBack, at: now)
        case .drain(let within): handle(.drain(within: within), at: now)
        case .hangUp(let reason): handle(.hangUp(reason), at: now)
        }
    }

    private mutating func takeEarEvents(at now: Int) {
        let (events, isFull) = (ear.events, ear.isUtteranceFull)
        for event in events { handle(.voice(event), at: now) }
        if isFull { handle(.utteranceFull, at: now) }
        if ear.isVoiced { watchForStall(at: now) }
    }

    private mutating func watchForStall(at now: Int) {
        guard !isWatching, let wait = ear.stallWait(at: Self.instant(now)) else { return }
        isWatching = true
        enter(.stallCheck, at: now + Int((wait / .microseconds(1)).rounded(.up)))
    }

    private mutating func handle(_ event: ConversationEvent, at now: Int) {
        let instant = Self.instant(now)
        let effects = conversation.handle(event, at: instant)
        if isExplaining { for reason in conversation.reasons { timeline.note(reason, at: instant) } }
        for effect in effects {
            timeline.note(effect, at: instant)
            carryOut(effect, at: now)
        }
    }

    private mutating func carryOut(_ effect: ConversationEffect, at now: Int) {
        switch effect {
        case .startTimer(let name, let after): enter(.timer(name), at: now + Int(after / .microseconds(1)))
        case .dropUtterance: ear.dropUtterance()
        case .askEndOfTurn(let token): ask(.endOfTurn, at: now) { Self.endOfTurn(token, $0) }
        case .recognize(let token), .transcribe(let token, _): ask(.recognize, at: now) { Self.transcript($0).map { .transcript(token, $0) } }
        case .recognizePartial(let number):
            looks.insert(number)
            mostLooks = max(mostLooks, looks.count)
            ask(.partial, at: now) { Self.transcript($0).map { .partial(number, $0) } }
        case .answer(let token, _): ask(.answer, at: now) { Self.answer(token, $0) }
        case .speak(let token, let sentence, _): ask(.speak, at: now) { Self.speech(token, sentence, $0) }
        case .startPacing:
            guard !isPacing else { return }
            isPacing = true
            pacings += 1
            enter(.tick(pacings), at: now + untilNextTick(at: now))
        case .stopPacing: isPacing = false
        case .mute(let isMuted): if isMuted, ear.audioStopped(at: Self.instant(now)) { takeEarEvents(at: now) }
        case .listen(let listening): if ear.change(listening, at: Self.instant(now)) { takeEarEvents(at: now) }
        case .cancelRecognition(let token), .cancelReply(let token): givenUp.insert(token)
        case .cancelPartial(let number): looks.remove(number)
        case .sound(let sound): ear.note(sound, at: Self.instant(now))
        case .send, .sendAudio, .close: break
        }
    }

    private func isGivenUp(_ event: ConversationEvent) -> Bool {
        switch event {
        case .transcript(let token, _), .replyText(let token, _), .replyCall(let token, _), .replyEnded(let token, _),
            .speech(let token, _, _, _, _),
            .speechEnded(let token, _, _):
            givenUp.contains(token)
        case .partial(let number, _): !looks.contains(number)
        case .opened, .voice, .utteranceFull, .timer, .endOfTurn, .tick, .client, .transportLost, .transportBack, .drain, .hangUp:
            false
        }
    }

    // MARK: engine answers

    private mutating func ask(
        _ request: RecordedCall.Request, at now: Int, _ event: (RecordedCall.Answer.Body) -> ConversationEvent?
    ) {
        requests[request, default: 0] += 1
        for answer in answers[Key(request: request, number: requests[request, default: 0])] ?? [] {
            if let event = event(answer.body) { enter(.event(event), at: now + answer.after) }
        }
    }

    private static func endOfTurn(_ token: Token, _ body: RecordedCall.Answer.Body) -> ConversationEvent? {
        switch body {
        case .probability(let probability): .endOfTurn(token, .success(probability))
        case .failure(let error): .endOfTurn(token, .failure(error))
        case .transcript, .text, .toolCall, .toolArguments, .textEnd, .speech, .speechEnd: nil
        }
    }

    private static func transcript(_ body: RecordedCall.Answer.Body) -> Result<Transcript, EngineError>? {
        switch body {
        case .transcript(let transcript): .success(transcript)
        case .failure(let error): .failure(error)
        case .probability, .text, .toolCall, .toolArguments, .textEnd, .speech, .speechEnd: nil
        }
    }

    private static func answer(_ token: Token, _ body: RecordedCall.Answer.Body) -> ConversationEvent? {
        switch body {
        case .text(let text): .replyText(token, text)
        case .toolCall(let number, let id, let name): .replyCall(token, .call(number, id: id, name: name))
        case .toolArguments(let number, let text): .replyCall(token, .arguments(number, text))
        case .textEnd(let finish): .replyEnded(token, .success(ChatOutcome(finish: ChatOutcome.Finish(rawValue: finish) ?? .stop)))
        case .failure(let error): .replyEnded(token, .failure(error))
        case .probability, .transcript, .speech, .speechEnd: nil
        }
    }

    private static func speech(_ token: Token, _ sentence: Int, _ body: RecordedCall.Answer.Body) -> ConversationEvent? {
        switch body {
        case .speech(let packets, let words):
            .speech(token, sentence: sentence, packets: Array(repeating: [], count: packets), words: words)
        case .speechEnd(let duration): .speechEnded(token, sentence: sentence, .success(duration))
        case .failure(let error): .speechEnded(token, sentence: sentence, .failure(error))
        case .probability, .transcript, .text, .toolCall, .toolArguments, .textEnd: nil
        }
    }

    // MARK: the queue

    private static func instant(_ microseconds: Int) -> Instant { Instant(.microseconds(microseconds)) }

    private mutating func enter(_ happening: Happening, at time: Int) {
        order += 1
        queue.append(Entry(at: time, order: order, happening: happening))
        var child = queue.count - 1
        while child > 0, Self.isEarlier(queue[child], queue[(child - 1) / 2]) {
            queue.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    private mutating func pop() -> Entry? {
        guard let first = queue.first, let last = queue.popLast() else { return nil }
        guard !queue.isEmpty else { return first }
        queue[0] = last
        var parent = 0
        while true {
            let children = [2 * parent + 1, 2 * parent + 2].filter { $0 < queue.count }
            guard let least = children.min(by: { Self.isEarlier(queue[$0], queue[$1]) }), Self.isEarlier(queue[least], queue[parent]) else {
                return first
            }
            queue.swapAt(parent, least)
            parent = least
        }
    }

    private static func isEarlier(_ a: Entry, _ b: Entry) -> Bool { (a.at, a.order) < (b.at, b.order) }
}

/// A detector that says again what one said when the call was recorded; silence beyond the record.
private final class RecordedVoice: VoiceDetector {
    private let thousandths: [Int]
    private var next = 0

    init(_ thousandths: [Int]) { self.thousandths = thousandths }

    func probability(of window: Span<Float>) -> Float {
        defer { next += 1 }
        return next < thousandths.count ? Float(thousandths[next]) / 1000 : 0
    }

    func reset() { next = 0 }
}
