import Testing

@testable import Wire

/// What the head of a frame says, and what no frame can say.
struct FrameHeadTests {
    private func read(_ bytes: [UInt8]) -> FrameHead.Reading { FrameHead.read(bytes.span) }

    @Test func aShortFrame() {
        let head = FrameHead(isLast: true, hasReserved: false, opcode: 2, key: SIMD4(1, 2, 3, 4), size: 6, payload: 5)
        #expect(read([0x82, 0x85, 1, 2, 3, 4, 9, 9, 9, 9, 9]) == .whole(head))
        #expect(read([0x82, 0x85, 1, 2, 3, 4]) == .whole(head), "the payload may come later")
    }

    @Test func lengthsOfTwoAndEightBytes() {
        #expect(
            read([0x81, 0xFE, 0x01, 0x00, 1, 2, 3, 4])
                == .whole(FrameHead(isLast: true, hasReserved: false, opcode: 1, key: SIMD4(1, 2, 3, 4), size: 8, payload: 256)))
        #expect(
            read([0x02, 0x7F, 0, 0, 0, 0, 0, 1, 0, 0])
                == .whole(FrameHead(isLast: false, hasReserved: false, opcode: 2, key: nil, size: 10, payload: 65_536)))
    }

    @Test func whatIsNotWholeWaits() {
        let whole: [UInt8] = [0x82, 0xFF, 0, 0, 0, 0, 0, 0, 0, 3, 1, 2, 3, 4]
        for count in 0..<whole.count { #expect(read(Array(whole[..<count])) == .more, "\(count)") }
    }

    @Test(
        arguments: [
            [0x09, 0x80, 1, 2, 3, 4], [0x88, 0xFE, 0, 126, 1, 2, 3, 4],
        ] as [[UInt8]])
    func whatNoFrameCanBe(bytes: [UInt8]) {
        guard case .malformed = read(bytes) else { return #expect(Bool(false), "\(read(bytes))") }
    }

    @Test func bitsOfExtensionsAreSeen() {
        guard case .whole(let head) = read([0xC2, 0x80, 1, 2, 3, 4]) else { return #expect(Bool(false)) }
        #expect(head.hasReserved)
    }
}
