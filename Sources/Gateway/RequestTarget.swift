/// The target of an HTTP request, taken apart.
struct RequestTarget: Equatable {
    /// Not decoded: paths of this house hold no escapes.
    let path: String
    private let query: Substring

    init(_ uri: String) {
        var target = uri[...]
        if let fragment = target.firstIndex(of: "#") { target = target[..<fragment] }
        let mark = target.firstIndex(of: "?")
        path = String(target[..<(mark ?? target.endIndex)])
        query = mark.map { target[target.index(after: $0)...] } ?? ""
    }

    /// The first value of a name in the query, decoded; nil if it is missing or malformed.
    subscript(name: String) -> String? {
        for pair in query.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2, parts[0] == name { return Self.decoded(parts[1]) }
        }
        return nil
    }

    /// Every name of the query with its first value, decoded; malformed ones are left out.
    var values: [String: String] {
        var values: [String: String] = [:]
        for pair in query.split(separator: "&") {
            guard let (name, value) = Self.pair(pair), values[name] == nil else { continue }
            values[name] = value
        }
        return values
    }

    /// The fields of a form as browsers encode it, in order; nil if one is malformed.
    static func pairs(in form: Substring) -> [(name: String, value: String)]? {
        var pairs: [(name: String, value: String)] = []
        for part in form.split(separator: "&") {
            guard let pair = pair(part) else { return nil }
            pairs.append(pair)
        }
        return pairs
    }

    private static func pair(_ text: Substring) -> (name: String, value: String)? {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard let name = decoded(parts[0]), let value = decoded(parts.count == 2 ? parts[1] : "") else { return nil }
        return (name, value)
    }

    private static func decoded(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8.makeIterator()
        while let byte = rest.next() {
            switch byte {
            case UInt8(ascii: "+"): bytes.append(0x20)
            case UInt8(ascii: "%"):
                guard let high = rest.next(), let low = rest.next() else { return nil }
                guard let value = UInt8(String(decoding: [high, low], as: UTF8.self), radix: 16), high != UInt8(ascii: "+") else { return nil }
                bytes.append(value)
            default: bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
