/// Newline-delimited JSON: bytes in, lines out, however the bytes are cut. Empty lines and a CR before the LF are dropped.
package struct LineSplitter: Sendable {
    private var line: [UInt8] = []
    private var isBroken = false
    private let limit: Int

    /// - Parameter limit: Bytes of the longest line.
    package init(limit: Int = 1 << 20) { self.limit = limit }

    /// The lines that `bytes` complete, oldest first, without their ends.
    ///
    /// - Throws: `.tooLong`, once the lines before the one that is too long were returned; nothing can be fed after that.
    package mutating func feed(_ bytes: [UInt8]) throws(HTTPStreamError) -> [[UInt8]] {
        var lines: [[UInt8]] = []
        do {
            guard !isBroken else { throw tooLong }
            var rest = bytes[...]
            while let end = rest.firstIndex(of: 0x0A) {
                try append(rest[..<end])
                rest = rest[(end + 1)...]
                if let whole = finish() { lines.append(whole) }
            }
            try append(rest)
        } catch {
            isBroken = true
            line = []
            if lines.isEmpty { throw tooLong }
        }
        return lines
    }

    /// The last line of a stream that does not end in a newline, once.
    package mutating func finish() -> [UInt8]? {
        var whole: [UInt8] = []
        swap(&whole, &line)
        if whole.last == 0x0D { whole.removeLast() }
        return whole.isEmpty ? nil : whole
    }

    private var tooLong: HTTPStreamError { HTTPStreamError(.tooLong, "a line over \(limit) bytes") }

    private mutating func append(_ bytes: ArraySlice<UInt8>) throws(HTTPStreamError) {
        guard line.count + bytes.count <= limit else { throw tooLong }
        line += bytes
    }
}
