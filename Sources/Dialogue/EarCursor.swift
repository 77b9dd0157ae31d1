/// Recognises the things in a text that are not read as they are written: numbers, dates, times, telephone numbers.
struct EarCursor {
    struct Number {
        /// Digits without group separators; may be empty where the text begins with the point.
        var whole: String
        var fraction: String?
        var grouped = false
        var end: Int

        var isPlain: Bool { fraction == nil && !grouped }
    }

    struct Day {
        var year: Int
        var month: Int
        var day: Int
        var end: Int
    }

    struct Hour {
        var hour: Int
        var minute: Int
        var second: Int?
        var end: Int
    }

    let text: [Unicode.Scalar]

    subscript(_ index: Int) -> Unicode.Scalar { index >= 0 && index < text.count ? text[index] : " " }

    /// Whether a word or number may begin here.
    func begins(at index: Int) -> Bool {
        let before = self[index - 1]
        return !before.isDigit && (!before.isLetter || before.isHan)
    }

    /// Whether an address may begin here: not within what may have been one.
    func beginsToken(at index: Int) -> Bool {
        (self[index].isLatin || self[index].isDigit) && !".-_/@:+%&=?#~$".unicodeScalars.contains(self[index - 1])
    }

    func has(_ word: String, at index: Int) -> Bool { text[min(max(0, index), text.count)...].starts(with: word.unicodeScalars) }

    /// The first of the words that stands here as a whole.
    func first<Value>(of words: [(String, Value)], at index: Int) -> (value: Value, end: Int)? {
        for (word, value) in words where has(word, at: index) {
            let end = index + word.unicodeScalars.count
            let last = self[end - 1]
            if last.isLatin, self[end].isLetter && !self[end].isHan || self[end].isDigit { continue }
            return (value, end)
        }
        return nil
    }

    func skipBlank(at index: Int) -> Int { self[index] == " " ? index + 1 : index }

    func digits(at index: Int) -> (text: String, end: Int)? {
        var end = index
        while self[end].isDigit { end += 1 }
        return end > index ? (text[index..<end].text, end) : nil
    }

    func letters(at index: Int) -> (text: String, end: Int)? {
        var end = index
        while self[end].isLetter && !self[end].isHan || (end > index && (self[end] == "'" || self[end] == "’") && self[end + 1].isLetter) { end += 1 }
        return end > index ? (text[index..<end].text, end) : nil
    }

    /// `1,234,567.89`, `42`, `.5`.
    func number(at index: Int) -> Number? {
        var number: Number
        if let (whole, end) = digits(at: index) {
            number = Number(whole: whole, end: end)
            while (1...3).contains(whole.utf8.count), self[number.end] == ",", let group = digits(at: number.end + 1), group.text.utf8.count == 3 {
                number.whole += group.text
                number.grouped = true
                number.end = group.end
            }
        } else if self[index] == ".", self[index + 1].isDigit {
            number = Number(whole: "", end: index)
        } else {
            return nil
        }
        if self[number.end] == ".", let (fraction, end) = digits(at: number.end + 1) {
            number.fraction = fraction
            number.end = end
        }
        return number
    }

    /// `2026-11-23`, `2026/11/23`, `11/23/2026`, `23.11.2026`.
    func day(at index: Int) -> Day? {
        guard let first = digits(at: index), first.text.utf8.count <= 4 else { return nil }
        let mark = self[first.end]
        guard mark == "-" || mark == "/" || mark == ".", let second = digits(at: first.end + 1), second.text.utf8.count <= 2,
            self[second.end] == mark, let third = digits(at: second.end + 1), third.text.utf8.count <= 4, self[third.end] != mark,
            let one = Int(first.text), let two = Int(second.text), let three = Int(third.text)
        else { return nil }
        var day: Day
        if first.text.utf8.count == 4, mark != ".", third.text.utf8.count <= 2 {
            day = Day(year: one, month: two, day: three, end: third.end)
        } else if third.text.utf8.count == 4, first.text.utf8.count <= 2 {
            day = Day(year: three, month: one, day: two, end: third.end)
            if mark == "." || one > 12 { swap(&day.month, &day.day) }
        } else {
            return nil
        }
        return (1...12).contains(day.month) && (1...31).contains(day.day) && day.year >= 1000 ? day : nil
    }

    /// `9:30`, `14:05:10`.
    func hour(at index: Int) -> Hour? {
        guard let hour = digits(at: index), hour.text.utf8.count <= 2, self[hour.end] == ":" || self[hour.end] == "：",
            let minute = digits(at: hour.end + 1), minute.text.utf8.count == 2, let hours = Int(hour.text), let minutes = Int(minute.text),
            hours <= 24, minutes < 60
        else { return nil }
        var time = Hour(hour: hours, minute: minutes, second: nil, end: minute.end)
        if self[minute.end] == ":" {
            guard let second = digits(at: minute.end + 1), second.text.utf8.count == 2, let seconds = Int(second.text), seconds < 60 else {
                return nil
            }
            (time.second, time.end) = (seconds, second.end)
        }
        return time
    }

    /// Groups of digits that are no number: `555-0123`, `+44 20 7946 0958`, `(555) 010-0199`, `4111 1111 1111 1111`.
    func phone(at index: Int) -> (groups: [String], end: Int)? {
        var at = index
        var groups: [String] = []
        var spaced = false
        let international = self[at] == "+"
        if international { at += 1 }
        let bracket = self[at] == "(" && self[at + 1].isDigit
        if bracket {
            guard let area = digits(at: at + 1), self[area.end] == ")" else { return nil }
            groups.append(area.text)
            at = skipBlank(at: area.end + 1)
        }
        var end = at
        while groups.count < 8, let group = digits(at: at) {
            groups.append(group.text)
            end = group.end
            let mark = self[end]
            guard mark == "-" || mark == " " || mark == "." || (mark == "(" && international), self[end + 1].isDigit else { break }
            spaced = spaced || mark == " "
            at = end + 1
        }
        let lengths = groups.map(\.utf8.count)
        let total = lengths.reduce(0, +)
        guard groups.count > 1 || (international && total >= 7), total >= 7, total <= 24, !self[end].isDigit else { return nil }
        if international || bracket { return (groups, end) }
        // Two groups of one length are a range; short groups between blanks are a list.
        guard lengths.count > 2 || lengths[0] != lengths[1], lengths.dropFirst().allSatisfy({ $0 >= 2 }), lengths.last ?? 0 >= 3 else { return nil }
        if spaced { return groups.count > 2 && total >= 9 && lengths.dropFirst().allSatisfy({ $0 >= 3 }) ? (groups, end) : nil }
        return (groups, end)
    }
}
