import CSpeech

/// Spares a detector the windows in which there is nothing to hear: those of a stretch that it has found to be without speech, while they are as
/// quiet as the background behind it.
///
/// A quarter of them is heard all the same, so that speech hardly louder than the background is missed by three windows at most. A value without clock.
struct QuietGate {
    /// Windows without speech, one after the other, before the next may be spared: half a second.
    private static let settled = 16
    /// As many are heard after a rest before the next.
    private static let awake = 3
    /// Probability below which a window is without speech.
    private static let speechless: Float = 0.03
    /// How much louder than the background a quarter of a window may be, in power: 3 dB.
    private static let margin: Float = 2
    /// How much the background may grow from one window to the next, in power: half a decibel, so that a slammed door is not taken for it.
    private static let growth: Float = 1.12
    /// One in so many is heard in any case.
    private static let hearsEach = 4
    /// Mean square of what is as good as silence: -100 dBFS.
    private static let silence: Float = 1e-10
    private static let quarters = 4

    /// Mean square of the background; nil before the first window without speech.
    private var background: Float?
    /// Windows without speech that were heard, up to `settled`.
    private var quiet = 0
    private var spared = 0
    private var last: Float = 0
    /// Mean square of the window that is to be heard.
    private var pending: Float?

    /// Looks at the next window.
    ///
    /// - Returns: The probability of the last window that was heard, where this one need not be.
    mutating func spares(_ window: Span<Float>) -> Float? {
        let (mean, loudest) = Self.power(of: window)
        if let background, quiet == Self.settled, spared + 1 < Self.hearsEach, loudest <= max(background * Self.margin, Self.silence) {
            spared += 1
            return last
        }
        pending = mean
        return nil
    }

    /// Takes what the detector says of the window it has heard; of no use where nobody looked at the window before.
    mutating func heard(_ probability: Float) {
        guard let power = pending else { return }
        (pending, spared, last) = (nil, 0, probability)
        guard probability < Self.speechless, power.isFinite else { return quiet = 0 }
        quiet = min(quiet + 1, Self.settled)
        guard let before = background else { return background = power }
        let next = before + (power - before) * (power > before ? 0.2 : 0.5)
        background = min(next, max(before, Self.silence) * Self.growth)
    }

    /// The probability of windows without voice while windows may go by unseen; nil where each is to be looked at.
    var resting: Float? { quiet == Self.settled ? last : nil }

    /// Windows have gone by unseen.
    mutating func rested() {
        quiet = min(quiet, Self.settled - Self.awake)
        pending = nil
    }

    /// The mean square of a window, and of its loudest quarter. What is not finite counts as loud.
    private static func power(of window: Span<Float>) -> (mean: Float, loudest: Float) {
        var energies = InlineArray<4, Float>(repeating: 0)
        var out = energies.mutableSpan
        window.withUnsafeBufferPointer { samples in
            out.withUnsafeMutableBufferPointer { energies in
                guard let samples = samples.baseAddress, let energies = energies.baseAddress else { return }
                pcm_energies(samples, window.count, window.count / quarters, energies)
            }
        }
        var (sum, loudest): (Float, Float) = (0, 0)
        for index in energies.indices {
            sum += energies[index]
            if !(energies[index] <= loudest) { loudest = energies[index] }
        }
        return (sum / Float(quarters), loudest)
    }
}
