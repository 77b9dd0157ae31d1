import Dialogue
import Gateway
import NIOHTTP1
import Sessions
import Testing

@Suite(.timeLimit(.minutes(1))) struct HTTPDoorTests {
    private struct Echo: HTTPRoute {
        let method = HTTPMethod.POST
        let path = "/echo"
        let bodyLimit = 8
        var needsKey = false

        func respond(to request: HTTPDoorRequest, writer: HTTPDoorWriter) async throws {
            switch request.query("how") {
            case "stream":
                try await writer.begin(.ok, ["Content-Type": "text/event-stream"])
                for byte in request.body { try await writer.write([byte]) }
            case "break":
                try await writer.begin(.ok)
                try await writer.write([65])
                throw CancellationError()
            case "refuse": throw CallRefusal(status: 429, code: "x.slow_down", message: "later", retryAfter: 3)
            case "nothing": break
            default: try await writer.respond(.ok, body: request.body + Array((request.tenant ?? "").utf8))
            }
        }
    }

    private func post(_ query: String, _ body: String, _ headers: String = "") -> String {
        "POST /echo\(query) HTTP/1.1\r\nHost: x\r\n\(headers)Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    @Test func healthReadinessAndMetricsAnswerAndClose() async throws {
        let metrics = MetricsRoute { "parley_calls 1\n" }
        try await Bench.with(routes: [HealthRoute(), metrics]) { bench in
            let health = try await bench.http("GET /healthz?x HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(health.hasPrefix("HTTP/1.1 200 OK\r\n") && health.hasSuffix(#"{"status":"ok"}"#))
            #expect(health.contains("Connection: close\r\n"))
            let ready = try await bench.http("GET /readyz HTTP/1.1\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n\r\n")
            #expect(ready.hasPrefix("HTTP/1.1 200 ") && ready.hasSuffix(#"{"status":"ready","reasons":[]}"#))
            let text = try await bench.http("GET /metrics HTTP/1.1\r\n\r\n", port: bench.server.port(of: "admin"))
            #expect(text.contains("text/plain; version=0.0.4") && text.hasSuffix("\r\n\r\nparley_calls 1\n"))
        }
    }

    @Test func aMissingEngineIsNotReady() async throws {
        try await Bench.with(routes: []) { bench in
            let ready = try await bench.http("GET /readyz HTTP/1.1\r\n\r\n")
            #expect(ready.hasPrefix("HTTP/1.1 503 ") && ready.hasSuffix(#"{"status":"not_ready","reasons":["recognizer"]}"#))
        }
    }

    @Test func unknownPathsAndMethodsAreJSONErrors() async throws {
        try await Bench.with { bench in
            let missing = try await bench.http("GET /../etc/passwd HTTP/1.1\r\n\r\n")
            #expect(missing.hasPrefix("HTTP/1.1 404 ") && missing.contains(#"{"error":{"code":"gateway.not_found""#))
            let method = try await bench.http("DELETE /healthz HTTP/1.1\r\n\r\n")
            #expect(method.hasPrefix("HTTP/1.1 405 ") && method.contains("Allow: GET\r\n"))
            #expect(try await bench.http("nonsense\r\n\r\n").hasPrefix("HTTP/1.1 400 "))
            let padding = String(repeating: "y", count: 40_000)
            #expect(try await bench.http("GET /healthz HTTP/1.1\r\nX: \(padding)\r\n\r\n").hasPrefix("HTTP/1.1 200") == false)
        }
    }

    @Test func bodiesAreBoundedAndStreamsAreChunked() async throws {
        try await Bench.with(routes: [Echo()]) { bench in
            let chunked = "POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n123456789\r\n0\r\n\r\n"
            for (request, part) in [
                (post("", "12345678"), "\r\n\r\n12345678"), (post("", "123456789"), "HTTP/1.1 413 "), (chunked, "HTTP/1.1 413 "),
                (post("?how=stream", "ab"), "\r\n\r\n1\r\na\r\n1\r\nb\r\n0\r\n\r\n"), (post("?how=refuse", "a"), "Retry-After: 3\r\n"),
                (post("?how=nothing", "a"), "HTTP/1.1 500 "), (post("", "a", "Expect: 100-continue\r\n"), "HTTP/1.1 100 "),
            ] {
                let answer = try await bench.http(request)
                #expect(answer.contains(part))
            }
            let broken = try await bench.http(post("?how=break", "a"))
            #expect(broken.hasSuffix("\r\n\r\n1\r\nA\r\n"))
        }
    }

    @Test func aRouteMayAskForAKey() async throws {
        var http = HTTPDoorSettings()
        http.keys = KeyRing(["sesame": "acme"])
        try await Bench.with(http: http, routes: [Echo(needsKey: true)]) { bench in
            let refused = try await bench.http(post("", "1"))
            #expect(refused.hasPrefix("HTTP/1.1 401 "))
            let answer = try await bench.http(post("", "1", "Authorization: bearer sesame\r\n"))
            #expect(answer.hasSuffix("\r\n\r\n1acme"))
        }
    }

    @Test func tooManyRequestsAtOneTimeAre503() async throws {
        var http = HTTPDoorSettings()
        http.concurrency = 0
        try await Bench.with(http: http) { bench in
            let answer = try await bench.http("GET /healthz HTTP/1.1\r\n\r\n")
            #expect(answer.hasPrefix("HTTP/1.1 503 ") && answer.contains("Retry-After: 1\r\n"))
        }
    }
}

@Suite(.timeLimit(.minutes(1))) struct AnswersDoorTests {
    private let door = AnswersDoor(models: ["parley"], now: { 1_700_000_000 }) { model, agent, messages in
        if messages.last?.content == "fail" { throw CallRefusal(status: 429, code: "engine.busy", message: "busy") }
        return "\(agent) heard \(messages.count): \(messages.last?.content ?? "")"
    }

    private func ask(_ body: String) -> String {
        "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nX-Parley-Agent: desk\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    @Test func aWholeAnswerHasTheShapeOfOpenAI() async throws {
        try await Bench.with(routes: door.routes) { bench in
            let user = #"{"role":"user","content":[{"type":"text","text":"hi"}]}"#
            let body = #"{"model":"parley","messages":[{"role":"developer","content":"Be kind."},\#(user)]}"#
            let answer = try await bench.http(ask(body))
            #expect(answer.hasPrefix("HTTP/1.1 200 "))
            #expect(answer.contains(#""object":"chat.completion","created":1700000000,"model":"parley""#))
            #expect(answer.contains(#""message":{"role":"assistant","content":"desk heard 2: hi","refusal":null},"finish_reason":"stop""#))
            #expect(answer.contains(#""usage":{"prompt_tokens":3,"completion_tokens":4,"total_tokens":7}"#))
            #expect(try await bench.http("GET /v1/models HTTP/1.1\r\n\r\n").contains(#"{"object":"list","data":[{"id":"parley","object":"model""#))
        }
    }

    @Test func aConversationWithToolsInItIsAnswered() async throws {
        try await Bench.with(routes: door.routes) { bench in
            let call = #"{"role":"assistant","content":null,"tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{}"}}]}"#
            let result = #"{"role":"tool","tool_call_id":"a","content":"cold"}"#
            let answer = try await bench.http(ask(#"{"model":"parley","messages":[{"role":"user","content":"hi"},\#(call),\#(result)]}"#))
            #expect(answer.hasPrefix("HTTP/1.1 200 "))
            #expect(answer.contains("desk heard 3: cold"))
            let bare = try await bench.http(ask(#"{"model":"parley","messages":[{"role":"assistant","content":null}]}"#))
            #expect(bare.hasPrefix("HTTP/1.1 400 ") && bare.contains("messages[0].content"))
        }
    }

    @Test func aStreamComesWordByWordAndEndsWithDone() async throws {
        try await Bench.with(routes: door.routes) { bench in
            let options = #""stream":true,"stream_options":{"include_usage":true}"#
            let answer = try await bench.http(ask(#"{"model":"parley","messages":[{"role":"user","content":"one two"}],\#(options)}"#))
            let pieces = answer.matches(of: /"delta":\{"content":"([^"]*)"\}/).map { String($0.output.1) }
            #expect(pieces == ["desk", " heard", " 1:", " one", " two"])
            #expect(answer.contains(#""delta":{},"finish_reason":"stop""#))
            #expect(answer.contains(#""choices":[],"usage":{"prompt_tokens":2"#))
            #expect(answer.hasSuffix("data: [DONE]\n\n\r\n0\r\n\r\n"))
        }
    }

    @Test(arguments: [
        ("{", 400, ""), (#"{"model":"gpt"}"#, 404, "model"), (#"{"model":"parley","messages":[]}"#, 400, "messages"),
        (#"{"model":"parley","messages":[{"role":"robot","content":"x"}]}"#, 400, "messages[0].role"),
        (#"{"model":"parley","messages":[{"role":"user","content":[{"type":"image_url"}]}]}"#, 400, "messages[0].content"),
        (#"{"model":"parley","stream":1,"messages":[{"role":"user","content":"x"}]}"#, 400, "stream"),
        (#"{"model":"parley","messages":[{"role":"user","content":"fail"}]}"#, 429, ""),
    ])
    func errorsHaveTheShapeOfOpenAI(body: String, status: Int, param: String) async throws {
        try await Bench.with(routes: door.routes) { bench in
            let answer = try await bench.http(ask(body))
            #expect(answer.hasPrefix("HTTP/1.1 \(status) "))
            #expect(answer.contains(param.isEmpty ? #""param":null"# : #""param":"\#(param)""#))
        }
    }
}
