import Audio
import COpus
import OpusCodec
import Testing

@Suite struct OpusDecoderTests {
    private static func settings(_ rate: Int, _ milliseconds: Int = 20, bitrate: Int = 32_000) -> OpusEncoder.Settings {
        var settings = OpusEncoder.Settings(sampleRate: rate)
        (settings.frameMilliseconds, settings.bitrate) = (milliseconds, bitrate)
        return settings
    }

    private static func decode(_ packets: [[UInt8]], at rate: Int) throws -> [Float] {
        var decoder = try OpusDecoder(sampleRate: rate)
        var scratch = [Float](repeating: 0, count: decoder.longestPacket)
        var samples: [Float] = []
        for packet in packets {
            let count = try decode(packet, &decoder, &scratch)
            samples += scratch.prefix(count)
        }
        return samples
    }

    private static func decode(_ packet: [UInt8], _ decoder: inout OpusDecoder, _ samples: inout [Float]) throws(OpusError) -> Int {
        var output = samples.mutableSpan
        return try decoder.decode(packet.span, into: &output)
    }

    @Test(arguments: [8_000, 12_000, 16_000, 24_000, 48_000], [10, 20, 40, 60])
    func speechComesBackRecognisably(rate: Int, milliseconds: Int) throws {
        let original = Speech.samples(rate: rate, seconds: 0.6)
        let decoded = try Self.decode(Speech.encode(original, Self.settings(rate, milliseconds)), at: rate)
        #expect(decoded.count == original.count / (rate * milliseconds / 1_000) * (rate * milliseconds / 1_000))
        let lookahead = try OpusEncoder(Self.settings(rate, milliseconds)).lookahead
        #expect(Speech.correlation(original[...], decoded[lookahead...]) > 0.9)
    }

    @Test func enoughBitsBringTheWaveformBack() throws {
        var settings = Self.settings(48_000, bitrate: 256_000)
        settings.application = .audio
        let original = Speech.samples(rate: 48_000, seconds: 0.4)
        let decoded = try Self.decode(Speech.encode(original, settings), at: 48_000)
        let lookahead = try OpusEncoder(settings).lookahead
        #expect(Speech.signalToNoise(original[...], decoded[lookahead...]) > 25)
    }

