import Audio
import Testing

@Suite struct OpusPacketTests {
    private static func isValid(_ bytes: [UInt8]) -> Bool { (try? OpusPacket(bytes)) != nil }

    @Test func theFirstByteTellsModeBandwidthAndDuration() throws {
        typealias Row = (Int, OpusPacket.Mode, OpusPacket.Bandwidth, Int)
        let rows: [Row] = [
            (0, .silk, .narrow, 480), (3, .silk, .narrow, 2_880), (5, .silk, .medium, 960), (10, .silk, .wide, 1_920),
            (12, .hybrid, .superWide, 480), (13, .hybrid, .superWide, 960), (15, .hybrid, .full, 960), (16, .celt, .narrow, 120),
            (21, .celt, .wide, 240), (26, .celt, .superWide, 480), (31, .celt, .full, 960),
        ]
        for (configuration, mode, bandwidth, duration) in rows {
            let packet = try OpusPacket([UInt8(configuration << 3), 1, 2])
            #expect(packet.mode == mode, "configuration \(configuration)")
            #expect(packet.bandwidth == bandwidth, "configuration \(configuration)")
            #expect(packet.frameDuration == duration, "configuration \(configuration)")
            #expect(packet.frameCount == 1 && packet.channelCount == 1)
            #expect(try OpusPacket([UInt8(configuration << 3 | 4), 1, 2]).channelCount == 2)
        }
        #expect(OpusPacket.Bandwidth.narrow < .wide)
    }

    @Test func severalFramesAddUp() throws {
        #expect(try OpusPacket([8 << 3 | 1, 1, 2, 3, 4]).duration == 960)
        #expect(try OpusPacket([9 << 3 | 2, 1, 7, 8, 9]).duration == 1_920)
        #expect(try OpusPacket([9 << 3 | 3, 3, 1, 2, 3]).sampleCount(at: 16_000) == 960)
        #expect(try OpusPacket([9 << 3 | 3, 0x80 | 2, 1, 7, 8, 9]).frameCount == 2)
        #expect(try OpusPacket([16 << 3 | 3, 48]).duration == OpusPacket.longestDuration)
        #expect(try OpusPacket([9 << 3 | 3, 0x40 | 1, 2, 7, 0, 0]).frameCount == 1)
        #expect(try OpusPacket([9 << 3 | 3, 0x40 | 1, 255, 1, 7] + [UInt8](repeating: 0, count: 255)).frameCount == 1)
    }

    @Test func everyRuleOfTheFormatIsKept() {
        #expect(!Self.isValid([]))  // R1
        #expect(!Self.isValid([0] + [UInt8](repeating: 0, count: 1_276)))  // R2
        #expect(Self.isValid([0] + [UInt8](repeating: 0, count: 1_275)))
        #expect(!Self.isValid([1, 0]))  // R3
        #expect(!Self.isValid([2]))  // R4: no length
        #expect(!Self.isValid([2, 252]))  // half a length
        #expect(!Self.isValid([2, 5, 1, 2]))  // beyond
        #expect(!Self.isValid([3]))  // R5: no count
        #expect(!Self.isValid([3, 0]))
        #expect(!Self.isValid([3 << 3 | 3, 3]))  // 180 ms
        #expect(!Self.isValid([3, 2, 1]))  // R6: not divisible
        #expect(!Self.isValid([3, 0x41]))  // no padding length
        #expect(!Self.isValid([3, 0x41, 5, 0]))  // padding beyond
        #expect(!Self.isValid([3, 0x41, 255]))
        #expect(!Self.isValid([3, 0x82, 5, 0]))  // R7: beyond
        #expect(!Self.isValid([3, 0x83, 1]))
    }

    @Test func silentPacketsAreKnown() throws {
        #expect(try OpusPacket([8 << 3]).isDTX)
        #expect(try OpusPacket([8 << 3, 0]).isDTX)
        #expect(try OpusPacket([9 << 3 | 3, 3]).isDTX)
        #expect(try !OpusPacket([8 << 3, 0, 0]).isDTX)
    }

    @Test func redundancyIsSeenInTheFirstBits() throws {
        #expect(try OpusPacket([9 << 3, 0b0100_0000, 0]).hasFEC)  // 20 ms: one voice flag
        #expect(try !OpusPacket([9 << 3, 0b1011_1111, 0]).hasFEC)
        #expect(try OpusPacket([11 << 3, 0b0001_0000, 0]).hasFEC)  // 60 ms: three
        #expect(try !OpusPacket([11 << 3, 0b1110_1111, 0]).hasFEC)
        #expect(try OpusPacket([9 << 3 | 4, 0b0001_0000, 0]).hasFEC)  // stereo: the other channel's
        #expect(try !OpusPacket([31 << 3, 0xFF, 0xFF]).hasFEC)  // CELT has none
        #expect(try !OpusPacket([9 << 3]).hasFEC)
    }

    @Test func whatTheEncoderFoundNoVoiceInIsSeenInTheFirstBits() throws {
        #expect(try OpusPacket([9 << 3, 0b0111_1111, 0]).hasVoice == false)  // 20 ms: one flag
        #expect(try OpusPacket([9 << 3, 0b1000_0000, 0]).hasVoice == true)
        #expect(try OpusPacket([11 << 3, 0b0001_1111, 0]).hasVoice == false)  // 60 ms: three
        #expect(try OpusPacket([11 << 3, 0b0010_0000, 0]).hasVoice == true)
        #expect(try OpusPacket([9 << 3 | 4, 0b0101_1111, 0]).hasVoice == false)  // stereo: a flag, redundancy, the other flag
        #expect(try OpusPacket([9 << 3 | 4, 0b0010_0000, 0]).hasVoice == true)
        #expect(try OpusPacket([9 << 3, 0]).hasVoice == nil)  // nothing in it
        #expect(try OpusPacket([9 << 3 | 1, 0, 0, 0, 0]).hasVoice == nil)  // two frames
        #expect(try OpusPacket([15 << 3, 0, 0]).hasVoice == nil)  // hybrid
        #expect(try OpusPacket([31 << 3, 0, 0]).hasVoice == nil)  // CELT
    }

    @Test func noBytesCrashTheInspector() {
        var random = SeededGenerator(seed: 7)
        var valid = 0
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 0...40, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
            if let packet = try? OpusPacket(bytes) {
                valid += 1
                #expect(packet.duration <= OpusPacket.longestDuration)
            }
        }
        #expect(valid > 1_000)
    }
}
