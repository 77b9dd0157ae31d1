import Audio
import Dialogue
import Engines
import Sessions
import Synchronization
import Wire

/// Hears any sound above a level as speech.
final class LevelDetector: VoiceDetector {
    func probability(of window: Span<Float>) -> Float { Loudness.rms(window) > -40 ? 0.95 : 0.02 }
    func reset() {}
}

struct LevelDetectorMaker: VoiceDetectorMaker {
    let name = "level"
    func makeDetector() -> any VoiceDetector { LevelDetector() }
}

struct FixedRecognizer: Recognizer {
    let name = "fixed"
    let servesPartials = false
    func transcribe(_ request: RecognitionRequest) async throws -> Transcript { Transcript(text: "hello") }
}

struct SureDetector: EndOfTurnDetector {
    let name = "sure"
    func probabilityOfEnd(_ sound: HeardSound) async throws -> Float { 0.99 }
}

/// Says back what it was told last.
struct EchoModel: LanguageModel {
    let name = "echo"
    func answer(_ request: ChatRequest, onText: @Sendable (String) async throws -> Void) async throws -> ChatOutcome {
        try await onText("You said \(request.messages.last?.content ?? "nothing"). ")
        return ChatOutcome(finish: .stop)
    }
}

/// Makes 200 ms of silence for any sentence.
struct ShortSynthesizer: Synthesizer {
    let name = "short"
    func speak(_ request: SpeechRequest, onChunk: @Sendable (SpeechChunk) async throws -> Void) async throws {
        try await onChunk(SpeechChunk(audio: PCMAudio(sampleRate: 24_000, samples: [Float](repeating: 0, count: 4800))))
    }
}

/// Makes half of a sentence, 200 ms, and the other half when it is let.
final class HalvingSynthesizer: Synthesizer {
    let name = "halving"
    private let other: AsyncStream<Void>
    private let gate: AsyncStream<Void>.Continuation

    init() { (other, gate) = AsyncStream.makeStream(of: Void.self) }

    func goOn() { gate.finish() }

    func speak(_ request: SpeechRequest, onChunk: @Sendable (SpeechChunk) async throws -> Void) async throws {
        let half = SpeechChunk(audio: PCMAudio(sampleRate: 24_000, samples: [Float](repeating: 0, count: 4800)))
        try await onChunk(half)
        for await _ in other {}
        try Task.checkCancellation()
        try await onChunk(half)
    }
}

extension EngineSet {
    static var scripted: EngineSet { scripted(by: ShortSynthesizer()) }

    static func scripted(by synthesizer: any Synthesizer) -> EngineSet {
        EngineSet(
            voice: LevelDetectorMaker(), endOfTurn: SureDetector(), recognizer: FixedRecognizer(), languageModel: EchoModel(),
            synthesizer: synthesizer)
    }
}

/// Keeps what a session sends, and lets a test wait for it.
final class KeptTransport: CallTransport, Sendable {
    enum Item: Sendable {
        case event(ServerEvent, seq: Int)
        case audio(AudioPacketHeader)
        case closed(UInt16)
    }

    let items: AsyncStream<Item>
    private let sink: AsyncStream<Item>.Continuation
    private let all = Mutex<[Item]>([])

    init() { (items, sink) = AsyncStream.makeStream(of: Item.self, bufferingPolicy: .bufferingOldest(100_000)) }

    var isWritable: Bool { true }
    func send(_ event: ServerEvent, seq: Int, at time: Duration) { note(.event(event, seq: seq)) }
    func send(_ header: AudioPacketHeader, payload: [UInt8]) { note(.audio(header)) }
    func flush() {}
    func close(code: UInt16, reason: String) {
        note(.closed(code))
        sink.finish()
    }

    private func note(_ item: Item) {
        all.withLock { $0.append(item) }
        sink.yield(item)
    }

    /// Waits for the first event that the closure takes.
    func first<T>(_ pick: (ServerEvent) -> T?) async -> T? {
        for await case .event(let event, _) in items { if let value = pick(event) { return value } }
        return nil
    }

    /// Waits until the session has closed the connection.
    func closed() async -> UInt16? {
        for await _ in items {}
        return closeCode
    }

    var seqs: [Int] { all.withLock { $0.compactMap { if case .event(_, let seq) = $0 { seq } else { nil } } } }
    var packets: Int { all.withLock { $0.count { if case .audio = $0 { true } else { false } } } }
    var closeCode: UInt16? { all.withLock { $0.compactMap { if case .closed(let code) = $0 { code } else { nil } }.last } }
}
