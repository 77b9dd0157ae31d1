/// A gain that moves smoothly from one value to another over the samples that pass through it, in as many pieces as they come.
package struct Fade: Sendable, Equatable {
    package enum Shape: Sendable { case linear, raisedCosine }

    private let start, end: Float
    private let length: Int
    private let shape: Shape
    private var position = 0

    /// - Parameters:
    ///   - start: Gain of the first sample.
    ///   - end: Gain from `length` samples on.
    ///   - length: Samples; 0 or fewer: `end` at once.
    package init(from start: Float, to end: Float, length: Int, shape: Shape = .raisedCosine) {
        (self.start, self.end, self.length, self.shape) = (start, end, max(0, length), shape)
    }

    /// True once every further sample gets the end gain.
    package var isComplete: Bool { position >= length }

    /// The gain of the next sample.
    package var gain: Float { gain(at: position) }

    /// Scales the next samples in place.
    package mutating func apply(to samples: inout MutableSpan<Float>) {
        for index in samples.indices {
            samples[index] *= gain(at: position)
            if position < length { position += 1 }
        }
    }

    /// Scales the next samples in place.
    package mutating func apply(to samples: inout [Float]) {
        var span = samples.mutableSpan
        apply(to: &span)
    }

    private func gain(at position: Int) -> Float {
        guard position < length else { return end }
        let way = Float(position) / Float(length)
        switch shape {
        case .linear: return start + (end - start) * way
        case .raisedCosine: return start + (end - start) * (0.5 - 0.5 * Float(Elementary.cosPi(Double(way))))
        }
    }
}
