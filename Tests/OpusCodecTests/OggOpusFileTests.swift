import Audio
import OpusCodec
import Testing

@Suite struct OggOpusFileTests {
    @Test(arguments: [8_000, 16_000, 22_050, 24_000, 44_100, 48_000]) func aFilePlaysAsLongAsItsSamples(rate: Int) throws {
        let audio = PCMAudio(sampleRate: rate, samples: Speech.samples(rate: rate, seconds: 0.73))
        let bytes = try OggOpusFile.encode(audio)
        let decoded = try OggOpusFile.decode(bytes, sampleRate: rate)
        #expect(abs(decoded.samples.count - audio.samples.count) <= 2)
        #expect(Speech.correlation(audio.samples[...], decoded.samples[...]) > 0.9, "and is not shifted")
    }

    @Test func anyRateMayBeAskedFor() throws {
        let audio = PCMAudio(sampleRate: 16_000, samples: Speech.samples(rate: 16_000, seconds: 0.5))
        let bytes = try OggOpusFile.encode(audio)
        for rate in [8_000, 11_025, 22_050, 48_000] {
            let decoded = try OggOpusFile.decode(bytes, sampleRate: rate)
            #expect(decoded.sampleRate == rate)
            #expect(abs(decoded.samples.count - rate / 2) <= 2)
            let back = try audio.resampled(to: rate)
            #expect(Speech.correlation(back.samples[...], decoded.samples[...]) > 0.9)
        }
    }

    @Test func emptyAudioMakesAnEmptyFile() throws {
        let bytes = try OggOpusFile.encode(PCMAudio(sampleRate: 16_000, samples: []))
        #expect(try OggOpusFile.decode(bytes, sampleRate: 16_000).samples.isEmpty)
    }

    @Test func chainedFilesPlayOneAfterTheOther() throws {
        let audio = PCMAudio(sampleRate: 16_000, samples: Speech.samples(rate: 16_000, seconds: 0.3))
        let bytes = try OggOpusFile.encode(audio) + OggOpusFile.encode(audio, serial: 2)
        #expect(try OggOpusFile.decode(bytes, sampleRate: 16_000).samples.count == 2 * audio.samples.count)
    }

    @Test func whatIsNoFileHasItsCode() {
        for bytes in [[], [UInt8]("OggS".utf8), [UInt8](repeating: 7, count: 500)] as [[UInt8]] {
            #expect { try OggOpusFile.decode(bytes, sampleRate: 16_000) } throws: { ($0 as? OpusError)?.code == .notOggOpus }
        }
    }

    @Test func tooLongAFileIsRefused() throws {
        let bytes = try OggOpusFile.encode(PCMAudio(sampleRate: 16_000, samples: [Float](repeating: 0, count: 40_000)))
        #expect { try OggOpusFile.decode(bytes, sampleRate: 16_000, longest: .seconds(2)) } throws: {
            ($0 as? OpusError)?.code == .tooLong
        }
    }

    @Test func noMutantOfAFileCrashesTheDecoder() throws {
        var random = SeededGenerator(seed: 33)
        let bytes = try OggOpusFile.encode(PCMAudio(sampleRate: 16_000, samples: Speech.samples(rate: 16_000, seconds: 0.1)))
        var (played, refused) = (0, 0)
        for _ in 0..<500 {
            do {
                if try !OggOpusFile.decode(Mutation.mutate(bytes, &random), sampleRate: 16_000).samples.isEmpty { played += 1 }
            } catch {
                refused += 1
                #expect([.notOggOpus, .unsupportedFormat].contains(error.code))
            }
        }
        #expect(played > 10 && refused > 10)
    }
}
