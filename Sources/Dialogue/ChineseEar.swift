/// Reads a text without markdown aloud in Chinese.
struct ChineseEar {
    let cursor: EarCursor
    private var at = 0
    private var out: [Unicode.Scalar] = []

    init(cursor: EarCursor) { self.cursor = cursor }

    /// The words, still with superfluous blanks and signs.
    mutating func read() -> [Unicode.Scalar] {
        while at < cursor.text.count {
            let before = at
            if cursor.begins(at: at) {
                if readAddress() || readNumber() { continue }
            } else if cursor[at].isDigit, let number = cursor.number(at: at) {
                say(ChineseNumber.decimal(number.whole, number.fraction), to: number.end)
                continue
            }
            readSign()
            assert(at > before)
        }
        return out
    }

    private mutating func say(_ words: String, to end: Int) {
        out.append(contentsOf: words.unicodeScalars)
        at = end
    }

    private mutating func readAddress() -> Bool {
        guard cursor.beginsToken(at: at), let address = WebAddress(in: cursor, at: at) else { return false }
        let marks = [".": "点", "-": "杠", "_": "下划线", "+": "加"]
        var words = address.mailbox.map { $0.map { marks[$0] ?? $0 }.joined(separator: " ") + " 艾特 " } ?? ""
        words += address.host.joined(separator: " 点 ")
        for step in address.path { words += " 斜杠 " + step }
        let spoken = words.map { $0.isASCII && $0.isNumber ? ChineseNumber.spelled(String($0)) : String($0) }.joined()
        say(" \(spoken) ", to: address.end)
        return true
    }

    private mutating func readNumber() -> Bool {
        let scalar = cursor[at]
        if scalar == "+" || scalar == "(" || scalar.isDigit, let (groups, end) = cursor.phone(at: at) {
            say((scalar == "+" ? "加" : "") + groups.map(ChineseNumber.spelled).joined(separator: "，"), to: end)
            return true
        }
        if scalar == "-" || scalar == "−", cursor[at + 1].isDigit, !cursor[at - 1].isLatin, !cursor[at - 1].isDigit, cursor[at - 1] != "-" {
            let number = cursor.number(at: at + 1)
            let unit = number.flatMap { cursor.first(of: ChineseWords.units, at: cursor.skipBlank(at: $0.end)) }?.value ?? ""
            let minus = unit == "摄氏度" || unit == "度" ? "零下" : "负"
            say(cursor[at - 1] == "%" ? "到" : minus, to: at + 1)
            return readNumber()
        }
        if let (coin, end) = cursor.first(of: ChineseWords.coins, at: at), let number = cursor.number(at: cursor.skipBlank(at: end)) {
            readMoney(number, coin: coin)
            return true
        }
        guard scalar.isDigit || (scalar == "." && cursor[at + 1].isDigit && !cursor[at - 1].isLetter) else { return false }
        if let day = cursor.day(at: at) {
            let (month, date) = (ChineseNumber.cardinal("\(day.month)"), ChineseNumber.cardinal("\(day.day)"))
            say("\(ChineseNumber.spelled("\(day.year)"))年\(month)月\(date)日", to: day.end)
            return true
        }
        if readHour() { return true }
        guard let number = cursor.number(at: at) else { return false }
        read(number)
        return true
    }

    private mutating func readMoney(_ number: EarCursor.Number, coin: String) {
        let scale = cursor.first(of: [("万亿", "万亿"), ("万", "万"), ("亿", "亿"), ("千", "千"), ("百万", "百万")], at: number.end)
        let words = scale == nil ? counted(number, unit: coin) : counted(number, unit: "万")
        say(words + (scale?.value ?? "") + coin, to: scale?.end ?? number.end)
    }

    private mutating func readHour(spans: Bool = true) -> Bool {
        guard let time = cursor.hour(at: at) else { return false }
        var words = (time.hour == 2 ? "两" : ChineseNumber.cardinal("\(time.hour)")) + "点"
        if time.minute == 30, time.second == nil {
            words += "半"
        } else if time.minute > 0 || time.second != nil {
            words += (time.minute < 10 ? "零" : "") + (time.minute > 0 ? ChineseNumber.cardinal("\(time.minute)") : "") + "分"
        }
        if let second = time.second { words += ChineseNumber.cardinal("\(second)") + "秒" }
        say(words, to: time.end)
        if spans, let next = rangeEnd(after: time.end), cursor.hour(at: next) != nil {
            say("到", to: next)
            return readHour(spans: false)
        }
        return true
    }

    /// Where the other end of a range begins.
    private func rangeEnd(after index: Int) -> Int? {
        let dash = cursor.skipBlank(at: index)
        guard "-–—~～−至到".unicodeScalars.contains(cursor[dash]) else { return nil }
        let end = cursor.skipBlank(at: dash + 1)
        return cursor[end].isDigit ? end : nil
    }

