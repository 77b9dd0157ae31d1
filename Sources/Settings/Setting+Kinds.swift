import Foundation

/// The types a setting can have.
extension Setting {
    typealias Path<Value> = any WritableKeyPath<ParleySettings, Value> & Sendable

    static func integer(_ name: String, _ path: Path<Int>, _ range: ClosedRange<Int>, _ note: String) -> Setting {
        Setting(
            name, path, takes: "integer, \(text(range))", note: note, parse: { raw throws(Refusal) in try whole(raw, range) },
            show: { String($0) })
    }

    static func milliseconds(_ name: String, _ path: Path<Duration>, _ range: ClosedRange<Int>, _ note: String) -> Setting {
        Setting(
            name, path, takes: "milliseconds, \(text(range))", note: note,
            parse: { raw throws(Refusal) in .milliseconds(try whole(raw, range)) }, show: { String(Int($0 / .milliseconds(1))) })
    }

    static func milliseconds(_ name: String, _ path: Path<Duration?>, _ range: ClosedRange<Int>, _ note: String) -> Setting {
        Setting(
            name, path, takes: "milliseconds, \(text(range))", note: note,
            parse: { raw throws(Refusal) in .milliseconds(try whole(raw, range)) }, show: { $0.map { String(Int($0 / .milliseconds(1))) } })
    }

    static func durations(_ name: String, _ path: Path<[Duration]>, _ range: ClosedRange<Int>, _ note: String) -> Setting {
        Setting(
            name, path, takes: "list of milliseconds, \(text(range)), rising, in a variable with commas between", note: note,
            parse: { raw throws(Refusal) in
                let times: [Int]
                switch raw {
                case .text(let text):
                    times = try text.split(separator: ",").map { (part) throws(Refusal) in try whole(.text(String(part)), range) }
                case .json(.list(let items)): times = try items.map { (item) throws(Refusal) in try whole(.json(item.value), range) }
                case .json: throw .wrongType("takes a list of whole numbers")
                }
                guard !times.isEmpty, zip(times, times.dropFirst()).allSatisfy({ $0 < $1 }) else {
                    throw .outOfRange("takes rising numbers, at least one")
                }
                return times.map { .milliseconds($0) }
            }, show: { $0.map { String(Int($0 / .milliseconds(1))) }.joined(separator: ",") })
    }

    static func minutes(_ name: String, _ path: Path<Duration>, _ range: ClosedRange<Int>, _ note: String) -> Setting {
        Setting(
            name, path, takes: "minutes, \(text(range))", note: note,
            parse: { raw throws(Refusal) in .seconds(60 * (try whole(raw, range))) }, show: { String(Int($0 / .seconds(60))) })
    }

    static func number(_ name: String, _ path: Path<Double>, _ range: ClosedRange<Double>, _ note: String) -> Setting {
        Setting(
            name, path, takes: "number, \(text(range))", note: note, parse: { raw throws(Refusal) in try decimal(raw, range) },
            show: { String($0) })
    }

    static func number(_ name: String, _ path: Path<Double?>, _ range: ClosedRange<Double>, _ note: String) -> Setting {
        Setting(
            name, path, takes: "number, \(text(range))", note: note, parse: { raw throws(Refusal) in try decimal(raw, range) },
            show: { $0.map { String($0) } })
    }

    static func flag(_ name: String, _ path: Path<Bool>, _ note: String) -> Setting {
        Setting(name, path, takes: "true or false", note: note, parse: truth, show: { String($0) })
    }

    static func text(_ name: String, _ path: Path<String>, _ note: String) -> Setting {
        Setting(name, path, takes: "text", note: note, parse: { raw throws(Refusal) in try line(raw) }, show: { $0 })
    }

    static func text(_ name: String, _ path: Path<String?>, _ note: String) -> Setting {
        Setting(name, path, takes: "text", note: note, parse: { raw throws(Refusal) in try line(raw) }, show: { $0 })
    }

