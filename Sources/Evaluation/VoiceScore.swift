/// How well a voice detector tells speech from the rest, by windows.
package struct VoiceScore: Sendable {
    private var speech: [Float] = []
    private var rest: [Float] = []

    package init() {}

    package mutating func note(_ probability: Float, isSpeech: Bool) {
        if isSpeech { speech.append(probability) } else { rest.append(probability) }
    }

    package var windows: Int { speech.count + rest.count }

    /// Of the windows taken for speech, the share that is; nil when none was.
    package func precision(at threshold: Float) -> Double? {
        let (hits, errors) = (speech.count { $0 >= threshold }, rest.count { $0 >= threshold })
        return hits + errors == 0 ? nil : Double(hits) / Double(hits + errors)
    }

    /// Of the windows of speech, the share that was taken for it; nil when there are none.
    package func recall(at threshold: Float) -> Double? {
        speech.isEmpty ? nil : Double(speech.count { $0 >= threshold }) / Double(speech.count)
    }

    /// The chance that a window of speech has a higher probability than one of the rest, ties counted half; nil when either is missing.
    package var area: Double? {
        guard !speech.isEmpty, !rest.isEmpty else { return nil }
        let all = (speech.map { ($0, true) } + rest.map { ($0, false) }).sorted { $0.0 < $1.0 }
        var (sum, index) = (0.0, 0)
        while index < all.count {
            var end = index
            while end < all.count, all[end].0 == all[index].0 { end += 1 }
            let rank = Double(index + end + 1) / 2
            sum += rank * Double(all[index..<end].count { $0.1 })
            index = end
        }
        let count = Double(speech.count)
        return (sum - count * (count + 1) / 2) / (count * Double(rest.count))
    }
}
