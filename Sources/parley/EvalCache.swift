import Audio
import Crypto
import Dialogue
import Engines
import Foundation
import Synchronization

/// What engines once answered to a piece of audio, kept in a file so that the same question is not worked on again.
final class EvalCache: Sendable {
    private struct Store {
        var answers: [String: String] = [:]
        var fresh: [(key: String, value: String)] = []
    }

    private let path: String?
    private let store: Mutex<Store>

    /// - Parameter path: Tab-separated lines of key and answer; need not be there. Nil keeps answers in memory only.
    init(path: String?) {
        self.path = path
        var loaded = Store()
        if let path, let data = FileManager.default.contents(atPath: path) {
            for line in String(decoding: data, as: UTF8.self).split(separator: "\n") {
                let fields = line.split(separator: "\t", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
                if fields.count == 2 { loaded.answers[fields[0]] = fields[1] }
            }
        }
        store = Mutex(loaded)
    }

    /// How many questions had to be answered by an engine.
    var misses: Int { store.withLock { $0.fresh.count } }

    /// Gives the answer that is kept, or has it made and keeps it. What fails is not kept.
    func answer(_ engine: String, _ audio: [Float], make: () async throws -> String) async throws -> String {
        let digest = SHA256.hash(data: PCM16.bytes(audio))
        let key = engine + ":" + digest.prefix(16).map { String($0, radix: 16) }.joined(separator: ".")
        if let kept = store.withLock({ $0.answers[key] }) { return kept }
        let made = try await make()
        store.withLock {
            $0.answers[key] = made
            $0.fresh.append((key, made))
        }
        return made
    }

    /// Writes what is new to the file's end.
    ///
    /// - Throws: ``Failure`` naming the file.
    func save() throws {
        guard let path else { return }
        let fresh = store.withLock { store in
            defer { store.fresh = [] }
            return store.fresh
        }
        guard !fresh.isEmpty else { return }
        let text = fresh.sorted { $0.key < $1.key }.map { "\($0.key)\t\($0.value)\n" }.joined()
        if !FileManager.default.fileExists(atPath: path) { _ = FileManager.default.createFile(atPath: path, contents: nil) }
        guard let file = FileHandle(forWritingAtPath: path) else { throw Failure("evaluation.not_written: \(path) cannot be written") }
        try file.seekToEnd()
        try file.write(contentsOf: Data(text.utf8))
        try file.close()
    }
}

/// An end-of-turn model that is asked the same thing only once.
struct CachedEndOfTurn: EndOfTurnDetector {
    let engine: any EndOfTurnDetector
    let cache: EvalCache
    var name: String { engine.name }

    func probabilityOfEnd(_ sound: HeardSound) async throws -> Float {
        // No model looks further back than this, and what lies before differs from policy to policy.
        let end = Array(sound.samples.suffix(8 * 16_000))
        let answer = try await cache.answer(name, end) { "\(try await engine.probabilityOfEnd(end))" }
        guard let probability = Float(answer) else { throw EngineError(.badAnswer, "the kept answer is no number") }
        return probability
    }
}

/// A recogniser that is asked the same thing only once.
struct CachedRecognizer: Recognizer {
    let engine: any Recognizer
    /// How it looks for words: what it answered when it looked in another way is not its answer.
    let search: String
    let cache: EvalCache
    var name: String { engine.name }
    var servesPartials: Bool { engine.servesPartials }

    func transcribe(_ request: RecognitionRequest) async throws -> Transcript {
        let answer = try await cache.answer("\(name)-\(search)-\(request.language.rawValue)", request.sound.samples) {
            let transcript = try await engine.transcribe(request)
            let text = transcript.text.split(whereSeparator: { $0.isNewline || $0 == "\t" }).joined(separator: " ")
            return "\(transcript.confidence.map { "\($0)" } ?? "-")\t\(text)"
        }
        let fields = answer.split(separator: "\t", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        return Transcript(text: fields.count == 2 ? fields[1] : "", confidence: fields.first.flatMap { Float($0) })
    }
}
