import CSpeech
import Foundation

/// How loud speech is, and where it begins and ends.
enum SpeechLevel {
    /// Root mean square of speech as it leaves: -20 dBFS.
    static let target: Float = 0.1
    /// Below this root mean square a run of samples is silence: -50 dBFS.
    static let silence: Float = 0.003
    /// Samples that are judged together: 5 ms at 22.05 kHz.
    static let hop = 110

    /// What brings the speech in the samples to the target, pauses not counted; 0.1...10, and 1 for silence.
    static func gain(for samples: [Float]) -> Float {
        let energies = energies(of: samples)
        guard let loudest = energies.max(), loudest > 0 else { return 1 }
        let spoken = energies.filter { $0 > loudest / 10_000 }
        let level = (spoken.reduce(0, +) / Float(spoken.count)).squareRoot()
        return min(10, max(0.1, target / level))
    }

    /// The samples between the first and the last sound, silence not counted; nil when there is none.
    static func sound(in samples: [Float]) -> Range<Int>? {
        let energies = energies(of: samples)
        guard let first = energies.firstIndex(where: { $0 > silence * silence }),
            let last = energies.lastIndex(where: { $0 > silence * silence })
        else { return nil }
        return first * hop..<(last + 1) * hop
    }

    private static func energies(of samples: [Float]) -> [Float] {
        var energies = [Float](repeating: 0, count: samples.count / hop)
        pcm_energies(samples, samples.count, hop, &energies)
        return energies
    }
}
