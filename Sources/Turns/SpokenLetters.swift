/// Letters that are said one by one.
enum SpokenLetters {
    static func isLetter(_ word: String) -> Bool {
        word.utf8.count == 1 && word.utf8.allSatisfy { (97...122).contains($0) }
    }

    /// How many single letters a text ends with; 0 for what is said letter by letter but no spelling, such as "p m".
    static func trailingRun(_ words: [String]) -> Int {
        let run = words.reversed().prefix { isLetter($0) }.reversed().joined()
        if run.utf8.count <= 1 || acronyms.contains(run) { return 0 }
        return run.utf8.count
    }

    /// Whether the letters at the end spell a word said before them: "Smith S M I T H".
    static func spellsEarlierWord(_ words: [String]) -> Bool {
        let letters = words.reversed().prefix { isLetter($0) }
        guard letters.count >= 2 else { return false }
        return words.dropLast(letters.count).contains(letters.reversed().joined())
    }

    private static let acronyms: Set<String> = [
        "am", "pm", "tv", "us", "uk", "id", "ok", "atm", "pin", "usa", "eu", "it", "pc", "cd", "dvd", "vip", "faq", "url", "usb", "hr", "ceo", "nyc",
        "la",
        "dc", "ac", "gps", "sms", "pdf", "ui", "ai", "api", "po", "iphone", "qr", "aaa", "sim", "rv", "bbc", "cnn", "cpr", "diy", "fbi", "gp", "er",
        "mri",
    ]
}
