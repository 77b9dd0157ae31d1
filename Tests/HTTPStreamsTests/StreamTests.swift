import HTTPStreams
import HTTPTestServer
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1)))
struct StreamTests {
    @Test func anEventStreamCutAtEveryByteIsWhole() async throws {
        let server = try TestServer { exchange in
            try exchange.head()
            for byte in exchange.request.body { try exchange.send([byte]) }
            try exchange.end()
        }
        let client = try HTTPClient.forTests()
        let response = try await client.send(HTTPRequest(method: "POST", url: server.url, body: .bytes(Array(ParserTests.text.utf8))))
        var parser = ServerSentEventParser()
        var events: [ServerSentEvent] = []
        for try await chunk in response.body { events += try parser.feed(chunk) }
        #expect(events == ParserTests.events)
        await client.shutdown()
    }

    @Test func apieceArrivesBeforeTheNextIsSent() async throws {
        let taken = [TestEvent(), TestEvent()]
        let server = try TestServer { exchange in
            try exchange.head()
            for (piece, event) in zip(["one", "two"], taken) {
                try exchange.send(piece)
                event.block()
            }
            try exchange.end()
        }
        let client = try HTTPClient.forTests()
        var pieces: [String] = []
        for try await chunk in try await client.send(HTTPRequest(url: server.url)).body {
            taken[pieces.count].set()
            pieces.append(String(decoding: chunk, as: UTF8.self))
        }
        #expect(pieces == ["one", "two"])
        await client.shutdown()
    }

    @Test func aSlowConsumerHoldsTheServerBack() async throws {
        let size = 64 << 20
        let stood = TestEvent()
        let sent = Atomic(0)
        let rest = TestEvent()
        let server = try TestServer { exchange in
            try exchange.head(length: size)
            let block = [UInt8](repeating: 7, count: 1 << 20)
            let before = try exchange.flood(block, total: size)
            sent.store(before, ordering: .sequentiallyConsistent)
            stood.set()
            rest.block()
            try exchange.send([UInt8](repeating: 7, count: size - before))
        }
        let client = try HTTPClient.forTests { $0.highWaterMark = 64 * 1024 }
        var iterator = try await client.send(HTTPRequest(url: server.url)).body.makeAsyncIterator()
        var got = try await iterator.next()?.count ?? 0
        await stood.happened()
        #expect(sent.load(ordering: .sequentiallyConsistent) < 20 << 20)
        rest.set()
        while let chunk = try await iterator.next() { got += chunk.count }
        #expect(got == size)
        await client.shutdown()
    }

    /// The server stands still for longer than the limit on silence, and its connection stays.
    @Test func aStreamThatIsHeldBackIsNotIdle() async throws {
        let stood = TestEvent()
        let server = try TestServer { exchange in
            try exchange.head(length: 64 << 20)
            _ = try exchange.flood([UInt8](repeating: 7, count: 1 << 20), total: 64 << 20, patience: 700)
            stood.set()
        }
        let client = try HTTPClient.forTests { $0.highWaterMark = 64 * 1024 }
        let body = try await client.send(HTTPRequest(url: server.url, limits: TimeLimits(idle: .milliseconds(500)))).body
        var iterator = body.makeAsyncIterator()
        #expect(try await iterator.next() != nil)
        await stood.happened()
        #expect(try await iterator.next() != nil)
        await client.shutdown()
    }

    @Test func cancellingTheTaskClosesTheStreamAtOnce() async throws {
        let gone = (0..<9).map { _ in TestEvent() }
        let server = try TestServer { exchange in
            defer { gone[exchange.request.number - 1].set() }  // however the client is found gone
            try exchange.head()
            try exchange.send("x")
            exchange.waitUntilGone()
        }
        let client = try HTTPClient.forTests()
        var delays: [Duration] = []
        for event in gone {
            let begun = TestEvent()
            let task = Task { for try await _ in try await client.send(HTTPRequest(url: server.url)).body { begun.set() } }
            await begun.happened()
            let start = ContinuousClock.now
            task.cancel()
            delays.append(start.duration(to: await event.happened()))
            await #expect(throws: CancellationError.self) { try await task.value }
        }
        #expect(delays.sorted()[4] < .milliseconds(50))
        await client.shutdown()
    }

