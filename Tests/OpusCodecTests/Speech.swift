import Foundation
import OpusCodec

/// Sound that a speech codec takes for speech, made by rule.
enum Speech {
    /// A buzz with gliding pitch and formants, in syllables of a quarter second.
    static func samples(rate: Int, seconds: Double) -> [Float] {
        var samples: [Float] = []
        var (phase, weights) = (0.0, [Double]())
        for index in 0..<Int(Double(rate) * seconds) {
            let time = Double(index) / Double(rate)
            if index % (rate / 50) == 0 { weights = formants(at: time) }
            phase += (130 + 30 * sin(2 * .pi * 1.3 * time)) / Double(rate)
            let (twiceCosine, syllable) = (2 * cos(2 * .pi * phase), 0.55 - 0.45 * cos(2 * .pi * 4 * time))
            var (before, harmonic, value) = (0.0, sin(2 * .pi * phase), 0.0)
            for weight in weights {
                value += weight * harmonic
                (before, harmonic) = (harmonic, twiceCosine * harmonic - before)
            }
            samples.append(Float(0.12 * syllable * value))
        }
        return samples
    }

    private static func formants(at time: Double) -> [Double] {
        let glide = 600 + 300 * sin(2 * .pi * 0.7 * time)
        return (1...16).map { number in
            let pitch = 130.0 * Double(number)
            return exp(-pow((pitch - glide) / 300, 2)) + 0.4 * exp(-pow((pitch - 1_700) / 400, 2)) + 0.03
        }
    }

    /// Packets of whole frames, with the given settings.
    static func packets(_ settings: OpusEncoder.Settings, seconds: Double) throws -> [[UInt8]] {
        try encode(samples(rate: settings.sampleRate, seconds: seconds), settings)
    }

    static func encode(_ samples: [Float], _ settings: OpusEncoder.Settings) throws -> [[UInt8]] {
        var encoder = try OpusEncoder(settings)
        let frame = encoder.frameSize
        var packets: [[UInt8]] = []
        for start in stride(from: 0, through: samples.count - frame, by: frame) {
            packets.append(try encoder.encode(Array(samples[start..<start + frame])))
        }
        return packets
    }

    /// Normalised correlation, -1...1.
    static func correlation(_ left: ArraySlice<Float>, _ right: ArraySlice<Float>) -> Double {
        var (lr, ll, rr) = (0.0, 1e-20, 1e-20)
        for (a, b) in zip(left, right) {
            lr += Double(a) * Double(b)
            ll += Double(a) * Double(a)
            rr += Double(b) * Double(b)
        }
        return lr / (ll * rr).squareRoot()
    }

    /// Signal to noise in decibels.
    static func signalToNoise(_ original: ArraySlice<Float>, _ decoded: ArraySlice<Float>) -> Double {
        var (signal, noise) = (1e-20, 1e-20)
        for (a, b) in zip(original, decoded) {
            signal += Double(a) * Double(a)
            noise += Double(a - b) * Double(a - b)
        }
        return 10 * log10(signal / noise)
    }
}
