import HTTPStreams
import Testing

struct ParserTests {
    static let text = """
        \u{FEFF}: keep-alive\r\n\r\ndata: one\r\nid: 7\r\n\r\nevent: delta\ndata:two\ndata: lin\u{E9}s \u{4F60}\n\ndata\n\nretry: 1500\rdata: [DONE]\r\revent: empty\n\n
        """

    static let events = [
        ServerSentEvent(name: "message", data: "one", id: "7"),
        ServerSentEvent(name: "delta", data: "two\nlin\u{E9}s \u{4F60}", id: "7"),
        ServerSentEvent(name: "message", data: "", id: "7"),
        ServerSentEvent(name: "message", data: "[DONE]", id: "7"),
    ]

    @Test func eventsAreTheSameAtEveryPairOfCuts() throws {
        let bytes = Array(Self.text.utf8)
        for first in 0...bytes.count {
            for second in first...bytes.count {
                var parser = ServerSentEventParser()
                var events = try parser.feed(Array(bytes[..<first]))
                events += try parser.feed(Array(bytes[first..<second]))
                events += try parser.feed(Array(bytes[second...]))
                guard events == Self.events, parser.retry == 1500 else {
                    Issue.record("cut at \(first) and \(second): \(events)")
                    return
                }
            }
        }
    }

    @Test func eventsAreTheSameByteByByte() throws {
        var parser = ServerSentEventParser()
        var events: [ServerSentEvent] = []
        for byte in Self.text.utf8 { events += try parser.feed([byte]) }
        #expect(events == Self.events)
    }

    @Test(arguments: ["data: 0123456789ABCDEF", "data: 0123456\ndata: 7\ndata: 89ABCD\n\n", ": 0123456789ABCDEF"])
    func anEventOverTheLimitIsRefusedHoweverItIsCut(text: String) {
        let bytes = Array(text.utf8)
        for cut in 0...bytes.count {
            var parser = ServerSentEventParser(limit: 14)
            #expect { _ = try parser.feed(Array(bytes[..<cut])) + parser.feed(Array(bytes[cut...])) } throws: {
                ($0 as? HTTPStreamError)?.code == .tooLong
            }
        }
    }

    @Test func whatCameWholeBeforeAnEventThatIsTooLongIsGiven() throws {
        var parser = ServerSentEventParser(limit: 14)
        let events = try parser.feed(Array("data: one\n\ndata: 0123456789ABCDEF".utf8))
        #expect(events.map(\.data) == ["one"])
        #expect { try parser.feed([0x0A]) } throws: { ($0 as? HTTPStreamError)?.code == .tooLong }
        var splitter = LineSplitter(limit: 8)
        #expect(try splitter.feed(Array("one\n0123456789".utf8)) == [Array("one".utf8)])
        #expect { try splitter.feed([0x0A]) } throws: { ($0 as? HTTPStreamError)?.code == .tooLong }
        #expect(splitter.finish() == nil)
    }

    @Test func fieldsThatAreUnknownOrOddAreSkipped() throws {
        var parser = ServerSentEventParser()
        let events = try parser.feed(Array("foo: 1\nid: a\0b\nretry: soon\nevent: x\nevent:\ndata:  two blanks\n\n".utf8))
        #expect(events == [ServerSentEvent(name: "message", data: " two blanks", id: "")])
        #expect(parser.retry == nil)
    }

    @Test func bytesThatAreNotUTF8DoNoHarm() throws {
        var parser = ServerSentEventParser()
        let events = try parser.feed(Array("data: ".utf8) + [0xFF, 0xC3, 0x28, 0x0A, 0x0A])
        #expect(events.first?.data == "\u{FFFD}\u{FFFD}(")
    }

    @Test func linesAreTheSameAtEveryCut() throws {
        let bytes = Array("{\"a\":1}\r\n\n{\"b\":2}\n{\"c\":\"\u{4F60}\"}".utf8)
        for cut in 0...bytes.count {
            var splitter = LineSplitter()
            var lines = try splitter.feed(Array(bytes[..<cut])) + splitter.feed(Array(bytes[cut...]))
            if let last = splitter.finish() { lines.append(last) }
            #expect(lines.map { String(decoding: $0, as: UTF8.self) } == ["{\"a\":1}", "{\"b\":2}", "{\"c\":\"\u{4F60}\"}"])
            #expect(splitter.finish() == nil)
        }
    }

    @Test func aLineOverTheLimitIsRefused() {
        var splitter = LineSplitter(limit: 8)
        #expect { try splitter.feed(Array("0123456789".utf8)) } throws: { ($0 as? HTTPStreamError)?.code == .tooLong }
    }

    @Test(
        arguments: [
            (["retry-after": "2"], Duration.seconds(2)), (["retry-after": "0.5"], .milliseconds(500)),
            (["retry-after-ms": "250", "retry-after": "9"], .milliseconds(250)), (["retry-after": "soon"], nil), ([:], nil),
            (["retry-after": "-1"], nil), (["retry-after": "nan"], nil), (["retry-after-ms": "1e300"], nil),
            (["retry-after": "Fri, 01 Mar 2024 00:00:10 GMT", "date": "Thu, 29 Feb 2024 23:59:40 GMT"], .seconds(30)),
            (["retry-after": "Sun, 06 Nov 1994 08:49:37 GMT", "date": "Sun, 06 Nov 1994 08:50:37 GMT"], .zero),
        ] as [([String: String], Duration?)])
    func retryAfterIsRead(headers: [String: String], wait: Duration?) {
        #expect(RetryAfter.parse { headers[$0] } == wait)
    }
}
