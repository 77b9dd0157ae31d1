/// A decoder that says the same again and again: the end of the tokens is one short run of tokens, repeated.
struct TokenLoop: Equatable {
    /// How many tokens to keep: up to the end of the first time.
    let kept: Int

    /// nil when the tokens do not end in a loop. Callers do repeat themselves ("no no no", "zero zero zero"), so it takes more than that.
    init?(in tokens: [Int]) {
        for length in 1...Self.longest {
            let times = length == 1 ? 8 : length == 2 ? 6 : 4
            guard tokens.count >= length * times else { continue }
            let tail = tokens.suffix(length * times)
            let isLoop = zip(tail, tail.dropFirst(length)).allSatisfy { $0 == $1 }
            if isLoop {
                kept = tokens.count - length * (times - 1)
                return
            }
        }
        return nil
    }

    private static let longest = 16
}
