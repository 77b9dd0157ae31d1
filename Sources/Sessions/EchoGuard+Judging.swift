internal import Audio

/// From what is known of the echo to the verdict on a window.
extension EchoGuard {
    // All of these were chosen on simulated rooms, see HowACallRuns; none of them is sharp.

    /// A likeness over a third of a second that only an echo has while none is known: in the first seconds of a call, and in its first half
    /// second, where a voice that begins with the agent's looks like it; later on, when a loudspeaker should have been noticed.
    private static let suspicious: Float = 0.72
    private static let suspiciousAtFirst: Float = 0.85
    private static let suspiciousLater: Float = 0.9
    private static let firstPlaces = 60
    private static let unknownPlaces = 150
    /// Windows for which a delay must be the best before it is taken for the echo's, when the likeness is clear and when it is faint.
    private static let clearWindows = 4
    private static let faintWindows = 15
    /// The same where the microphone was quiet while the agent spoke. An echo would have made it about as loud as often as the agent is.
    private static let unlikelyWindows = 15
    private static let quietShare: Float = 0.6
    /// Windows after which a delay that was found is trusted.
    private static let probation = 20

    /// Whether an echo has been known for long enough to be trusted.
    package var isSure: Bool { (path?.age ?? 0) >= Self.probation }

    /// Judges one window of the voice detector, which ends with the last frame heard.
    ///
    /// - Parameter probability: Of voice, 0...1.
    /// - Returns: The same, or less where the window is the agent's own voice.
    package mutating func judge(_ probability: Float) -> Float {
        let frames = min(fresh, 8)
        fresh = 0
        guard let place, frames > 0 else { return probability }
        let isSuspect = path == nil ? search(probability) : weigh(probability, place, frames)
        return isSuspect ? probability * 0.2 : probability
    }

    // MARK: before an echo is known

    private mutating func search(_ probability: Float) -> Bool {
        excess = nil
        guard probability >= 0.2 else { return false }
        let (delay, likeness) = short.best
        let (settled, support) = long.best
        let agree = abs(delay - settled)
        let places = reference.heardPlaces
        let isUnlikely = places > Self.unknownPlaces && quiet > Self.quietShare
        if support > 0.7, likeness >= 0.8, agree <= 3 {
            candidate = (settled, abs(candidate.delay - settled) <= 3 ? candidate.windows + 1 : 1)
            if candidate.windows >= (isUnlikely ? Self.unlikelyWindows : Self.clearWindows) { learn(settled) }
        } else if support > 0.55, agree <= 2 {
            faint = (settled, abs(faint.delay - settled) <= 2 ? faint.windows + 1 : 0)
            if faint.windows >= Self.faintWindows { learn(settled) }
        }
        guard !isUnlikely else { return false }
        let least =
            places > Self.unknownPlaces ? Self.suspiciousLater : places > Self.firstPlaces ? Self.suspicious : Self.suspiciousAtFirst
        return likeness >= least
    }

    /// Takes a delay for the echo's, and its loudness from the last second.
    private mutating func learn(_ delay: Int) {
        guard let place else { return }
        path = EchoPath(delay: delay)
        (candidate.windows, faint.windows, evidence, open) = (0, 0, 0, 0)
        let from = max(0, place - 100)
        for earlier in from..<place { follow(tailAt: earlier) }
        var coupling = SIMD8<Float>(repeating: 0)
        var weights = SIMD8<Float>(repeating: 0)
        // The mean of what lies near the mean: three rounds do what a median would, without sorting.
        for round in 0..<3 {
            var (sum, count) = (SIMD8<Float>.zero, SIMD8<Float>.zero)
            for earlier in from..<place {
                let index = earlier & (EchoReference.size - 1)
                let difference = heard[index] - tails[index]
                var counts = tails[index] .> EchoReference.heard .& heard[index] .> floors[index] + 6
                if round > 0 { counts .&= (difference - coupling) .> -8 .& (difference - coupling) .< 8 }
                sum += difference.replacing(with: 0, where: .!counts)
                count += SIMD8<Float>(repeating: 1).replacing(with: 0, where: .!counts)
            }
            let all = count.sum() > 0 ? sum.sum() / count.sum() : -40
            coupling = (sum / pointwiseMax(count, SIMD8(repeating: 1))).replacing(with: all, where: count .< 8)
            weights = count
        }
        path?.coupling = weights.sum() > 0 ? coupling : SIMD8(repeating: -40)
    }

    // MARK: once it is known

    /// Moves the tail of the echo on by one place.
    mutating func follow(tailAt place: Int) {
        guard var path = self.path else { return }
        path.tail = pointwiseMax(reference.level(near: place - path.delay), path.tail - path.decay)
        tails[place & (EchoReference.size - 1)] = path.tail
        self.path = path
    }

