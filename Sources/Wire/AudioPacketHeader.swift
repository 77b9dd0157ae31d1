/// The head of a binary message; one Opus packet follows it.
///
/// Twelve bytes, integers big-endian:
///
///     0      kind     1 = audio
///     1      flags    see ``Flags``
///     2...3  epoch    server: number of the reply the packet belongs to, modulo 65536; client: 0
///     4...7  sequence rises by one a packet, modulo 2^32; each direction counts its own
///     8...11 time     media time of the first sample in 1/48000 s, modulo 2^32
package struct AudioPacketHeader: Sendable, Equatable {
    package struct Flags: OptionSet, Sendable, Equatable {
        package let rawValue: UInt8
        package init(rawValue: UInt8) { self.rawValue = rawValue }

        /// The first packet of a reply, or of speech after a silence that was not sent.
        package static let start = Flags(rawValue: 1)
        /// The last packet of a reply.
        package static let end = Flags(rawValue: 2)
    }

    package static let byteCount = 12
    package static let audioKind: UInt8 = 1

    package var flags: Flags
    package var epoch: UInt16
    package var sequence: UInt32
    package var time: UInt32

    package init(flags: Flags = [], epoch: UInt16 = 0, sequence: UInt32, time: UInt32) {
        (self.flags, self.epoch, self.sequence, self.time) = (flags, epoch, sequence, time)
    }
}
