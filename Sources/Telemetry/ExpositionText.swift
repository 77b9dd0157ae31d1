/// The spelling of Prometheus' text format 0.0.4.
enum ExpositionText {
    /// Letters, digits, `_` and `:`; anything else becomes `_`, and a digit never stands first.
    static func metricName(_ text: String) -> String { name(text, colon: true) }

    /// `a="x",b="y"`, sorted by name. Of two labels with one name the first stays; `reserved` ones get the prefix `exported_`.
    static func labels(_ dimensions: [(String, String)], reserved: Set<String> = []) -> String {
        var values: [String: String] = [:]
        for (label, value) in dimensions {
            let label = name(label, colon: false)
            let free = reserved.contains(label) || label.hasPrefix("__") ? "exported_" + label : label
            if values[free] == nil { values[free] = value }
        }
        return values.sorted { $0.key < $1.key }.map { "\($0.key)=\"\(escaped($0.value, quote: true))\"" }.joined(separator: ",")
    }

    static func help(_ text: String) -> String { escaped(text, quote: false) }

    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        if let whole = Int64(exactly: value) { return String(whole) }
        return String(value)
    }

    private static func name(_ text: String, colon: Bool) -> String {
        var name = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "a"..."z", "A"..."Z", "_": name.unicodeScalars.append(scalar)
            case "0"..."9":
                if name.isEmpty { name = "_" }
                name.unicodeScalars.append(scalar)
            case ":" where colon: name.unicodeScalars.append(scalar)
            default: name += "_"
            }
        }
        return name.isEmpty ? "_" : name
    }

    /// By scalar, since a carriage return and a line feed are one `Character`.
    private static func escaped(_ text: String, quote: Bool) -> String {
        var out = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": out += "\\\\"
            case "\n": out += "\\n"
            case "\"" where quote: out += "\\\""
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out
    }
}
