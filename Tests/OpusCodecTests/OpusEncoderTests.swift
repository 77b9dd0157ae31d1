import Audio
import OpusCodec
import Testing

@Suite struct OpusEncoderTests {
    private static func encode(_ frame: [Float], _ encoder: inout OpusEncoder, _ bytes: inout [UInt8]) throws(OpusError) -> Int {
        var output = bytes.mutableSpan
        return try encoder.encode(frame.span, into: &output)
    }

    @Test(arguments: [10, 20, 40, 60]) func packetsHaveTheAskedDuration(milliseconds: Int) throws {
        var settings = OpusEncoder.Settings(sampleRate: 24_000)
        settings.frameMilliseconds = milliseconds
        for packet in try Speech.packets(settings, seconds: 0.3) {
            #expect(try OpusPacket(packet).duration == milliseconds * 48)
        }
    }

    @Test func moreBitsMakeLongerPackets() throws {
        var settings = OpusEncoder.Settings(sampleRate: 16_000)
        settings.bitrate = 8_000
        let few = try Speech.packets(settings, seconds: 0.5).reduce(0) { $0 + $1.count }
        settings.bitrate = 40_000
        let many = try Speech.packets(settings, seconds: 0.5).reduce(0) { $0 + $1.count }
        #expect(many > few * 2)

        var encoder = try OpusEncoder(settings)
        encoder.setBitrate(6_000)
        let frame = Array(Speech.samples(rate: 16_000, seconds: 0.3).suffix(320))
        var size = 0
        for _ in 0..<10 { size = try encoder.encode(frame).count }
        #expect(size < 40)
    }

    @Test func redundancyNeedsBothItsSettings() throws {
        var settings = OpusEncoder.Settings(sampleRate: 16_000)
        settings.bitrate = 24_000
        #expect(try !Speech.packets(settings, seconds: 0.5).contains { try OpusPacket($0).hasFEC })
        (settings.fec, settings.expectedLoss) = (true, 20)
        #expect(try Speech.packets(settings, seconds: 0.5).filter { try OpusPacket($0).hasFEC }.count > 10)
    }

    @Test func silenceIsNotSentWithDTX() throws {
        var settings = OpusEncoder.Settings(sampleRate: 16_000)
        settings.dtx = true
        let packets = try Speech.encode([Float](repeating: 0, count: 32_000), settings)
        #expect(packets.filter { $0.count <= 2 }.count > 50)
        #expect(try packets.filter { try OpusPacket($0).isDTX }.count == packets.filter { $0.count <= 2 }.count)
    }

    @Test func settingsOutOfRangeAreRefused() {
        let changes: [(inout OpusEncoder.Settings) -> Void] = [
            { $0.sampleRate = 44_100 }, { $0.bitrate = 100 }, { $0.complexity = 11 }, { $0.expectedLoss = 101 }, { $0.frameMilliseconds = 30 },
        ]
        for change in changes {
            var settings = OpusEncoder.Settings(sampleRate: 16_000)
            change(&settings)
            #expect { _ = try OpusEncoder(settings) } throws: { ($0 as? OpusError)?.code == .unsupportedFormat }
        }
    }

    @Test func aWrongFrameOrNoRoomHasItsCode() throws {
        var encoder = try OpusEncoder(OpusEncoder.Settings(sampleRate: 16_000))
        var codes: [OpusError.Code] = []
        do { _ = try encoder.encode([0, 0]) } catch { codes.append(error.code) }
        var bytes: [UInt8] = []
        let frame = [Float](repeating: 0, count: 320)
        do { _ = try Self.encode(frame, &encoder, &bytes) } catch { codes.append(error.code) }
        #expect(codes == [.unsupportedFormat, .outputTooSmall])
    }

    @Test func aPacketFitsIntoTheRoomGiven() throws {
        var settings = OpusEncoder.Settings(sampleRate: 48_000)
        settings.bitrate = 128_000
        var encoder = try OpusEncoder(settings)
        let speech = Speech.samples(rate: 48_000, seconds: 0.02)
        var bytes = [UInt8](repeating: 0, count: 50)
        let count = try Self.encode(speech, &encoder, &bytes)
        #expect((3...50).contains(count))
        #expect(try OpusPacket(Array(bytes.prefix(count))).duration == 960)
    }

    @Test func loudAndBrokenSamplesDoNotCrashIt() throws {
        for value in [Float.nan, .infinity, -1e30, 5] {
            var encoder = try OpusEncoder(OpusEncoder.Settings(sampleRate: 16_000))
            for _ in 0..<3 { #expect(try OpusPacket(encoder.encode([Float](repeating: value, count: 320))).duration == 960) }
        }
    }

    @Test func everyApplicationTellsItsLookahead() throws {
        var settings = OpusEncoder.Settings(sampleRate: 48_000)
        let voip = try OpusEncoder(settings).lookahead
        settings.application = .lowDelay
        let lowDelay = try OpusEncoder(settings).lookahead
        #expect(lowDelay > 0 && lowDelay < voip)
    }
}
