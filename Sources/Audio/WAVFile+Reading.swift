extension WAVFile {
    private enum Encoding { case unsigned8, signed16, signed24, signed32, float32, float64, g711(G711) }

    private struct Format {
        var sampleRate, channels, blockSize: Int
        var encoding: Encoding
    }

    /// Reads a file: integers of 8, 16, 24 and 32 bits, floats of 32 and 64, G.711, plain or extensible, any further chunks skipped.
    ///
    /// A `data` size of 0, or of 0x7FFFF000 and more as streaming writers leave it, means until the end.
    /// - Throws: One of the `wav…` codes; never more than the samples the bytes hold is allocated.
    package init(_ bytes: [UInt8]) throws(AudioError) {
        var reader = ByteReader(bytes)
        guard let riff = reader.take(4), riff.elementsEqual("RIFF".utf8), reader.int(4) != nil,
            let wave = reader.take(4), wave.elementsEqual("WAVE".utf8)
        else { throw AudioError(.wavNotRIFF, "no RIFF WAVE header") }
        var format: Format?
        while let name = reader.take(4), let size = reader.int(4) {
            if name.elementsEqual("data".utf8) {
                guard let format else { throw AudioError(.wavNoFormat, "samples before their format") }
                let endless = size == 0 || size >= 0x7FFF_F000
                guard let data = reader.take(endless ? reader.left : size) else {
                    throw AudioError(.wavTruncated, "\(size) bytes of samples promised, \(reader.left) there")
                }
                self = WAVFile(
                    sampleRate: format.sampleRate, channelCount: format.channels,
                    samples: Self.samples(data.prefix(data.count / format.blockSize * format.blockSize), format.encoding))
                return
            }
            guard let chunk = reader.take(size) else { throw AudioError(.wavTruncated, "a chunk of \(size) bytes, \(reader.left) there") }
            if name.elementsEqual("fmt ".utf8) { format = try Self.format(Array(chunk)) }
            if size % 2 == 1 { _ = reader.take(1) }
        }
        throw AudioError(format == nil ? .wavNoFormat : .wavNoData, format == nil ? "no format" : "no samples")
    }

    private static func format(_ chunk: [UInt8]) throws(AudioError) -> Format {
        var reader = ByteReader(chunk)
        guard var tag = reader.int(2), let channels = reader.int(2), let rate = reader.int(4), reader.int(4) != nil,
            let blockSize = reader.int(2), let bits = reader.int(2)
        else { throw AudioError(.wavBadFormat, "a format of \(chunk.count) bytes") }
        if tag == 0xFFFE {
            let guid: [UInt8] = [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71]
            guard reader.take(8) != nil, let subformat = reader.int(2), let rest = reader.take(14) else {
                throw AudioError(.wavBadFormat, "an extensible format of \(chunk.count) bytes")
            }
            guard rest.elementsEqual(guid) else { throw AudioError(.wavUnsupportedEncoding, "an unknown subformat") }
            tag = subformat
        }
        let encoding: Encoding
        switch (tag, bits) {
        case (1, 8): encoding = .unsigned8
        case (1, 16): encoding = .signed16
        case (1, 24): encoding = .signed24
        case (1, 32): encoding = .signed32
        case (3, 32): encoding = .float32
        case (3, 64): encoding = .float64
        case (6, 8): encoding = .g711(.aLaw)
        case (7, 8): encoding = .g711(.muLaw)
        default: throw AudioError(.wavUnsupportedEncoding, "format tag \(tag) with \(bits) bits")
        }
        guard (1...64).contains(channels), (1...768_000).contains(rate), blockSize == channels * bits / 8 else {
            throw AudioError(.wavBadFormat, "\(channels) channels at \(rate) Hz in blocks of \(blockSize)")
        }
        return Format(sampleRate: rate, channels: channels, blockSize: blockSize, encoding: encoding)
    }

    private static func samples(_ bytes: ArraySlice<UInt8>, _ encoding: Encoding) -> [Float] {
        let data = Array(bytes)
        switch encoding {
        case .unsigned8: return data.map { (Float($0) - 128) / 128 }
        case .signed16: return PCM16.floats(bytes: data)
        case .signed24: return read(data, 3) { Float(Int32(bitPattern: UInt32($0) << 8)) / 2_147_483_648 }
        case .signed32: return read(data, 4) { Float(Int32(bitPattern: UInt32($0))) / 2_147_483_648 }
        case .float32: return read(data, 4) { finite(Float(bitPattern: UInt32($0))) }
        case .float64: return read(data, 8) { finite(Float(Double(bitPattern: $0))) }
        case .g711(let law): return law.decode(data)
        }
    }

    private static func read(_ data: [UInt8], _ size: Int, _ convert: (UInt64) -> Float) -> [Float] {
        stride(from: 0, to: data.count - size + 1, by: size).map { convert(ByteReader.number(data, at: $0, size)) }
    }

    private static func finite(_ value: Float) -> Float { value.isFinite ? value : 0 }
}
