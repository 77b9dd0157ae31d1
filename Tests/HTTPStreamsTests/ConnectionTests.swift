import HTTPStreams
import HTTPTestServer
import Testing

@Suite(.timeLimit(.minutes(1)))
struct ConnectionTests {
    @Test func connectionsAreReused() async throws {
        let server = try TestServer { try $0.answer(200, [:], "ok") }
        let client = try HTTPClient.forTests()
        for _ in 0..<20 { #expect(try await client.text(server.url) == "ok") }
        #expect(server.connections == 1)
        #expect(server.requests.count == 20)
        await client.shutdown()
    }

    @Test func aFinishedBodyLeavesItsConnectionIfTheAnswerEndsSoon() async throws {
        let (finished, server) = try Self.endingLate()
        // One connection: the next request waits until the first has ended, and takes another if that was closed.
        let client = try HTTPClient.forTests { $0.maximumConnectionsPerHost = 1 }
        let first = try await client.send(HTTPRequest(url: server.url))
        first.body.finish()
        finished.set()
        var iterator = first.body.makeAsyncIterator()
        #expect(try await iterator.next() == nil)
        #expect(try await client.text(server.url + "/next") == "rest")
        #expect(server.connections == 1)
        await client.shutdown()
    }

    @Test func aFinishedBodyThatGoesOnIsClosed() async throws {
        let gone = TestEvent()
        let server = try TestServer { exchange in
            defer { gone.set() }  // however the client is found gone
            try exchange.head()
            try exchange.send("x")
            exchange.waitUntilGone()
        }
        let client = try HTTPClient.forTests()
        let response = try await client.send(HTTPRequest(url: server.url, limits: TimeLimits(idle: nil)))
        response.body.finish()
        await gone.happened()
        await client.shutdown()
    }

    @Test func aConnectionWithAnUnreadAnswerIsNotReused() async throws {
        let server = try TestServer { exchange in
            try exchange.head()
            try exchange.send("x")
            exchange.waitUntilGone()
        }
        let client = try HTTPClient.forTests()
        for _ in 0..<5 { _ = try await client.send(HTTPRequest(url: server.url)) }
        #expect(server.connections == 5)
        await client.shutdown()
    }

    @Test func aKeptConnectionThatTheServerClosedDoesNoHarm() async throws {
        let server = try TestServer { exchange in
            try exchange.write("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok")  // and closes without saying so
        }
        let client = try HTTPClient.forTests()
        for _ in 0..<20 {
            let response = try await client.send(HTTPRequest(method: "POST", url: server.url, body: .bytes([1])))
            #expect(try await response.body.collect(upTo: 10).count == 2)
        }
        await client.shutdown()
    }

    /// libcurl sends again, on a new connection, what a reused one swallowed: a POST may be carried out twice.
    @Test func aRequestOnAKeptConnectionThatDiesIsSentAgain() async throws {
        let server = try TestServer { exchange in
            if exchange.request.number == 2 { return }
            try exchange.answer(200, [:], "ok")
        }
        let client = try HTTPClient.forTests()
        let request = HTTPRequest(method: "POST", url: server.url, body: .bytes([1]))
        for _ in 0..<2 { #expect(try await client.send(request).body.collect(upTo: 9).count == 2) }
        #expect(server.requests.count == 3)
        await client.shutdown()
    }

    @Test func waitingForAConnectionIsLimitedToo() async throws {
        let server = try TestServer { exchange in
            if exchange.request.target == "/small" { return try exchange.answer(200, [:], "ok") }
            try exchange.head()
            try exchange.send("x")
            exchange.waitUntilGone()
        }
        let client = try HTTPClient.forTests { $0.maximumConnectionsPerHost = 1 }
        var first: HTTPResponse? = try await client.send(HTTPRequest(url: server.url))
        let limits = TimeLimits(connect: .seconds(50), firstByte: .milliseconds(50))
        #expect(await code { _ = try await client.send(HTTPRequest(url: server.url + "/small", limits: limits)) } == .firstByteTimeout)
        #expect(first?.status == 200)
        first = nil  // its place is free again
        #expect(try await client.text(server.url + "/small") == "ok")
        await client.shutdown()
    }

    private static func endingLate() throws -> (TestEvent, TestServer) {
        let finished = TestEvent()
        let server = try TestServer { exchange in
            try exchange.head()
            if exchange.request.target != "/next" { finished.block() }
            try exchange.send("rest")
            try exchange.end()
        }
        return (finished, server)
    }
}
