internal import DequeModule

/// Audio in messages of any length that waits for its time, oldest first. A piece costs what it holds, however long its message is.
struct AudioBacklog {
    private var messages: Deque<ArraySlice<UInt8>> = []
    /// Bytes that wait.
    private(set) var count = 0

    mutating func append(_ message: [UInt8]) {
        guard !message.isEmpty else { return }
        messages.append(message[...])
        count += message.count
    }

    /// Takes the next bytes of the oldest message, at most `most`, which is at least 1; nil when nothing waits.
    mutating func next(upTo most: Int) -> ArraySlice<UInt8>? {
        guard let message = messages.popFirst() else { return nil }
        let piece = message.prefix(most)
        count -= piece.count
        if piece.count < message.count { messages.prepend(message[piece.endIndex...]) }
        return piece
    }
}
