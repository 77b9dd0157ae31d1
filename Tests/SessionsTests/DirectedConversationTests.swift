import Dialogue
import Engines
import Testing
import Turns
import Wire

@testable import Sessions

/// A client that directs the agent, told as events and effects.
struct DirectedConversationTests {
    private static func written(_ id: String) -> ReplyRequest {
        var request = ReplyRequest(id: id)
        request.isWritten = true
        return request
    }

    private static let stop = Result<ChatOutcome, EngineError>.success(ChatOutcome(finish: .stop, promptTokens: 5, completionTokens: 2))

    @Test func aWrittenReplyIsToldPieceByPieceAndRemembered() throws {
        var stand = DirectedStand()
        stand.say("a", "hello")
        let token = try stand.respond(Self.written("r1"))
        #expect(stand.reports == [.began(epoch: 1, request: "r1")])
        #expect(stand.answer?.request.messages == [ChatMessage(.system, "Be a test."), ChatMessage(.user, "hello")])
        stand.take(.replyText(token, "Hi "))
        #expect(stand.reports == [.wrote(epoch: 1, text: "Hi ")])
        stand.take(.replyText(token, "there."))
        stand.take(.replyEnded(token, Self.stop))
        #expect(stand.reports == [.ended(ReplyEnd(epoch: 1, reason: .completed, promptTokens: 5, completionTokens: 2))])
        #expect(stand.conversation.state.isListening)
        stand.say("b", "again")
        _ = try stand.respond(Self.written("r2"))
        #expect(stand.answer?.request.messages.map(\.content) == ["Be a test.", "hello", "Hi there.", "again"])
    }

    @Test func aSecondReplyIsRefusedWhileOneIsMade() throws {
        var stand = DirectedStand()
        _ = try stand.respond(Self.written("r1"))
        stand.direct(.respond(Self.written("r2")))
        #expect(stand.reports == [.refused(request: "r2", code: "reply.active")])
        stand.take(.client(.cancelReply))
        #expect(stand.reports == [.ended(ReplyEnd(epoch: 1, reason: .cancelled))])
        _ = try stand.respond(Self.written("r3"))
    }

