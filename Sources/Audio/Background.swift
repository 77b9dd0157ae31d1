/// Room sound for before and after a recording, made from the recording's own quietest stretch.
package struct Background: Sendable {
    private let stretch: [Float]
    private let fade: Int

    /// - Parameters:
    ///   - samples: The recording.
    ///   - sampleRate: Hertz; positive. The stretch is its quietest 200 ms of which not more than a twentieth is digital silence; where
    ///     there is none, a faint noise of -72 dBFS. Longer stretches would hold soft speech.
    package init(of samples: [Float], sampleRate: Int, using generator: inout some RandomNumberGenerator) {
        precondition(sampleRate > 0, "a sample rate is positive")
        let length = sampleRate / 5
        fade = max(1, sampleRate / 50)
        guard let place = Self.quietest(length, of: samples, step: fade) else {
            let peak = Loudness.gain(decibels: -67)
            stretch = (0..<length).map { _ in Float.random(in: -peak...peak, using: &generator) }
            return
        }
        stretch = Array(samples[place])
    }

    private static func quietest(_ length: Int, of samples: [Float], step: Int) -> Range<Int>? {
        var best: (loudness: Float, place: Range<Int>)?
        for start in stride(from: 0, through: samples.count - length, by: max(1, step)) {
            let window = Array(samples[start..<start + length])
            let loudness = Loudness.rms(window)
            guard loudness < best?.loudness ?? .infinity, window.count(where: { $0 == 0 }) <= length / 20 else { continue }
            best = (loudness, start..<start + length)
        }
        return best?.place
    }

    /// So many samples of it: pieces of half the stretch from drawn places, each faded over into the next at equal power.
    package func samples(_ count: Int, using generator: inout some RandomNumberGenerator) -> [Float] {
        let (piece, hop) = (stretch.count / 2, max(1, stretch.count / 4))
        let gains = (0..<piece).map { Float(Elementary.sinPi((Double($0) + 0.5) / Double(max(1, piece)))) }
        var sound = [Float](repeating: 0, count: count + 2 * piece)
        for start in stride(from: 0, to: count + hop, by: hop) {
            let from = Int.random(in: 0...stretch.count - piece, using: &generator)
            for index in 0..<piece { sound[start + index] += stretch[from + index] * gains[index] }
        }
        return Array(sound[hop..<hop + count])
    }

    /// A recording between two lengths of it, faded over within 20 ms at both ends; it then begins at sample `before`.
    package func around(_ recording: [Float], before: Int, after: Int, using generator: inout some RandomNumberGenerator) -> [Float] {
        let fade = min(self.fade, recording.count / 2)
        guard fade > 0 else { return samples(before + recording.count + after, using: &generator) }
        var middle = recording
        let head = samples(before + fade, using: &generator)
        let tail = samples(after + fade, using: &generator)
        for index in 0..<fade {
            let way = (Double(index) + 0.5) / Double(2 * fade)
            let (rise, fall) = (Float(Elementary.sinPi(way)), Float(Elementary.cosPi(way)))
            middle[index] = recording[index] * rise + head[before + index] * fall
            let end = recording.count - fade + index
            middle[end] = recording[end] * fall + tail[index] * rise
        }
        return Array(head[..<before]) + middle + tail[fade...]
    }
}
