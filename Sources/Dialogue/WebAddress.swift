/// A web or e-mail address found in a text, in the parts that are said.
struct WebAddress {
    /// What stands before the at sign.
    var mailbox: [String]?
    var host: [String]
    var path: [String] = []
    var end: Int

    /// Finds an address that begins exactly here; a bare one must end in a known domain.
    init?(in cursor: EarCursor, at index: Int) {
        var end = index
        while end < cursor.text.count, end - index < 240, cursor[end].value > 0x20, cursor[end].value < 0x7F,
            !"<>\"{}|\\^`".unicodeScalars.contains(cursor[end])
        {
            end += 1
        }
        while end > index, ".,;:!?)]'*_".unicodeScalars.contains(cursor[end - 1]) { end -= 1 }
        guard end - index > 3 else { return nil }
        var rest = cursor.text[index..<end]
        self.end = end
        var sure = false
        for scheme in ["https://", "http://", "mailto:"] where rest.starts(with: scheme.unicodeScalars) {
            rest = rest.dropFirst(scheme.utf8.count)
            sure = true
        }
        if let sign = rest.firstIndex(of: "@") {
            let name = rest[..<sign]
            guard !name.isEmpty, name.allSatisfy({ $0.isLatin || $0.isDigit || ".-_+".unicodeScalars.contains($0) }) else { return nil }
            mailbox = Self.parts(name)
            rest = rest[(sign + 1)...]
            sure = true
        }
        let hostEnd = rest.firstIndex { $0 == "/" || $0 == "?" || $0 == "#" || $0 == ":" } ?? rest.endIndex
        var labels = rest[..<hostEnd].split(separator: ".", omittingEmptySubsequences: false)
        guard labels.count > 1, labels.allSatisfy({ !$0.isEmpty && $0.allSatisfy { $0.isLatin || $0.isDigit || $0 == "-" } }),
            let top = labels.last, top.count > 1, labels.contains(where: { $0.contains(where: \.isLatin) }),
            sure || Self.domains.contains(top.text.lowercased())
        else { return nil }
        if labels[0].text.lowercased() == "www" { labels.removeFirst() }
        host = labels.flatMap { [$0.text] }
        if mailbox == nil {
            let tail = rest[hostEnd...].prefix { $0 != "?" && $0 != "#" }
            path = tail.split(separator: "/").filter { $0.first != ":" }.prefix(3).map { $0.map { $0.isLatin || $0.isDigit ? $0 : " " }.text }
        }
    }

    private static func parts(_ name: ArraySlice<Unicode.Scalar>) -> [String] {
        name.reduce(into: [""]) { parts, scalar in
            if scalar.isLatin || scalar.isDigit { parts[parts.count - 1].unicodeScalars.append(scalar) } else { parts += [String(scalar), ""] }
        }.filter { !$0.isEmpty }
    }

    private static let domains: Set<String> = [
        "com", "org", "net", "io", "co", "uk", "de", "cn", "edu", "gov", "info", "app", "dev", "ai", "us", "eu", "fr", "ca", "au", "jp",
        "tv", "biz", "example", "shop", "online", "hk", "tw", "sg", "nz", "ch", "at", "nl", "es", "se", "ie",
    ]
}
