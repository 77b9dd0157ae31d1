/// ITU-T G.711: 16-bit samples as 8-bit codes and back, by table.
///
/// Mu-law keeps the upper 14 bits of a sample, A-law the upper 13, as the recommendation says. Codes are those on the wire: mu-law with all
/// bits inverted, A-law with every other bit inverted.
package enum G711: String, Sendable, CaseIterable {
    case muLaw = "PCMU"
    case aLaw = "PCMA"

    private static let muLawSamples: [Int16] = (0..<256).map { expandMuLaw(UInt8($0)) }
    private static let aLawSamples: [Int16] = (0..<256).map { expandALaw(UInt8($0)) }
    private static let muLawCodes: [UInt8] = (0..<16_384).map { compressMuLaw($0 - 8_192) }
    private static let aLawCodes: [UInt8] = (0..<8_192).map { compressALaw($0 - 4_096) }

    /// The sample a code stands for, -32,256...32,256.
    package func sample(_ code: UInt8) -> Int16 {
        switch self {
        case .muLaw: Self.muLawSamples[Int(code)]
        case .aLaw: Self.aLawSamples[Int(code)]
        }
    }

    /// The code whose decision interval holds a sample; beyond the range of the law, its last code.
    package func code(_ sample: Int16) -> UInt8 {
        switch self {
        case .muLaw: Self.muLawCodes[(Int(sample) >> 2) + 8_192]
        case .aLaw: Self.aLawCodes[(Int(sample) >> 3) + 4_096]
        }
    }

    /// Samples of full scale 1 for a run of codes.
    package func decode(_ codes: [UInt8]) -> [Float] {
        let table = self == .muLaw ? Self.muLawSamples : Self.aLawSamples
        return codes.map { Float(table[Int($0)]) / 32_768 }
    }

    /// Appends the samples of a run of codes; allocates nothing once `samples` has its size.
    package func append(_ codes: Span<UInt8>, to samples: inout [Float]) {
        let table = self == .muLaw ? Self.muLawSamples : Self.aLawSamples
        for index in codes.indices { samples.append(PCM16.float(table[Int(codes[index])])) }
    }

    /// Codes for samples of full scale 1; what lies beyond is clipped.
    package func encode(_ samples: [Float]) -> [UInt8] { samples.map { code(PCM16.sample($0)) } }

    private static func expandMuLaw(_ code: UInt8) -> Int16 {
        let bits = Int(~code)
        let (segment, step) = ((bits >> 4) & 7, bits & 15)
        let magnitude = ((2 * step + 33) << segment) - 33  // of 14 bits
        return Int16((bits & 0x80 == 0 ? magnitude : -magnitude) * 4)
    }

    private static func expandALaw(_ code: UInt8) -> Int16 {
        let bits = Int(code ^ 0x55)
        let (segment, step) = ((bits >> 4) & 7, bits & 15)
        let magnitude = segment == 0 ? 2 * step + 1 : (2 * step + 33) << (segment - 1)  // of 13 bits
        return Int16((bits & 0x80 == 0 ? -magnitude : magnitude) * 8)
    }

    /// - Parameter value: 14 bits and sign in one: -8192...8191. A negative value's magnitude is its one's complement.
    private static func compressMuLaw(_ value: Int) -> UInt8 {
        let magnitude = min((value < 0 ? -1 - value : value) + 33, 8_191)
        let segment = bitLength(magnitude) - 6
        let step = (magnitude >> (segment + 1)) & 15
        return ~UInt8((value < 0 ? 0x80 : 0) | segment << 4 | step)
    }

    /// - Parameter value: 13 bits and sign in one: -4096...4095. A negative value's magnitude is its one's complement.
    private static func compressALaw(_ value: Int) -> UInt8 {
        let magnitude = value < 0 ? -1 - value : value
        let segment = max(0, bitLength(magnitude) - 5)
        let step = (magnitude >> max(1, segment)) & 15
        return UInt8((value < 0 ? 0 : 0x80) | segment << 4 | step) ^ 0x55
    }

    private static func bitLength(_ value: Int) -> Int { Int.bitWidth - value.leadingZeroBitCount }
}
