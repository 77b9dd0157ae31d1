/// The last lines of a stream of bytes, with bounds on their number and length: older lines give way, long ones are cut.
struct LineTail: Sendable {
    private let most: Int
    private let longest: Int
    private(set) var lines: [String] = []
    private var open: [UInt8] = []

    /// - Parameters:
    ///   - most: Lines kept; positive.
    ///   - longest: Bytes kept of each line.
    init(most: Int = 40, longest: Int = 400) { (self.most, self.longest) = (most, longest) }

    /// Takes the next bytes and returns the lines they complete.
    mutating func append(_ bytes: UnsafeRawBufferPointer) -> [String] {
        var completed: [String] = []
        for byte in bytes {
            if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
                if let line = close() { completed.append(line) }
            } else if open.count < longest {
                open.append(byte)
            }
        }
        return completed
    }

    /// Ends the line that has no end yet.
    mutating func finish() { _ = close() }

    private mutating func close() -> String? {
        let line = String(decoding: open, as: UTF8.self)
        open.removeAll(keepingCapacity: true)
        guard line.contains(where: { !$0.isWhitespace }) else { return nil }
        if lines.count == most { lines.removeFirst() }
        lines.append(line)
        return line
    }
}
