/// Bytes in, events out, however the bytes are cut. Lines end in LF, CR LF or CR; a byte order mark is skipped.
package struct ServerSentEventParser: Sendable {
    private var line: [UInt8] = []
    private var name: [UInt8] = []
    private var data: [UInt8] = []
    private var hasData = false
    private var id = ""
    private var skipLineFeed = false
    private var atStart = true
    private var isBroken = false
    private let limit: Int
    /// Milliseconds the server asked to wait before connecting again.
    package private(set) var retry: Int?

    /// - Parameter limit: Bytes of the longest line, and of the longest data of an event.
    package init(limit: Int = 1 << 20) { self.limit = limit }

    /// The events that `bytes` complete, oldest first; an event without its blank line at the end of a stream is dropped.
    ///
    /// Takes an array, not any sequence: a generic over the border of a module is not specialised.
    /// - Throws: `.tooLong`, once the events before the one that is too long were returned; nothing can be fed after that.
    package mutating func feed(_ bytes: [UInt8]) throws(HTTPStreamError) -> [ServerSentEvent] {
        var events: [ServerSentEvent] = []
        do {
            guard !isBroken else { throw tooLong }
            try feed(bytes, into: &events)
        } catch {
            isBroken = true
            if events.isEmpty { throw tooLong }
        }
        return events
    }

    private mutating func feed(_ bytes: [UInt8], into events: inout [ServerSentEvent]) throws(HTTPStreamError) {
        var start = 0
        if skipLineFeed, let first = bytes.first {
            skipLineFeed = false
            if first == 0x0A { start = 1 }
        }
        while let end = Self.lineEnd(bytes, from: start) {
            guard line.count + end - start <= limit else { throw tooLong }
            // A line within one chunk is read where it lies; only one that was cut is put together first.
            let ended: ServerSentEvent?
            if line.isEmpty {
                ended = endLine(bytes[start..<end])
            } else {
                line += bytes[start..<end]
                var whole: [UInt8] = []
                swap(&whole, &line)
                ended = endLine(whole[...])
            }
            if let ended { events.append(ended) }
            guard data.count <= limit else { throw tooLong }
            start = end + 1
            if bytes[end] == 0x0D {
                if start == bytes.count { skipLineFeed = true } else if bytes[start] == 0x0A { start += 1 }
            }
        }
        guard line.count + bytes.count - start <= limit else { throw tooLong }
        line += bytes[start...]
    }

    private var tooLong: HTTPStreamError { HTTPStreamError(.tooLong, "an event over \(limit) bytes") }

    private static func lineEnd(_ bytes: [UInt8], from start: Int) -> Int? {
        for index in start..<max(start, bytes.count) where bytes[index] == 0x0A || bytes[index] == 0x0D { return index }
        return nil
    }

    private mutating func endLine(_ whole: ArraySlice<UInt8>) -> ServerSentEvent? {
        var line = whole
        if atStart {
            atStart = false
            if line.starts(with: [0xEF, 0xBB, 0xBF]) { line.removeFirst(3) }
        }
        if line.isEmpty { return dispatch() }
        let colon = line.firstIndex(of: 0x3A) ?? line.endIndex
        if colon == line.startIndex { return nil }  // a comment, often a keep-alive
        var value = line[min(colon + 1, line.endIndex)...]
        if value.first == 0x20 { value.removeFirst() }
        switch line[..<colon] {
        case "data":
            if hasData { data.append(0x0A) }
            data += value
            hasData = true
        case "event": name = Array(value)
        case "id": if !value.contains(0) { id = String(decoding: value, as: UTF8.self) }
        case "retry": if let wait = Int(String(decoding: value, as: UTF8.self)), wait >= 0 { retry = wait }
        default: break
        }
        return nil
    }

    private mutating func dispatch() -> ServerSentEvent? {
        defer {
            data.removeAll(keepingCapacity: true)
            name.removeAll(keepingCapacity: true)
            hasData = false
        }
        guard hasData else { return nil }
        let called = name.isEmpty ? "message" : String(decoding: name, as: UTF8.self)
        return ServerSentEvent(name: called, data: String(decoding: data, as: UTF8.self), id: id)
    }
}

private func ~= (name: StaticString, bytes: ArraySlice<UInt8>) -> Bool {
    bytes.count == name.utf8CodeUnitCount
        && bytes.elementsEqual(UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
}
