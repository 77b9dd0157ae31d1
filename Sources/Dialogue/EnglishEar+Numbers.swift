extension EnglishEar {
    /// Reads whatever begins with a digit, a coin or a number's sign; false where none stands here.
    mutating func readNumber() -> Bool {
        let scalar = cursor[at]
        if scalar == "+" || scalar == "(" || scalar.isDigit, let (groups, end) = cursor.phone(at: at) {
            let plus = scalar == "+" ? "plus " : ""
            say(plus + groups.map(EnglishNumber.spelled).joined(separator: ", "), to: end)
            return true
        }
        if scalar == "-" || scalar == "−", !cursor[at - 1].isLetter, !cursor[at - 1].isDigit, cursor[at - 1] != "-" {
            let next = cursor[at + 1]
            guard next.isDigit || (next == "." && cursor[at + 2].isDigit) || coin(at: at + 1) != nil else { return false }
            say(cursor[at - 1] == "%" ? "to" : "minus", to: at + 1)
            return readNumber()
        }
        if let (sign, end) = coin(at: at) { return readMoney(from: cursor.skipBlank(at: end), coin: sign) }
        guard scalar.isDigit || (scalar == "." && cursor[at + 1].isDigit && !cursor[at - 1].isLetter) else { return false }
        if readDay() || readHour() { return true }
        guard let number = cursor.number(at: at) else { return false }
        readNumber(number)
        return true
    }

    private func coin(at index: Int) -> (String, Int)? {
        for (sign, _) in EnglishWords.coins where cursor.has(sign, at: index) {
            let end = index + sign.unicodeScalars.count
            let digit = cursor.skipBlank(at: end)
            return cursor[digit].isDigit || (cursor[digit] == "." && cursor[digit + 1].isDigit) ? (sign, end) : nil
        }
        return nil
    }

    mutating func readMoney(from start: Int, coin sign: String) -> Bool {
        guard let number = cursor.number(at: start), let name = EnglishWords.coins.first(where: { $0.0 == sign })?.1 else { return false }
        let scaleAt = cursor.skipBlank(at: number.end)
        if let (scale, end) = cursor.first(of: EnglishWords.scales, at: scaleAt), scaleAt == number.end || end - scaleAt > 2 {
            say("\(EnglishNumber.decimal(number.whole, number.fraction)) \(scale) \(name.many)", to: end)
            return true
        }
        if let end = rangeEnd(after: number.end), let upper = cursor.number(at: coin(at: end)?.1 ?? end) {
            let words =
                "\(EnglishNumber.decimal(number.whole, number.fraction)) to \(EnglishNumber.decimal(upper.whole, upper.fraction)) \(name.many)"
            say(words, to: upper.end)
            return true
        }
        var fraction = number.fraction ?? ""
        if fraction.utf8.count == 1 { fraction += "0" }
        let whole = number.whole.isEmpty ? "0" : number.whole
        guard fraction.utf8.count == 2 || fraction.isEmpty else {
            say("\(EnglishNumber.decimal(whole, fraction)) \(name.many)", to: number.end)
            return true
        }
        let cents = Int(fraction) ?? 0
        let zero = whole.allSatisfy { $0 == "0" }
        var words = "\(EnglishNumber.cardinal(whole)) \(whole == "1" ? name.one : name.many)"
        if cents > 0 {
            let coins = "\(EnglishNumber.cardinal(cents)) \(cents == 1 ? name.cent : name.cents)"
            words = zero ? coins : "\(words) and \(coins)"
        }
        say(words, to: number.end)
        return true
    }

    private mutating func readDay() -> Bool {
        guard let day = cursor.day(at: at) else { return false }
        let month = EnglishWords.monthNames[day.month - 1]
        say("\(month) \(EnglishNumber.ordinal("\(day.day)")), \(EnglishNumber.year("\(day.year)"))", to: day.end)
        return true
    }

    private mutating func readHour(spans: Bool = true) -> Bool {
        guard let time = cursor.hour(at: at) else {
            guard let number = cursor.digits(at: at), number.text.utf8.count <= 2, let (half, end) = half(at: number.end) else { return false }
            say("\(EnglishNumber.cardinal(number.text)) \(half)", to: end)
            return true
        }
        let half = half(at: time.end)
        let minutes = time.minute == 0 ? "" : " " + (time.minute < 10 ? "oh " : "") + EnglishNumber.cardinal(time.minute)
        var words = EnglishNumber.cardinal(time.hour) + minutes
        if time.minute == 0, half == nil { words += (1...12).contains(time.hour) ? " o'clock" : " hundred" }
        if let second = time.second { words += " and \(EnglishNumber.cardinal(second)) second\(second == 1 ? "" : "s")" }
        if let (half, end) = half {
            say("\(words) \(half)", to: end)
        } else {
            say(words, to: time.end)
        }
        if spans, let end = rangeEnd(after: at), cursor.hour(at: end) != nil {
            say("to", to: end)
            return readHour(spans: false)
        }
        return true
    }

    /// `a.m.` behind an hour; the stop stays where it ends the text.
    private func half(at index: Int) -> (String, Int)? {
        let start = cursor.skipBlank(at: index)
        let letter = cursor[start]
        guard let half = letter == "a" || letter == "A" ? "a.m." : letter == "p" || letter == "P" ? "p.m." : nil else { return nil }
        let dotted = cursor[start + 1] == "." ? start + 2 : start + 1
        guard cursor[dotted] == "m" || cursor[dotted] == "M", !cursor[dotted + 1].isLetter else { return nil }
        return (half, cursor[dotted + 1] == "." ? dotted + 2 : dotted + 1)
    }

    /// Where the other end of a range begins, behind a dash or wave.
    private func rangeEnd(after index: Int) -> Int? {
        let dash = cursor.skipBlank(at: index)
        guard "-–~−".unicodeScalars.contains(cursor[dash]) else { return nil }
        let end = cursor.skipBlank(at: dash + 1)
        guard (dash == index) == (end == dash + 1), cursor[end].isDigit || "$£€".unicodeScalars.contains(cursor[end]) else { return nil }
        return dash == index || cursor[dash] == "–" ? end : nil
    }

    private mutating func readNumber(_ number: EarCursor.Number, ranges: Bool = true) {
        let (whole, end) = (number.whole, number.end)
        let digits = whole.utf8.count
        if number.fraction != nil, cursor[end] == ".", cursor[end + 1].isDigit { return readVersion() }
        if number.isPlain {
            if digits >= 7 || (digits > 1 && whole.hasPrefix("0")) { return say(EnglishNumber.spelled(whole), to: end) }
            for suffix in ["st", "nd", "rd", "th"] where cursor.has(suffix, at: end) && !cursor[end + 2].isLetter {
                return say(EnglishNumber.ordinal(whole), to: end + 2)
            }
            if cursor[end] == "s" || (cursor[end] == "'" && cursor[end + 1] == "s"), !cursor[end + 1].isLetter || cursor[end] == "'",
                whole.hasSuffix("0"),
                digits == 4 || digits == 2
            {
                return say(EnglishNumber.decade(whole), to: cursor[end] == "s" ? end + 1 : end + 2)
            }
            if cursor[end] == "/", let (below, stop) = cursor.digits(at: end + 1), digits <= 3, below.utf8.count <= 3 {
                return readFraction(whole, below, to: stop)
            }
        }
        let year = number.isPlain && isYear(whole, end: end)
        let words = year ? EnglishNumber.year(whole) : EnglishNumber.decimal(whole, number.fraction)
        if readUnit(after: words, one: whole == "1" && number.fraction == nil, at: end) { return }
        say(words, to: end)
        if ranges, let next = rangeEnd(after: end), let upper = cursor.number(at: next), cursor.phone(at: next) == nil {
            say("to", to: next)
            readNumber(upper, ranges: false)
        }
    }

    private mutating func readVersion() {
        var words: [String] = []
        var end = at
        while let (digits, next) = cursor.digits(at: end) {
            words.append(EnglishNumber.cardinal(digits))
            end = next
            guard cursor[end] == ".", cursor[end + 1].isDigit else { break }
            end += 1
        }
        say(words.joined(separator: " point "), to: end)
    }

    private mutating func readFraction(_ above: String, _ below: String, to end: Int) {
        let (one, two) = (Int(above) ?? 0, Int(below) ?? 0)
        guard one > 0, one < two, two < EnglishWords.parts.count else {
            let joint = above == "24" && below == "7" ? " " : " slash "
            return say(EnglishNumber.cardinal(above) + joint + EnglishNumber.cardinal(below), to: end)
        }
        let part = EnglishWords.parts[two]
        say("\(EnglishNumber.cardinal(one)) \(one == 1 ? part : part == "half" ? "halves" : part + "s")", to: end)
    }

    private mutating func readUnit(after words: String, one: Bool, at end: Int) -> Bool {
        let start = cursor.skipBlank(at: end)
        if cursor[start] == "%" {
            say(words + " percent", to: start + 1)
            return true
        }
        if let (sign, stop) = cursor.first(of: EnglishWords.codesAfter, at: start), let name = EnglishWords.coins.first(where: { $0.0 == sign })?.1 {
            say("\(words) \(one ? name.one : name.many)", to: stop)
            return true
        }
        guard let (unit, stop) = cursor.first(of: EnglishWords.units, at: start) else { return false }
        // A lone letter behind a blank is as likely a word or a name.
        if start > end, stop - start == 1, !"mgLWV°".unicodeScalars.contains(cursor[start]) { return false }
        if cursor[stop] == "'" || cursor[stop] == "’" { return false }
        let dotted = stop - start > 1 && cursor[stop] == "." && cursor[stop + 1] == " " && cursor[stop + 2].isLower
        say("\(words) \(one ? unit.one : unit.many)", to: dotted ? stop + 1 : stop)
        return true
    }

    private func isYear(_ digits: String, end: Int) -> Bool {
        guard digits.utf8.count == 4, let year = Int(digits), (1100...2099).contains(year) else { return false }
        if year >= 1900 { return true }
        let word = wordBefore
        if EnglishWords.yearHints.contains(word) { return true }
        return EnglishWords.monthNames.contains { $0.lowercased() == word }
    }
}