    static func path(_ name: String, _ path: Path<String>, _ note: String) -> Setting {
        Setting(
            name, path, takes: "text that begins with a slash", note: note,
            parse: { raw throws(Refusal) in
                let text = try line(raw)
                let allowed = text.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value < 0x7F && $0 != "?" && $0 != "#" }
                guard text.hasPrefix("/"), allowed else { throw .outOfRange("\(quoted(text)) is no path of a URL that begins with a slash") }
                return text
            }, show: { $0 })
    }

    static func url(_ name: String, _ path: Path<String?>, _ note: String) -> Setting {
        Setting(name, path, takes: "URL of http, https, ws or wss", note: note, parse: address, show: { $0.map { masked($0) } })
    }

    static func choice<Value: RawRepresentable & CaseIterable & Sendable>(_ name: String, _ path: Path<Value>, _ note: String) -> Setting
    where Value.RawValue == String {
        let words = Value.allCases.map(\.rawValue)
        return Setting(
            name, path, takes: "one of " + words.joined(separator: ", "), note: note,
            parse: { raw throws(Refusal) in
                let text = try line(raw)
                guard let value = Value(rawValue: text) else {
                    let hint = NearestName.of(text, among: words).map { "; did you mean \($0)?" } ?? ""
                    throw .outOfRange("\(quoted(text)) is not one of \(words.joined(separator: ", "))\(hint)")
                }
                return value
            }, show: { $0.rawValue })
    }

    static func list(_ name: String, _ path: Path<[String]>, _ note: String) -> Setting {
        Setting(
            name, path, takes: "list of text, in a variable with commas between", note: note,
            parse: { raw throws(Refusal) in
                switch raw {
                case .text(let text):
                    let words = text.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
                    return try words.filter { !$0.isEmpty }.map { (word) throws(Refusal) in try line(.text(word)) }
                case .json(.list(let items)): return try items.map { (item) throws(Refusal) in try line(.json(item.value)) }
                case .json: throw .wrongType("takes a list of texts")
                }
            }, show: { $0.isEmpty ? "(none)" : $0.joined(separator: ",") })
    }

    static func secret(_ name: String, _ path: Path<Secret<String>?>, _ note: String) -> Setting {
        Setting(
            name, path, takes: "secret text", note: note, isSecret: true,
            parse: { raw throws(Refusal) in Secret(try line(raw, isSecret: true)) }, show: { $0.map(\.value) })
    }

    private static func text(_ range: ClosedRange<Int>) -> String { "\(range.lowerBound) to \(range.upperBound)" }
    private static func text(_ range: ClosedRange<Double>) -> String { "\(range.lowerBound) to \(range.upperBound)" }

    private static func whole(_ raw: Raw, _ range: ClosedRange<Int>) throws(Refusal) -> Int {
        let text = try digits(raw, "a whole number")
        guard text.wholeMatch(of: /[+-]?[0-9]+/) != nil else { throw .wrongType("takes a whole number, not \(quoted(text))") }
        guard let number = Int(text), range.contains(number) else { throw .outOfRange("\(quoted(text)) is not within \(Self.text(range))") }
        return number
    }

    private static func decimal(_ raw: Raw, _ range: ClosedRange<Double>) throws(Refusal) -> Double {
        let text = try digits(raw, "a number")
        guard let number = Double(text), number.isFinite else { throw .wrongType("takes a number, not \(quoted(text))") }
        guard range.contains(number) else { throw .outOfRange("\(quoted(text)) is not within \(Self.text(range))") }
        return number
    }

    private static func digits(_ raw: Raw, _ type: String) throws(Refusal) -> String {
        switch raw {
        case .text(let text): return text.trimmingCharacters(in: .whitespacesAndNewlines)
        case .json(.number(let text)): return text
        case .json: throw .wrongType("takes \(type) without quotes")
        }
    }

    private static func truth(_ raw: Raw) throws(Refusal) -> Bool {
        switch raw {
        case .json(.flag(let flag)): return flag
        case .json: throw .wrongType("takes true or false without quotes")
        case .text(let text):
            switch text.trimmingCharacters(in: .whitespacesAndNewlines).lowercased() {
            case "true", "1", "yes", "on": return true
            case "false", "0", "no", "off": return false
            default: throw .wrongType("takes true or false, not \(quoted(text))")
            }
        }
    }

    /// One line of text; blanks around it are cut, since files and shells leave line ends behind.
    static func line(_ raw: Raw, isSecret: Bool = false) throws(Refusal) -> String {
        let given: String
        switch raw {
        case .text(let text), .json(.text(let text)): given = text
        case .json: throw .wrongType("takes text in quotes")
        }
        let text = given.trimmingCharacters(in: .whitespacesAndNewlines)
        guard !text.isEmpty else { throw .outOfRange("holds an empty text") }
        guard text.utf8.count <= 4096 else { throw .outOfRange("is longer than 4096 bytes") }
        guard !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
            throw .outOfRange(isSecret ? "holds control characters" : "\(quoted(text)) holds control characters")
        }
        return text
    }

    /// Messages leave the value out: a URL may hold a password.
    private static func address(_ raw: Raw) throws(Refusal) -> String {
        let text = try line(raw, isSecret: true)
        guard
            let parts = URLComponents(string: text), let scheme = parts.scheme?.lowercased(), ["http", "https", "ws", "wss"].contains(scheme),
            let host = parts.host, !host.isEmpty
        else { throw .outOfRange("is no URL of http, https, ws or wss with a host") }
        guard parts.user == nil, parts.password == nil else { throw .outOfRange("holds a user or a password; give the key as a setting of its own") }
        return text
    }

    private static func masked(_ url: String) -> String { url.firstIndex(of: "?").map { url[..<$0] + "?[secret]" } ?? url }

    /// A value in an error: short and on one line.
    private static func quoted(_ text: String) -> String {
        let scalars = text.unicodeScalars.prefix(60).map { $0.properties.generalCategory == .control ? "?" : Character($0) }
        return "'" + String(scalars) + (text.unicodeScalars.count > 60 ? "...'" : "'")
    }
}
