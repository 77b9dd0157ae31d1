/// Sound that an engine is asked about, 16 kHz mono. It may be put together only when the engine takes it, so that what waits for its turn holds no
/// more than what the sound is kept in.
package struct HeardSound: Sendable {
    /// How many samples it has.
    package let count: Int
    private let make: @Sendable () -> [Float]

    package init(_ samples: [Float]) { self.init(count: samples.count) { samples } }

    /// - Parameter samples: Gives as many as `count`; may be called several times, on any thread.
    package init(count: Int, samples: @escaping @Sendable () -> [Float]) { (self.count, make) = (count, samples) }

    /// The samples, -1...1. Each call may put them together anew.
    package var samples: [Float] { make() }
}