    @Test func anyRateDecodesAnyPacket() throws {
        let packets = try Speech.packets(Self.settings(48_000, 60), seconds: 0.3)
        for rate in OpusFormat.rates { #expect(try Self.decode(packets, at: rate).count == packets.count * rate * 60 / 1_000) }
    }

    @Test(arguments: [0, 44_100, -1, 96_000]) func ratesThatOpusLacksAreRefused(rate: Int) {
        #expect { _ = try OpusDecoder(sampleRate: rate) } throws: { ($0 as? OpusError)?.code == .unsupportedFormat }
    }

    @Test func aCorruptPacketHasItsCodeAndHarmsNothing() throws {
        var decoder = try OpusDecoder(sampleRate: 16_000)
        var samples = [Float](repeating: 0, count: decoder.longestPacket)
        for bad in [[], [3], [0xFF, 0xFF, 0xFF]] as [[UInt8]] {
            var code: OpusError.Code?
            do {
                var output = samples.mutableSpan
                _ = try decoder.decode(bad.span, into: &output)
            } catch { code = error.code }
            #expect(code == .corruptPacket)
        }
        let good = try Speech.packets(Self.settings(16_000), seconds: 0.1)[0]
        let count = try Self.decode(good, &decoder, &samples)
        #expect(count == 320)
    }

    @Test func tooLittleRoomHasItsCode() throws {
        var decoder = try OpusDecoder(sampleRate: 16_000)
        var samples = [Float](repeating: 0, count: 319)
        let good = try Speech.packets(Self.settings(16_000), seconds: 0.1)[0]
        var codes: [OpusError.Code] = []
        for attempt in 0..<5 {
            do {
                var output = samples.mutableSpan
                switch attempt {
                case 0: _ = try decoder.decode(good.span, into: &output)
                case 1: try decoder.conceal(samples: 320, into: &output)
                case 2: try decoder.conceal(samples: 41, into: &output)
                case 3: try decoder.conceal(samples: 0, into: &output)
                default: try decoder.decodeFEC(good.span, samples: 320, into: &output)
                }
            } catch { codes.append(error.code) }
        }
        #expect(codes == [.outputTooSmall, .outputTooSmall, .unsupportedFormat, .unsupportedFormat, .outputTooSmall])
    }

    @Test func concealmentGoesOnAndFadesAway() throws {
        var decoder = try OpusDecoder(sampleRate: 16_000)
        var samples = [Float](repeating: 0, count: decoder.longestPacket)
        for packet in try Speech.packets(Self.settings(16_000), seconds: 0.4).prefix(17) {
            var output = samples.mutableSpan
            _ = try decoder.decode(packet.span, into: &output)
        }
        var levels: [Float] = []
        for _ in 0..<15 {
            var output = samples.mutableSpan
            try decoder.conceal(samples: 320, into: &output)
            levels.append(Loudness.rms(Array(samples.prefix(320))))
        }
        #expect(levels[0] > -40)
        #expect(levels[14] < levels[0] - 15)
    }

    @Test func theOutputGainScales() throws {
        let packets = try Speech.packets(Self.settings(16_000), seconds: 0.2)
        let plain = try Self.decode(packets, at: 16_000)
        var decoder = try OpusDecoder(sampleRate: 16_000)
        decoder.setOutputGain(-1_541)  // -6.02 dB
        var scaled: [Float] = []
        var samples = [Float](repeating: 0, count: decoder.longestPacket)
        for packet in packets {
            let count = try Self.decode(packet, &decoder, &samples)
            scaled += samples.prefix(count)
        }
        for (half, whole) in zip(scaled, plain) { #expect(abs(half - whole / 2) < 1e-3) }
    }

    @Test func resettingBeginsAnotherStream() throws {
        let packets = try Speech.packets(Self.settings(16_000), seconds: 0.2)
        var decoder = try OpusDecoder(sampleRate: 16_000)
        var samples = [Float](repeating: 0, count: decoder.longestPacket)
        for round in 0..<2 {
            if round == 1 { decoder.reset() }
            var all: [Float] = []
            for packet in packets {
                let count = try Self.decode(packet, &decoder, &samples)
                all += samples.prefix(count)
            }
            #expect(try all == Self.decode(packets, at: 16_000))
        }
    }

    @Test func theInspectorAgreesWithTheLibrary() {
        var random = SeededGenerator(seed: 3)
        var valid = 0
        for _ in 0..<20_000 {
            var bytes = (0..<Int.random(in: 1...60, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
            if Bool.random(using: &random), bytes.count > 1 { bytes[1] &= 0xC7 }  // few frames, so that many are valid
            var sizes = [Int16](repeating: 0, count: 48)
            let frames = opus_packet_parse(bytes, Int32(bytes.count), nil, nil, &sizes, nil)
            let packet = try? OpusPacket(bytes)
            #expect((packet != nil) == (frames > 0), "\(bytes)")
            guard let packet, frames > 0 else { continue }
            valid += 1
            #expect(packet.frameCount == Int(frames))
            #expect(packet.sampleCount(at: 48_000) == Int(opus_packet_get_nb_samples(bytes, Int32(bytes.count), 48_000)))
            #expect(packet.channelCount == Int(opus_packet_get_nb_channels(bytes)))
            #expect(packet.isDTX == sizes.prefix(Int(frames)).allSatisfy { $0 <= 1 })
        }
        #expect(valid > 5_000)
    }

    @Test func noMutantOfAPacketCrashesTheDecoder() throws {
        var random = SeededGenerator(seed: 9)
        let packets = try Speech.packets(Self.settings(16_000), seconds: 0.3) + Speech.packets(Self.settings(48_000, 60), seconds: 0.3)
        var decoder = try OpusDecoder(sampleRate: 16_000)
        var samples = [Float](repeating: 0, count: decoder.longestPacket)
        var (decoded, refused) = (0, 0)
        for round in 0..<4_000 {
            let mutant = Mutation.mutate(packets[round % packets.count], &random)
            do {
                var output = samples.mutableSpan
                if round % 3 == 0 { try decoder.decodeFEC(mutant.span, samples: 320, into: &output) }
                let count = try decoder.decode(mutant.span, into: &output)
                decoded += 1
                #expect(count <= longest && samples.prefix(count).allSatisfy { $0.isFinite })
            } catch {
                refused += 1
                #expect(error.code == .corruptPacket)
            }
        }
        #expect(decoded > 1_000 && refused > 10)
    }

    private let longest = 1_920
}
