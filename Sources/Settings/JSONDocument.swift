/// A JSON text whose values know their lines, so that an error can name the place.
struct JSONDocument: Equatable {
    indirect enum Value: Equatable {
        case null
        case flag(Bool)
        /// As it was written.
        case number(String)
        case text(String)
        case list([JSONDocument])
        /// In the order of the text, repeated keys included.
        case object([Member])
    }

    struct Member: Equatable {
        let key: String
        let line: Int
        let value: JSONDocument
    }

    struct Failure: Error, Equatable {
        let line: Int
        let detail: String
    }

    /// The line the value begins on, from 1.
    let line: Int
    let value: Value

    /// Reads strict JSON, nested at most 16 deep.
    static func parse(_ bytes: [UInt8]) throws(Failure) -> JSONDocument {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw Failure(line: 1, detail: "the file is not UTF-8") }
        var reader = Reader(scalars: Array(text.unicodeScalars))
        let document = try reader.value(depth: 0)
        reader.skipSpace()
        guard reader.peek == nil else { throw reader.failure("there is more after the end") }
        return document
    }

    private struct Reader {
        let scalars: [Unicode.Scalar]
        var place = 0
        var line = 1

        init(scalars: [Unicode.Scalar]) {
            self.scalars = scalars
            if scalars.first == "\u{FEFF}" { place = 1 }
        }

        var peek: Unicode.Scalar? { place < scalars.count ? scalars[place] : nil }

        func failure(_ detail: String) -> Failure { Failure(line: line, detail: detail) }

        mutating func next() -> Unicode.Scalar? {
            guard let scalar = peek else { return nil }
            place += 1
            if scalar == "\n" { line += 1 }
            return scalar
        }

        mutating func skipSpace() {
            while let scalar = peek, scalar == " " || scalar == "\t" || scalar == "\n" || scalar == "\r" { _ = next() }
        }

        mutating func take(_ scalar: Unicode.Scalar) -> Bool {
            skipSpace()
            guard peek == scalar else { return false }
            _ = next()
            return true
        }

        mutating func value(depth: Int) throws(Failure) -> JSONDocument {
            skipSpace()
            guard depth <= 16 else { throw failure("nested too deep") }
            let line = line
            switch peek {
            case "{": return JSONDocument(line: line, value: try object(depth: depth))
            case "[": return JSONDocument(line: line, value: try list(depth: depth))
            case "\"": return JSONDocument(line: line, value: .text(try text()))
            case nil: throw failure("the file ends too early")
            default: return JSONDocument(line: line, value: try word())
            }
        }

        mutating func object(depth: Int) throws(Failure) -> Value {
            _ = next()
            var members: [Member] = []
            if take("}") { return .object(members) }
            repeat {
                skipSpace()
                let line = line
                guard peek == "\"" else { throw failure("a name in quotes is missing") }
                let key = try text()
                guard take(":") else { throw failure("a colon is missing") }
                members.append(Member(key: key, line: line, value: try value(depth: depth + 1)))
            } while take(",")
            guard take("}") else { throw failure("a comma or a closing brace is missing") }
            return .object(members)
        }

        mutating func list(depth: Int) throws(Failure) -> Value {
            _ = next()
            var items: [JSONDocument] = []
            if take("]") { return .list(items) }
            repeat { items.append(try value(depth: depth + 1)) } while take(",")
            guard take("]") else { throw failure("a comma or a closing bracket is missing") }
            return .list(items)
        }

        mutating func word() throws(Failure) -> Value {
            var word = ""
            while let scalar = peek, scalar.properties.isAlphabetic || "+-.0123456789".unicodeScalars.contains(scalar) {
                word.unicodeScalars.append(scalar)
                _ = next()
            }
            switch word {
            case "null": return .null
            case "true": return .flag(true)
            case "false": return .flag(false)
            default:
                // What a value is not stays out of the message: it may be a secret whose quotes were forgotten.
                guard word.wholeMatch(of: /-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/) != nil else { throw failure("this is no JSON value") }
                return .number(word)
            }
        }

        mutating func text() throws(Failure) -> String {
            _ = next()
            var text = ""
            while true {
                guard let scalar = peek, scalar.value >= 0x20 else { throw failure("a closing quote is missing") }
                _ = next()
                switch scalar {
                case "\"": return text
                case "\\": text.unicodeScalars.append(try escape())
                default: text.unicodeScalars.append(scalar)
                }
            }
        }

        mutating func escape() throws(Failure) -> Unicode.Scalar {
            switch next() {
            case "\"": return "\""
            case "\\": return "\\"
            case "/": return "/"
            case "b": return "\u{8}"
            case "f": return "\u{C}"
            case "n": return "\n"
            case "r": return "\r"
            case "t": return "\t"
            case "u":
                let unit = try unit()
                guard (0xD800...0xDBFF).contains(unit) else { return try scalar(unit) }
                guard next() == "\\", next() == "u" else { throw failure("half of a surrogate pair") }
                let low = try self.unit()
                guard (0xDC00...0xDFFF).contains(low) else { throw failure("half of a surrogate pair") }
                return try scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00))
            default: throw failure("an unknown escape")
            }
        }

        func scalar(_ code: UInt32) throws(Failure) -> Unicode.Scalar {
            guard let scalar = Unicode.Scalar(code) else { throw failure("half of a surrogate pair") }
            return scalar
        }

        mutating func unit() throws(Failure) -> UInt32 {
            var unit: UInt32 = 0
            for _ in 0..<4 {
                guard let scalar = next(), scalar.isASCII, let digit = Character(scalar).hexDigitValue else {
                    throw failure("four hex digits are missing")
                }
                unit = unit << 4 + UInt32(digit)
            }
            return unit
        }
    }
}
