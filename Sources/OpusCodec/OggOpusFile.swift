package import Audio

/// Whole Ogg Opus files in memory, to and from samples.
package enum OggOpusFile {
    /// Decodes a file: pre-skip, end trimming, output gain and chained streams as RFC 7845 says, lost pages concealed.
    ///
    /// - Parameters:
    ///   - bytes: The file; stereo becomes mono.
    ///   - sampleRate: Hertz wanted; if Opus does not offer it, what is decoded at the next higher rate is resampled.
    ///   - longest: Longer files are refused before their samples fill the memory.
    /// - Throws: `notOggOpus` if there is no readable stream, `tooLong`, `unsupportedFormat` for a rate that cannot be made.
    ///   Corrupt packets are concealed.
    package static func decode(_ bytes: [UInt8], sampleRate: Int, longest: Duration = .seconds(3_600)) throws(OpusError) -> PCMAudio {
        let rate = OpusFormat.rate(keeping: sampleRate)
        let limit = Int(longest / .seconds(1)) * rate
        var decoder = try OpusDecoder(sampleRate: rate)
        var reader = OggOpusReader()
        var samples: [Float] = []
        var scratch = [Float](repeating: 0, count: decoder.longestPacket)
        var hasHead = false
        for event in reader.read(bytes) {
            switch event {
            case .head(let head):
                hasHead = true
                decoder.reset()
                decoder.setOutputGain(head.outputGain)
            case .tags: break
            case .packet(let packet):
                try fill(packet.missing * rate / OpusPacket.clockRate, &decoder, &scratch, &samples)
                try decode(packet, &decoder, &scratch, &samples)
                guard samples.count <= limit else { throw OpusError(.tooLong, "above \(longest)") }
            }
        }
        guard hasHead else { throw OpusError(.notOggOpus, "no Opus head in \(bytes.count) bytes") }
        let audio = PCMAudio(sampleRate: rate, samples: samples)
        do { return try audio.resampled(to: sampleRate) } catch { throw OpusError(error) }
    }

    /// Encodes samples as a file that plays exactly as long as they do.
    ///
    /// - Parameters:
    ///   - audio: Resampled to the next higher Opus rate if its own is none.
    ///   - settings: How to encode; its sample rate does not count.
    ///   - serial: The stream's number; files to be chained need different ones.
    /// - Throws: `unsupportedFormat` for settings or a rate out of range.
    package static func encode(
        _ audio: PCMAudio, settings: OpusEncoder.Settings? = nil, tags: OpusTags = OpusTags(), serial: UInt32 = 1
    ) throws(OpusError) -> [UInt8] {
        let rate = OpusFormat.rate(keeping: audio.sampleRate)
        var samples: [Float]
        do { samples = try audio.resampled(to: rate).samples } catch { throw OpusError(error) }
        var wanted = settings ?? OpusEncoder.Settings(sampleRate: rate)
        wanted.sampleRate = rate
        var encoder = try OpusEncoder(wanted)
        let (lookahead, frame, clock) = (encoder.lookahead, encoder.frameSize, OpusPacket.clockRate)
        let length = samples.count * clock / rate
        // What the encoder holds back comes out only when silence follows.
        let padded = (samples.count + lookahead + frame - 1) / frame * frame
        samples.append(contentsOf: repeatElement(0, count: padded - samples.count))
        let head = OpusHead(channelCount: 1, preSkip: lookahead * clock / rate, inputSampleRate: audio.sampleRate)
        var writer = OggOpusWriter(head: head, tags: tags, serial: serial)
        for start in stride(from: 0, to: padded, by: frame) {
            let packet = try encoder.encode(Array(samples[start..<start + frame]))
            do { try writer.append(packet) } catch { throw OpusError(error) }
        }
        writer.finish(length: length)
        return writer.drain()
    }

    private static func decode(
        _ packet: OggOpusPacket, _ decoder: inout OpusDecoder, _ scratch: inout [Float], _ samples: inout [Float]
    ) throws(OpusError) {
        let clock = OpusPacket.clockRate
        let count: Int
        do {
            var output = scratch.mutableSpan
            count = try decoder.decode(packet.bytes.span, into: &output)
        } catch {
            return try fill(packet.keep * decoder.sampleRate / clock, &decoder, &scratch, &samples)
        }
        let first = min(count, packet.skip * decoder.sampleRate / clock)
        let end = min(count, (packet.skip + packet.keep) * decoder.sampleRate / clock)
        samples += scratch[first..<max(first, end)]
    }

    private static func fill(
        _ count: Int, _ decoder: inout OpusDecoder, _ scratch: inout [Float], _ samples: inout [Float]
    ) throws(OpusError) {
        let step = decoder.sampleRate / 400
        var left = count - count % step
        while left > 0 {
            let length = min(left, decoder.longestPacket)
            var output = scratch.mutableSpan
            try decoder.conceal(samples: length, into: &output)
            samples += scratch.prefix(length)
            left -= length
        }
    }
}