    @Test func aCallIsToldAsItComesAndRememberedWithItsResult() throws {
        var stand = DirectedStand()
        var change = SessionChange()
        change.tools = [ToolOffer(name: "weather")]
        change.toolChoice = .required
        stand.direct(.change(change))
        stand.say("a", "Oslo?")
        let token = try stand.respond(ReplyRequest(id: "r"))
        #expect(stand.answer?.request.tools == [ToolDefinition(name: "weather")])
        #expect(stand.answer?.request.toolChoice == .required)
        stand.take(.replyCall(token, .call(0, id: "c1", name: "weather")))
        #expect(stand.reports == [.call(epoch: 1, number: 0, id: "c1", name: "weather")])
        stand.take(.replyCall(token, .arguments(0, "{\"a\"")))
        #expect(stand.reports == [.arguments(epoch: 1, number: 0, text: "{\"a\"")])
        stand.take(.replyCall(token, .arguments(0, ":1}")))
        stand.take(.replyEnded(token, Self.stop))
        #expect(
            stand.reports == [
                .called(epoch: 1, number: 0, arguments: "{\"a\":1}"),
                .ended(ReplyEnd(epoch: 1, reason: .completed, promptTokens: 5, completionTokens: 2)),
            ])
        stand.direct(.insert(MemoryItem(id: "x", kind: .result, text: "7 degrees", call: "c1")))
        _ = try stand.respond(ReplyRequest(id: "r2"))
        #expect(
            stand.answer?.request.messages.suffix(2) == [
                ChatMessage(.assistant, "", calls: [ToolCall(id: "c1", name: "weather", arguments: "{\"a\":1}")]),
                ChatMessage(.tool, "7 degrees", callID: "c1"),
            ])
    }

    @Test func whatIsBegunOnALikelyEndCallsNothing() throws {
        var stand = DirectedStand()
        stand.take(.voice(.onset(at: stand.now)))
        stand.take(.voice(.voiced(.milliseconds(128), at: stand.now)))
        stand.take(.voice(.silence(since: stand.now)))
        // The first question about the end comes before the wait is over.
        let timers = stand.effects.compactMap { if case .startTimer(.turn(let token), let after) = $0 { (token, after) } else { nil } }
        stand.take(.timer(.turn(try #require(timers.min { $0.1 < $1.1 }).0)))
        let asked = stand.effects
        stand.take(.transcript(try #require(stand.recognition), .success(Transcript(text: "where is my card"))))
        for case .askEndOfTurn(let question) in asked { stand.take(.endOfTurn(question, .success(0.99))) }
        let token = try #require(stand.answer).token
        stand.take(.replyCall(token, .call(0, id: "c1", name: "weather")))
        #expect(stand.reports.isEmpty)
        stand.take(.replyEnded(token, Self.stop))
        #expect(stand.reports.isEmpty)
        stand.take(.client(.commit))
        #expect(stand.reports.map(\.epoch) == [1, 1, 1, 1], "begun, calls, called, ended")
        #expect(stand.reports.contains(.called(epoch: 1, number: 0, arguments: "")))
    }

    @Test func whatIsTakenByHandIsAnsweredOnceItsWordsAreKnown() throws {
        var stand = DirectedStand()
        var change = SessionChange()
        change.turnTaking = TurnTaking()
        change.turnTaking?.isAutomatic = false
        stand.direct(.change(change))
        #expect(stand.effects.contains { if case .listen(let listening) = $0 { listening.isGathering } else { false } })
        stand.take(.voice(.voiced(.milliseconds(512), at: stand.now)))
        #expect(stand.effects.isEmpty, "no voice is looked for")
        stand.direct(.take("u1"))
        let recognition = try #require(stand.recognition)
        stand.direct(.respond(Self.written("r1")))
        #expect(stand.effects.isEmpty)
        stand.take(.transcript(recognition, .success(Transcript(text: "what time is it"))))
        #expect(stand.reports == [.taken(id: "u1", text: "what time is it"), .began(epoch: 1, request: "r1")])
        #expect(stand.answer?.request.messages.last == ChatMessage(.user, "what time is it"))
        stand.direct(.take("u2"))
        let second = try #require(stand.recognition)
        stand.take(.transcript(second, .failure(EngineError(.failed, "no"))))
        #expect(stand.reports == [.failed(id: "u2", code: "engine.failed")])
    }

    @Test func aReplyBesideTheConversationRunsAlongAndIsForgotten() throws {
        var stand = DirectedStand()
        stand.say("a", "hello")
        let main = try stand.respond(Self.written("main"))
        var request = Self.written("side")
        request.isBeside = true
        request.instructions = "Classify."
        request.input = [MemoryItem(id: "q", text: "is it rude?")]
        let side = try stand.respond(request)
        #expect(stand.answer?.request.messages == [ChatMessage(.system, "Classify."), ChatMessage(.user, "is it rude?")])
        stand.take(.replyText(side, "no"))
        #expect(stand.reports == [.wrote(epoch: 2, text: "no")])
        stand.take(.replyEnded(side, Self.stop))
        stand.take(.replyText(main, "Hi."))
        stand.take(.replyEnded(main, Self.stop))
        _ = try stand.respond(Self.written("next"))
        #expect(stand.answer?.request.messages.map(\.content) == ["Be a test.", "hello", "Hi."])
        request.id = "stopped"
        _ = try stand.respond(request)
        stand.direct(.stop(request: "stopped"))
        #expect(stand.reports == [.ended(ReplyEnd(epoch: 4, reason: .cancelled))])
    }

    @Test func whatIsRemovedIsNotToldToTheModel() throws {
        var stand = DirectedStand()
        for name in ["a", "b", "c"] { stand.say(name, name) }
        stand.direct(.remove("b"))
        stand.say("d", "d", after: "")
        _ = try stand.respond(Self.written("r"))
        #expect(stand.answer?.request.messages.last?.content == "d a c")
    }

    @Test func aSpokenReplyIsCutToWhatTheClientSaysWasHeard() throws {
        var stand = DirectedStand()
        stand.say("a", "hello")
        let token = try stand.respond(ReplyRequest(id: "r"))
        stand.take(.replyText(token, "One two three four. "))
        let speech = try #require(stand.speech)
        stand.take(.replyEnded(token, Self.stop))
        let words = ["One", "two", "three", "four"].enumerated().map { index, word in
            SpokenWord(text: word, start: .milliseconds(100 * index), end: .milliseconds(100 * index + 100))
        }
        stand.take(.speech(speech.token, sentence: 0, packets: Array(repeating: [0], count: 20), words: words))
        stand.take(.speechEnded(speech.token, sentence: 0, .success(.milliseconds(400))))
        for _ in 0..<80 where stand.conversation.reply != nil { stand.take(.tick) }
        #expect(stand.reports == [.ended(ReplyEnd(epoch: 1, reason: .completed, promptTokens: 5, completionTokens: 2))])
        stand.direct(.truncate(epoch: 1, milliseconds: 200))
        #expect(stand.reports == [.heard(epoch: 1, text: "One two")])
        _ = try stand.respond(Self.written("r2"))
        #expect(stand.answer?.request.messages.last?.content.hasPrefix("One two…") == true)
    }

    @Test func whatIsReadyBeforeItsTimeDoesNotWaitForATick() throws {
        var stand = DirectedStand { $0.limits.lead = .milliseconds(100) }
        stand.say("a", "hello")
        let token = try stand.respond(ReplyRequest(id: "r"))
        stand.take(.replyText(token, "One two three four. "))
        let speech = try #require(stand.speech)
        stand.take(.speech(speech.token, sentence: 0, packets: [[0]], words: []))
        #expect(stand.sentPackets == 1)
        stand.take(.speech(speech.token, sentence: 0, packets: [[0], [0]], words: []))
        #expect(stand.sentPackets == 2)
        stand.take(.speech(speech.token, sentence: 0, packets: Array(repeating: [0], count: 8), words: []))
        #expect((2...4).contains(stand.sentPackets))
        stand.take(.speech(speech.token, sentence: 0, packets: Array(repeating: [0], count: 8), words: []))
        #expect(stand.sentPackets == 0)
    }

    @Test func instructionsOfTheClientTakeThePlaceOfTheAgentsAndOfItsFacts() throws {
        var stand = DirectedStand()
        _ = try stand.respond(Self.written("r"))
        #expect(stand.answer?.request.agent == "test")
        stand.take(.client(.cancelReply))
        var change = SessionChange()
        change.instructions = "Be another."
        stand.direct(.change(change))
        _ = try stand.respond(Self.written("r2"))
        #expect(stand.answer?.request.agent == "")
        #expect(stand.answer?.request.messages.first == ChatMessage(.system, "Be another."))
    }

    @Test func aSessionThatIsNotDirectedRefusesDirections() {
        var stand = DirectedStand { $0.isDirected = false }
        stand.direct(.clear)
        #expect(stand.effects.contains { if case .send(.error(let error)) = $0 { error.code == "wire.not_directed" } else { false } })
    }
}

extension TurnMachine.State {
    fileprivate var isListening: Bool { if case .listening = self { true } else { false } }
}

extension ReplyReport {
    fileprivate var epoch: UInt16? {
        switch self {
        case .began(let epoch, _), .wrote(let epoch, _), .call(let epoch, _, _, _), .arguments(let epoch, _, _), .called(let epoch, _, _),
            .heard(let epoch, _):
            epoch
        case .ended(let end): end.epoch
        case .refused, .taken, .failed: nil
        }
    }
}

extension DirectedStand {
    fileprivate var answer: (token: Token, request: ChatRequest)? {
        effects.lazy.compactMap { if case .answer(let token, let request) = $0 { (token, request) } else { nil } }.first
    }
    fileprivate var recognition: Token? { effects.lazy.compactMap { if case .recognize(let token) = $0 { token } else { nil } }.first }
    fileprivate var speech: (token: Token, sentence: Int, text: String)? {
        effects.lazy.compactMap { if case .speak(let token, let index, let request) = $0 { (token, index, request.text) } else { nil } }.first
    }

    fileprivate mutating func say(_ id: String, _ text: String, after: String? = nil) {
        direct(.insert(MemoryItem(id: id, text: text, after: after)))
    }

    /// Asks for a reply and gives the token by which it is written.
    fileprivate mutating func respond(_ request: ReplyRequest) throws -> Token {
        direct(.respond(request))
        return try #require(answer).token
    }
}
