import Audio
import Testing

@Suite struct LevelTests {
    @Test func aFullScaleSineLiesThreeDecibelsBelowFullScale() {
        let sine = Signal.tone(1_000, rate: 16_000, count: 16_000, amplitude: 1)
        #expect(abs(Loudness.rms(sine) + 3.0103) < 0.001)
        #expect(abs(Loudness.peak(sine) - 1) < 0.001)
        #expect(abs(Loudness.rms(sine.map { $0 * 0.1 }) + 23.0103) < 0.001)
    }

    @Test func silenceAndNonsenseHaveALevel() {
        #expect(Loudness.rms([Float]()) == Loudness.silence)
        #expect(Loudness.rms([Float](repeating: 0, count: 7)) == Loudness.silence)
        #expect(Loudness.rms([.nan]) == Loudness.silence)
        #expect(Loudness.rms([.infinity]) == 120)
        #expect(Loudness.peak([Float]()) == 0)
        #expect(Loudness.peak([0.1, -0.7]) == 0.7)
    }

    @Test func decibelsBecomeGains() {
        #expect(Loudness.gain(decibels: 0) == 1)
        #expect(abs(Loudness.gain(decibels: -6.0206) - 0.5) < 1e-5)
        #expect(abs(Loudness.gain(decibels: 20) - 10) < 1e-4)
    }

    @Test func theNoiseFloorStaysNearTheNoiseWhileSpeechPasses() throws {
        var floor = NoiseFloor()
        let noise = Signal.noise(320, seed: 1).map { $0 * 0.01 }
        let speech = Signal.tone(300, rate: 16_000, count: 320, amplitude: 0.3)
        for _ in 0..<50 { floor.update(noise.span, sampleRate: 16_000) }
        let before = try #require(floor.level)
        #expect(abs(before - Loudness.rms(noise)) < 1)
        for _ in 0..<100 {
            let above = floor.update(speech.span, sampleRate: 16_000)
            #expect(above > 20)
        }
        #expect(try #require(floor.level) - before < 7, "two seconds at three decibels a second")
        for _ in 0..<50 { floor.update(noise.span, sampleRate: 16_000) }
        #expect(abs(try #require(floor.level) - before) < 0.5)
    }

    @Test func theNoiseFloorFindsALouderRoomInTime() throws {
        var floor = NoiseFloor()
        let noise = Signal.noise(320, seed: 1)
        let quiet = noise.map { $0 * 0.01 }
        floor.update(quiet.span, sampleRate: 16_000)
        for _ in 0..<1_000 { floor.update(noise.span, sampleRate: 16_000) }
        #expect(abs(try #require(floor.level) - Loudness.rms(noise)) < 0.5)
    }

    @Test(arguments: [Fade.Shape.linear, .raisedCosine]) func aFadeIsTheSameInPieces(shape: Fade.Shape) {
        var whole = [Float](repeating: 1, count: 100)
        var fade = Fade(from: 1, to: 0.2, length: 80, shape: shape)
        fade.apply(to: &whole)
        #expect(fade.isComplete)
        #expect(whole[0] == 1)
        #expect(abs(whole[40] - 0.6) < 1e-5)
        #expect(whole[80...].allSatisfy { $0 == 0.2 })
        #expect(zip(whole, whole.dropFirst()).allSatisfy { $0 >= $1 })

        var again = Fade(from: 1, to: 0.2, length: 80, shape: shape)
        var pieces: [Float] = []
        for size in [1, 0, 30, 49, 20] {
            var piece = [Float](repeating: 1, count: size)
            again.apply(to: &piece)
            pieces += piece
        }
        #expect(pieces == whole)
    }

    @Test func aFadeWithoutLengthIsAStep() {
        var samples: [Float] = [1, 1]
        var fade = Fade(from: 1, to: 0, length: 0)
        fade.apply(to: &samples)
        #expect(samples == [0, 0])
    }

    @Test func integersAreRoundedAndClipped() {
        let values: [Float] = [0, 1, -1, 2, -9, .nan, .infinity, 0.5, 1.6 / 32_768, -1.6 / 32_768, 0.4 / 32_768]
        let expected: [Int16] = [0, 32_767, -32_768, 32_767, -32_768, 0, 32_767, 16_384, 2, -2, 0]
        #expect(values.map { PCM16.sample($0) } == expected)
        let all = Array(Int16.min...Int16.max)
        #expect(all.map { PCM16.sample(PCM16.float($0)) } == all)
    }

    @Test func bytesAreLittleEndian() {
        #expect(PCM16.bytes([PCM16.float(0x1234), PCM16.float(-2)]) == [0x34, 0x12, 0xFE, 0xFF])
        #expect(PCM16.floats(bytes: [0x34, 0x12, 0xFE, 0xFF, 7]) == [PCM16.float(0x1234), PCM16.float(-2)])
        #expect(PCM16.floats(bytes: [7]).isEmpty)
        #expect(PCM16.floats(bytes: []).isEmpty)
    }

    @Test func twoTracksBecomeTwoChannels() throws {
        let left = PCMAudio(sampleRate: 8_000, samples: [1, 2, 3])
        let right = PCMAudio(sampleRate: 8_000, samples: [-1])
        let mixed = try StereoMix.interleaved(left: left, right: right)
        #expect(mixed == [1, -1, 2, 0, 3, 0])
        let mean: [Float] = [0, 1, 1.5]
        #expect(StereoMix.mono(mixed, channels: 2) == mean)
        #expect(StereoMix.mono(mixed, channels: 2, channel: 1) == [-1, 0, 0])
        let other = PCMAudio(sampleRate: 16_000, samples: [])
        #expect { try StereoMix.interleaved(left: left, right: other) } throws: { ($0 as? AudioError)?.code == .rateMismatch }
    }
}
