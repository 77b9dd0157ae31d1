/// Joins the fragments of one WebSocket message within bounds.
struct MessageJoiner {
    enum Outcome: Equatable {
        case more
        case whole(isText: Bool, [UInt8])
        /// The peer broke the rules or a bound; the WebSocket close code to end with.
        case refused(UInt16)
    }

    private let bytes: Int
    private let fragments: Int
    private var joined: [UInt8] = []
    private var count = 0
    private var isText: Bool?

    /// - Parameters:
    ///   - bytes: Largest message.
    ///   - fragments: Most frames of a message.
    init(bytes: Int, fragments: Int) { (self.bytes, self.fragments) = (bytes, fragments) }

    /// Whether a message has begun that is not whole.
    var isJoining: Bool { isText != nil }

    /// Takes a data frame whose payload is unmasked already.
    ///
    /// - Parameter begins: Whether it begins a message, as text or not; nil is a continuation.
    mutating func take(_ payload: [UInt8], begins: Bool?, isLast: Bool) -> Outcome {
        guard (begins == nil) == isJoining else { return .refused(CloseCode.protocolError) }
        if let begins { isText = begins }
        count += 1
        guard count <= fragments, joined.count + payload.count <= bytes else { return .refused(CloseCode.tooLarge) }
        joined.append(contentsOf: payload)
        guard isLast else { return .more }
        defer { (joined, count, isText) = ([], 0, nil) }
        return .whole(isText: isText ?? false, joined)
    }
}
