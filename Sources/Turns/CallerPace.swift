/// How long this caller pauses inside a turn, learnt from the pauses after which they went on.
///
/// A running quantile in ratios: each pause moves the estimate by a bounded factor, whatever its length, so no single pause decides.
package struct CallerPace: Sendable, Equatable {
    /// Where the estimate begins, and the length that leaves waits as they are: a pause most callers rarely exceed inside a turn.
    package static let usual = Duration.milliseconds(600)
    /// The share of a caller's inner pauses that are shorter than the estimate.
    static let quantile = 0.8
    /// The largest share by which the first pause moves the estimate; the n-th moves it by this over n, but never by less than `slowest`.
    static let fastest = 0.5
    static let slowest = 0.06
    /// Shorter gaps belong to articulation; they teach nothing.
    static let shortest = Duration.milliseconds(120)
    /// Bounds of the estimate.
    static let bounds = Duration.milliseconds(200)...Duration.milliseconds(2000)

    /// The length that four in five of the caller's inner pauses do not exceed, 200 ms ... 2 s.
    package private(set) var pause = CallerPace.usual
    /// Pauses learnt from.
    package private(set) var count = 0
    /// The longest pause after which the caller went on with this turn, up to 2 s; zero where there was none.
    package private(set) var longest = Duration.zero

    package init() {}

    /// Learns one pause after which the caller went on with the same turn.
    ///
    /// - Parameter pause: From the last voiced sound to the next; shorter ones than 120 ms are passed over. Report also a pause that had
    ///   already ended the turn when the caller went on at once: the longest pauses are just those.
    package mutating func resumed(after pause: Duration) {
        guard pause >= Self.shortest else { return }
        longest = min(max(longest, pause), Self.bounds.upperBound)
        count = min(count + 1, 1_000_000)
        let step = max(Self.fastest / Double(count), Self.slowest)
        let factor = pause > self.pause ? 1 + step * Self.quantile : 1 / (1 + step * (1 - Self.quantile))
        self.pause = min(max(self.pause * factor, Self.bounds.lowerBound), Self.bounds.upperBound)
    }

    /// Another turn of the caller's has begun. What was learnt of the caller stays.
    package mutating func turnBegan() { longest = .zero }

    /// How many times longer than usual the caller pauses; 1 before anything was learnt.
    var ratio: Double { count == 0 ? 1 : pause / Self.usual }
}
