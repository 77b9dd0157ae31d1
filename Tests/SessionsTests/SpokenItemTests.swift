import Audio
import Dialogue
import Engines
import Testing
import Turns
import Wire

@testable import Sessions

/// Messages that the client sends as sound, and spoken replies beside the conversation.
struct SpokenItemTests {
    @Test func whatWasSaidIsWrittenDownBeforeItIsAnswered() throws {
        var stand = DirectedStand(DirectedStand.telephone)
        stand.insert("a", "One.")
        stand.insert("c", "Three.")
        stand.insert("b", "Two,", sound: 800, after: "a")
        let (token, sound) = try #require(stand.sounds.first)
        #expect(sound == SentSound(bytes: [UInt8](repeating: 0x55, count: 800), format: AudioFormat(codec: .muLaw, sampleRate: 8_000)))
        stand.respond("r")
        stand.respond("beside", isBeside: true, isWritten: true)
        #expect(stand.answers.isEmpty && stand.reports.isEmpty)
        stand.take(.transcript(token, .success(Transcript(text: "two and a half."))))
        #expect(stand.reports.first == .taken(id: "b", text: "two and a half."))
        #expect(stand.answers.map(\.messages) == Array(repeating: ["Be a test.", "One. Two, two and a half. Three."], count: 2))
    }

    @Test func whatCannotBeUnderstoodIsForgottenAndSaidToBe() throws {
        var stand = DirectedStand(DirectedStand.telephone)
        stand.insert("a", "Hello.")
        stand.insert("b", sound: 800)
        let token = try #require(stand.sounds.first).token
        stand.respond("r", isWritten: true)
        stand.take(.timer(.take(token)))
        #expect(stand.effects.contains { if case .cancelRecognition(token) = $0 { true } else { false } })
        #expect(stand.reports.first == .failed(id: "b", code: "engine.timeout"))
        #expect(stand.answers.first?.messages == ["Be a test.", "Hello."])
    }

    @Test func whatIsRemovedIsNotWaitedFor() throws {
        var stand = DirectedStand(DirectedStand.telephone)
        stand.insert("a", "Hello.")
        stand.insert("b", sound: 800)
        let token = try #require(stand.sounds.first).token
        stand.respond("r", isWritten: true)
        stand.direct(.remove("b"))
        #expect(stand.effects.contains { if case .cancelRecognition(token) = $0 { true } else { false } })
        #expect(stand.answers.first?.messages == ["Be a test.", "Hello."])
        stand.take(.transcript(token, .success(Transcript(text: "late"))))
        #expect(!stand.reports.contains(.taken(id: "b", text: "late")))
    }

    @Test func longSoundIsHeardInPiecesInOrder() throws {
        var stand = DirectedStand(DirectedStand.telephone) { $0.limits.utterance = .seconds(2) }
        stand.insert("a", sound: 40_000)
        #expect(stand.sounds.map(\.sound.bytes.count) == [16_000, 16_000, 8_000])
        let sounds = stand.sounds
        for (index, word) in [(2, "three"), (0, "one"), (1, "two")] {
            #expect(stand.reports.isEmpty)
            stand.take(.transcript(sounds[index].token, .success(Transcript(text: word))))
        }
        #expect(stand.reports == [.taken(id: "a", text: "one two three")])
    }

    @Test func tooMuchSoundIsRefused() {
        var stand = DirectedStand(DirectedStand.telephone) { $0.limits.utterance = .seconds(1) }
        stand.insert("long", sound: 41 * 8_000)
        #expect(stand.reports == [.failed(id: "long", code: "input.too_many")] && stand.sounds.isEmpty)
        for number in 0..<8 { stand.insert("s\(number)", sound: 800) }
        stand.insert("one more", sound: 800)
        #expect(stand.reports == [.failed(id: "one more", code: "input.too_many")] && stand.sounds.isEmpty)
        var opus = DirectedStand(DirectedStand.telephone) { $0.input = AudioFormat(sampleRate: 16_000) }
        opus.insert("a", sound: 800)
        #expect(opus.reports == [.failed(id: "a", code: "input.unsupported_format")])
    }

