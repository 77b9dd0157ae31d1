/// Cuts a stream of samples into windows of one size, without allocating.
package struct WindowSlicer: Sendable {
    /// The window being filled; whole when ``fill(from:at:)`` has returned true.
    package private(set) var window: [Float]
    private var count: Int

    /// - Parameters:
    ///   - size: Samples a window; positive.
    ///   - filled: Samples of silence that the first window begins with, less than `size`.
    package init(size: Int, filled: Int = 0) {
        precondition(size > 0 && (0..<size).contains(filled), "a window holds samples")
        window = [Float](repeating: 0, count: size)
        count = filled
    }

    /// Takes samples until the window is full or none are left.
    ///
    /// - Parameter index: Where in `samples` to begin; moved behind what was taken.
    /// - Returns: Whether the window is full. It is to be read before the next call, which begins a new one.
    package mutating func fill(from samples: Span<Float>, at index: inout Int) -> Bool {
        let taken = min(window.count - count, samples.count - index)
        let start = count
        let from = samples.extracting(index..<index + taken)
        var into = window.mutableSpan
        for offset in from.indices { into[start + offset] = from[offset] }
        count += taken
        index += taken
        guard count == window.count else { return false }
        count = 0
        return true
    }

    /// Passes over samples that nobody has; a window that is begun holds what it held.
    ///
    /// - Returns: How many windows end in them.
    package mutating func skip(_ samples: Int) -> Int {
        let end = count + max(0, samples)
        count = end % window.count
        return end / window.count
    }

    /// Hands out the full window and goes on in the memory that is given for it.
    package mutating func exchange(_ other: inout [Float]) {
        precondition(other.count == window.count, "a window is as long as another")
        swap(&window, &other)
    }
}
