import Audio
import Foundation
import OpusCodec
import Testing

/// Agreement with the reference tools, where they are installed.
@Suite struct OpusToolsTests {
    private static func path(_ tool: String) -> String? {
        (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map { "\($0)/\(tool)" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    private static let areInstalled = ["opusenc", "opusdec", "opusinfo"].allSatisfy { path($0) != nil }

    /// A folder of its own, gone afterwards.
    private static func withFolder<T>(_ body: (URL) throws -> T) throws -> T {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("parley-opus-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        return try body(folder)
    }

    private static func run(_ tool: String, _ arguments: [String], in folder: URL) throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try #require(path(tool)))
        process.arguments = arguments
        process.currentDirectoryURL = folder
        let pipe = Pipe()
        (process.standardOutput, process.standardError) = (pipe, pipe)
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: output, as: UTF8.self))
    }

    private static func encode(_ wave: [UInt8], _ arguments: [String]) throws -> [UInt8] {
        try withFolder { folder in
            try Data(wave).write(to: folder.appendingPathComponent("in.wav"))
            let result = try run("opusenc", ["--quiet"] + arguments + ["in.wav", "out.opus"], in: folder)
            #expect(result.status == 0, "\(result.output)")
            return Array(try Data(contentsOf: folder.appendingPathComponent("out.opus")))
        }
    }

    @Test(
        .enabled(if: areInstalled, "opus-tools are not installed"),
        arguments: [
            (8_000, ["--framesize", "60", "--bitrate", "8"]), (16_000, ["--framesize", "20", "--bitrate", "24"]),
            (16_000, ["--framesize", "40", "--bitrate", "16", "--expect-loss", "20"]), (24_000, ["--framesize", "20", "--bitrate", "32"]),
            (48_000, ["--framesize", "2.5", "--bitrate", "96"]), (48_000, ["--framesize", "5", "--bitrate", "64", "--hard-cbr"]),
            (48_000, ["--framesize", "10", "--bitrate", "64"]), (44_100, ["--framesize", "60", "--bitrate", "48"]),
        ] as [(Int, [String])])
    func filesOfOpusencAreRead(rate: Int, arguments: [String]) throws {
        let audio = PCMAudio(sampleRate: rate, samples: Speech.samples(rate: rate, seconds: 1.237))
        let bytes = try Self.encode(WAVFile.encode(audio), arguments)
        let decoded = try OggOpusFile.decode(bytes, sampleRate: rate)
        #expect(abs(decoded.samples.count - audio.samples.count) <= 2)
        #expect(Speech.correlation(audio.samples[...], decoded.samples[...]) > (rate == 8_000 ? 0.7 : 0.9))
    }

    @Test(.enabled(if: areInstalled, "opus-tools are not installed")) func stereoBecomesMono() throws {
        let left = PCMAudio(sampleRate: 48_000, samples: Speech.samples(rate: 48_000, seconds: 0.5))
        let right = PCMAudio(sampleRate: 48_000, samples: left.samples.map { $0 * 0.5 })
        let bytes = try Self.encode(WAVFile.encode(left: left, right: right), ["--bitrate", "96"])
        var reader = OggOpusReader()
        let channels = reader.read(bytes).compactMap { if case .packet(let packet) = $0 { try? OpusPacket(packet.bytes).channelCount } else { nil } }
        #expect(channels.contains(2))
        let decoded = try OggOpusFile.decode(bytes, sampleRate: 48_000)
        #expect(decoded.samples.count == left.samples.count)
        let expected = left.samples.map { $0 * 0.75 }
        #expect(Speech.correlation(expected[...], decoded.samples[...]) > 0.9)
        #expect(abs(Loudness.rms(decoded.samples) - Loudness.rms(expected)) < 1)
    }

    @Test(.enabled(if: areInstalled, "opus-tools are not installed"), arguments: [16_000, 24_000, 48_000], [20, 60])
    func ourFilesPleaseOpusinfoAndOpusdec(rate: Int, milliseconds: Int) throws {
        var settings = OpusEncoder.Settings(sampleRate: rate)
        settings.frameMilliseconds = milliseconds
        let audio = PCMAudio(sampleRate: rate, samples: Speech.samples(rate: rate, seconds: 2.345))
        let bytes = try OggOpusFile.encode(audio, settings: settings, tags: OpusTags(comments: ["TITLE=A call"]))
        try Self.withFolder { folder in
            try Data(bytes).write(to: folder.appendingPathComponent("in.opus"))
            let info = try Self.run("opusinfo", ["in.opus"], in: folder)
            #expect(info.status == 0)
            #expect(!info.output.lowercased().contains("warning"), "\(info.output)")
            #expect(!info.output.lowercased().contains("error"), "\(info.output)")
            #expect(info.output.contains("TITLE=A call"))
            #expect(info.output.contains("Playback length: 0m:02.345s"), "\(info.output)")
            let decoding = try Self.run("opusdec", ["--quiet", "--rate", "48000", "in.opus", "out.wav"], in: folder)
            #expect(decoding.status == 0, "\(decoding.output)")
            let wave = try WAVFile(Array(Data(contentsOf: folder.appendingPathComponent("out.wav"))))
            let ours = try OggOpusFile.decode(bytes, sampleRate: 48_000)
            #expect(wave.mono.samples.count == ours.samples.count)
            #expect(Speech.correlation(wave.mono.samples[...], ours.samples[...]) > 0.999)
        }
    }
}
