import Audio

@testable import Sessions

/// A microphone and a loudspeaker as levels: voices are syllables that differ from band to band, drawn from a seed.
struct EchoBench {
    var guardian: EchoGuard
    /// Since the session's begin, in frames of 10 ms.
    private(set) var now = 0
    private var window = 0
    private var noise: SeededNoise
    let background: Float

    init(_ settings: EchoSettings = EchoSettings(), background: Float = -75, seed: UInt64 = 1) {
        guardian = EchoGuard(settings)
        self.background = background
        noise = SeededNoise(seed)
    }

    /// Levels of a voice, frame by frame.
    static func voice(_ frames: Int, seed: UInt64, level: Float = -35) -> [SIMD8<Float>] {
        var noise = SeededNoise(seed)
        var all: [SIMD8<Float>] = []
        while all.count < frames {
            let length = 8 + Int(noise.next() * 18)
            var shape = SIMD8<Float>.zero
            for band in 0..<8 { shape[band] = level - 24 * noise.next() }
            let isPause = noise.next() < 0.2 && !all.isEmpty
            for place in 0..<length {
                let rise = min(1, Float(min(place, length - 1 - place)) / 4)
                all.append(isPause ? SIMD8(repeating: -90) : shape - 25 * (1 - rise))
            }
        }
        return Array(all.prefix(frames))
    }

    /// The agent plays from now on.
    mutating func play(_ voice: [SIMD8<Float>]) {
        guardian.plays(voice.map { BandLevels(decibels: $0) }[...], sounds: BandLevels.frame * now, now: BandLevels.frame * now)
    }

    /// Hears some frames as a sum of powers; each third frame ends a window.
    ///
    /// - Returns: For each window whether it is voiced to the detector, and what the guard leaves of its probability.
    mutating func hear(_ sounds: [[SIMD8<Float>]], frames: Int) -> [(isVoiced: Bool, left: Float)] {
        var judged: [(isVoiced: Bool, left: Float)] = []
        for frame in 0..<frames {
            var level = SIMD8<Float>(repeating: background)
            for band in 0..<8 { level[band] += 3 * (noise.next() - 0.5) }
            for sound in sounds where frame < sound.count { level = level.replacing(with: sound[frame], where: sound[frame] .> level) }
            guardian.hears(level, now: BandLevels.frame * now)
            now += 1
            window += 1
            guard window == 3 else { continue }
            window = 0
            let isVoiced = level.max() > background + 15
            judged.append((isVoiced, guardian.judge(isVoiced ? 0.95 : 0.05)))
        }
        return judged
    }

    /// A voice some frames later, by some decibels weaker.
    static func echo(_ voice: [SIMD8<Float>], delay: Int, gain: SIMD8<Float>) -> [SIMD8<Float>] {
        [SIMD8<Float>](repeating: SIMD8(repeating: -90), count: delay) + voice.map { $0 + gain }
    }
}

/// Numbers 0..<1 from a seed.
struct SeededNoise {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    mutating func next() -> Float {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Float(state >> 40) / Float(1 << 24)
    }
}
