package import Audio

/// Keeps the agent's own voice, as a caller's loudspeaker gives it back to their microphone, from being taken for the caller.
///
/// It is told what the agent plays and what the microphone hears, both as ``BandLevels``, and judges each of the voice detector's windows.
/// The delay and the loudness of the echo in each band are learnt while the agent speaks: first from how alike the two are over the last
/// third of a second, at any delay; once they are known, from what is louder than the echo can be. While the agent is silent and the longest
/// echo has died away it does nothing and holds no more than what it has learnt. A value without clock or IO.
package struct EchoGuard: Sendable {
    let settings: EchoSettings
    var reference = EchoReference()
    /// Likeness over a tenth of a second, a third, and one and a half.
    var brief: EchoCorrelation
    var short: EchoCorrelation
    var long: EchoCorrelation

    /// The microphone's last seconds: levels, and the floor under them.
    var heard: [SIMD8<Float>] = []
    var floors: [SIMD8<Float>] = []
    /// The echo's level before its coupling: what was played, at the echo's delay, with the room's tail.
    var tails: [SIMD8<Float>] = []
    var floor: SIMD8<Float>?
    private var mean = SIMD8<Float>.zero
    /// The place of the next frame of the microphone; nil while asleep.
    var place: Int?
    private var lateFor = 0
    /// Until this place an echo may stay away though it is expected: the agent was stopped with sound on its way, or went on with sound that
    /// the client may have played before.
    var doubtful = Int.min
    /// Frames since the last window.
    var fresh = 0

    /// The share of frames, over a second, in which the microphone heard nothing above its background while an echo could have come.
    private(set) var quiet: Float = 0

    /// What is known of the echo; nil before it was found.
    var path: EchoPath?
    /// A delay that may become the echo's, and for how many windows in a row it has been the best.
    var candidate = (delay: 0, windows: 0)
    var faint = (delay: 0, windows: 0)
    /// Evidence for a voice over the echo, and for how many windows more it is let through.
    var evidence: Float = 0
    var open = 0

    /// How many decibels the last window was louder than the echo that was expected in it; nil where none was or none is known. What a
    /// decision on an interruption may be weighed with.
    package internal(set) var excess: Float?

    /// Quieter than this is silence, in dBFS a band.
    static let least: Float = -78
    /// How long a room may ring, in places.
    private static let tail = 20

    package init(_ settings: EchoSettings = EchoSettings()) {
        self.settings = settings
        let delays = min(180, max(10, Int(settings.longestDelay / BandLevels.frame) + 4))
        brief = EchoCorrelation(delays: delays, places: 10, least: 1e3)
        short = EchoCorrelation(delays: delays, places: 30, least: 1e4)
        long = EchoCorrelation(delays: delays, places: 150, least: 1e4)
    }

    // MARK: what the agent plays

    /// Whether an echo may come now or soon, so that the microphone's levels are wanted.
    package var isAwake: Bool { place != nil }
    /// The delay and the mean coupling that are known: after how long the echo comes, and how many decibels it differs from what was sent.
    package var known: (delay: Duration, coupling: Float)? { path.map { (BandLevels.frame * $0.delay, $0.coupling.sum() / 8) } }

    /// The agent plays some frames, the first of which sounds at a time.
    ///
    /// - Parameters:
    ///   - sounds: Since the session's begin, by the server's clock; a little ahead of now, or behind.
    ///   - now: Since the session's begin.
    package mutating func plays(_ frames: ArraySlice<BandLevels>, sounds: Duration, now: Duration) {
        let first = EchoReference.place(sounds)
        if sounds < now - .milliseconds(20) { doubt(from: now) }
        for (index, frame) in frames.enumerated() { reference.put(frame, at: first + index) }
        if place == nil, reference.lastHeard != nil { wake(EchoReference.place(now)) }
    }

    /// Nothing that would sound after a time is played.
    package mutating func stops(at now: Duration) {
        reference.stop(at: EchoReference.place(now))
        doubt(from: now)
    }

    private mutating func doubt(from now: Duration) { doubtful = EchoReference.place(now) + reach }

    private mutating func wake(_ now: Int) {
        guard let last = reference.lastHeard, last >= now - reach else { return }
        place = now
        heard = [SIMD8<Float>](repeating: SIMD8(repeating: Self.least), count: EchoReference.size)
        floors = heard
        tails = [SIMD8<Float>](repeating: SIMD8(repeating: EchoReference.floor), count: EchoReference.size)
        (mean, fresh, lateFor, evidence, open) = (.zero, 0, 0, 0, 0)
        candidate.windows = 0
        faint.windows = 0
        brief.forget()
        short.forget()
        long.forget()
    }

    /// How long after the agent its echo may be heard, in places.
    private var reach: Int { short.delays + Self.tail }

    // MARK: what the microphone hears

    /// Takes one frame of the microphone.
    ///
    /// - Parameters:
    ///   - decibels: dBFS of each band.
    ///   - now: When it came, since the session's begin.
    package mutating func hears(_ decibels: SIMD8<Float>, now: Duration) {
        guard let expected = place else { return }
        let place = follow(EchoReference.place(now), expected)
        // In this order what is no number is silence.
        let least = SIMD8<Float>(repeating: Self.least)
        let level = decibels.replacing(with: least, where: .!(decibels .> least)).replacing(with: 40, where: decibels .> 40)
        let floor = Self.floor(self.floor ?? level, under: level)
        self.floor = floor
        let index = place & (EchoReference.size - 1)
        (heard[index], floors[index]) = (level, floor)

        quiet += ((level - floor).max() < 6 ? 0.01 : 0) - 0.01 * quiet
        let above = (level - floor - 3).clamped(lowerBound: .zero, upperBound: SIMD8(repeating: 45))
        mean += (above - mean) * EchoReference.meanShare
        let shape = above - mean
        reference.prepare(upTo: place)
        for delay in 0..<short.delays {
            let product = (shape * reference.shape(place - delay)).sum()
            let energy = reference.energy(place - delay)
            brief.add(delay, product: product, energy: energy)
            short.add(delay, product: product, energy: energy)
            long.add(delay, product: product, energy: energy)
        }
        let energy = (shape * shape).sum()
        brief.add(energy: energy)
        short.add(energy: energy)
        long.add(energy: energy)
        if path != nil { follow(tailAt: place) }
        self.place = place + 1
        fresh += 1
        if place - (reference.lastHeard ?? Int.min / 2) > reach { sleep() }
    }

    private mutating func sleep() {
        place = nil
        excess = nil
        (heard, floors, tails) = ([], [], [])
        reference.release()
    }

    /// The microphone's frames are counted, since packets come unevenly; the count follows the clock where it is clearly off.
    private mutating func follow(_ now: Int, _ expected: Int) -> Int {
        let late = now - expected
        if late <= -2 || late > 50 {
            lateFor = 0
            return now
        }
        lateFor = late >= 1 ? lateFor + 1 : 0
        guard lateFor > 100 else { return expected }
        lateFor = 0
        return expected + 1
    }

    /// The floor falls fast and rises by 3 dB a second.
    private static func floor(_ floor: SIMD8<Float>, under level: SIMD8<Float>) -> SIMD8<Float> {
        let falling = floor + (level - floor) * 0.2
        return pointwiseMin(level, floor + 0.03).replacing(with: falling, where: level .< floor)
    }
}
