/// The comment header of an Ogg Opus stream (RFC 7845, section 5.2).
package struct OpusTags: Sendable, Equatable {
    private static let magic = Array("OpusTags".utf8)
    private static let commentLimit = 1_000

    /// The program that made the stream.
    package var vendor: String
    /// `NAME=value` each.
    package var comments: [String]

    package init(vendor: String = "parley", comments: [String] = []) { (self.vendor, self.comments) = (vendor, comments) }

    /// - Throws: `badOpusTags` if a length reaches beyond the packet, or for more than 1000 comments.
    package init(_ bytes: [UInt8]) throws(AudioError) {
        var reader = ByteReader(bytes)
        guard let magic = reader.take(8), magic.elementsEqual(Self.magic) else { throw AudioError(.badOpusTags, "not an OpusTags") }
        vendor = try Self.string(&reader)
        guard let count = reader.int(4), count <= Self.commentLimit else { throw AudioError(.badOpusTags, "too many comments, or no number") }
        comments = []
        for _ in 0..<count { comments.append(try Self.string(&reader)) }
    }

    /// The header's bytes.
    package var bytes: [UInt8] {
        var bytes = Self.magic
        let texts = [vendor] + comments
        for (index, text) in texts.enumerated() {
            bytes.append(number: text.utf8.count, size: 4)
            bytes.append(contentsOf: text.utf8)
            if index == 0 { bytes.append(number: comments.count, size: 4) }
        }
        return bytes
    }

    private static func string(_ reader: inout ByteReader) throws(AudioError) -> String {
        guard let size = reader.int(4), let text = reader.take(size) else { throw AudioError(.badOpusTags, "a text beyond the packet") }
        return String(decoding: text, as: UTF8.self)
    }
}
