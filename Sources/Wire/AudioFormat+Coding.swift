extension AudioFormat {
    /// Hertz that Opus knows.
    package static let sampleRates = [8_000, 12_000, 16_000, 24_000, 48_000]

    /// - Parameter packets: Milliseconds a packet may have.
    init(_ fields: WireFields, packets: ClosedRange<Int>, only: Set<Int>? = nil) throws(WireError) {
        let codec = try fields.choice("codec", of: Codec.self)
        let rate = try fields.int("sample_rate", in: 8_000...48_000)
        guard Self.sampleRates.contains(rate) else { throw fields.wrong("sample_rate", "must be 8000, 12000, 16000, 24000 or 48000") }
        guard rate == 8_000 || codec != .muLaw && codec != .aLaw else { throw fields.wrong("sample_rate", "must be 8000 with G.711") }
        let milliseconds = fields.optional("packet_ms") == nil ? 20 : try fields.int("packet_ms", in: packets)
        if let only, !only.contains(milliseconds) {
            throw fields.wrong("packet_ms", "must be one of \(only.sorted().map(String.init).joined(separator: ", "))")
        }
        self.init(codec: codec, sampleRate: rate, packetMilliseconds: milliseconds)
    }

    var json: JSONValue {
        ["codec": .string(codec.rawValue), "sample_rate": .int(sampleRate), "packet_ms": .int(packetMilliseconds)]
    }
}
