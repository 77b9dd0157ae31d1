import Audio
import Dialogue
import Engines
import RemoteEngines
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1)))
struct FallbackTests {
    /// Fails as told, or says its name.
    final class Scripted: LanguageModel, Recognizer, Synthesizer {
        let name: String
        let servesPartials = true
        let asked = Counter()
        let failure: Mutex<EngineError?>
        let speaksFirst: Bool

        init(_ name: String, failing: EngineError? = nil, speaksFirst: Bool = false) {
            (self.name, self.speaksFirst) = (name, speaksFirst)
            failure = Mutex(failing)
        }

        func answer(_ request: ChatRequest, onText: @Sendable (String) async throws -> Void) async throws -> ChatOutcome {
            asked.add(1)
            if speaksFirst { try await onText("half ") }
            if let error = failure.withLock({ $0 }) { throw error }
            try await onText(name)
            return ChatOutcome(finish: .stop)
        }

        func transcribe(_ request: RecognitionRequest) async throws -> Transcript {
            asked.add(1)
            if let error = failure.withLock({ $0 }) { throw error }
            return Transcript(text: name)
        }

        func speak(_ request: SpeechRequest, onChunk: @Sendable (SpeechChunk) async throws -> Void) async throws {
            asked.add(1)
            if let error = failure.withLock({ $0 }) { throw error }
            try await onChunk(SpeechChunk(audio: PCMAudio(sampleRate: 8000, samples: [request.voice == nil ? 0 : 1])))
        }
    }

    private static let passing = EngineError(.overloaded, "busy", isRetryable: true)
    private static let lasting = EngineError(.badRequest, "no", isRetryable: false)

    private func ask(_ model: any LanguageModel) async throws -> String {
        let heard = Recorder()
        _ = try await model.answer(ChatRequest(messages: [])) { heard.append($0) }
        return heard.pieces.joined()
    }

    @Test func theNextAnswersUntilTheFirstHasCooledDown() async throws {
        let clock = ManualClock()
        let (first, second) = (Scripted("first", failing: Self.passing), Scripted("second"))
        let model = FallbackLanguageModel([first, second], coolDown: .seconds(30), clock: clock)
        #expect(model.name == "first, second")
        #expect(try await ask(model) == "second")
        first.failure.withLock { $0 = nil }
        clock.advance(by: .seconds(29))
        #expect(try await ask(model) == "second")
        #expect(first.asked.value == 1)
        clock.advance(by: .seconds(1))
        #expect(try await ask(model) == "first")
    }

    @Test func anEngineThatCoolsDownIsStillAskedWhereTheOthersFail() async throws {
        let (first, second) = (Scripted("first", failing: Self.passing), Scripted("second"))
        let model = FallbackLanguageModel([first, second], clock: ManualClock())
        #expect(try await ask(model) == "second")
        first.failure.withLock { $0 = nil }
        second.failure.withLock { $0 = Self.passing }
        #expect(try await ask(model) == "first")
    }

    @Test func whatWouldFailAgainIsNotTriedElsewhere() async throws {
        let second = Scripted("second")
        let model = FallbackLanguageModel([Scripted("first", failing: Self.lasting), second], clock: ManualClock())
        await #expect(throws: Self.lasting) { try await ask(model) }
        #expect(second.asked.value == 0)
    }

    @Test func anAnswerThatBeganIsNotGivenByTwo() async throws {
        let second = Scripted("second")
        let model = FallbackLanguageModel([Scripted("first", failing: Self.passing, speaksFirst: true), second], clock: ManualClock())
        await #expect(throws: Self.passing) { try await ask(model) }
        #expect(second.asked.value == 0)
    }

    @Test func whatTheConsumerThrowsIsNoFailureOfTheEngine() async throws {
        let second = Scripted("second")
        let model = FallbackLanguageModel([Scripted("first"), second], clock: ManualClock())
        await #expect(throws: Self.passing) { try await model.answer(ChatRequest(messages: [])) { _ in throw Self.passing } }
        #expect(second.asked.value == 0)
        #expect(try await ask(model) == "first")
    }

    @Test func allThatFailEndWithTheLastError() async throws {
        let last = EngineError(.timeout, "late", isRetryable: true)
        let model = FallbackLanguageModel([Scripted("a", failing: Self.passing), Scripted("b", failing: last)], clock: ManualClock())
        await #expect(throws: last) { try await ask(model) }
    }

    @Test func recognisersAndSynthesizersFallBackToo() async throws {
        let (first, second) = (Scripted("first", failing: Self.passing), Scripted("second"))
        let ear = FallbackRecognizer([first, second], clock: ManualClock())
        #expect(ear.servesPartials)
        #expect(try await ear.transcribe(.init(audio: [], language: .english, purpose: .final)).text == "second")
        let voices = Recorder()
        try await FallbackSynthesizer([first, second], clock: ManualClock()).speak(.init(text: "x", language: .english, voice: "mine")) {
            voices.append("\($0.audio.samples)")
        }
        #expect(voices.pieces == ["[0.0]"])
    }
}
