/// How an English word roughly sounds: words that a recogniser takes for each other have one code.
enum SoundCode {
    /// Consonants without voice, vowels only in front; empty for a word without letters.
    static func code(_ word: String) -> [UInt8] {
        let letters = Array(word.lowercased().utf8.filter { $0 >= 0x61 && $0 <= 0x7A }.prefix(32))
        var out: [UInt8] = []
        var at = 0
        func has(_ part: StaticString) -> Bool {
            let end = at + part.utf8CodeUnitCount
            return end <= letters.count && letters[at..<end].elementsEqual(part.description.utf8)
        }
        func add(_ text: StaticString, _ length: Int) {
            for code in text.description.utf8 where out.last != code { out.append(code) }
            at += length
        }
        while at < letters.count {
            let letter = letters[at]
            let soft = at + 1 < letters.count && [UInt8(ascii: "e"), UInt8(ascii: "i"), UInt8(ascii: "y")].contains(letters[at + 1])
            if at == 0, has("kn") || has("wr") || has("gn") || has("ps") { at += 1; continue }
            if has("tion") || has("sion") { add("xn", 4); continue }
            if has("tch") { add("x", 3); continue }
            if has("sch") { add("sk", 3); continue }
            if has("sh") || has("ch") { add("x", 2); continue }
            if has("ph") { add("f", 2); continue }
            if has("th") { add("t", 2); continue }
            if has("gh") { if at == 0 { add("k", 2) } else { at += 2 }; continue }
            if has("dge") { add("x", 3); continue }
            if has("ck") { add("k", 2); continue }
            switch letter {
            case UInt8(ascii: "a"), UInt8(ascii: "e"), UInt8(ascii: "i"), UInt8(ascii: "o"), UInt8(ascii: "u"):
                if out.isEmpty { add("a", 1) } else { at += 1 }
            case UInt8(ascii: "h"), UInt8(ascii: "w"), UInt8(ascii: "y"): at += 1
            case UInt8(ascii: "c"): add(soft ? "s" : "k", 1)
            case UInt8(ascii: "g"): add(soft ? "x" : "k", 1)
            case UInt8(ascii: "j"): add("x", 1)
            case UInt8(ascii: "q"), UInt8(ascii: "k"): add("k", 1)
            case UInt8(ascii: "x"): add("ks", 1)
            case UInt8(ascii: "z"), UInt8(ascii: "s"): add("s", 1)
            case UInt8(ascii: "v"), UInt8(ascii: "f"): add("f", 1)
            case UInt8(ascii: "d"), UInt8(ascii: "t"): add("t", 1)
            case UInt8(ascii: "b"), UInt8(ascii: "p"): add("p", 1)
            case UInt8(ascii: "l"): add("l", 1)
            case UInt8(ascii: "m"): add("m", 1)
            case UInt8(ascii: "n"): add("n", 1)
            default: add("r", 1)
            }
        }
        return out
    }
}
