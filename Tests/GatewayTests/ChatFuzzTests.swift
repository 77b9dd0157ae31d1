import Dialogue
import Engines
import Foundation
import Logging
import Sessions
import Testing
import Turns
import Wire

@testable import Gateway

/// Whatever is posted to a chat is answered, and a desk that has had all of it still answers the next.
@Suite(.serialized) struct ChatFuzzTests {
    /// On demand a million; else as many as take a few seconds.
    private static let rounds = ProcessInfo.processInfo.environment["CHAT_FUZZ"].flatMap { Int($0) } ?? 8_000
    /// So many of them come over a socket, each over one of its own.
    private static let socketShare = 40

    private static let seeds = [
        #"{"agent":"desk","language":"en-GB","variables":{"name":"Zoe"},"text":"hello \"you\" \ud83d\ude00"}"#, "{}", #"{"text":"hi"}"#,
        #"{"resume_token":"TOKEN","text":"more"}"#, #"{"resume_token":"x","text":"more"}"#, #"{"agent":"nobody","text":"a"}"#,
        #"{"type":"session.start","input":{"codec":"opus"},"resume":{"token":"a","last_seq":1},"text":"a"}"#,
    ]

    private struct Model: LanguageModel {
        let name = "scripted"

        func answer(_ request: ChatRequest, onText: @Sendable (String) async throws -> Void) async throws -> ChatOutcome {
            let asked = request.messages.last?.content ?? ""
            if asked.utf8.count % 7 == 3 { throw EngineError(.timeout, "too slow") }
            try await onText("You wrote ")
            if asked.utf8.count % 7 == 5 { throw EngineError(.brokenOff, "gone") }
            try await onText(asked)
            return ChatOutcome(finish: .stop)
        }
    }

    private static func desk() -> ChatDesk {
        let clock = ContinuousClock()
        let begin = clock.now
        return ChatDesk(limit: 2_000, life: .milliseconds(5), languageModel: Model(), now: { begin.duration(to: clock.now) }) {
            start throws(CallRefusal) in
            if start.agent == "nobody" { throw CallRefusal(status: 404, code: "agent.unknown", message: "no such agent") }
            return CallPlan(agent: start.agent ?? "desk", system: "Be kind.", lines: [.greeting: "Hello."])
        }
    }

    @Test func everyBodyIsAnsweredOrRefused() async throws {
        var mutation = Mutation(7)
        let desk = Self.desk()
        var token = try await desk.begin(SessionStart(), tenant: "local").token
        let route = ChatRoute(host: desk, door: SocketDoorSettings(), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        var (answered, refused, codes) = (0, 0, Set<String>())
        var before: Int?
        try await Bench.with(routes: [route]) { bench in
            for round in 0..<Self.rounds {
                let seeds = Self.seeds.map { $0.replacing("TOKEN", with: token) }
                let body = mutation.changed(seeds)
                if round % Self.socketShare == 0 {
                    let head = "POST /v1/chat HTTP/1.1\r\nHost: x\r\nContent-Length: \(body.count)\r\n\r\n"
                    let answer = String(decoding: try await bench.exchange(Array(head.utf8) + body), as: UTF8.self)
                    let status = Int(answer.dropFirst(9).prefix(3)) ?? 0
                    #expect([200, 400, 404, 409, 503].contains(status), "round \(round): \(answer.prefix(300))")
                    if status == 0 { return }
                    continue
                }
                do {
                    let ask = try ChatRoute.Ask(body)
                    let chat = try await Self.token(ask, desk)
                    if let text = ask.text { _ = try await desk.answer(text, token: chat, tenant: "local") { _ in } }
                    answered += 1
                    token = chat
                } catch let error as WireError {
                    refused += 1
                    codes.insert(error.code)
                } catch let refusal as CallRefusal {
                    refused += 1
                    codes.insert(refusal.code)
                }
                if round == Self.rounds / 10 { before = ProcessMemory.resident }
            }
        }
        #expect(answered > Self.rounds / 50 && refused > Self.rounds / 50, "\(answered) answered, \(refused) refused")
        // A code of the door or of an engine, and no other.
        #expect(
            codes.isSubset(of: [
                "wire.bad_json", "wire.bad_field", "session.unknown", "session.busy", "server.full", "agent.unknown", "engine.timeout",
                "engine.broken_off",
            ]), "\(codes.sorted())")
        if let before, let after = ProcessMemory.resident { #expect(after - before < 64 << 20) }
    }

    private static func token(_ ask: ChatRoute.Ask, _ desk: ChatDesk) async throws -> String {
        if let token = ask.token { return token }
        return try await desk.begin(ask.start, tenant: "local").token
    }
}
