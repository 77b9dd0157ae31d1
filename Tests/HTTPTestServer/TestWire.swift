internal import Glibc

/// One accepted socket, used by one thread.
final class TestWire {
    /// The client has closed or reset the connection.
    struct Gone: Error {}

    private let socket: Int32
    private var buffer: [UInt8] = []

    init(_ socket: Int32) { self.socket = socket }

    /// Nil when the client closed between two requests.
    func readRequest() throws -> (method: String, target: String, headers: [String: String], body: [UInt8])? {
        while true {
            if let end = Self.headEnd(buffer) {
                let lines = String(decoding: buffer[..<end], as: UTF8.self).split(separator: "\r\n", omittingEmptySubsequences: true)
                buffer.removeFirst(end + 4)
                let first = (lines.first ?? "").split(separator: " ")
                var headers: [String: String] = [:]
                for line in lines.dropFirst() {
                    let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
                    guard parts.count == 2 else { continue }
                    headers[parts[0].lowercased()] = String(parts[1].drop { $0 == " " })
                }
                let length = Int(headers["content-length"] ?? "0") ?? 0
                while buffer.count < length { guard try fill() else { throw Gone() } }
                let body = Array(buffer.prefix(length))
                buffer.removeFirst(length)
                return (String(first.first ?? ""), String(first.dropFirst().first ?? ""), headers, body)
            }
            guard try fill() else { return nil }
        }
    }

    func write(_ bytes: [UInt8]) throws {
        var start = 0
        while start < bytes.count {
            let sent = bytes[start...].withUnsafeBytes { send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard sent > 0 else { throw Gone() }
            start += sent
        }
    }

    /// Whether the client's side takes more within the time, a sign that it is not held back.
    func takesMore(within milliseconds: Int32) -> Bool {
        var state = pollfd(fd: socket, events: Int16(POLLOUT), revents: 0)
        return poll(&state, 1, milliseconds) != 0
    }

    /// Bytes sent at most; what did not fit stays with the caller.
    func writeSome(_ bytes: ArraySlice<UInt8>) throws -> Int {
        let sent = bytes.withUnsafeBytes { send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)) }
        if sent < 0 {
            guard errno == EAGAIN else { throw Gone() }
            return 0
        }
        return sent
    }

    func waitUntilGone() {
        while (try? fill()) == true {}
    }

    /// What follows is a reset instead of an orderly end.
    func resetOnClose() {
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(socket, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    }

    private func fill() throws -> Bool {
        var room = [UInt8](repeating: 0, count: 65_536)
        let count = recv(socket, &room, room.count, 0)
        if count < 0 { throw Gone() }
        buffer += room[..<count]
        return count > 0
    }

    private static func headEnd(_ bytes: [UInt8]) -> Int? {
        guard bytes.count >= 4 else { return nil }
        return (0...(bytes.count - 4)).first { bytes[$0] == 13 && bytes[$0 + 1] == 10 && bytes[$0 + 2] == 13 && bytes[$0 + 3] == 10 }
    }
}
