/// When each word of a sentence sounds.
enum WordTimes {
    /// - Parameters:
    ///   - symbols: The network's input, each symbol with its word.
    ///   - durations: Frames of each symbol; nil spreads `frames` by the symbols' weights, which is right to some 0.1 s.
    ///   - frames: Length of the sentence.
    /// - Returns: First and last frame of each of the `words`, rising; a word without sounds takes no time.
    static func frames(words: Int, symbols: [PiperVoice.Symbol], durations: [Float]?, frames: Int) -> [(start: Float, end: Float)] {
        let lengths = durations ?? symbols.map(\.weight)
        let total = lengths.reduce(0, +)
        let scale = total > 0 ? Float(frames) / total : 0
        var times = [(start: Float, end: Float)?](repeating: nil, count: words)
        var now: Float = 0
        for (symbol, length) in zip(symbols, lengths) {
            let end = now + length * scale
            if let word = symbol.word, times.indices.contains(word) { times[word] = (times[word]?.start ?? now, end) }
            now = end
        }
        var last: Float = 0
        return times.map { time in
            let start = max(last, time?.start ?? last)
            last = max(start, time?.end ?? start)
            return (start, last)
        }
    }
}
