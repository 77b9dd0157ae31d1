/// Room sound for before and after a recording, made from the recording's own quietest stretch in which nobody speaks.
package struct Background: Sendable {
    private let stretch: [Float]
    private let fade: Int

    /// How long a stretch is and how far it keeps from voices, which fade away slowly and whose labels are not exact; the first of which a
    /// recording has one is taken. Longer stretches would hold soft speech.
    private static let places: [(length: Duration, margin: Duration)] = [
        (.milliseconds(200), .milliseconds(60)), (.milliseconds(200), .milliseconds(20)), (.milliseconds(100), .milliseconds(30)),
    ]
    /// Equal samples from which on they are digital silence, not a quiet room rounded to 16 bits.
    private static let silentRun = 32
    /// A faint noise, -72 dBFS.
    private static let faint = Loudness.gain(decibels: -72)

    /// - Parameters:
    ///   - samples: The recording, -1...1.
    ///   - sampleRate: Hertz; positive.
    ///   - voices: Where somebody is to be heard, in samples. The stretch is the quietest between them of which not more than a twentieth is
    ///     digital silence. Where there is none, a steady noise: as loud as the recording's quietest 20 ms, or of -72 dBFS where these are
    ///     digital silence.
    package init(of samples: [Float], sampleRate: Int, voices: [Range<Int>] = [], using generator: inout some RandomNumberGenerator) {
        precondition(sampleRate > 0, "a sample rate is positive")
        fade = max(1, sampleRate / 50)
        let level = LevelSums(samples, silentRun: Self.silentRun)
        for (length, margin) in Self.places {
            let (count, margin) = (length.samples(at: sampleRate), margin.samples(at: sampleRate))
            let taken = voices.map { $0.lowerBound - margin..<$0.upperBound + margin }
            let free = stride(from: 0, through: samples.count - count, by: fade).lazy
                .map { $0..<$0 + count }
                .filter { place in level.silence(in: place) <= count / 20 && !taken.contains { $0.overlaps(place) } }
            guard let place = free.min(by: { level.energy(in: $0) < level.energy(in: $1) }) else { continue }
            stretch = Array(samples[place])
            return
        }
        let frames = stride(from: 0, through: samples.count - fade, by: fade).lazy.map { [fade] in $0..<$0 + fade }
        let quietest = frames.map { (level.energy(in: $0) / Double($0.count)).squareRoot() }.min() ?? 0
        // Even noise of a peak has a root mean square of that over the root of three.
        let peak = max(Float(quietest), Self.faint) * Float(3).squareRoot()
        stretch = (0..<sampleRate / 5).map { _ in Float.random(in: -peak...peak, using: &generator) }
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

/// Energy and digital silence of any stretch of a recording.
private struct LevelSums {
    private var energies = [0.0]
    private var silences = [0]

    /// - Parameter silentRun: Equal samples in a row from which on they are digital silence.
    init(_ samples: [Float], silentRun: Int) {
        energies.reserveCapacity(samples.count + 1)
        silences.reserveCapacity(samples.count + 1)
        var start = 0
        for (index, sample) in samples.enumerated() {
            energies.append(energies[index] + Double(sample) * Double(sample))
            let isLast = index + 1 == samples.count || samples[index + 1] != sample
            guard isLast else { continue }
            let run = index + 1 - start
            let before = silences[start]
            for place in 1...run { silences.append(before + (run >= silentRun ? place : 0)) }
            start = index + 1
        }
    }

    func energy(in range: Range<Int>) -> Double { energies[range.upperBound] - energies[range.lowerBound] }
    func silence(in range: Range<Int>) -> Int { silences[range.upperBound] - silences[range.lowerBound] }
}
