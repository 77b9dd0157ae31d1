import Testing
import Wire

struct AudioPacketHeaderCodingTests {
    @Test func theLayoutIsTwelveBigEndianBytes() throws {
        var bytes: [UInt8] = []
        let header = AudioPacketHeader(flags: [.start, .end], epoch: 0x0102, sequence: 0x0304_0506, time: 0xF708_090A)
        header.write(into: &bytes)
        #expect(bytes == [1, 3, 1, 2, 3, 4, 5, 6, 0xF7, 8, 9, 10])
        bytes.append(0xFF)
        #expect(try AudioPacketHeader(parsing: bytes.span) == header)
    }

    @Test func shortAndUnknownPacketsAreRefused() {
        for count in 0..<12 {
            let bytes = [UInt8](repeating: 1, count: count)
            #expect(throws: WireError(WireError.shortPacket, "a packet has at least 12 bytes")) { try AudioPacketHeader(parsing: bytes.span) }
        }
        let bytes = [UInt8](repeating: 2, count: 12)
        let error = #expect(throws: WireError.self) { try AudioPacketHeader(parsing: bytes.span) }
        #expect(error?.code == "wire.unknown_kind")
    }
}
