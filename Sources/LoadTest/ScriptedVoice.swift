internal import Audio
internal import Foundation

/// A sound that costs an encoder what a voice costs: harmonics of a gliding pitch under syllables, with breath between them. The syllables are as
/// uneven as a speaker's: any voice is alike to a regular beat at some delay, and would be taken for its echo.
enum ScriptedVoice {
    static let sampleRate = 24_000

    /// Eight seconds, the same in every process.
    static let sound: [Float] = {
        var generator = SeededGenerator(7, stream: 0)
        var phase = 0.0
        var (syllableStart, syllableEnd, stress) = (0.0, 0.0, 1.0)
        return (0..<8 * sampleRate).map { index in
            let time = Double(index) / Double(sampleRate)
            let pitch = 120 + 25 * sin(2 * .pi * 0.7 * time) + 8 * sin(2 * .pi * 3.1 * time)
            phase += 2 * .pi * pitch / Double(sampleRate)
            if time >= syllableEnd {
                (syllableStart, syllableEnd) = (syllableEnd, syllableEnd + Double.random(in: 0.11...0.34, using: &generator))
                stress = Bool.random(using: &generator) ? 1 : Double.random(in: 0.05...0.7, using: &generator)
            }
            let syllable = stress * (0.5 - 0.5 * cos(2 * .pi * (time - syllableStart) / (syllableEnd - syllableStart)))
            let vowel = 0.5 + 0.5 * sin(2 * .pi * 1.3 * time)
            var voiced = 0.0
            for harmonic in 1...16 {
                let frequency = pitch * Double(harmonic)
                let first = exp(-pow((frequency - 450 - 300 * vowel) / 180, 2))
                let second = exp(-pow((frequency - 1_700 + 500 * vowel) / 260, 2))
                voiced += (0.05 / Double(harmonic) + first * 0.5 + second * 0.25) * sin(phase * Double(harmonic))
            }
            let breath = Double.random(in: -0.02...0.02, using: &generator)
            return Float(0.25 * voiced * syllable + breath * (1.2 - syllable))
        }
    }()
}
