/// Follows the level of the background behind speech: falls quickly with a quieter frame, rises slowly while all is louder.
package struct NoiseFloor: Sendable, Equatable {
    /// The present estimate in dBFS; nil before the first frame.
    package private(set) var level: Float?
    private let rise: Float
    private let fall: Float

    /// - Parameters:
    ///   - rise: Decibels a second that the estimate may climb under louder sound; speech of a few seconds should not lift it much.
    ///   - fall: Seconds in which a drop is followed to two thirds.
    package init(rise: Float = 3, fall: Float = 0.1) { (self.rise, self.fall) = (rise, max(fall, 0.001)) }

    /// Takes the next frame.
    ///
    /// - Parameters:
    ///   - samples: One frame, usually 10-60 ms; none changes nothing.
    ///   - sampleRate: Hertz; positive.
    /// - Returns: How far the frame lies above the floor, in decibels; 0 for the first.
    @discardableResult
    package mutating func update(_ samples: Span<Float>, sampleRate: Int) -> Float {
        precondition(sampleRate > 0, "a sample rate is positive")
        guard !samples.isEmpty else { return 0 }
        let loudness = Loudness.rms(samples)
        guard let floor = level else {
            level = loudness
            return 0
        }
        let seconds = Float(samples.count) / Float(sampleRate)
        let next = loudness < floor ? floor + (loudness - floor) * min(1, seconds / fall) : min(loudness, floor + rise * seconds)
        level = next
        return loudness - next
    }
}
