import HTTPStreams
import HTTPTestServer
import Testing

@Suite(.timeLimit(.minutes(1)))
struct FailureTests {
    /// What a request ends with, and how many bytes of the body came before.
    private func failure(_ request: HTTPRequest, client: HTTPClient? = nil) async throws -> (code: HTTPStreamError.Code?, bytes: Int) {
        let client = try client ?? HTTPClient.forTests()
        var bytes = 0
        let code = await code { for try await chunk in try await client.send(request).body { bytes += chunk.count } }
        await client.shutdown()
        return (code, bytes)
    }

    /// Sends a head and one byte, then nothing until the client goes.
    private func stalling() throws -> TestServer {
        try TestServer { exchange in
            if exchange.request.target == "/no-head" { return exchange.waitUntilGone() }
            try exchange.head()
            try exchange.send("x")
            exchange.waitUntilGone()
        }
    }

    @Test func connectingIsLimited() async throws {
        let request = HTTPRequest(url: "http://127.0.0.1:\(try TestServer.deafPort())/", limits: TimeLimits(connect: .milliseconds(50)))
        #expect(try await failure(request).code == .connectTimeout)
    }

    @Test(arguments: [
        ("/no-head", TimeLimits(firstByte: .milliseconds(40)), HTTPStreamError.Code.firstByteTimeout, 0),
        ("/", TimeLimits(firstContent: .milliseconds(400)), .firstContentTimeout, 1),
        ("/no-head", TimeLimits(firstContent: .milliseconds(40)), .firstContentTimeout, 0),
        ("/", TimeLimits(firstByte: .seconds(30), idle: .milliseconds(300)), .idleTimeout, 1),
        ("/", TimeLimits(total: .milliseconds(400)), .totalTimeout, 1),
    ])
    func eachStageHasItsLimit(path: String, limits: TimeLimits, code: HTTPStreamError.Code, bytes: Int) async throws {
        let server = try stalling()
        let seen = try await failure(HTTPRequest(url: server.url + path, limits: limits))
        #expect(seen.code == code)
        #expect(seen.bytes == bytes)
    }

    @Test func contentThatBeganIsNoLongerLimited() async throws {
        let server = try stalling()
        let client = try HTTPClient.forTests()
        let limits = TimeLimits(firstContent: .milliseconds(2500), total: .milliseconds(2600))
        let code = await code {
            let body = try await client.send(HTTPRequest(url: server.url, limits: limits)).body
            body.contentBegan()
            for try await _ in body {}
        }
        #expect(code == .totalTimeout)
        await client.shutdown()
    }

    @Test(arguments: [
        ("/reset", HTTPStreamError.Code.brokenOff), ("/close", .brokenOff), ("/cut", .brokenOff), ("/close-first", .noAnswer),
        ("/garbage", .protocolError), ("/endless-head", .protocolError),
    ])
    func aServerThatDiesIsAnError(path: String, code: HTTPStreamError.Code) async throws {
        let server = try TestServer { exchange in
            switch exchange.request.target {
            case "/reset":
                exchange.resetOnClose()
                try exchange.head()
                try exchange.send("x")
            case "/close":
                try exchange.head()
                try exchange.send("x")
            case "/cut":
                try exchange.head(length: 100)
                try exchange.send("short")
            case "/garbage":
                try exchange.write("HTTP/9 what\r\n\r\n")
            case "/endless-head":
                try exchange.write("HTTP/1.1 200 OK\r\n")
                while true { try exchange.write("x-more: \(String(repeating: "y", count: 1000))\r\n") }
            default: break
            }
        }
        #expect(try await failure(HTTPRequest(url: server.url + path)).code == code)
    }

    @Test func addressesThatCannotWorkHaveTheirCodes() async throws {
        #expect(try await failure(HTTPRequest(url: "http://127.0.0.1:\(try TestServer.refusedPort())/")).code == .connectFailed)
        #expect(try await failure(HTTPRequest(url: "http://no-such-name.invalid/")).code == .nameNotFound)
        #expect(try await failure(HTTPRequest(url: "file:///etc/hostname")).code == .badRequest)
        #expect(try await failure(HTTPRequest(url: "http://127.0.0.1:1\0/")).code == .badRequest)
    }

    @Test(arguments: [("x", "a\r\ny: b"), ("x\r\ny", "a"), ("x:y", "a"), ("", "a"), ("x", "a\0")])
    func headersThatWouldForgeOthersAreRefused(name: String, value: String) async throws {
        #expect(try await failure(HTTPRequest(url: "http://127.0.0.1:1/", headers: [(name, value)])).code == .badRequest)
    }

    @Test func informationalHeadsAndTrailersAreNotTheHead() async throws {
        let server = try TestServer { exchange in
            try exchange.write("HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n")
            try exchange.head()
            try exchange.send("body")
            try exchange.write("0\r\nx-trailer: late\r\n\r\n")
        }
        let client = try HTTPClient.forTests()
        let response = try await client.send(HTTPRequest(url: server.url))
        #expect(response.status == 200)
        #expect(response.header("link") == nil)
        #expect(response.header("x-trailer") == nil)
        #expect(try await response.body.collect(upTo: 10) == Array("body".utf8))
        await client.shutdown()
    }

    @Test func aRefusalSaysHowLongToWait() async throws {
        let server = try TestServer { try $0.answer(429, ["Retry-After": "7"], "slow down") }
        let client = try HTTPClient.forTests()
        let response = try await client.send(HTTPRequest(url: server.url))
        #expect(response.status == 429)
        #expect(!response.isSuccess)
        #expect(response.retryAfter == .seconds(7))
        await client.shutdown()
    }

    @Test func aBodyOverTheBoundIsRefused() async throws {
        let server = try TestServer { try $0.answer(200, [:], "0123456789") }
        let client = try HTTPClient.forTests()
        #expect(await code { _ = try await client.send(HTTPRequest(url: server.url)).body.collect(upTo: 9) } == .tooLong)
        await client.shutdown()
    }
}