    private mutating func weigh(_ probability: Float, _ place: Int, _ frames: Int) -> Bool {
        guard var path = self.path else { return false }
        let (settled, support) = long.best
        if support > 0.7, abs(settled - path.delay) > 2, support > long.value(min(path.delay, long.delays - 1)) + 0.15 {
            candidate = (settled, abs(candidate.delay - settled) <= 3 ? candidate.windows + 1 : 1)
            if candidate.windows >= Self.clearWindows {
                learn(settled)
                path = self.path ?? path
            }
        } else {
            if abs(settled - path.delay) <= 2, support > 0.5 { path.delay = settled }
            candidate.windows = 0
        }
        let likeness = short.best(near: path.delay)
        path.age += 1
        if path.age < Self.probation, likeness < 0.7, probability >= 0.2 {
            // What looked like an echo at its begin does not go on like one.
            self.path = nil
            excess = nil
            return false
        }
        let (excess, active) = self.excess(place, frames, path)
        self.excess = active > 0 ? excess : nil
        // The odds of a voice over the echo: what is too loud for the echo counts, and what is unlike it, the more the louder it is. In the
        // tail of a word the microphone is unlike the agent, but not louder than the room makes it.
        let unlike = 8 * (0.79 - brief.best(near: path.delay)) * active
        let least: Float = path.age < Self.probation ? 0.5 : 0
        let odds = 0.15 * excess - 0.3 + (unlike > 0 ? unlike * min(1, max(least, excess / 4)) : unlike)
        evidence = min(settings.doubleTalk + 1, max(0, evidence + (probability >= 0.2 ? min(2.5, max(-2, odds)) : -1)))
        if evidence >= settings.doubleTalk { open = 3 } else if open > 0, evidence < settings.doubleTalk * 0.3 { open -= 1 }

        let isLouder = excess > 3
        path.loud = isLouder && likeness > 0.85 ? path.loud + 1 : isLouder ? path.loud : 0
        if !isLouder || path.loud > 12 { adapt(&path, place, frames) }
        self.path = path
        return open == 0 && probability >= 0.2
    }

    /// How much louder the last frames were than the echo, in decibels, averaged over the bands that stand out of the background; and the
    /// share of those.
    private func excess(_ place: Int, _ frames: Int, _ path: EchoPath) -> (excess: Float, active: Float) {
        var (sum, count) = (SIMD8<Float>.zero, SIMD8<Float>.zero)
        for back in 1...frames where place >= back {
            let index = (place - back) & (EchoReference.size - 1)
            let expected = Self.together(tails[index] + path.coupling, floors[index] + 3)
            let isActive = heard[index] .> floors[index] + 6
            let over = (heard[index] - expected).clamped(lowerBound: SIMD8(repeating: -6), upperBound: SIMD8(repeating: 18))
            sum += over.replacing(with: 0, where: .!isActive)
            count += SIMD8<Float>(repeating: 1).replacing(with: 0, where: .!isActive)
        }
        let active = count.sum()
        return (sum.sum() / max(active, 4), active / Float(8 * frames))
    }

    /// Moves coupling and decay towards what was heard, by at most a quarter of a decibel a frame. A band in which the echo should be heard
    /// and is not counts as well, for a headset is noticed by its silence; but not where the echo may well have been stopped.
    private func adapt(_ path: inout EchoPath, _ place: Int, _ frames: Int) {
        let step: Float = path.loud > 12 ? 1 : 0.25
        for back in 1...frames where place >= back {
            let index = (place - back) & (EchoReference.size - 1)
            let (level, floor, tail) = (heard[index], floors[index], tails[index])
            let isSure = place > doubtful
            var counts = level .> floor + 6
            if isSure { counts .|= tail + path.coupling .> floor + 6 }
            counts .&= tail .> EchoReference.heard
            let isFading = reference.level(place - back - path.delay) .< tail - 6
            let difference = level - tail - path.coupling
            let fading = (difference / 3).clamped(lowerBound: SIMD8(repeating: -1), upperBound: SIMD8(repeating: 1))
            let slower = 0.01 * fading.replacing(with: 0, where: .!(counts .& isFading)).sum()
            if isSure { path.decay = min(2.5, max(0.4, path.decay - slower)) }
            let move = (difference * 0.1).clamped(lowerBound: SIMD8(repeating: -step), upperBound: SIMD8(repeating: step))
            path.coupling += move.replacing(with: 0, where: .!(counts .& .!isFading))
        }
    }

    /// The level of two sounds together, within half a decibel.
    private static func together(_ a: SIMD8<Float>, _ b: SIMD8<Float>) -> SIMD8<Float> {
        let apart = pointwiseMax(a, b) - pointwiseMin(a, b)
        return pointwiseMax(a, b) + 3 / (1 + apart * (0.25 + apart * 0.04))
    }
}
