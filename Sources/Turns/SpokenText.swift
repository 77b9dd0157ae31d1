/// A transcript taken apart into words, without what recognisers add to them: capitals, accents of punctuation, noise marks.
///
/// Reads at most the last ``limit`` scalars, so its cost is bounded however long a transcript grows.
struct SpokenText: Sendable {
    /// What stands after the last word.
    enum Ending: Sendable, Equatable { case none, stop, question, comma, trailing }

    /// Scalars of a text that are looked at, from its end.
    static let limit = 2000
    /// Scalars of a word that are kept; no word of any list is longer.
    private static let longestWord = 64

    /// Lower-case words in order; a run of Chinese characters is one word, in simplified characters.
    private(set) var words: [String] = []
    /// Where sentences begin, as indices of `words`; and whether each ended with a question mark.
    private(set) var sentences: [(start: Int, isQuestion: Bool)] = []
    private(set) var ending = Ending.none

    private var word = ""
    private var wordLength = 0
    private var isWordHan = false
    /// A Chinese run may go on after blanks, but not after punctuation.
    private var mayJoin = false

    init(_ text: String) {
        let scalars = Array(text.unicodeScalars.suffix(Self.limit)).map(Self.simplified)
        var chunkEnd = 0
        var isAddress = false
        var index = 0
        while index < scalars.count {
            let scalar = scalars[index]
            if index >= chunkEnd {
                (chunkEnd, isAddress) = Self.chunk(scalars, from: index)
            }
            if let end = Self.noiseMark(scalars, at: index) {
                finishWord()
                index = end
                continue
            }
            take(scalar, before: index > 0 ? scalars[index - 1] : " ", after: index + 1 < scalars.count ? scalars[index + 1] : " ", isAddress)
            index += 1
        }
        finishWord()
        if let last = sentences.last, last.start == words.count { sentences.removeLast() }
    }

    /// The words since the last end of a sentence.
    var lastSentence: ArraySlice<String> { words[(sentences.last?.start ?? 0)...] }
    /// All Chinese characters the text ends with, whatever punctuation stands between them; empty when it ends otherwise.
    var chineseTail: String {
        let tail = words.reversed().prefix { Self.isHan($0) }
        return tail.reversed().joined()
    }
    /// Every Chinese character of the text.
    var chinese: String { words.filter(Self.isHan).joined() }

    static func isHan(_ word: String) -> Bool { word.unicodeScalars.first.map(isHan) ?? false }

    private mutating func take(_ scalar: Unicode.Scalar, before: Unicode.Scalar, after: Unicode.Scalar, _ isAddress: Bool) {
        switch scalar {
        case "'", "’", "‘", "ʼ":
            if Self.isWordPart(before), Self.isWordPart(after), !isWordHan { append("'") } else { finishWord() }
        case "@":
            finishWord()
            add("at")
        case "_":
            finishWord()
            add("underscore")
        case ".", "．":
            finishWord()
            if isAddress, Self.isWordPart(before), Self.isWordPart(after) {
                add("dot")
            } else if !(Self.isWordPart(before) && Self.isWordPart(after)) {
                endSentence(ending == .stop || ending == .trailing ? .trailing : .stop)
            }
        case "。", "!", "！", "｡": endSentence(.stop)
        case "?", "？", "؟", "⁇": endSentence(.question)
        case "…", "⋯": endSentence(.trailing)
        case ",", "，", "、", ";", "；", ":", "：":
            if Self.isDigit(before), Self.isDigit(after) {
                finishWord()
            } else {
                punctuate(.comma)
            }
        case "-", "–", "—", "‐", "‑":
            punctuate(Self.isWordPart(after) ? ending : .trailing)
        default:
            if Self.isHan(scalar) {
                if !isWordHan { finishWord() }
                isWordHan = true
                append(scalar)
            } else if Self.isWordPart(scalar) {
                if isWordHan { finishWord() }
                append(scalar)
            } else if scalar.properties.isWhitespace {
                finishWord()
            } else {
                punctuate(ending)
            }
        }
    }

    private mutating func append(_ scalar: Unicode.Scalar) {
        wordLength += 1
        guard wordLength <= Self.longestWord || isWordHan else { return }
        word.unicodeScalars.append(scalar)
    }

