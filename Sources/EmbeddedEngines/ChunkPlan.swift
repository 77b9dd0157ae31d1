/// In which stretches a latent is made into audio: a short one first, so that the caller hears something soon, then longer ones, which cost less.
struct ChunkPlan: Sendable, Equatable {
    /// Frames of the first stretch (279 ms at 22.05 kHz) and of the longest.
    static let first = 24
    static let longest = 96
    /// A rest of fewer frames goes with the stretch before it.
    static let crumb = 12

    private let frames: Int
    private var start = 0
    private var size = ChunkPlan.first

    init(frames: Int) { self.frames = frames }

    var isDone: Bool { start >= frames }

    /// The next stretch; nil at the end.
    mutating func next() -> Range<Int>? {
        guard !isDone else { return nil }
        let end = frames - start - size < Self.crumb ? frames : start + size
        defer {
            start = end
            size = min(size * 2, Self.longest)
        }
        return start..<end
    }
}
