/// Where a WebSocket door stands, whom it lets in and what a client may do.
package struct SocketDoorSettings: Sendable {
    package var paths = ["/v1/call"]
    package var keys = KeyRing()
    /// Lets everybody in on an address that others can reach, though no keys are set.
    package var allowsOpen = false
    /// Origins of web pages that may call, as `https://example.org`; `*` is every one. Empty: every one where keys are
    /// set, else pages of this machine only. A client that sends no Origin is no browser and is not asked.
    package var origins: Set<String> = []

    /// From accept to the end of the HTTP request.
    package var handshake: Duration = .seconds(5)
    /// From the upgrade to what opens the session, such as `session.start`.
    package var start: Duration = .seconds(10)
    /// Without any message of the client; control frames do not count.
    package var idle: Duration = .seconds(60)
    /// Between keep-alive pings.
    package var ping: Duration = .seconds(15)
    /// Pings in a row after which nothing came; then the connection counts as lost.
    package var missedPongs = 2
    /// How long the client has to answer a close frame.
    package var close: Duration = .seconds(2)

    /// Largest text message and largest frame, in bytes.
    package var messageBytes = 64 * 1024
    /// Most frames of one message.
    package var fragments = 16
    /// Largest audio message, header included, in bytes; 60 ms of 48 kHz linear PCM need 5,772.
    package var packetBytes = 8 * 1024
    /// Audio packets a second, and how many may come at once after a pause.
    package var packetsPerSecond = 450
    package var packetBurst = 1800
    /// Bytes a second of all messages, and how many may come at once after a pause.
    package var bytesPerSecond = 128 * 1024
    package var byteBurst = 512 * 1024
    /// Text messages and pings a second; a burst may be four times that.
    package var messagesPerSecond = 50
    /// `error` events a minute that a client may cause, and at once; one more closes the connection.
    package var errorsPerMinute = 60
    package var errorBurst = 20
    /// Messages kept while the session is being opened.
    package var openingMessages = 64

    /// Bytes waiting for the network from which on audio is dropped and events are queued.
    package var audioBacklog = 32 * 1024
    /// Bytes of queued events from which on the client counts as too slow.
    package var eventBacklog = 256 * 1024
    /// Size of the kernel's send buffer; small, so that a slow client is noticed early and old audio does not pile up.
    package var sendBuffer = 64 * 1024

    package init() {}

    /// Whether these settings can stand on an address.
    ///
    /// - Throws: `gateway.open_door`, `gateway.bad_setting`.
    package func validate(host: String) throws(GatewayError) {
        if keys.isOpen, !allowsOpen, !Self.isLoopback(host) {
            throw GatewayError(GatewayError.openDoor, "no keys are set and \(host) can be reached by others")
        }
        guard !paths.isEmpty, paths.allSatisfy({ $0.hasPrefix("/") && !$0.contains("?") }) else {
            throw GatewayError(GatewayError.badSetting, "a path begins with a slash")
        }
        let counts = [
            missedPongs, messageBytes, fragments, packetBytes, packetsPerSecond, packetBurst, bytesPerSecond, byteBurst, messagesPerSecond,
            errorsPerMinute, errorBurst, openingMessages, audioBacklog, eventBacklog, sendBuffer,
        ]
        guard counts.allSatisfy({ $0 > 0 }), messageBytes <= 1 << 25, packetBytes <= messageBytes else {
            throw GatewayError(GatewayError.badSetting, "every limit is positive, messages at most 32 MiB, packets at most a message")
        }
        guard [handshake, start, idle, ping, close].allSatisfy({ $0 > .zero }) else {
            throw GatewayError(GatewayError.badSetting, "every time limit is positive")
        }
    }

    static func isLoopback(_ host: String) -> Bool {
        host == "localhost" || host == "::1" || (host.hasPrefix("127.") && host.split(separator: ".").count == 4)
    }
}