    @Test(arguments: [
        (AudioFormat(codec: .muLaw, sampleRate: 8_000), 800), (AudioFormat(codec: .aLaw, sampleRate: 8_000), 800),
        (AudioFormat(codec: .pcm16, sampleRate: 24_000), 4_801),
    ]) func soundBecomesSamplesOfTheEar(format: AudioFormat, bytes: Int) throws {
        let audio = try SentSound(bytes: [UInt8](repeating: 0x40, count: bytes), format: format).audio(at: 16_000)
        #expect(audio.sampleRate == 16_000 && abs(audio.samples.count - 1_600) <= 1)
        #expect(audio.samples[800] != 0)
    }

    // MARK: beside the conversation

    @Test func whatIsSpokenBesideTheConversationHasItsTurnAfterIt() throws {
        var stand = DirectedStand(DirectedStand.telephone)
        stand.insert("a", "Hello.")
        stand.respond("own")
        let own = try #require(stand.answers.first).token
        stand.respond("beside", isBeside: true)
        stand.respond("other", isBeside: true)
        stand.respond("second")
        #expect(stand.reports == [.refused(request: "second", code: "reply.active")])
        stand.direct(.stop(request: "other"))
        #expect(stand.reports == [.refused(request: "other", code: "reply.cancelled")])
        try stand.finish(own)
        #expect(stand.reports.suffix(2) == [.ended(ReplyEnd(epoch: 1, reason: .completed)), .began(epoch: 2, request: "beside")])
        let beside = try #require(stand.answers.last).token
        // The conversation's own reply waits for what is heard beside it, but only one does.
        stand.respond("third")
        #expect(stand.reports.isEmpty)
        stand.respond("fourth")
        #expect(stand.reports == [.refused(request: "fourth", code: "reply.active")])
        try stand.finish(beside)
        #expect(stand.reports.suffix(2) == [.ended(ReplyEnd(epoch: 2, reason: .completed)), .began(epoch: 3, request: "third")])
        #expect(stand.answers.last?.messages == ["Be a test.", "Hello.", "One two three four."])
    }

    @Test func whatIsSpokenBesideTheConversationCanBeStopped() throws {
        var stand = DirectedStand(DirectedStand.telephone)
        stand.respond("beside", isBeside: true)
        #expect(stand.reports == [.began(epoch: 1, request: "beside")])
        stand.direct(.stop(request: "beside"))
        #expect(stand.reports == [.ended(ReplyEnd(epoch: 1, reason: .cancelled))])
        stand.respond("own")
        for number in 0..<9 { stand.respond("b\(number)", isBeside: true) }
        #expect(stand.reports == [.refused(request: "b8", code: "reply.too_many")])
    }
}

extension DirectedStand {
    /// Of a telephone.
    fileprivate static let telephone = AudioFormat(codec: .muLaw, sampleRate: 8_000)

    fileprivate mutating func insert(_ id: String, _ text: String = "", sound: Int? = nil, after: String? = nil) {
        var item = MemoryItem(id: id, text: text, after: after)
        item.sound = sound.map { SoundBytes([UInt8](repeating: 0x55, count: $0)) }
        direct(.insert(item))
    }

    fileprivate mutating func respond(_ id: String, isBeside: Bool = false, isWritten: Bool = false) {
        var request = ReplyRequest(id: id)
        (request.isBeside, request.isWritten) = (isBeside, isWritten)
        direct(.respond(request))
    }

    fileprivate var sounds: [(token: Token, sound: SentSound)] {
        effects.compactMap { if case .transcribe(let token, let sound) = $0 { (token, sound) } else { nil } }
    }
    fileprivate var answers: [(token: Token, messages: [String])] {
        effects.compactMap { if case .answer(let token, let request) = $0 { (token, request.messages.map(\.content)) } else { nil } }
    }
    fileprivate var speech: Token? { effects.lazy.compactMap { if case .speak(let token, _, _) = $0 { token } else { nil } }.first }

    /// Has a reply written, spoken and heard to its end.
    fileprivate mutating func finish(_ token: Token) throws {
        take(.replyText(token, "One two three four. "))
        let spoken = try #require(speech)
        take(.replyEnded(token, .success(ChatOutcome(finish: .stop))))
        take(.speech(spoken, sentence: 0, packets: Array(repeating: [0], count: 5), words: []))
        take(.speechEnded(spoken, sentence: 0, .success(.milliseconds(100))))
        var all = effects
        for _ in 0..<80 where conversation.reply?.token == token {
            take(.tick)
            all += effects
        }
        effects = all
    }
}
