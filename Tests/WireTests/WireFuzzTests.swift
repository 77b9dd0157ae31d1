import Testing
import Wire

/// Seeded mutants of good messages: each is read or refused with a code, and what is read can be said again.
struct WireFuzzTests {
    private struct Generator: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }

    private static let tokens = [
        "{", "}", "[", "]", "\"", ":", ",", "\\u", "\\ud83d", "-", "1e9", "null", "true", "99999999999999999999", "\u{0}", "\"type\":", "0.5",
    ].map { Array($0.utf8) }

    private static func mutant(of bytes: [UInt8], _ random: inout Generator) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            let place = Int.random(in: 0...bytes.count, using: &random)
            switch Int.random(in: 0..<5, using: &random) {
            case 0 where place < bytes.count: bytes[place] = UInt8.random(in: 0...255, using: &random)
            case 1 where place < bytes.count: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            case 2: bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 0...9, using: &random)))
            case 3: bytes.insert(contentsOf: tokens.randomElement(using: &random) ?? [], at: place)
            default: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 12)], at: place)
            }
        }
        return bytes
    }

    private static let codes: Set<String> = [WireError.badJSON, WireError.badField, WireError.unknownEvent]

    @Test func mutantsOfClientEventsAreReadOrRefusedWithACode() throws {
        var random = Generator(state: 20_261_123)
        let seeds = ClientEventCodingTests.events.map { $0.encoded() }
        var (read, refused) = (0, 0)
        for round in 0..<12_000 {
            let bytes = Self.mutant(of: seeds[round % seeds.count], &random)
            do throws(WireError) {
                let event = try ClientEvent(json: bytes)
                #expect(try ClientEvent(json: event.encoded()) == event)
                read += 1
            } catch {
                #expect(Self.codes.contains(error.code))
                refused += 1
            }
        }
        #expect(read > 100 && refused > 1_000)
    }

    @Test func mutantsOfServerEventsAreReadOrRefusedWithACode() throws {
        var random = Generator(state: 7)
        let seeds = ServerEventCodingTests.events.map { $0.encoded(seq: 9, at: .seconds(3)) }
        var (read, refused) = (0, 0)
        for round in 0..<8_000 {
            let bytes = Self.mutant(of: seeds[round % seeds.count], &random)
            do throws(WireError) {
                let event = try NumberedEvent(json: bytes)
                #expect(try NumberedEvent(json: event.event.encoded(seq: event.seq, at: event.time)) == event)
                read += 1
            } catch {
                #expect(Self.codes.contains(error.code))
                refused += 1
            }
        }
        #expect(read > 100 && refused > 1_000)
    }

    @Test func randomPacketsAreReadOrRefusedWithACode() {
        var random = Generator(state: 99)
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 0...40, using: &random)).map { _ in UInt8.random(in: 0...3, using: &random) }
            do throws(WireError) {
                let header = try AudioPacketHeader(parsing: bytes.span)
                var back: [UInt8] = []
                header.write(into: &back)
                #expect(back == Array(bytes.prefix(12)))
            } catch {
                #expect(error.code == (bytes.count < 12 ? WireError.shortPacket : WireError.unknownKind))
            }
        }
    }
}
