/// The fields of one event, read strictly: a known field has its type and range or the event is refused with `wire.bad_field`.
struct WireFields {
    let object: JSONValue
    /// What stands before a name in an error, as `input.`.
    private let prefix: String

    /// - Throws: `wire.bad_json` if the bytes are no JSON object.
    init(parsing bytes: [UInt8]) throws(WireError) {
        object = try JSONValue(parsing: bytes)
        prefix = ""
        guard object.members != nil else { throw WireError(WireError.badJSON, "an event is a JSON object") }
    }

    private init(_ object: JSONValue, prefix: String) { (self.object, self.prefix) = (object, prefix) }

    func optional(_ name: String) -> JSONValue? { object[name] }

    func string(_ name: String, in length: ClosedRange<Int> = 0...Int.max) throws(WireError) -> String {
        guard let text = try optionalString(name, in: length) else { throw missing(name) }
        return text
    }

    /// - Parameter length: In Unicode scalars.
    func optionalString(_ name: String, in length: ClosedRange<Int> = 0...Int.max) throws(WireError) -> String? {
        guard let value = object[name] else { return nil }
        guard let text = value.string else { throw wrong(name, "must be a string") }
        guard length.contains(text.unicodeScalars.count) else {
            throw wrong(name, "must have \(length.lowerBound) to \(length.upperBound) characters")
        }
        return text
    }

    func int(_ name: String, in range: ClosedRange<Int>) throws(WireError) -> Int {
        guard let value = object[name] else { throw missing(name) }
        guard let number = value.int else { throw wrong(name, "must be an integer") }
        guard range.contains(number) else { throw wrong(name, "must lie in \(range.lowerBound) to \(range.upperBound)") }
        return number
    }

    func bool(_ name: String) throws(WireError) -> Bool {
        guard let value = object[name] else { throw missing(name) }
        guard let flag = value.bool else { throw wrong(name, "must be true or false") }
        return flag
    }

    func epoch(_ name: String = "epoch") throws(WireError) -> UInt16 { UInt16(truncatingIfNeeded: try int(name, in: 0...Int(UInt16.max))) }

    func sequence(_ name: String = "from_sequence") throws(WireError) -> UInt32 {
        UInt32(truncatingIfNeeded: try int(name, in: 0...Int(UInt32.max)))
    }

    func duration(_ name: String) throws(WireError) -> Duration { .milliseconds(try int(name, in: Self.milliseconds)) }

    func choice<Choice: RawRepresentable & CaseIterable>(_ name: String, of type: Choice.Type) throws(WireError) -> Choice
    where Choice.RawValue == String {
        guard let choice = Choice(rawValue: try string(name)) else {
            throw wrong(name, "must be one of \(Choice.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return choice
    }

    /// The fields of an object within.
    func nested(_ name: String) throws(WireError) -> WireFields {
        guard let fields = try optionalNested(name) else { throw missing(name) }
        return fields
    }

    func optionalNested(_ name: String) throws(WireError) -> WireFields? {
        guard let value = object[name] else { return nil }
        guard value.members != nil else { throw wrong(name, "must be an object") }
        return WireFields(value, prefix: "\(prefix)\(name).")
    }

    /// An object whose values are strings. Lengths are in Unicode scalars.
    func strings(_ name: String, count: Int, nameLength: Int, valueLength: Int) throws(WireError) -> [String: String] {
        guard let value = object[name] else { return [:] }
        guard let members = value.members else { throw wrong(name, "must be an object") }
        guard members.count <= count else { throw wrong(name, "must have at most \(count) members") }
        var strings: [String: String] = [:]
        for member in members {
            guard (1...nameLength).contains(member.name.unicodeScalars.count) else {
                throw wrong(name, "must have names of 1 to \(nameLength) characters")
            }
            guard let text = member.value.string, text.unicodeScalars.count <= valueLength else {
                throw wrong(name, "must have string values of at most \(valueLength) characters")
            }
            strings[member.name] = text
        }
        return strings
    }

    /// The objects of an array; none if it is missing.
    func list(_ name: String) throws(WireError) -> [WireFields] {
        guard let value = object[name] else { return [] }
        guard let values = value.array else { throw wrong(name, "must be an array") }
        var list: [WireFields] = []
        for (index, value) in values.enumerated() {
            guard value.members != nil else { throw wrong(name, "must hold objects") }
            list.append(WireFields(value, prefix: "\(prefix)\(name)[\(index)]."))
        }
        return list
    }

    func wrong(_ name: String, _ rule: String) -> WireError { .field(prefix + name, rule) }

    private func missing(_ name: String) -> WireError { wrong(name, "is missing") }

    /// A day: no duration of a session is longer.
    static let milliseconds = 0...86_400_000
    /// Integers that every JSON implementation keeps exactly.
    static let exactIntegers = -9_007_199_254_740_991...9_007_199_254_740_991
}

extension Duration {
    /// Whole milliseconds, cut off, within what a field may hold.
    var wireMilliseconds: JSONValue {
        let (seconds, attoseconds) = components
        guard seconds >= 0 else { return 0 }
        guard seconds < 86_400 else { return .int(WireFields.milliseconds.upperBound) }
        return .int(Int(seconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000))
    }
}
