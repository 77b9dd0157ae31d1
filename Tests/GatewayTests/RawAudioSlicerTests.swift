import Gateway
import Testing
import Wire

struct RawAudioSlicerTests {
    static let formats = [
        AudioFormat(codec: .pcm16, sampleRate: 24_000), AudioFormat(codec: .muLaw, sampleRate: 8_000), AudioFormat(codec: .aLaw, sampleRate: 8_000),
    ]

    @Test(arguments: formats, [1, 2, 3, 7, 159, 160, 961, 4096, 100_000]) func piecesOfAnySizeBecomePacketsOfWholeSamples(
        format: AudioFormat, size: Int
    ) {
        let sample = format.bytesPerSample ?? 0
        let all = (0..<20_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let slicer = RawAudioSlicer(format)
        var joined: [UInt8] = []
        var expected: (sequence: UInt32, samples: Int) = (0, 0)
        var start = 0
        while start < all.count {
            let piece = Array(all[start..<min(start + size, all.count)])
            slicer.take(piece.span) { header, bytes in
                #expect(bytes.count > 0 && bytes.count % sample == 0)
                #expect(bytes.count <= format.sampleRate * 60 / 1000 * sample)
                #expect(header.sequence == expected.sequence)
                #expect(Int(header.time) == expected.samples * 48_000 / format.sampleRate)
                expected = (expected.sequence + 1, expected.samples + bytes.count / sample)
                for index in bytes.indices { joined.append(bytes[index]) }
            }
            start += size
        }
        #expect(joined == all)
        #expect(slicer.milliseconds == all.count / sample * 1000 / format.sampleRate)
    }

    @Test func halfASampleWaitsForItsOtherHalf() {
        let slicer = RawAudioSlicer(AudioFormat(codec: .pcm16, sampleRate: 24_000))
        var packets: [Int] = []
        slicer.take([1, 2, 3].span) { packets.append($1.count) }
        slicer.take([4].span) { packets.append($1.count) }
        slicer.take([UInt8]().span) { packets.append($1.count) }
        #expect(packets == [2, 2])
    }
}