    private mutating func finishWord() {
        guard !word.isEmpty else { return }
        let finished = isWordHan ? word : word.lowercased()
        if isWordHan, mayJoin, let last = words.last, Self.isHan(last) {
            words[words.count - 1] = last + finished
            ending = .none
        } else {
            add(finished)
        }
        mayJoin = isWordHan
        (word, wordLength, isWordHan) = ("", 0, false)
    }

    private mutating func add(_ finished: String) {
        if sentences.isEmpty { sentences = [(0, false)] }
        words.append(finished)
        (ending, mayJoin) = (.none, false)
    }

    private mutating func punctuate(_ mark: Ending) {
        finishWord()
        mayJoin = false
        guard !words.isEmpty, ending != .question else { return }
        ending = mark
    }

    private mutating func endSentence(_ mark: Ending) {
        punctuate(mark)
        guard let last = sentences.last else { return }
        if mark == .question {
            // A mark after the sentence has been closed, as in "right.?", belongs to the one before.
            let isClosed = last.start == words.count && sentences.count > 1
            sentences[sentences.count - (isClosed ? 2 : 1)].isQuestion = true
        }
        guard last.start < words.count, mark != .trailing else { return }
        sentences.append((words.count, false))
    }

    /// Where the run without blanks that begins here ends, and whether it is an address such as "a.b@c.com" or "c.com".
    private static func chunk(_ scalars: [Unicode.Scalar], from start: Int) -> (end: Int, isAddress: Bool) {
        var (end, letters, hasWord, isAddress) = (start, 0, false, false)
        while end < scalars.count, !scalars[end].properties.isWhitespace {
            let scalar = scalars[end]
            if scalar == "@" { isAddress = true }
            if scalar == "." { hasWord = letters >= 2 }
            letters = scalar.properties.isAlphabetic && !isHan(scalar) ? letters + 1 : 0
            if hasWord, letters >= 2 { isAddress = true }
            end += 1
        }
        return (max(end, start + 1), isAddress)
    }

    /// Where a recogniser's mark of noise that begins here ends: "[noise]", "(coughs)", "<unk>", "*laughs*".
    private static func noiseMark(_ scalars: [Unicode.Scalar], at start: Int) -> Int? {
        let close: Unicode.Scalar
        switch scalars[start] {
        case "[", "【": close = scalars[start] == "[" ? "]" : "】"
        case "(", "（": close = scalars[start] == "(" ? ")" : "）"
        case "<": close = ">"
        case "*": close = "*"
        default: return nil
        }
        for index in (start + 1)..<min(max(scalars.count, start + 1), start + 42) {
            if scalars[index] == close { return index > start + 1 ? index + 1 : nil }
            if isDigit(scalars[index]) { return nil }
        }
        return nil
    }

    private static func isHan(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.isIdeographic }
    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }
    private static func isWordPart(_ scalar: Unicode.Scalar) -> Bool {
        let properties = scalar.properties
        return properties.isAlphabetic || properties.numericType != nil || properties.generalCategory == .nonspacingMark
    }

    /// Half-width forms of full-width ones, and simplified forms of the traditional characters the lists need.
    private static func simplified(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        if (0xFF01...0xFF5E).contains(scalar.value) { return Unicode.Scalar(scalar.value - 0xFEE0) ?? scalar }
        guard isHan(scalar) else { return scalar }
        return traditional[scalar] ?? scalar
    }

    private static let traditional: [Unicode.Scalar: Unicode.Scalar] = {
        let from = "嗎對這個麼為還沒說話號碼電們請問會與從給關於後樣謝錯聽過雖點幾誰裡裏兒時間讓應該煩郵稱貴證驗兩見開別閉靜斷擾買現並較無爾嘸訴寫將據許帶當"
        let to = "吗对这个么为还没说话号码电们请问会与从给关于后样谢错听过虽点几谁里里儿时间让应该烦邮称贵证验两见开别闭静断扰买现并较无尔无诉写将据许带当"
        return Dictionary(zip(from.unicodeScalars, to.unicodeScalars), uniquingKeysWith: { first, _ in first })
    }()
}
