/// A refusal of this target: audio data that is malformed, or a format that is not offered.
package struct AudioError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What went wrong, stable: to log, count and send. An open set.
    package struct Code: RawRepresentable, Hashable, Sendable {
        package let rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }

        /// No filter is offered between two sample rates.
        package static let unsupportedRate = Code(rawValue: "audio.unsupported_rate")
        /// Two tracks that belong together differ in sample rate.
        package static let rateMismatch = Code(rawValue: "audio.rate_mismatch")
        /// The file does not begin with a RIFF WAVE header.
        package static let wavNotRIFF = Code(rawValue: "audio.wav_not_riff")
        /// A chunk of the file is longer than the file.
        package static let wavTruncated = Code(rawValue: "audio.wav_truncated")
        /// The file has no `fmt ` chunk before its samples.
        package static let wavNoFormat = Code(rawValue: "audio.wav_no_format")
        /// The `fmt ` chunk contradicts itself.
        package static let wavBadFormat = Code(rawValue: "audio.wav_bad_format")
        /// The samples are coded in a way that is not offered.
        package static let wavUnsupportedEncoding = Code(rawValue: "audio.wav_unsupported_encoding")
        /// The file has no `data` chunk.
        package static let wavNoData = Code(rawValue: "audio.wav_no_data")
        /// The bytes are not one valid Opus packet.
        package static let badOpusPacket = Code(rawValue: "audio.bad_opus_packet")
        /// The bytes are not a valid Opus identification header.
        package static let badOpusHead = Code(rawValue: "audio.bad_opus_head")
        /// The bytes are not a valid Opus comment header.
        package static let badOpusTags = Code(rawValue: "audio.bad_opus_tags")
    }

    package let code: Code
    /// For people; never audio nor what a caller said.
    package let detail: String

    package init(_ code: Code, _ detail: String) { (self.code, self.detail) = (code, detail) }

    package var description: String { "\(code.rawValue): \(detail)" }
}
