import Audio
import Testing

@Suite struct WAVFileTests {
    /// A file of the given chunks.
    private static func file(_ chunks: [(String, [UInt8])]) -> [UInt8] {
        let body = chunks.reduce(into: [UInt8]("WAVE".utf8)) { bytes, chunk in
            bytes += Array(chunk.0.utf8) + little(chunk.1.count, 4) + chunk.1 + (chunk.1.count % 2 == 1 ? [0] : [])
        }
        return Array("RIFF".utf8) + little(body.count, 4) + body
    }

    private static func little(_ value: Int, _ size: Int) -> [UInt8] { (0..<size).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }

    private static func format(_ tag: Int, _ bits: Int, channels: Int = 1, rate: Int = 8_000) -> [UInt8] {
        little(tag, 2) + little(channels, 2) + little(rate, 4) + little(rate * channels * bits / 8, 4) + little(channels * bits / 8, 2)
            + little(bits, 2)
    }

    private static func code(_ bytes: [UInt8]) -> AudioError.Code? {
        do {
            _ = try WAVFile(bytes)
            return nil
        } catch { return error.code }
    }

    @Test func whatIsWrittenIsReadBack() throws {
        let audio = PCMAudio(sampleRate: 22_050, samples: Signal.noise(1_000, seed: 5).map { PCM16.float(PCM16.sample($0)) })
        let file = try WAVFile(WAVFile.encode(audio))
        #expect(file.channelCount == 1)
        #expect(file.mono == audio)
    }

    @Test func stereoKeepsItsSides() throws {
        let left = PCMAudio(sampleRate: 16_000, samples: [0.5, -0.5])
        let right = PCMAudio(sampleRate: 16_000, samples: [0.25])
        let file = try WAVFile(WAVFile.encode(left: left, right: right))
        #expect(file.channelCount == 2)
        #expect(file.channel(0) == left)
        #expect(file.channel(1).samples == [0.25, 0])
        #expect(file.mono.samples == [0.375, -0.25])
    }

    @Test func everyEncodingIsRead() throws {
        let cases: [(Int, Int, [UInt8], [Float])] = [
            (1, 8, [0, 128, 192], [-1, 0, 0.5]),
            (1, 16, [0, 0x80, 0, 0x40], [-1, 0.5]),
            (1, 24, [0, 0, 0x80, 0, 0, 0x40], [-1, 0.5]),
            (1, 32, [0, 0, 0, 0x80, 0, 0, 0, 0x40], [-1, 0.5]),
            (3, 32, Self.little(Int(Float(0.75).bitPattern), 4) + Self.little(Int(Float.nan.bitPattern), 4), [0.75, 0]),
            (3, 64, Self.little(Int(truncatingIfNeeded: (-0.75).bitPattern), 8), [-0.75]),
            (6, 8, [0xD5], [8.0 / 32_768]),
            (7, 8, [0xFE], [8.0 / 32_768]),
        ]
        for (tag, bits, data, samples) in cases {
            #expect(try WAVFile(Self.file([("fmt ", Self.format(tag, bits)), ("data", data)])).samples == samples, "tag \(tag), \(bits) bits")
        }
    }

    @Test func anExtensibleFormatNamesItsRealOne() throws {
        let guid: [UInt8] = [1, 0, 0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71]
        let format = Self.format(0xFFFE, 16) + Self.little(22, 2) + Self.little(16, 2) + Self.little(4, 4) + guid
        #expect(try WAVFile(Self.file([("fmt ", format), ("data", [0, 0x40])])).samples == [0.5])
        #expect(Self.code(Self.file([("fmt ", Array(format.dropLast(3))), ("data", [0, 0])])) == .wavBadFormat)
        #expect(Self.code(Self.file([("fmt ", Array(format.dropLast()) + [0]), ("data", [0, 0])])) == .wavUnsupportedEncoding)
    }

