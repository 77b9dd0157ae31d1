import CSpeech
package import Engines
import Foundation

/// A voice detector without a model: level above the noise floor, pitch, and zero crossings. For machines where no model can be had; it takes
/// music, other voices and sudden loud sounds for speech, and misses soft consonants.
package struct EnergyDetectorMaker: VoiceDetectorMaker {
    package let name = "energy"

    package init() {}

    package func makeDetector() -> any VoiceDetector { EnergyDetector() }
}

/// One caller's stream.
package final class EnergyDetector: VoiceDetector {
    /// How the cues weigh; a logistic regression over hand- and machine-labelled recordings.
    private enum Weight {
        static let constant: Float = -2.5
        /// Per 10 dB above the noise floor.
        static let excess: Float = 1.0
        static let periodicity: Float = 2.3
        static let crossings: Float = -0.7
        static let voicedExcess: Float = 0.7
    }

    private static let blocks = 8
    private static let windowsPerBlock = 8
    /// Decibels; where the floor is taken to be at most until half a second was heard.
    private static let firstFloor: Float = -45
    /// Decibels above the floor beyond which more changes nothing.
    private static let largestExcess: Float = 40
    /// Share of the probability that outlives a window: it falls to a half in some 100 ms, so that short gaps in a word stay in it.
    private static let release: Float = 0.8

    private var state = voicing_state()
    /// The softest level of each of the last blocks of 256 ms; their minimum is the noise floor.
    private var minima = InlineArray<8, Float>(repeating: 0)
    private var filledBlocks = 0
    private var nextBlock = 0
    private var current = Float.infinity
    private var windowsInBlock = 0
    private var lastLevel: Float?
    private var probability: Float = 0

    init() {}

    package func probability(of window: Span<Float>) -> Float {
        precondition(window.count == VoiceDetection.windowSamples, "a window has \(VoiceDetection.windowSamples) samples")
        let cues = window.withUnsafeBufferPointer { samples in
            samples.baseAddress.map { voicing_measure(&state, $0) } ?? voicing_cues(level: -100, periodicity: 0, crossings: 0)
        }
        let excess = min(max(cues.level - floor(with: cues.level), 0), Self.largestExcess) / 10
        let evidence =
            Weight.constant + Weight.excess * excess + Weight.periodicity * cues.periodicity + Weight.crossings * cues.crossings
            + Weight.voicedExcess * excess * cues.periodicity
        let instant = 1 / (1 + exp(-evidence))
        probability = max(instant, probability * Self.release + instant * (1 - Self.release))
        return probability
    }

    package func reset() {
        (state, minima) = (voicing_state(), InlineArray(repeating: 0))
        (filledBlocks, nextBlock, current, windowsInBlock) = (0, 0, .infinity, 0)
        (lastLevel, probability) = (nil, 0)
    }

    /// The noise floor in decibels after one more window of this level.
    private func floor(with level: Float) -> Float {
        current = min(current, (level + (lastLevel ?? level)) / 2)
        lastLevel = level
        var floor = current
        for block in 0..<filledBlocks { floor = min(floor, minima[block]) }
        if filledBlocks < 2 { floor = min(floor, Self.firstFloor) }
        windowsInBlock += 1
        if windowsInBlock == Self.windowsPerBlock {
            minima[nextBlock] = current
            nextBlock = (nextBlock + 1) % Self.blocks
            filledBlocks = min(filledBlocks + 1, Self.blocks)
            (current, windowsInBlock) = (.infinity, 0)
        }
        return floor
    }
}
