/// A loudspeaker and a microphone in a room, as a model to test with: what is played comes back narrower, bent where it is loud, and spread
/// out by the walls.
package struct Room: Sendable {
    private let taps: [(offset: Int, gain: Float)]
    private let lowCut, highCut: Float
    private let ceiling: Float

    /// - Parameters:
    ///   - reverberation: Seconds in which the sound falls by 60 dB, 0.05...1.
    ///   - direct: How much stronger the direct sound is than all reflections, in decibels.
    ///   - band: What the loudspeaker passes, in hertz.
    ///   - ceiling: The magnitude that the loudspeaker bends towards; 1 bends a loud voice a little, 0.1 much.
    package init(
        reverberation: Double, direct: Float, band: ClosedRange<Double>, ceiling: Float, sampleRate: Int,
        using generator: inout some RandomNumberGenerator
    ) {
        // Pulses of either sign at drawn places, 1500 a second: sparse, and to the ear as dense as a room.
        let step = sampleRate / 1500
        var late: [(offset: Int, gain: Float)] = []
        var energy: Float = 0
        for start in stride(from: sampleRate / 500, to: Int(reverberation * Double(sampleRate)), by: step) {
            let offset = start + Int.random(in: 0..<step, using: &generator)
            let fall = Float(Elementary.exp(-3 * Elementary.ln10 * Double(offset) / Double(sampleRate) / reverberation))
            energy += fall * fall
            late.append((offset, Bool.random(using: &generator) ? fall : -fall))
        }
        let scale = Loudness.gain(decibels: -direct) / max(energy, 1e-9).squareRoot()
        taps = [(0, 1)] + late.map { ($0.offset, $0.gain * scale) }
        lowCut = Float(1 - Elementary.exp(-2 * Double.pi * band.lowerBound / Double(sampleRate)))
        highCut = Float(1 - Elementary.exp(-2 * Double.pi * band.upperBound / Double(sampleRate)))
        self.ceiling = max(ceiling, 0.01)
    }

    /// What the microphone gets of a sound, the room's tail included.
    package func echo(of sound: [Float]) -> [Float] {
        let tail = taps.map(\.offset).max() ?? 0
        var played = [Float](repeating: 0, count: sound.count)
        var (low, high): (Float, Float) = (0, 0)
        for index in sound.indices {
            let bent = sound[index] / (1 + abs(sound[index]) / ceiling)
            low += (bent - low) * lowCut
            high += (bent - low - high) * highCut
            played[index] = high
        }
        var echo = [Float](repeating: 0, count: sound.count + tail)
        for tap in taps { for index in played.indices { echo[index + tap.offset] += played[index] * tap.gain } }
        return echo
    }

    /// White noise with less of the high, at a level in dBFS.
    package static func noise(_ count: Int, decibels: Float, using generator: inout some RandomNumberGenerator) -> [Float] {
        var noise = [Float](repeating: 0, count: count)
        var last: Float = 0
        for index in noise.indices {
            last = last * 0.9 + Float.random(in: -1...1, using: &generator)
            noise[index] = last
        }
        return scaled(noise, by: Loudness.gain(decibels: decibels - Loudness.rms(noise)))
    }

    /// A sound that is so many times as large.
    package static func scaled(_ sound: [Float], by gain: Float) -> [Float] { sound.map { $0 * gain } }

    /// Adds a sound to another from a place on; what lies beyond the other is left out.
    package static func add(_ sound: ArraySlice<Float>, to other: inout [Float], at place: Int, gain: Float = 1) {
        var target = place
        for sample in sound {
            if other.indices.contains(target) { other[target] += sample * gain }
            target += 1
        }
    }

    /// The difference of two recordings of one length.
    package static func difference(_ a: [Float], _ b: [Float]) -> [Float] { zip(a, b).map { $0 - $1 } }

    /// The level of a voice in dBFS: of those 20 ms that are within 30 dB of the loudest.
    package static func voiceLevel(_ sound: [Float], sampleRate: Int) -> Float {
        let size = sampleRate / 50
        var levels: [Float] = []
        for start in stride(from: 0, through: sound.count - size, by: size) { levels.append(Loudness.rms(Array(sound[start..<start + size]))) }
        guard let loudest = levels.max() else { return Loudness.silence }
        let powers = levels.filter { $0 > loudest - 30 }.map {
            let gain = Loudness.gain(decibels: $0); return gain * gain
        }
        return Loudness.decibels(power: powers.reduce(0, +) / Float(max(1, powers.count)))
    }
}
