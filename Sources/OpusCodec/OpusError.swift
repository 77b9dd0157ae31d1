import Audio
import COpus

/// A refusal of the Opus codec, or of a file of Opus packets.
package struct OpusError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What went wrong, stable: to log, count and send. An open set.
    package struct Code: RawRepresentable, Hashable, Sendable {
        package let rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }

        /// The packet is not valid Opus; the decoder stays usable.
        package static let corruptPacket = Code(rawValue: "opus.corrupt_packet")
        /// The output cannot hold the result.
        package static let outputTooSmall = Code(rawValue: "opus.output_too_small")
        /// A rate, channel count, frame length or setting that is not offered.
        package static let unsupportedFormat = Code(rawValue: "opus.unsupported_format")
        /// The bytes hold no Ogg Opus stream.
        package static let notOggOpus = Code(rawValue: "opus.not_ogg_opus")
        /// The file plays longer than was allowed.
        package static let tooLong = Code(rawValue: "opus.too_long")
        /// Any other status of the library; see ``OpusError/detail``.
        package static let library = Code(rawValue: "opus.library")
    }

    package let code: Code
    /// For people; never audio.
    package let detail: String

    package var description: String { "\(code.rawValue): \(detail)" }

    init(_ code: Code, _ detail: String) { (self.code, self.detail) = (code, detail) }

    /// - Parameter status: A negative result of libopus.
    init(status: Int32) {
        self.code =
            switch status {
            case OPUS_INVALID_PACKET: .corruptPacket
            case OPUS_BUFFER_TOO_SMALL: .outputTooSmall
            case OPUS_BAD_ARG, OPUS_UNIMPLEMENTED: .unsupportedFormat
            default: .library
            }
        self.detail = String(cString: opus_strerror(status))
    }

    init(_ error: AudioError) {
        self.code = error.code == .badOpusPacket ? .corruptPacket : .unsupportedFormat
        self.detail = error.description
    }
}
