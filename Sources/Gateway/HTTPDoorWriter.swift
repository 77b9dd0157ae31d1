internal import NIOCore
package import NIOHTTP1
internal import Synchronization

/// The answer to one request: whole, or piece by piece with the client's speed. Every answer ends its connection.
package final class HTTPDoorWriter: Sendable {
    private enum State { case fresh, streaming, ended }

    private let channel: any Channel
    private let state = Mutex(State.fresh)

    init(_ channel: any Channel) { self.channel = channel }

    /// Whether nothing was sent yet.
    package var isFresh: Bool { state.withLock { $0 == .fresh } }

    /// Sends a whole answer; ignored if one was begun.
    ///
    /// - Throws: when the client has gone.
    package func respond(_ status: HTTPResponseStatus, _ headers: HTTPHeaders = [:], body: [UInt8] = []) async throws {
        guard begin(.ended) else { return }
        var headers = headers
        // Of what has not changed the length is not known here, and 0 would be a lie.
        if status != .notModified { headers.replaceOrAdd(name: "Content-Length", value: String(body.count)) }
        write(.head(head(status, headers)))
        if !body.isEmpty { write(.body(.byteBuffer(ByteBuffer(bytes: body)))) }
        try await channel.writeAndFlush(HTTPServerResponsePart.end(nil)).get()
        finish()
    }

    /// Begins a streamed answer; ignored if one was begun.
    package func begin(_ status: HTTPResponseStatus, _ headers: HTTPHeaders = [:]) async throws {
        guard begin(.streaming) else { return }
        try await channel.writeAndFlush(HTTPServerResponsePart.head(head(status, headers))).get()
    }

    /// Sends a piece of a streamed answer and waits until the network has it.
    package func write(_ bytes: [UInt8]) async throws {
        guard !bytes.isEmpty, state.withLock({ $0 == .streaming }) else { return }
        try Task.checkCancellation()
        try await channel.writeAndFlush(HTTPServerResponsePart.body(.byteBuffer(ByteBuffer(bytes: bytes)))).get()
    }

    /// Ends a streamed answer; ignored if there is none.
    package func end() async throws {
        let wasStreaming = state.withLock { state in
            guard state == .streaming else { return false }
            state = .ended
            return true
        }
        guard wasStreaming else { return }
        try await channel.writeAndFlush(HTTPServerResponsePart.end(nil)).get()
        finish()
    }

    /// Cuts the connection, so that a broken stream does not look whole.
    func cut() {
        state.withLock { $0 = .ended }
        channel.close(promise: nil)
    }

    private func begin(_ next: State) -> Bool {
        state.withLock { state in
            guard state == .fresh else { return false }
            state = next
            return true
        }
    }

    private func head(_ status: HTTPResponseStatus, _ headers: HTTPHeaders) -> HTTPResponseHead {
        var headers = headers
        // One request a connection: an upgrade can only be the first, and a proxy that pools connections must know.
        headers.replaceOrAdd(name: "Connection", value: "close")
        headers.replaceOrAdd(name: "X-Content-Type-Options", value: "nosniff")
        return HTTPResponseHead(version: .http1_1, status: status, headers: headers)
    }

    private func write(_ part: HTTPServerResponsePart) { channel.write(part, promise: nil) }

    /// Closes in two steps: a client that still sends must be able to read the answer before the reset.
    private func finish() {
        channel.close(mode: .output, promise: nil)
        channel.eventLoop.scheduleTask(in: .seconds(1)) { [channel] in channel.close(promise: nil) }
    }
}
