import Foundation
import Testing

@testable import EmbeddedEngines

@Suite struct LogMelTests {
    /// One frame by the definition: double precision, no folding.
    private func reference(_ audio: [Float], frame: Int) -> [Double] {
        let padded = [Double](repeating: 0, count: 128_000 - audio.count) + audio.map { Double($0) }
        let mean = padded.reduce(0, +) / 128_000
        let variance = padded.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 128_000
        let gain = 1 / (variance + 1e-7).squareRoot()
        let samples = (0..<400).map { n in
            let place = abs(frame * 160 + n - 200)
            let mirrored = place < 128_000 ? place : 2 * 127_999 - place
            return (padded[mirrored] - mean) * gain * (0.5 - 0.5 * cos(2 * .pi * Double(n) / 400))
        }
        let power = (0...200).map { bin -> Double in
            var (real, imaginary) = (0.0, 0.0)
            for (n, sample) in samples.enumerated() {
                let angle = 2 * Double.pi * Double(bin * n % 400) / 400
                real += sample * cos(angle)
                imaginary += sample * sin(angle)
            }
            return real * real + imaginary * imaginary
        }
        let top = 15 + 27 * log(8.0) / log(6.4)
        let corners = (0...81).map { index in
            let mel = top * Double(index) / 81
            return mel < 15 ? mel * 200 / 3 : 1000 * exp(log(6.4) / 27 * (mel - 15))
        }
        return (0..<80).map { band in
            let (low, middle, high) = (corners[band], corners[band + 1], corners[band + 2])
            var sum = 0.0
            for (bin, power) in power.enumerated() {
                let hertz = Double(bin) * 40
                let weight = min((hertz - low) / (middle - low), (high - hertz) / (high - middle))
                sum += power * max(0, weight) * 2 / (high - low)
            }
            return log10(max(sum, 1e-10))
        }
    }

    @Test(arguments: [128_000, 128_000 - 350, 40_000]) func itIsTheSpectrumByItsDefinition(_ count: Int) throws {
        var state: UInt64 = 3
        let audio = (0..<count).map { n -> Float in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let noise = Float(state >> 40) / Float(1 << 24) - 0.5
            return 0.1 * noise + 0.3 * Float(sin(Double(n) * 0.05)) * Float(sin(Double(n) * 0.0003)) + 0.01
        }
        let spectrum = try LogMel().spectrum(of: audio)
        #expect(spectrum.count == 80 * 800)
        let largest = try #require(spectrum.max())
        for frame in [0, 1, (128_000 - count) / 160 + 1, 650, 798, 799] {
            for (band, value) in reference(audio, frame: frame).enumerated() {
                let expected = max(Float((value + 4) / 4), largest - 2)
                #expect(abs(spectrum[band * 800 + frame] - expected) < 1e-4, "frame \(frame), band \(band)")
            }
        }
    }

    @Test func onlyTheLastEightSecondsCount() throws {
        let mel = try LogMel()
        let audio = (0..<128_000).map { Float(sin(Double($0) * 0.03)) }
        #expect(try mel.spectrum(of: [Float](repeating: 0.7, count: 5000) + audio) == mel.spectrum(of: audio))
    }

    @Test func silenceAndHostileSamplesGiveNumbers() throws {
        let mel = try LogMel()
        for audio in [[], [0.5], [.nan, .infinity, -1e38, 1], [Float](repeating: .nan, count: 1000)] {
            let spectrum = try mel.spectrum(of: audio)
            #expect(spectrum.count == 64_000 && spectrum.allSatisfy { $0.isFinite })
        }
    }
}
