/// Audio in messages of any length that waits for its time, oldest first. A piece costs what it holds, however long its message is.
struct AudioBacklog {
    private var messages: [[UInt8]] = []
    /// The message that is being taken, and how much of it is gone.
    private var head = 0
    private var place = 0
    /// Bytes that wait.
    private(set) var count = 0

    mutating func append(_ message: [UInt8]) {
        guard !message.isEmpty else { return }
        messages.append(message)
        count += message.count
    }

    /// Takes the next bytes of the oldest message, at most `most`, which is at least 1; nil when nothing waits.
    mutating func next(upTo most: Int) -> ArraySlice<UInt8>? {
        guard head < messages.count else { return nil }
        let end = min(messages[head].count, place + min(most, messages[head].count))
        let piece = messages[head][place..<end]
        count -= piece.count
        place = end
        if end == messages[head].count {
            messages[head] = []
            (head, place) = (head + 1, 0)
            // Moving what is left pays off once as much is gone.
            if 2 * head >= messages.count {
                messages.removeFirst(head)
                head = 0
            }
        }
        return piece
    }
}
