internal import NIOCore
internal import Sessions

/// The WebSocket close codes of the doors.
package enum CloseCode {
    package static let normal: UInt16 = 1000
    package static let goingAway: UInt16 = 1001
    package static let protocolError: UInt16 = 1002
    /// Stands for a close frame without a code; never sent.
    static let none: UInt16 = 1005
    /// Stands for a connection that ended without a close frame; never sent.
    static let lost: UInt16 = 1006
    package static let badText: UInt16 = 1007
    package static let policy: UInt16 = 1008
    package static let tooLarge: UInt16 = 1009
    package static let internalError: UInt16 = 1011
    /// The client does not read fast enough.
    package static let slowClient: UInt16 = 1013
    /// Nothing came in time: `session.start`, or anything at all.
    package static let timeout: UInt16 = 4408

    /// The close code for what would be an HTTP status before the upgrade.
    static func of(_ refusal: CallRefusal) -> UInt16 {
        (400...599).contains(refusal.status) ? UInt16(4000 + refusal.status) : internalError
    }

    /// Whether a peer may put this code into a close frame.
    static func isValid(_ code: UInt16) -> Bool {
        switch code {
        case 1000...1003, 1007...1014, 3000...4999: true
        default: false
        }
    }

    /// The body of a close frame; the reason is cut to the 123 bytes that fit.
    static func body(_ code: UInt16, _ reason: String) -> ByteBuffer {
        var buffer = ByteBuffer()
        buffer.writeInteger(isValid(code) ? code : internalError)
        var text = reason
        while text.utf8.count > 123 { text.unicodeScalars.removeLast() }
        buffer.writeString(text)
        return buffer
    }
}
