/// Text with variables in double braces: `{{caller_name}}`.
enum Template {
    /// The variables in order of appearance. What is between braces but no name is given too, as it stands.
    static func variables(in text: String) -> [String] {
        var names: [String] = []
        _ = fill(text) {
            names.append($0)
            return nil
        }
        return names
    }

    /// Puts values in, once: values are not looked through again. Variables without value stay.
    static func fill(_ text: String, value: (String) -> String?) -> String {
        var out = String.UnicodeScalarView()
        var rest = text.unicodeScalars[...]
        while let open = rest.firstIndex(of: "{") {
            out.append(contentsOf: rest[..<open])
            rest = rest[open...]
            let inside = rest.dropFirst(2)
            guard rest.dropFirst().first == "{", let close = inside.prefix(100).firstIndex(of: "}"),
                inside[close...].dropFirst().first == "}"
            else {
                out.append("{")
                rest = rest.dropFirst()
                continue
            }
            let end = inside.index(close, offsetBy: 2)
            if let found = value(History.trimmed(String(inside[..<close]))) {
                out.append(contentsOf: found.unicodeScalars)
            } else {
                out.append(contentsOf: rest[..<end])
            }
            rest = rest[end...]
        }
        out.append(contentsOf: rest)
        return String(out)
    }

    static func isName(_ name: String) -> Bool {
        guard let first = name.utf8.first, name.utf8.count <= 64 else { return false }
        let letters = name.unicodeScalars.allSatisfy { $0.isLower && $0.isLatin || $0.isDigit || $0 == "_" }
        return letters && first != UInt8(ascii: "_") && !(first >= 0x30 && first <= 0x39)
    }
}
