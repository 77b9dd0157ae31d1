/// The languages whose word lists are known, from a BCP 47 tag.
enum SpokenLanguage: Sendable, Equatable {
    case english, chinese
    /// Not said: the lists of both apply, each to words of its own script.
    case unknown
    case other

    init(_ tag: String) {
        let primary = tag.lowercased().prefix { $0 != "-" && $0 != "_" }
        switch primary {
        case "en": self = .english
        case "zh", "cmn", "yue", "wuu": self = .chinese
        case "", "und", "mul", "auto", "multi": self = .unknown
        default: self = .other
        }
    }
}
