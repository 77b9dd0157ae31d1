import NIOCore
import NIOPosix

/// A socket without a protocol, for what no client would say.
enum RawConnection {
    struct Answer: Sendable {
        var bytes: [UInt8]

        private var text: String { String(decoding: bytes, as: UTF8.self) }
        var status: Int { Int(text.split(separator: " ").dropFirst().first ?? "") ?? 0 }
        /// The lines before the body, in lower case.
        var head: [String] { headAndBody.head.split(separator: "\r\n").map { $0.lowercased() } }
        var body: String { headAndBody.body }
        /// What came after the head.
        var rest: [UInt8] {
            let end: [UInt8] = [13, 10, 13, 10]
            for place in bytes.indices where bytes[place...].starts(with: end) { return Array(bytes[(place + 4)...]) }
            return []
        }

        private var headAndBody: (head: String, body: String) {
            (String(decoding: bytes.dropLast(rest.count), as: UTF8.self), String(decoding: rest, as: UTF8.self))
        }

        /// The code of the close frame among the frames of a server; nil where there is none.
        var closeCode: UInt16? {
            var left = rest[...]
            while left.count >= 2 {
                let opcode = left[left.startIndex] & 15
                var length = Int(left[left.startIndex + 1])
                left = left.dropFirst(2)
                if length == 126, left.count >= 2 {
                    length = Int(left[left.startIndex]) << 8 | Int(left[left.startIndex + 1])
                    left = left.dropFirst(2)
                }
                if opcode == 8, length >= 2, left.count >= 2 { return UInt16(left[left.startIndex]) << 8 | UInt16(left[left.startIndex + 1]) }
                left = left.dropFirst(length)
            }
            return nil
        }
    }

    static func upgrade(_ path: String = "/v1/call", protocols: String? = "parley.v1", headers: String = "") -> String {
        let offer = protocols.map { "Sec-WebSocket-Protocol: \($0)\r\n" } ?? ""
        return "GET \(path) HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\(offer)\(headers)\r\n"
    }

    static func exchange(_ text: String, port: Int) async throws -> Answer { try await exchange(Array(text.utf8), port: port) }

    /// Sends bytes and reads until the server closes.
    static func exchange(_ bytes: [UInt8], port: Int) async throws -> Answer {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton).connect(host: "127.0.0.1", port: port) { channel in
            channel.eventLoop.makeCompletedFuture { try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel) }
        }
        return try await channel.executeThenClose { inbound, outbound in
            try await outbound.write(ByteBuffer(bytes: bytes))
            var answer: [UInt8] = []
            do { for try await piece in inbound { answer.append(contentsOf: piece.readableBytesView) } } catch is IOError {}
            return Answer(bytes: answer)
        }
    }
}
