/// One request and the answer that is being written; used by the connection's thread alone. Every call blocks, and throws once the client
/// is gone.
package final class TestExchange {
    package let request: TestRequest
    private let wire: TestWire
    private var isChunked = false
    /// The answer is whole, and the connection fit for another request.
    package private(set) var isComplete = false

    init(_ request: TestRequest, _ wire: TestWire) { (self.request, self.wire) = (request, wire) }

    /// The head of an answer; without `length` the body is chunked.
    package func head(_ status: Int = 200, _ headers: [String: String] = [:], length: Int? = nil) throws {
        isChunked = length == nil
        let framing = length.map { "content-length: \($0)" } ?? "transfer-encoding: chunked"
        let lines = headers.map { "\($0.key): \($0.value)\r\n" }.joined()
        try write("HTTP/1.1 \(status) Status\r\n\(framing)\r\n\(lines)\r\n")
    }

    /// A whole answer.
    package func answer(_ status: Int = 200, _ headers: [String: String] = [:], _ body: [UInt8]) throws {
        try head(status, headers, length: body.count)
        try wire.write(body)
        isComplete = true
    }

    package func answer(_ status: Int = 200, _ headers: [String: String] = [:], _ body: String) throws {
        try answer(status, headers, Array(body.utf8))
    }

    /// A piece of the body, in a chunk of its own if the body is chunked.
    package func send(_ bytes: [UInt8]) throws {
        guard isChunked else { return try wire.write(bytes) }
        try wire.write(Array("\(String(bytes.count, radix: 16))\r\n".utf8) + bytes + [13, 10])
    }

    package func send(_ text: String) throws { try send(Array(text.utf8)) }

    /// The end of a chunked body.
    package func end() throws {
        try write("0\r\n\r\n")
        isComplete = true
    }

    /// Anything, as it stands.
    package func write(_ text: String) throws { try wire.write(Array(text.utf8)) }

    /// Sends `piece` again and again until `total` bytes are out or the client has taken nothing for a while.
    ///
    /// - Returns: Bytes sent.
    package func flood(_ piece: [UInt8], total: Int, patience milliseconds: Int32 = 200) throws -> Int {
        var sent = 0
        var rest = piece[...]
        while sent < total, wire.takesMore(within: milliseconds) {
            let now = try wire.writeSome(rest)
            sent += now
            rest = rest.dropFirst(now)
            if rest.isEmpty { rest = piece[...] }
        }
        return sent
    }

    /// Waits until the client closes or resets the connection.
    package func waitUntilGone() { wire.waitUntilGone() }

    /// Has the connection end in a reset when the answering closure returns.
    package func resetOnClose() { wire.resetOnClose() }
}
