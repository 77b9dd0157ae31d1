internal import Engines

/// Numbers the calls of one answer, whatever a service leaves out: some name no place, some no id.
struct CallNumbers: Sendable {
    private var numbers: [Int: Int] = [:]
    private var lastID: String?
    private var lastPlace = -1
    private var count = 0

    /// Takes a fragment of a call.
    ///
    /// - Parameters:
    ///   - place: The service's own number of the call.
    ///   - name: Begins the call; later fragments hold arguments only.
    mutating func take(place: Int?, id: String?, name: String?, arguments: String?) -> [ChatPiece] {
        var pieces: [ChatPiece] = []
        let begins = name?.isEmpty == false
        // Without a place, what has an id of its own, or a name, is another call.
        let place = place ?? (begins || id != nil && id != lastID ? lastPlace + 1 : max(0, lastPlace))
        lastPlace = place
        if let id { lastID = id }
        if numbers[place] == nil, let name, begins {
            numbers[place] = count
            pieces.append(.call(count, id: id.flatMap { $0.isEmpty ? nil : $0 } ?? Self.newID(), name: name))
            count += 1
        }
        if let number = numbers[place], let arguments, !arguments.isEmpty { pieces.append(.arguments(number, arguments)) }
        return pieces
    }

    static func newID() -> String { "call_" + String(UInt64.random(in: .min ... .max), radix: 36) }
}
