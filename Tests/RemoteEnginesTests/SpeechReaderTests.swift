import Audio
import Engines
import Testing

@testable import RemoteEngines

struct SpeechReaderTests {
    private static let samples = (0..<2400).map { Float($0 % 512) / 512 }

    private func read(_ bytes: [UInt8], piece: Int) throws -> (samples: [Float], pieces: [Int], rate: Int) {
        var reader = SpeechReader(sampleRate: 24_000)
        var all: [Float] = []
        var pieces: [Int] = []
        for start in stride(from: 0, to: bytes.count, by: piece) {
            let some = try reader.take(Array(bytes[start..<min(start + piece, bytes.count)]))
            if !some.isEmpty { pieces.append(some.count) }
            all += some
        }
        all += try reader.finish()
        return (all, pieces, reader.sampleRate)
    }

    @Test(arguments: [1, 2, 3, 7, 959, 960, 961, 4800]) func samplesAreTheSameHoweverTheyAreCut(piece: Int) throws {
        let seen = try read(PCM16.bytes(Self.samples), piece: piece)
        #expect(seen.samples == Self.samples)
        #expect(seen.pieces.allSatisfy { $0 >= 480 })
        #expect(seen.rate == 24_000)
    }

    @Test(arguments: [1, 3, 44, 45, 4844]) func aWAVHeaderIsReadAndSkipped(piece: Int) throws {
        let header = WAVFile.header(channels: 1, sampleRate: 16_000, sampleBytes: nil)
        let seen = try read(header + PCM16.bytes(Self.samples), piece: piece)
        #expect(seen.samples == Self.samples)
        #expect(seen.rate == 16_000)
    }

    @Test func anOddLastByteIsLeftOut() throws {
        #expect(try read(PCM16.bytes([0.5, 0.25]) + [1], piece: 100).samples == [0.5, 0.25])
        #expect(try read([1], piece: 1).samples == [])
        #expect(try read([], piece: 1).samples == [])
    }

    @Test func aWAVThatIsNotMonoOrDoesNotBeginIsRefused() {
        let stereo = WAVFile.header(channels: 2, sampleRate: 24_000, sampleBytes: nil)
        #expect { try read(stereo, piece: 10) } throws: { ($0 as? RemoteFailure)?.error.code == .badAnswer }
        #expect { try read(Array("RIFF....WAVE".utf8), piece: 10) } throws: { ($0 as? RemoteFailure)?.error.code == .badAnswer }
        let endless = Array("RIFF....WAVEjunk".utf8) + [0xFF, 0xFF, 0xFF, 0xFF] + [UInt8](repeating: 0, count: 70_000)
        #expect { try read(endless, piece: 5000) } throws: { ($0 as? RemoteFailure)?.error.code == .badAnswer }
    }
}
