/// How many calls have begun so lately that what they cost does not show yet in how busy the loops are. Of many who come at once, as after a network has
/// failed, no more are let in than there will be room for when they speak. A value without clock.
struct Newcomers {
    /// Seconds after which most of a call's cost shows: callers begin to speak and are answered, and the demand is a mean of a second.
    private static let settling = 4.0
    /// Share of one loop that a call is taken to cost at least, since who only listens yet will speak, and how many calls that guess weighs as much as.
    private static let guess = (share: 0.002, weight: 20.0)
    /// How many times the guess a call may be seen to cost; a loop that has more to do has other work too.
    private static let most = 5.0

    private var calls = 0.0
    /// How many calls the demand is that of: follows `calls` within some seconds.
    private var settled = 0.0
    private var last: Duration?

    /// Takes how many calls there are from now on.
    ///
    /// - Parameter now: Since any fixed moment; going back is taken for standing still.
    mutating func note(calls count: Int, at now: Duration) {
        if let last, now > last {
            let passed = (now - last) / .seconds(1)
            settled += (calls - settled) * passed / (passed + Self.settling)
        }
        last = max(last ?? now, now)
        calls = Double(max(0, count))
        // Who is gone costs nothing at once.
        settled = min(settled, calls)
    }

    /// The share of the time, 0... (beyond 1 where there would be more to do than time), in which a loop will have work once the cost of all calls shows.
    ///
    /// - Parameters:
    ///   - demand: The share in which it has work now, 0...1.
    ///   - loops: Over how many loops such work is spread.
    func demand(from demand: Double, loops: Int) -> Double {
        let guess = Self.guess.share / Double(max(1, loops))
        let shown = min(demand, settled * guess * Self.most)
        let cost = (shown + guess * Self.guess.weight) / (settled + Self.guess.weight)
        return demand + (calls - settled) * max(guess, cost)
    }
}