    private mutating func read(_ number: EarCursor.Number, ranges: Bool = true) {
        let (whole, end) = (number.whole, number.end)
        let digits = whole.utf8.count
        if number.fraction != nil, cursor[end] == ".", cursor[end + 1].isDigit { return readVersion() }
        if number.isPlain {
            if cursor[end] == "年", digits == 4, !whole.hasSuffix("000") || whole == "2000" { return say(ChineseNumber.spelled(whole), to: end) }
            if digits == 4, let next = rangeEnd(after: end), let upper = cursor.digits(at: next), upper.text.utf8.count == 4, cursor[upper.end] == "年"
            {
                return say("\(ChineseNumber.spelled(whole))到\(ChineseNumber.spelled(upper.text))", to: upper.end)
            }
            if digits >= 7 || (digits > 1 && whole.hasPrefix("0")) { return say(ChineseNumber.spelled(whole), to: end) }
            if cursor[end] == "/", digits <= 3, let (below, stop) = cursor.digits(at: end + 1), below.utf8.count <= 3 {
                let joint = whole == "24" && below == "7" ? nil : "分之"
                let words = joint.map { "\(ChineseNumber.cardinal(below))\($0)\(ChineseNumber.cardinal(whole))" }
                return say(words ?? "\(ChineseNumber.cardinal(whole))\(ChineseNumber.cardinal(below))", to: stop)
            }
        }
        let unitAt = cursor.skipBlank(at: end)
        if cursor[unitAt] == "%" || cursor[unitAt] == "％" { return say("百分之\(ChineseNumber.decimal(whole, number.fraction))", to: unitAt + 1) }
        if cursor[unitAt] == "‰" { return say("千分之\(ChineseNumber.decimal(whole, number.fraction))", to: unitAt + 1) }
        if ranges, let next = rangeEnd(after: end), let upper = cursor.number(at: next), cursor.phone(at: next) == nil, cursor.day(at: next) == nil {
            let percentAt = cursor.skipBlank(at: upper.end)
            if cursor[percentAt] == "%" || cursor[percentAt] == "％" {
                let (low, high) = (ChineseNumber.decimal(whole, number.fraction), ChineseNumber.decimal(upper.whole, upper.fraction))
                return say("百分之\(low)到百分之\(high)", to: percentAt + 1)
            }
            let ordinal = ["月", "日", "号"].contains(String(cursor[upper.end]))
            say((ordinal ? ChineseNumber.decimal(whole, number.fraction) : counted(number, unit: "个")) + "到", to: next)
            return read(upper, ranges: false)
        }
        if let (unit, stop) = cursor.first(of: ChineseWords.units, at: unitAt) { return say(counted(number, unit: unit) + unit, to: stop) }
        let following = String(cursor[unitAt])
        let measured = ChineseWords.measures.contains(following) && out.last != "第"
        say(measured ? counted(number, unit: following) : ChineseNumber.decimal(whole, number.fraction), to: end)
    }

    /// A number before what it counts: a lone 2 is 两.
    private func counted(_ number: EarCursor.Number, unit: String) -> String {
        number.whole == "2" && number.fraction == nil && unit != "度" ? "两" : ChineseNumber.decimal(number.whole, number.fraction)
    }

    private mutating func readVersion() {
        var words: [String] = []
        var end = at
        while let (digits, next) = cursor.digits(at: end) {
            words.append(ChineseNumber.spelled(digits))
            end = next
            guard cursor[end] == ".", cursor[end + 1].isDigit else { break }
            end += 1
        }
        say(words.joined(separator: "点"), to: end)
    }

    private mutating func readSign() {
        let scalar = cursor[at]
        let (before, after) = (cursor[at - 1], cursor[at + 1])
        let inner = (before.isLetter || before.isDigit) && (after.isLetter || after.isDigit)
        switch scalar {
        case "&", "＆": say("和", to: at + 1)
        case "+", "＋": say("加", to: at + 1)
        case "=", "＝": say("等于", to: at + 1)
        case "%", "％": say("百分号", to: at + 1)
        case "@": say("艾特", to: at + 1)
        case "×": say("乘以", to: at + 1)
        case "÷": say("除以", to: at + 1)
        case "±": say("正负", to: at + 1)
        case "≈": say("约等于", to: at + 1)
        case "≤": say("不超过", to: at + 1)
        case "≥": say("不少于", to: at + 1)
        case "<" where cursor[cursor.skipBlank(at: at + 1)].isDigit: say("小于", to: at + 1)
        case ">" where cursor[cursor.skipBlank(at: at + 1)].isDigit: say("大于", to: at + 1)
        case "~", "～": say(after.isDigit ? "大约" : "", to: at + 1)
        case "#" where after.isDigit: say("", to: at + 1)
        case "→": say("到", to: at + 1)
        case "°": say("度", to: at + 1)
        case "/" where inner: say(before.isHan && after.isHan ? "或" : " ", to: at + 1)
        case "." where inner && before.isLatin && after.isLatin: say(" 点 ", to: at + 1)
        case "—", "–", "（", "）", "(", ")", "【", "】", "[", "]", "·": say(scalar == "·" ? " " : "，", to: at + 1)
        case "-" where !(before.isLatin && after.isLatin): say(inner ? " " : "", to: at + 1)
        case "，", "、": say(String(scalar), to: at + 1)
        case ",": say(inner && before.isLatin ? ", " : "，", to: at + 1)
        case "_", "/", "\\", "|", "•": say(" ", to: at + 1)
        case "’" where inner, "'" where inner: say("'", to: at + 1)
        case "'", "’": say("", to: at + 1)
        default: say(String(scalar), to: at + 1)
        }
    }
}
