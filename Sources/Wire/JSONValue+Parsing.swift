extension JSONValue {
    /// Reads one JSON text (RFC 8259) in UTF-8.
    ///
    /// - Parameter depth: Most arrays and objects within one another.
    /// - Throws: `wire.bad_json`.
    package init(parsing bytes: [UInt8], depth: Int = 16) throws(WireError) {
        var parser = JSONParser(bytes: bytes)
        self = try parser.document(depth: depth)
    }
}

/// A cursor over one JSON text.
private struct JSONParser {
    let bytes: [UInt8]
    var place = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    mutating func document(depth: Int) throws(WireError) -> JSONValue {
        let value = try self.value(depth: depth)
        skipSpace()
        guard place == bytes.count else { throw bad("text after the value") }
        return value
    }

    private mutating func value(depth: Int) throws(WireError) -> JSONValue {
        skipSpace()
        guard place < bytes.count else { throw bad("ends too early") }
        switch bytes[place] {
        case UInt8(ascii: "{"): return try object(depth: depth - 1)
        case UInt8(ascii: "["): return try array(depth: depth - 1)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        default: throw bad("no value")
        }
    }

    private mutating func object(depth: Int) throws(WireError) -> JSONValue {
        guard depth >= 0 else { throw bad("nested too deeply") }
        place += 1
        var members: [JSONValue.Member] = []
        skipSpace()
        if take("}") { return .object(members) }
        while true {
            skipSpace()
            guard place < bytes.count, bytes[place] == UInt8(ascii: "\"") else { throw bad("no member name") }
            let name = try string()
            skipSpace()
            guard take(":") else { throw bad("no colon") }
            members.append(JSONValue.Member(name, try value(depth: depth)))
            skipSpace()
            if take("}") { return .object(members) }
            guard take(",") else { throw bad("no comma") }
        }
    }

    private mutating func array(depth: Int) throws(WireError) -> JSONValue {
        guard depth >= 0 else { throw bad("nested too deeply") }
        place += 1
        var values: [JSONValue] = []
        skipSpace()
        if take("]") { return .array(values) }
        while true {
            values.append(try value(depth: depth))
            skipSpace()
            if take("]") { return .array(values) }
            guard take(",") else { throw bad("no comma") }
        }
    }

    private mutating func string() throws(WireError) -> String {
        place += 1
        let start = place
        while place < bytes.count, bytes[place] != UInt8(ascii: "\""), bytes[place] != UInt8(ascii: "\\"), bytes[place] >= 0x20 { place += 1 }
        if place < bytes.count, bytes[place] == UInt8(ascii: "\"") {
            // Nothing stands for anything else in it, as in nearly all strings.
            guard let text = String(validating: bytes[start..<place], as: UTF8.self) else { throw bad("not UTF-8") }
            place += 1
            return text
        }
        return try string(beginning: Array(bytes[start..<place]))
    }

    /// Goes on with a string that has escapes.
    private mutating func string(beginning: [UInt8]) throws(WireError) -> String {
        var out = beginning
        while place < bytes.count {
            let byte = bytes[place]
            place += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let text = String(validating: out, as: UTF8.self) else { throw bad("not UTF-8") }
                return text
            case UInt8(ascii: "\\"): try escape(into: &out)
            case 0..<0x20: throw bad("a control character in a string")
            default: out.append(byte)
            }
        }
        throw bad("a string without end")
    }

    private mutating func escape(into out: inout [UInt8]) throws(WireError) {
        guard place < bytes.count else { throw bad("a string without end") }
        let byte = bytes[place]
        place += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): out.append(byte)
        case UInt8(ascii: "b"): out.append(0x08)
        case UInt8(ascii: "f"): out.append(0x0C)
        case UInt8(ascii: "n"): out.append(0x0A)
        case UInt8(ascii: "r"): out.append(0x0D)
        case UInt8(ascii: "t"): out.append(0x09)
        case UInt8(ascii: "u"):
            var code = try fourHexDigits()
            if (0xD800..<0xDC00).contains(code) {
                guard take("\\"), take("u") else { throw bad("half a surrogate pair") }
                let low = try fourHexDigits()
                guard (0xDC00..<0xE000).contains(low) else { throw bad("half a surrogate pair") }
                code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
            }
            guard let scalar = Unicode.Scalar(code) else { throw bad("half a surrogate pair") }
            out.append(contentsOf: UTF8.encode(scalar).map(Array.init) ?? [])
        default: throw bad("an unknown escape")
        }
    }

    private mutating func fourHexDigits() throws(WireError) -> UInt32 {
        guard bytes.count - place >= 4 else { throw bad("a short escape") }
        var code: UInt32 = 0
        for _ in 0..<4 {
            let byte = bytes[place]
            place += 1
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): code = code << 4 | UInt32(byte - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"): code = code << 4 | UInt32(byte - UInt8(ascii: "a") + 10)
            case UInt8(ascii: "A")...UInt8(ascii: "F"): code = code << 4 | UInt32(byte - UInt8(ascii: "A") + 10)
            default: throw bad("a bad escape")
            }
        }
        return code
    }

    private mutating func number() throws(WireError) -> JSONValue {
        let start = place
        var isWhole = true
        _ = take("-")
        if !take("0") { try digits() }
        if take(".") {
            isWhole = false
            try digits()
        }
        if take("e") || take("E") {
            isWhole = false
            if !take("+") { _ = take("-") }
            try digits()
        }
        let text = String(decoding: bytes[start..<place], as: UTF8.self)
        if isWhole, let number = Int(text) { return .int(number) }
        guard let number = Double(text), number.isFinite else { throw bad("a number out of range") }
        return .double(number)
    }

    private mutating func digits() throws(WireError) {
        let start = place
        while place < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[place]) { place += 1 }
        guard place > start else { throw bad("a bad number") }
    }

    private mutating func word(_ word: StaticString, _ value: JSONValue) throws(WireError) -> JSONValue {
        for byte in word.description.utf8 {
            guard place < bytes.count, bytes[place] == byte else { throw bad("no value") }
            place += 1
        }
        return value
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard place < bytes.count, bytes[place] == UInt8(ascii: character) else { return false }
        place += 1
        return true
    }

    private mutating func skipSpace() {
        while place < bytes.count, bytes[place] == 0x20 || bytes[place] == 0x0A || bytes[place] == 0x0D || bytes[place] == 0x09 { place += 1 }
    }

    private func bad(_ what: String) -> WireError { WireError(WireError.badJSON, "not JSON at byte \(place): \(what)") }
}
