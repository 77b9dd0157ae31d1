import Gateway
import Logging
import Sessions
import Testing
import Wire

@Suite(.timeLimit(.minutes(1))) struct ChatRouteTests {
    private struct Host: ChatHost {
        func begin(_ start: SessionStart, tenant: String) async throws -> ChatOpening {
            if start.agent == "nobody" { throw CallRefusal(status: 404, code: "agent.unknown", message: "no such agent") }
            return ChatOpening(
                token: "t1", agent: start.agent ?? "desk", language: start.language ?? "en", greeting: "Hi \(start.variables["name"] ?? tenant).")
        }

        func answer(
            _ text: String, token: String, tenant: String, onText: @escaping @Sendable (String) async throws -> Void
        ) async throws -> ChatAnswer {
            if token != "t1" { throw CallRefusal(status: 404, code: "session.unknown", message: "no chat has this token") }
            try await onText("You wrote\n")
            if text == "fail" { throw WireError("engine.timeout", "too slow") }
            try await onText(text)
            return ChatAnswer(text: "You wrote\n\(text)", firstText: .milliseconds(120), total: .milliseconds(450))
        }
    }

    private static func route() -> ChatRoute { ChatRoute(host: Host(), door: SocketDoorSettings(), logger: Logger(label: "test")) }

    private func post(_ body: String, _ headers: String = "") -> String {
        "POST /v1/chat HTTP/1.1\r\nHost: x\r\n\(headers)Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    /// The events of an answer, as they stand.
    private func events(_ answer: String) -> [String] {
        let body = answer.split(separator: "\r\n\r\n", maxSplits: 1).last ?? ""
        // Each event is a chunk of its own.
        return body.split(separator: "\r\n").filter { $0.hasPrefix("event: ") }.map { String($0) }
    }

    @Test func aChatBeginsAndIsAnsweredPieceByPiece() async throws {
        try await Bench.with(routes: [Self.route()]) { bench in
            let answer = try await bench.http(post(#"{"agent":"shop","language":"en-GB","variables":{"name":"Zoe"},"text":"hello \"you\""}"#))
            #expect(answer.hasPrefix("HTTP/1.1 200 ") && answer.contains("Content-Type: text/event-stream\r\n"))
            #expect(
                events(answer) == [
                    "event: session.ready\ndata: "
                        + #"{"type":"session.ready","resume_token":"t1","agent":"shop","language":"en-GB","greeting":"Hi Zoe."}"# + "\n\n",
                    "event: agent.delta\ndata: " + #"{"type":"agent.delta","text":"You wrote\n"}"# + "\n\n",
                    "event: agent.delta\ndata: " + #"{"type":"agent.delta","text":"hello \"you\""}"# + "\n\n",
                    "event: agent.finished\ndata: "
                        + #"{"type":"agent.finished","reason":"completed","text":"You wrote\nhello \"you\"","first_text_ms":120,"total_ms":450}"#
                        + "\n\n",
                ])
            #expect(answer.hasSuffix("\r\n0\r\n\r\n"))
            let further = try await bench.http(post(#"{"resume_token":"t1","text":"more"}"#))
            #expect(events(further).count == 3 && !further.contains("session.ready"))
            let greeting = try await bench.http(post("{}"))
            #expect(events(greeting).count == 1 && greeting.contains(#""greeting":"Hi local.""#))
        }
    }

    @Test(arguments: [
        ("", 400, "wire.bad_json"), ("[]", 400, "wire.bad_json"), (#"{"text":""}"#, 400, "wire.bad_field"),
        (#"{"text":"  "}"#, 400, "wire.bad_field"),
        (#"{"text":7}"#, 400, "wire.bad_field"), (#"{"agent":"../x","text":"a"}"#, 400, "wire.bad_field"),
        (#"{"resume_token":"t1"}"#, 400, "wire.bad_field"),
        (#"{"resume_token":7,"text":"a"}"#, 400, "wire.bad_field"), (#"{"resume_token":"t2","text":"a"}"#, 404, "session.unknown"),
        (#"{"agent":"nobody","text":"a"}"#, 404, "agent.unknown"),
    ]) func whatCannotBeAnsweredIsRefusedInHTTP(body: String, status: Int, code: String) async throws {
        try await Bench.with(routes: [Self.route()]) { bench in
            let answer = try await bench.http(post(body))
            #expect(answer.hasPrefix("HTTP/1.1 \(status) ") && answer.contains(#""code":"\#(code)""#))
        }
    }

    @Test func anEngineThatFailsIsAnEvent() async throws {
        try await Bench.with(routes: [Self.route()]) { bench in
            let answer = try await bench.http(post(#"{"resume_token":"t1","text":"fail"}"#))
            #expect(events(answer).last == "event: error\ndata: " + #"{"type":"error","code":"engine.timeout","message":"too slow"}"# + "\n\n")
            #expect(answer.hasSuffix("\r\n0\r\n\r\n"))
        }
    }

    @Test func pagesOfOtherMachinesMayNotChatWhereTheyMayNotCall() async throws {
        try await Bench.with(routes: [Self.route()]) { bench in
            let refused = try await bench.http(post("{}", "Origin: https://evil.example\r\n"))
            #expect(refused.hasPrefix("HTTP/1.1 403 ") && refused.contains("gateway.origin_refused"))
            let near = try await bench.http(post("{}", "Origin: http://localhost:5173\r\n"))
            #expect(near.hasPrefix("HTTP/1.1 200 "))
        }
    }

    @Test func aChatAsksForAKeyWhereCallsDo() async throws {
        var http = HTTPDoorSettings()
        http.keys = KeyRing(["sesame": "acme"])
        try await Bench.with(http: http, routes: [Self.route()]) { bench in
            let refused = try await bench.http(post("{}"))
            #expect(refused.hasPrefix("HTTP/1.1 401 "))
            #expect(try await bench.http(post("{}", "Authorization: Bearer sesame\r\n")).contains("Hi acme."))
        }
    }
}
