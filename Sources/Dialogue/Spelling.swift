/// How far two words are from each other in writing.
enum Spelling {
    /// Letters to add, drop, change or swap with their neighbour; `limit + 1` where it is more than `limit`.
    static func distance<Element: Equatable>(_ first: [Element], _ second: [Element], limit: Int) -> Int {
        guard abs(first.count - second.count) <= limit else { return limit + 1 }
        var older: [Int] = []
        var previous = Array(0...second.count)
        for (row, one) in first.enumerated() {
            var current = [row + 1]
            var least = row + 1
            for (column, two) in second.enumerated() {
                var cost = min(previous[column + 1] + 1, current[column] + 1, previous[column] + (one == two ? 0 : 1))
                if row > 0, column > 0, one == second[column - 1], first[row - 1] == two { cost = min(cost, older[column - 1] + 1) }
                current.append(cost)
                least = min(least, cost)
            }
            if least > limit { return limit + 1 }
            (older, previous) = (previous, current)
        }
        return previous.last ?? 0
    }

    /// The word most like this one, where one is like it.
    static func nearest(to word: String, in words: [String]) -> String? {
        let limit = max(1, min(3, word.utf8.count / 2))
        let near = words.map { (word: $0, distance: distance(Array(word.utf8.prefix(80)), Array($0.utf8), limit: limit)) }
        return near.filter { $0.distance <= limit }.min { $0.distance < $1.distance }?.word
    }
}
