import Foundation
import HTTPTestServer
import Synchronization

/// A language model, a recogniser and a synthesizer behind HTTP that do as a test tells them.
final class FakeServices: Sendable {
    /// How one chat request is answered; the last of the script again and again.
    enum Answer: Sendable {
        case says([String])
        /// Says what is made of the request's body.
        case answers(@Sendable (String) -> String)
        /// Says this much, then the connection breaks.
        case breaksAfter([String])
        /// Says this much, then nothing until the event; then it ends.
        case stallsAfter([String], TestEvent)
        case fails(Int)
    }

    private struct State {
        var answers: [Answer]
        var transcripts: [String] = []
        var speechGate: TestEvent?
    }

    private let state: Mutex<State>
    private let server: Mutex<TestServer?> = Mutex(nil)

    init(_ answers: [Answer] = [.says(["Fine."])], transcripts: [String] = ["hello there"]) throws {
        state = Mutex(State(answers: answers, transcripts: transcripts))
        let made = try TestServer { [weak self] exchange in try self?.answer(exchange) }
        server.withLock { $0 = made }
    }

    deinit { server.withLock { $0?.stop() } }

    var url: String { server.withLock { $0?.url ?? "" } + "/v1" }
    var model: [String] { ["llm.engine=openai", "llm.url=\(url)", "llm.retries=0"] }
    var recognizer: [String] { ["recognizer.engine=openai", "recognizer.url=\(url)"] }
    var synthesizer: [String] { ["synthesizer.engine=openai", "synthesizer.url=\(url)"] }

    func answer(with answers: [Answer]) { state.withLock { $0.answers = answers } }
    /// Speech stops after its first second until the event.
    func holdSpeech(until event: TestEvent) { state.withLock { $0.speechGate = event } }

    /// Bodies of the chat requests so far.
    var chats: [String] {
        server.withLock { $0?.requests ?? [] }.filter { $0.target.hasSuffix("/chat/completions") }.map(\.text)
    }

    private func answer(_ exchange: TestExchange) throws {
        switch exchange.request.target {
        case "/v1/chat/completions": try chat(exchange)
        case "/v1/audio/transcriptions":
            let text = state.withLock { state in state.transcripts.count > 1 ? state.transcripts.removeFirst() : state.transcripts[0] }
            try exchange.answer(200, ["content-type": "application/json"], #"{"text": "\#(text)"}"#)
        case "/v1/audio/speech": try speak(exchange)
        default: try exchange.answer(404, [:], "")
        }
    }

    private func chat(_ exchange: TestExchange) throws {
        let answer = state.withLock { state in state.answers.count > 1 ? state.answers.removeFirst() : state.answers[0] }
        switch answer {
        case .fails(let status): try exchange.answer(status, ["content-type": "application/json"], #"{"error": {"message": "no"}}"#)
        case .says(let pieces):
            try begin(exchange, pieces)
            try end(exchange)
        case .answers(let answer):
            try begin(exchange, [answer(exchange.request.text)])
            try end(exchange)
        case .breaksAfter(let pieces):
            try begin(exchange, pieces)
            exchange.resetOnClose()
        case .stallsAfter(let pieces, let event):
            try begin(exchange, pieces)
            event.block()
            try end(exchange)
        }
    }

    private func begin(_ exchange: TestExchange, _ pieces: [String]) throws {
        try exchange.head(200, ["content-type": "text/event-stream"])
        for piece in pieces {
            try exchange.send(#"data: {"choices": [{"index": 0, "delta": {"content": "\#(piece)"}, "finish_reason": null}]}"# + "\n\n")
        }
    }

    private func end(_ exchange: TestExchange) throws {
        try exchange.send(#"data: {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}"# + "\n\ndata: [DONE]\n\n")
        try exchange.end()
    }

    /// Two seconds of sound at 24 kHz.
    private func speak(_ exchange: TestExchange) throws {
        let gate = state.withLock { $0.speechGate }
        let second = (0..<24_000).flatMap { sample -> [UInt8] in
            let value = Int16(8_000 * sin(Double(sample) * 2 * .pi * 220 / 24_000))
            return [UInt8(truncatingIfNeeded: value), UInt8(truncatingIfNeeded: value >> 8)]
        }
        try exchange.head(200, ["content-type": "application/octet-stream"])
        try exchange.send(second)
        gate?.block()
        try exchange.send(second)
        try exchange.end()
    }
}
