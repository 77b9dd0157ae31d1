import Audio
import Foundation
import Testing

@Suite struct ResamplerTests {
    static let rates = [8_000, 16_000, 22_050, 24_000, 44_100, 48_000]
    static let pairs = rates.flatMap { from in rates.filter { $0 != from }.map { [from, $0] } }

    @Test(arguments: pairs) func aToneKeepsItsLevelAndGainsNoImages(pair: [Int]) throws {
        let nyquist = Double(min(pair[0], pair[1])) / 2
        for fraction in [0.05, 0.5, 0.9] {
            let tone = Signal.tone(fraction * nyquist, rate: pair[0], count: pair[0] / 10)
            let output = try PCMAudio(sampleRate: pair[0], samples: tone).resampled(to: pair[1])
            let fit = Signal.fit(output.samples, frequency: fraction * nyquist, rate: pair[1], margin: pair[1] / 50)
            #expect(abs(20 * log10(fit.amplitude / 0.5)) < 0.1, "ripple at \(fraction)")
            #expect(20 * log10(fit.residual / 0.5) < -80, "images at \(fraction)")
            #expect(abs(fit.phase) < 0.002, "time shift at \(fraction)")
        }
    }

    @Test(arguments: pairs.filter { $0[0] > $0[1] }) func aToneAboveTheNewNyquistFrequencyVanishes(pair: [Int]) throws {
        for fraction in [1.01, 1.1, 1.3] where fraction * Double(pair[1]) < Double(pair[0]) {
            let tone = Signal.tone(fraction * Double(pair[1]) / 2, rate: pair[0], count: pair[0] / 10)
            let output = try PCMAudio(sampleRate: pair[0], samples: tone).resampled(to: pair[1]).samples
            let middle = output[(pair[1] / 50)..<(output.count - pair[1] / 50)]
            let level = (middle.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(middle.count)).squareRoot()
            #expect(20 * log10(level / 0.35) < -80, "alias of \(fraction)")
        }
    }

    @Test(arguments: pairs) func anyCutsGiveTheSameSamplesAndTheExactLength(pair: [Int]) throws {
        let input = Signal.noise(1_703, seed: 3)
        let whole = try PCMAudio(sampleRate: pair[0], samples: input).resampled(to: pair[1]).samples
        #expect(whole.count == (input.count * pair[1] + pair[0] - 1) / pair[0])
        var random = SeededGenerator(seed: UInt64(pair[0] * pair[1]))
        var resampler = try Resampler(from: pair[0], to: pair[1])
        for _ in 0..<2 {  // flush begins a new stream
            var (pieces, rest) = ([Float](), input[...])
            while !rest.isEmpty {
                let cut = rest.prefix(Int.random(in: 0...300, using: &random))
                pieces += resampler.process(Array(cut))
                rest = rest.dropFirst(cut.count)
            }
            #expect(pieces + resampler.flush() == whole)
        }
    }

    @Test func outputComesOnlyLatencySamplesLater() throws {
        var resampler = try Resampler(from: 8_000, to: 16_000)
        #expect(resampler.process([Float](repeating: 1, count: resampler.latency)).isEmpty)
        #expect(resampler.process([1]).count == 2)
    }

    @Test func equalRatesPassThrough() throws {
        var resampler = try Resampler(from: 16_000, to: 16_000)
        #expect(resampler.latency == 0)
        #expect(resampler.process([0.25, 0.5]) == [0.25, 0.5])
        #expect(resampler.flush().isEmpty)
    }

    @Test func emptyAudioStaysEmpty() throws {
        #expect(try PCMAudio(sampleRate: 8_000, samples: []).resampled(to: 48_000).samples.isEmpty)
    }

    @Test(arguments: [[0, 8_000], [8_000, -1], [8_000, 1 << 40], [44_101, 48_000]]) func oddRatesAreRefused(pair: [Int]) {
        #expect { _ = try Resampler(from: pair[0], to: pair[1]) } throws: { ($0 as? AudioError)?.code == .unsupportedRate }
    }

    @Test(.enabled(if: ProcessInfo.processInfo.environment["PARLEY_BENCHMARK"] != nil, "figures only on demand: set PARLEY_BENCHMARK"))
    func cost() throws {
        for (from, to) in [(22_050, 24_000), (48_000, 16_000), (8_000, 16_000), (44_100, 48_000), (24_000, 48_000)] {
            let second = Signal.noise(from, seed: 1)
            var resampler = try Resampler(from: from, to: to)
            var output: [Float] = []
            var best = Duration.seconds(9)
            for _ in 0..<30 {
                output.removeAll(keepingCapacity: true)
                best = min(best, ContinuousClock().measure { resampler.process(second.span, appendingTo: &output) })
            }
            print("resample \(from) -> \(to): \(best) for a second, \(output.count) samples")
            #expect(best < .milliseconds(20))
        }
    }
}
