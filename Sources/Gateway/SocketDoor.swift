internal import Logging
internal import NIOCore
internal import NIOHTTP1
internal import Sessions
internal import Wire

/// A door for calls over WebSocket: it decides in HTTP, before the upgrade, who comes in, and makes the speaker for what is said after it.
protocol SocketDoor: Sendable {
    var settings: SocketDoorSettings { get }
    var host: any CallHost { get }
    var status: GatewayStatus { get }
    var logger: Logger { get }
    /// The tenant of an upgrade request on one of the door's paths that may be admitted.
    func tenant(of head: HTTPRequestHead) -> Result<String, CallRefusal>
    /// The subprotocol that is agreed on; nil for none.
    func subprotocol(of head: HTTPRequestHead) -> String?
    /// Speaks for one connection that was admitted; called on its loop.
    func makeSpeaker(for head: HTTPRequestHead) -> any SocketSpeaker
    /// How a refusal before the upgrade reads.
    func body(of refusal: CallRefusal) -> JSONValue
}

/// What one door makes of its client's messages, and of what the session says. Confined to the connection's loop.
///
/// The rules that hold for every door stand in ``SocketConnection``; a speaker only translates.
protocol SocketSpeaker: AnyObject {
    /// The connection takes messages from now on.
    func begin(on connection: SocketConnection)
    /// The session is there and hears what is delivered; called once.
    func opened(on connection: SocketConnection)
    /// Takes a text message in valid UTF-8.
    func hear(text: [UInt8], on connection: SocketConnection)
    /// Takes a binary message, which is only read during the call.
    func hear(packet: Span<UInt8>, on connection: SocketConnection)
    func say(_ event: ServerEvent, seq: Int, at time: Duration, on connection: SocketConnection)
    func say(_ header: AudioPacketHeader, payload: [UInt8], on connection: SocketConnection)
    /// Says what is wrong with a message, or why the connection ends.
    func say(_ error: WireError, on connection: SocketConnection)
    /// Whether a client that closes with this code hangs up; else its session waits for it to come back. 1005 is a close without a code,
    /// 1006 none at all.
    func hangsUp(closing code: UInt16) -> Bool
    /// The code with which a session's own end closes the connection.
    func closeCode(_ code: UInt16, because reason: String) -> UInt16
    /// Nothing is heard or said any more; called once.
    func end()
}

extension SocketSpeaker {
    func opened(on connection: SocketConnection) {}
    func closeCode(_ code: UInt16, because reason: String) -> UInt16 { code }
}

extension SocketDoor {
    func body(of refusal: CallRefusal) -> JSONValue { HTTPDoor.body(of: refusal) }

    /// The rules for everybody who comes in by a browser, with a key, or late.
    ///
    /// - Parameter tenant: Whose key came with the request; nil for nobody's.
    func admit(_ head: HTTPRequestHead, tenant: String?) -> Result<String, CallRefusal> {
        guard settings.admits(head.headers) else { return .failure(.originRefused) }
        guard let tenant else { return .failure(.badKey) }
        return status.isDraining ? .failure(.draining) : .success(tenant)
    }
}

extension SocketDoorSettings {
    /// Whether what a browser sent for a page may come in; a request without `Origin` is no browser's, and is not asked.
    ///
    /// A page of another machine must not reach a door that asks for no key through the browser of somebody near it.
    func admits(_ headers: HTTPHeaders) -> Bool {
        guard let origin = headers.first(name: "origin") else { return true }
        if origins.contains("*") || origins.contains(origin) { return true }
        guard origins.isEmpty else { return false }
        if !keys.isOpen { return true }
        guard let start = origin.range(of: "://")?.upperBound else { return false }
        var host = origin[start...]
        // The page of a server that is open to everybody. A loopback server's `Host` proves nothing: any name may lead there.
        if allowsOpen, let own = headers.first(name: "host"), host == own { return true }
        if host.hasPrefix("[") {
            host = host.dropFirst().prefix { $0 != "]" }
        } else {
            host = host.prefix { $0 != ":" && $0 != "/" }
        }
        return Self.isLoopback(String(host))
    }
}

extension CallRefusal {
    static let badKey = CallRefusal(status: 401, code: "gateway.bad_key", message: "the API key is missing or not known")
    static let notFound = CallRefusal(status: 404, code: "gateway.not_found", message: "nothing is here")
    static let originRefused = CallRefusal(status: 403, code: "gateway.origin_refused", message: "pages of this origin may not call")
}

extension HTTPHeaders {
    /// The key of an `Authorization: Bearer` header.
    var bearer: String? {
        guard let value = first(name: "authorization") else { return nil }
        let parts = value.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
        return String(parts[1].drop { $0 == " " })
    }

    /// The subprotocols that a client offers.
    var offeredSubprotocols: [String] { self[canonicalForm: "sec-websocket-protocol"].map { String($0) } }
}

extension StringProtocol {
    /// The first place of a text, by scalars; for short needles only.
    fileprivate func range(of needle: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(needle) { return start..<index(start, offsetBy: needle.count) }
            start = index(after: start)
        }
        return nil
    }
}