    @Test func droppingTheIteratorClosesTheStream() async throws {
        let gone = TestEvent()
        let server = try TestServer { exchange in
            defer { gone.set() }  // however the client is found gone
            try exchange.head()
            try exchange.send("x")
            exchange.waitUntilGone()
        }
        let client = try HTTPClient.forTests()
        func takeOne() async throws {
            for try await _ in try await client.send(HTTPRequest(url: server.url)).body { break }
        }
        try await takeOne()
        await gone.happened()
        await client.shutdown()
    }

    @Test func cancellingBeforeTheHeadEndsTheRequest() async throws {
        let (come, gone) = (TestEvent(), TestEvent())
        let server = try TestServer { exchange in
            come.set()
            exchange.waitUntilGone()
            gone.set()
        }
        let client = try HTTPClient.forTests()
        let task = Task { try await client.send(HTTPRequest(url: server.url)).status }
        await come.happened()
        task.cancel()
        await gone.happened()
        await #expect(throws: CancellationError.self) { try await task.value }
        await client.shutdown()
    }

    @Test func aHundredStreamsRunAtOnce() async throws {
        let all = TestEvent()
        let server = try TestServer { exchange in
            try exchange.head()
            if exchange.request.number == 100 { all.set() }
            all.block()  // nobody is served before everybody has come
            for _ in 0..<5 { try exchange.send("data: x\n\n") }
            try exchange.end()
        }
        let client = try HTTPClient.forTests()
        let events = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<100 {
                group.addTask {
                    var parser = ServerSentEventParser()
                    var events = 0
                    for try await chunk in try await client.send(HTTPRequest(url: server.url)).body { events += try parser.feed(chunk).count }
                    return events
                }
            }
            return try await group.reduce(0, +)
        }
        #expect(events == 500)
        await client.shutdown()
    }

    @Test func shutdownEndsStreamsAndRefusesLaterRequests() async throws {
        let begun = TestEvent()
        let server = try TestServer { exchange in
            try exchange.head()
            try exchange.send("x")
            exchange.waitUntilGone()
        }
        let client = try HTTPClient.forTests()
        async let ended = code { for try await _ in try await client.send(HTTPRequest(url: server.url)).body { begun.set() } }
        await begun.happened()
        await client.shutdown()
        #expect(await ended == .shutDown)
        #expect(await code { _ = try await client.send(HTTPRequest(url: server.url)) } == .shutDown)
        await client.shutdown()
    }

    @Test func aCancelledReaderDoesNotSeeTheEndOfABodyItDidNotRead() async throws {
        let server = try TestServer { exchange in
            try exchange.head()
            try exchange.send("x")
            exchange.waitUntilGone()
        }
        let client = try HTTPClient.forTests()
        let response = try await client.send(HTTPRequest(url: server.url))
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await response.body.collect(upTo: 10)
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        await client.shutdown()
    }

    @Test func requestsOverTheBoundAreRefusedUntilOneEnds() async throws {
        let (gone, server) = try Self.holding()
        let client = try HTTPClient.forTests { $0.maximumRequests = 1 }
        var first: HTTPResponse? = try await client.send(HTTPRequest(url: server.url))
        #expect(first?.status == 200)
        #expect(await code { _ = try await client.send(HTTPRequest(url: server.url)) } == .overloaded)
        first = nil
        await gone.happened()
        // The server may see the end a moment before the client's thread has counted it.
        var second: HTTPResponse?
        while second == nil {
            do { second = try await client.send(HTTPRequest(url: server.url)) } catch let error as HTTPStreamError where error.code == .overloaded {
                await Task.yield()
            }
        }
        #expect(second?.status == 200)
        await client.shutdown()
    }

    private static func holding() throws -> (TestEvent, TestServer) {
        let gone = TestEvent()
        let server = try TestServer { exchange in
            defer { gone.set() }  // however the client is found gone
            try exchange.head()
            try exchange.send("x")
            exchange.waitUntilGone()
        }
        return (gone, server)
    }
}
