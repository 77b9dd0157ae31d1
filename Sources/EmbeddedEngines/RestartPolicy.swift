/// When a child that died is started again, and when it is given up.
package struct RestartPolicy: Sendable, Equatable {
    /// Restarts allowed within ``window``.
    package let most: Int
    package let window: Duration
    /// The wait before the first restart; each further one within the window waits twice as long.
    package let first: Duration
    package let longest: Duration
    private var deaths: [Duration] = []

    package init(
        most: Int = 5, window: Duration = .seconds(600), first: Duration = .milliseconds(500), longest: Duration = .seconds(30)
    ) {
        (self.most, self.window, self.first, self.longest) = (most, window, first, longest)
    }

    /// Notes a death and returns how long to wait before the next start, or nil to give up.
    ///
    /// - Parameter time: Since any fixed moment; never earlier than in the call before.
    package mutating func died(at time: Duration) -> Duration? {
        deaths.removeAll { time - $0 > window }
        guard deaths.count < most else { return nil }
        deaths.append(time)
        var wait = first
        for _ in 1..<deaths.count where wait < longest { wait *= 2 }
        return min(wait, longest)
    }
}
