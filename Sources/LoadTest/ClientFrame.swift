package import Wire

/// Messages of a client as bytes on the wire, masked beforehand: a WebSocket client may choose any key, so one fixed key lets a packet be
/// prepared once and sent by every caller with nothing changed but its numbers.
package enum ClientFrame {
    package static let key: UInt32 = 0x5A3C_9E17
    private static let keyBytes = (0..<4).map { UInt8(truncatingIfNeeded: key >> (24 - 8 * UInt32($0))) }

    /// One whole frame.
    package static func bytes(_ opcode: FrameOpcode, _ payload: [UInt8]) -> [UInt8] {
        var out: [UInt8] = [0x80 | opcode.rawValue]
        if payload.count < 126 {
            out.append(0x80 | UInt8(payload.count))
        } else if payload.count < 65_536 {
            out += [0x80 | 126, UInt8(payload.count >> 8), UInt8(payload.count & 255)]
        } else {
            out.append(0x80 | 127)
            out += (0..<8).map { UInt8(truncatingIfNeeded: payload.count >> (56 - 8 * $0)) }
        }
        out += keyBytes
        out.reserveCapacity(out.count + payload.count)
        for (index, byte) in payload.enumerated() { out.append(byte ^ keyBytes[index & 3]) }
        return out
    }

    package static func event(_ event: ClientEvent) -> [UInt8] { bytes(.text, event.encoded()) }

    // MARK: audio of parley.v1

    /// One audio packet's frame, to be sent after its three numbers have been written over, big-endian: the flags a byte behind ``head(of:)``, the
    /// sequence number 4 bytes, the media time 8.
    package static func packet(_ payload: [UInt8]) -> [UInt8] {
        var message: [UInt8] = []
        AudioPacketHeader(sequence: 0, time: 0).write(into: &message)
        return bytes(.binary, message + payload)
    }

    /// Bytes before the payload of a frame, which begins with an audio packet's header.
    package static func head(of frame: [UInt8]) -> Int {
        switch frame[1] & 0x7F {
        case 126: 8
        case 127: 14
        default: 6
        }
    }

    package static func masked(_ flags: AudioPacketHeader.Flags) -> UInt8 { flags.rawValue ^ keyBytes[1] }
    package static func masked(_ word: UInt32) -> UInt32 { word ^ key }
}