    @Test func otherChunksOfAnySizeAreSkipped() throws {
        let bytes = Self.file([("JUNK", [1]), ("fmt ", Self.format(1, 16)), ("LIST", [1, 2, 3]), ("data", [0, 0x40]), ("cue ", [9])])
        #expect(try WAVFile(bytes).samples == [0.5])
    }

    @Test(arguments: [0, 0xFFFF_FFFF, 0x7FFF_F000]) func anUnknownDataSizeMeansUntilTheEnd(size: Int) throws {
        var bytes = Self.file([("fmt ", Self.format(1, 16)), ("data", [0, 0x40, 0, 0x40, 7])]).dropLast()
        bytes.replaceSubrange(40..<44, with: Self.little(size, 4))
        #expect(try WAVFile(Array(bytes)).samples == [0.5, 0.5])
    }

    @Test func aStreamingHeaderIsReadToo() throws {
        let bytes = WAVFile.header(channels: 1, sampleRate: 24_000, sampleBytes: nil) + [0, 0x40]
        #expect(try WAVFile(bytes).mono == PCMAudio(sampleRate: 24_000, samples: [0.5]))
    }

    @Test func anEmptyFileOfSamplesIsEmpty() throws {
        #expect(try WAVFile(WAVFile.encode(PCMAudio(sampleRate: 8_000, samples: []))).mono.samples.isEmpty)
    }

    @Test func everyMalformationHasItsCode() {
        let good = Self.format(1, 16)
        #expect(Self.code([]) == .wavNotRIFF)
        #expect(Self.code(Array("RIFX0000WAVE".utf8)) == .wavNotRIFF)
        #expect(Self.code(Self.file([])) == .wavNoFormat)
        #expect(Self.code(Self.file([("data", [0, 0])])) == .wavNoFormat)
        #expect(Self.code(Self.file([("fmt ", good)])) == .wavNoData)
        #expect(Self.code(Self.file([("fmt ", Array(good.dropLast()))])) == .wavBadFormat)
        #expect(Self.code(Self.file([("fmt ", Self.format(1, 16, channels: 0)), ("data", [])])) == .wavBadFormat)
        #expect(Self.code(Self.file([("fmt ", Self.format(1, 16, rate: 0)), ("data", [])])) == .wavBadFormat)
        #expect(Self.code(Self.file([("fmt ", Self.format(2, 4)), ("data", [])])) == .wavUnsupportedEncoding)
        #expect(Self.code(Self.file([("fmt ", Self.format(1, 12)), ("data", [])])) == .wavUnsupportedEncoding)
        #expect(Self.code(Array(Self.file([("fmt ", good), ("data", [1, 2, 3, 4])]).dropLast())) == .wavTruncated)
        #expect(Self.code(Array(Self.file([("fmt ", good), ("LIST", [1, 2, 3, 4])]).dropLast())) == .wavTruncated)
    }

    @Test func noMutantOfAFileCrashesTheReader() {
        var random = SeededGenerator(seed: 42)
        let seeds = [
            WAVFile.encode(PCMAudio(sampleRate: 8_000, samples: Signal.noise(40, seed: 1))),
            Self.file([("JUNK", [1]), ("fmt ", Self.format(3, 32, channels: 2)), ("data", [UInt8](repeating: 0x3F, count: 64))]),
            Self.file([("fmt ", Self.format(1, 24)), ("LIST", [1, 2, 3]), ("data", [UInt8](repeating: 0x3F, count: 60))]),
        ]
        var (read, refused) = (0, Set<AudioError.Code>())
        for round in 0..<20_000 {
            let mutant = Mutation.mutate(seeds[round % seeds.count], &random)
            do {
                let file = try WAVFile(mutant)
                #expect(file.samples.count <= mutant.count && file.samples.count % file.channelCount == 0)
                read += 1
            } catch { refused.insert(error.code) }
        }
        #expect(read > 1_000)
        #expect(refused.count >= 5)
    }
}
