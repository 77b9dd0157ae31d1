package import NIOCore
package import Wire

/// The way back to one caller: implemented by a door of Gateway. Every call is made on the connection's event loop.
package protocol CallTransport: AnyObject {
    /// Whether the caller takes what is sent; while false, audio is dropped by the sender's policy and events wait.
    var isWritable: Bool { get }
    /// Sends one event under its number and time.
    func send(_ event: ServerEvent, seq: Int, at time: Duration)
    /// Sends one packet. The payload is one packet in the session's output format.
    func send(_ header: AudioPacketHeader, payload: [UInt8])
    /// Lets what was sent go out at once, not only at the end of the loop's turn.
    func flush()
    /// Closes after what was sent before; `code` is a WebSocket close code.
    func close(code: UInt16, reason: String)
}

/// One caller's conversation as a door sees it. Every call is made on the session's event loop and returns without waiting.
package protocol CallSession: AnyObject, Sendable {
    /// Takes one audio packet; the payload is only read during the call.
    func receive(_ header: AudioPacketHeader, payload: Span<UInt8>)
    func receive(_ event: ClientEvent)
    /// The connection is gone; the session waits its grace time for another.
    func transportLost()
}

/// Why a call cannot be taken.
package struct CallRefusal: Error, Sendable, Equatable {
    /// HTTP status where it is said before the upgrade: 401, 403, 404, 429 or 503.
    package var status: Int
    package var code: String
    package var message: String
    /// Seconds for a Retry-After header.
    package var retryAfter: Int?

    package init(status: Int, code: String, message: String, retryAfter: Int? = nil) {
        (self.status, self.code, self.message, self.retryAfter) = (status, code, message, retryAfter)
    }
}

extension CallRefusal {
    /// The server is shutting down: no call is begun or gone on with.
    package static let draining = CallRefusal(status: 503, code: "server.draining", message: "this server is shutting down", retryAfter: 5)
}

/// Where doors get their sessions: implemented by `SessionManager`.
package protocol CallHost: Sendable {
    /// Whether one more call would be taken now; holds a place for it until the connection ends. Asked before the upgrade.
    func admit(tenant: String) async -> Result<Admission, CallRefusal>
    /// Begins a session on the connection's loop, or goes on with one that is named by a resume token.
    ///
    /// - Throws: ``CallRefusal``.
    func open(_ start: SessionStart, admission: Admission, transport: any CallTransport & Sendable, on loop: any EventLoop) async throws
        -> any CallSession
    /// Gives back the place of a connection that has ended.
    func leave(_ admission: Admission) async
}

/// One place among the calls.
package struct Admission: Sendable, Hashable {
    package let number: UInt64
    package let tenant: String
    package init(number: UInt64, tenant: String) { (self.number, self.tenant) = (number, tenant) }
}
