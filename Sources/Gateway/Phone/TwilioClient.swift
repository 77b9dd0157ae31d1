package import NIOCore
internal import Synchronization
package import Wire

/// A telephone call as Twilio brings it to a server: for `parley measure` and tests. The caller of ``pass(_:)`` keeps the time.
package final class TwilioClient: Sendable {
    package enum Received: Sendable, Equatable {
        case heard(TwilioLine.Heard)
        /// A message that Twilio would not take.
        case unknown(WireError)
        /// The last element. The code is nil if the connection broke without a close frame.
        case closed(code: UInt16?)
    }

    /// Shared by the reader of the connection and who speaks over it.
    private final class Line: Sendable {
        let state: Mutex<TwilioLine>

        init(_ line: TwilioLine) { state = Mutex(line) }

        func read(_ message: ClientMessage) -> Received {
            switch message {
            case .text(let bytes):
                do { return .heard(try state.withLock { line throws(WireError) in try line.take(bytes) }) } catch { return .unknown(error) }
            case .binary: return .unknown(WireError(WireError.unknownKind, "Twilio takes text messages only"))
            case .closed(let code, _): return .closed(code: code)
            }
        }
    }

    private let line: Line
    private let connection: ClientConnection<Received>

    private init(_ line: Line, _ connection: ClientConnection<Received>) { (self.line, self.connection) = (line, connection) }

    /// Everything received, in order, for one reader. At most 4096 elements wait; a reader that lets more pile up loses the connection.
    package var received: AsyncStream<Received> { connection.received }
    /// How much waits to be played, in milliseconds.
    package var buffered: Int { line.state.withLock { $0.buffered } }

    /// Opens a stream and begins it.
    ///
    /// - Parameters:
    ///   - url: `ws://host:port/path`; TLS is not spoken.
    ///   - parameters: Those of the stream: `agent`, `language`, `variables.NAME`, `events`.
    ///   - headers: Further request headers; a signature is one.
    ///   - group: Runs the connection; stays the caller's.
    /// - Throws: `NativeClient.Failure`.
    package static func connect(
        to url: String, parameters: [String: String] = [:], headers: [(String, String)] = [], group: any EventLoopGroup,
        timeout: Duration = .seconds(10)
    ) async throws -> TwilioClient {
        let name = String(UInt64.random(in: .min ... .max), radix: 16)
        let line = Line(TwilioLine(stream: "MZ\(name)", call: "CA\(name)"))
        let client = TwilioClient(
            line, try await .open(url, headers: headers, group: group, buffer: 4096, timeout: timeout) { line.read($0) })
        try await client.send(line.state.withLock { $0.open(parameters) })
        return client
    }

    /// 20 ms pass: sends what the caller says meanwhile and the marks that were reached, and plays.
    ///
    /// - Parameter voice: G.711 mu-law of 8 kHz; short of 160 bytes the rest is silence. Nil is lost on the way to the carrier.
    /// - Returns: What was played; nothing where nothing waited.
    /// - Throws: `NativeClient.Failure` `client.closed`.
    package func pass(_ voice: [UInt8]?) async throws -> [UInt8] {
        let (messages, played) = line.state.withLock { $0.pass(voice) }
        try await send(messages)
        return played
    }

    /// A key of the caller's telephone: 0-9, `*`, `#`.
    ///
    /// - Throws: `NativeClient.Failure` `client.closed`.
    package func press(_ key: Character) async throws { try await send([line.state.withLock { $0.press(key) }]) }

    /// The caller hangs up; the server's goodbye ends ``received``.
    ///
    /// - Throws: `NativeClient.Failure` `client.closed`.
    package func hangUp() async throws { try await send([line.state.withLock { $0.stop() }]) }

    /// Breaks the connection without a word, as a lost network does.
    package func abandon() async { await connection.abandon() }

    private func send(_ messages: [[UInt8]]) async throws {
        for message in messages { try await connection.send(isText: true, message) }
    }
}
